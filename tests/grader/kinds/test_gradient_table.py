"""What mistakes give is worked out for all that could give what came, and not for all there are."""

from __future__ import annotations

import runpy
from pathlib import Path

import msgspec
import numpy as np

from grader.kinds.gradient.gradient_table import affected
from grader.kinds.gradient.judge import LEAST
from grader.kinds.gradient.known_gradients import KnownGradients
from grader.kinds.gradient.question import GradientParams
from grader.kinds.gradient.trials import TOLERANCE

PARAMS = runpy.run_path(str(Path(__file__).with_name("answers_to_kinds") / "gradient.py"))["PARAMS"]
KNOWN = KnownGradients(msgspec.convert(PARAMS, GradientParams))
(TABLE,) = KNOWN.tables
RIGHT = KNOWN.right(0)


def as_arrays(row):
    """A row of the table as gradients by name."""
    ends = np.cumsum([array.size for array in RIGHT.values()])
    parts = np.split(row, ends[:-1])
    return {name: part.reshape(RIGHT[name].shape) for name, part in zip(RIGHT, parts, strict=True)}


def test_what_a_mistake_is_said_not_to_change_comes_out_right():
    left = 0
    for mutant, row in zip(TABLE.mutants, TABLE.rows(), strict=True):
        unchanged = RIGHT.keys() - affected(KNOWN.context, mutant.effect)
        for name in unchanged if np.isfinite(row).all() else ():
            np.testing.assert_allclose(as_arrays(row)[name], RIGHT[name], rtol=1e-9, atol=1e-12)
        left += len(unchanged)
    assert left > len(TABLE.mutants) / 2


def test_a_mistake_that_gives_what_came_is_never_left_out():
    for k, row in enumerate(TABLE.rows()):
        for factor in (1.0, -0.4, 30.0):
            # As far off as it may be: by the tolerance of the largest entry, everywhere.
            got = {
                name: factor * array + TOLERANCE * max(abs(factor) * np.abs(array).max(), LEAST)
                for name, array in as_arrays(row).items()
            }
            assert k in TABLE.possible(got, RIGHT, 2 * TOLERANCE, LEAST) or not np.isfinite(row).all()


def test_only_mistakes_that_change_a_gradient_that_came_wrong_are_worked_out():
    for name in RIGHT:
        got = {**RIGHT, name: 1 + RIGHT[name] ** 2}
        possible = TABLE.possible(got, RIGHT, 2 * TOLERANCE, LEAST)
        changes = [name in affected(KNOWN.context, one.effect) for one in TABLE.mutants]
        assert possible == np.flatnonzero(changes).tolist()
        assert 0 < len(possible) < len(TABLE.mutants)


def test_rows_that_are_asked_for_are_the_same_as_when_all_are():
    known = KnownGradients(msgspec.convert(PARAMS, GradientParams))
    (table,) = known.tables
    np.testing.assert_allclose(table.rows([5, 2]), TABLE.rows()[[5, 2]], rtol=1e-12)
    np.testing.assert_allclose(table.rows(), TABLE.rows(), rtol=1e-9, atol=1e-12)
