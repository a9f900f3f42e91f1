"""What every known mistake, and every two of them, gives on one sequence question."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from grader.kinds.sequence.question import SequenceParams, network_of
from grader.networks.follow_through import MARGIN
from grader.networks.misconception import RIGHT, Explanation, explanations
from reference.cell import Cell
from reference.cell_runs import run_cells
from reference.network import Array

Mask = npt.NDArray[np.bool_]


class Variants(NamedTuple):
    """Explanations with what they give.

    Args:
        explanations: K of them.
        y: (K, P, T, n_out) outputs, worked in full and with honest rounding on the way; P paths.
        h: (K, P, T, n_h) hidden activations.
    """

    explanations: tuple[Explanation, ...]
    y: Array
    h: Array


@functools.lru_cache(maxsize=64)
def variants(params: SequenceParams, size: int) -> Variants:
    """What so many known mistakes at once give; computed once for a question.

    Args:
        params: The question.
        size: 1 or 2.
    """
    found = explanations(params.cell, "sequence", size, params.places)
    if params.other_W is None:
        # Without the other network's matrix there is no answer to the other question.
        found = tuple(one for one in found if one.cell.weights == "own")
    y, h = _worked(params, [one.cell for one in found])
    # Two mistakes together may ask for sizes that do not fit: nobody gets numbers out of them.
    runs = np.flatnonzero(~np.isnan(y).any(axis=(1, 2, 3)))
    return Variants(tuple(found[k] for k in runs), y[runs], h[runs])


@functools.lru_cache(maxsize=64)
def right_variant(params: SequenceParams) -> Variants:
    """The right answer by the same paths, as a variant with no explanation."""
    return Variants((), *_worked(params, [replace(RIGHT[params.cell], places=params.places)]))


def matching(table: Array, values: Array, places: int) -> Mask:
    """Which variants a handed-in sequence may be: every entry is a rounding of theirs.

    Args:
        table: (K, P, T, n), of `Variants`.
        values: (T, n) as handed in; NaN where an entry is no number, which matches nothing.
        places: Decimal places asked for.
    """
    near: Mask = np.asarray(np.abs(table - values) <= 0.5 * 10.0**-places + MARGIN)
    return np.asarray(np.all(np.any(near, axis=1), axis=(1, 2)))


def _worked(params: SequenceParams, cells: Sequence[Cell]) -> tuple[Array, Array]:
    net = network_of(params)
    other_W = None if params.other_W is None else np.array(params.other_W, dtype=np.float64)
    traces = [run_cells([replace(c, **p) for c, p in one], net, other_W) for one in _paths(params, cells)]
    return np.stack([one.y for one in traces], axis=1), np.stack([one.h for one in traces], axis=1)


def _paths(params: SequenceParams, cells: Sequence[Cell]) -> Iterator[list[tuple[Cell, dict[str, Any]]]]:
    """The cells worked in full, and with values rounded to the asked places before they are used again."""
    fields = ["h_digits"] if params.cell == "elman" else ["h_digits", "fed_digits"]
    for rounded in ([], *([field] for field in fields), *([fields] if len(fields) > 1 else [])):
        yield [
            (cell, {field: "rounded" for field in rounded if getattr(cell, field) == "all"}) for cell in cells
        ]
