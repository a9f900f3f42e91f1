"""How near gradients must be to what a known mistake gives, on each instance and in each gradient."""

from __future__ import annotations

import runpy
from pathlib import Path

import msgspec
import numpy as np
import pytest

from grader.kinds.gradient.known_gradients import KnownGradients
from grader.kinds.gradient.question import GradientParams
from grader.networks.backward.gradients import Arrays

TABLE = runpy.run_path(str(Path(__file__).with_name("answers_to_kinds") / "gradient.py"))["PARAMS"]
SIZES = (
    {"N": 3, "T": 7, "n_in": 4, "n_h": 6, "n_out": 5},
    {"N": 5, "T": 11, "n_in": 3, "n_h": 4, "n_out": 7},
)
KNOWN = KnownGradients(msgspec.convert({**TABLE, "sizes": SIZES}, GradientParams))
NAMES = ("U", "W", "V", "b", "c")
RIGHT = [KNOWN.right(index) for index in range(3)]
# Of two instances of general sizes and one of many steps.
ALLOWED = (1e-3, 1e-3, 1e-2)


def of_mistake(id: str) -> list[Arrays]:
    (mutant,) = (one for one in KNOWN.mutants if one.id == id)
    found = [KNOWN.gradients(mutant, index) for index in range(3)]
    return [one for one in found if one is not None]


def moved(given: list[Arrays], index: int, name: str, share: float) -> list[Arrays]:
    """The gradients with the smallest entry of one off by a share of its largest."""
    made = [{key: array.copy() for key, array in one.items()} for one in given]
    array = made[index][name]
    array.ravel()[np.abs(array).argmin()] += share * np.abs(array).max()
    return made


def test_two_instances_are_named_by_the_author_and_one_has_many_steps() -> None:
    assert [dict(one.sizes) for one in KNOWN.trials[:2]] == list(SIZES)
    assert KNOWN.trials[2].sizes["T"] == 60
    assert [KNOWN.counts(index)[:3] for index in range(2)] == [(3, 7, 5), (5, 11, 7)]


@pytest.mark.parametrize("index", range(3))
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("factor", [1.0, -2.0])
def test_a_factor_explains_what_is_within_the_tolerance_of_each_gradient(
    index: int, name: str, factor: float
) -> None:
    scaled = [{key: factor * array for key, array in one.items()} for one in RIGHT]
    for sign in (1, -1):
        within = KNOWN.explain(moved(scaled, index, name, sign * 0.9 * ALLOWED[index]))
        assert [one.mistake for one in within] == [None]
        beyond = KNOWN.explain(moved(scaled, index, name, sign * 1.2 * ALLOWED[index]))
        assert all(one.mistake is not None for one in beyond)


@pytest.mark.parametrize("index", [1, 2])
def test_a_factor_that_means_nothing_must_be_the_same_on_every_instance(index: int) -> None:
    for share, is_one in ((0.9, True), (-0.9, True), (1.1, False), (-1.1, False)):
        factors = [3.3, 3.3, 3.3]
        factors[index] *= 1 + share * ALLOWED[index]
        got = [
            {name: k * array for name, array in one.items()} for k, one in zip(factors, RIGHT, strict=True)
        ]
        found = KNOWN.explain(got)
        assert [one.meaning for one in found] == (["they are 3.3 times as large as asked"] if is_one else [])


@pytest.mark.parametrize("index", range(3))
@pytest.mark.parametrize("id", ["truncated-1", "target-forgotten"])
def test_a_mistake_is_named_where_every_gradient_is_within_the_tolerance(index: int, id: str) -> None:
    made = of_mistake(id)
    for name in NAMES:
        for sign in (1, -1):
            within = KNOWN.explain(moved(made, index, name, sign * 0.9 * ALLOWED[index]))
            assert [one.mistake.id for one in within if one.mistake is not None] == [id]
            beyond = KNOWN.explain(moved(made, index, name, sign * 1.2 * ALLOWED[index]))
            assert id not in [one.mistake.id for one in beyond if one.mistake is not None]


def test_what_a_mistake_gives_times_one_factor_is_that_mistake_with_its_factor() -> None:
    for factor, meaning in (
        (1.0, ""),
        (-1.0, "the sign is turned round"),
        (1.7, "they are 1.7 times as large as asked"),
    ):
        got = [{name: factor * array for name, array in one.items()} for one in of_mistake("truncated-1")]
        (found,) = KNOWN.explain(got)
        assert found.mistake is not None
        assert (found.mistake.id, found.factor, found.meaning) == (
            "truncated-1",
            pytest.approx(factor),
            meaning,
        )


@pytest.mark.parametrize("index", range(3))
@pytest.mark.parametrize("name", ["W", "b"])
def test_a_gradient_is_told_by_itself_where_it_is_within_the_tolerance(index: int, name: str) -> None:
    twice = [{**one, name: 2 * one[name]} for one in RIGHT]
    for share, is_told in ((0.9, True), (-0.9, True), (1.2, False), (-1.2, False)):
        found = KNOWN.one_by_one(moved(twice, index, name, share * ALLOWED[index]))
        assert [one.id for one in found] == (["one-gradient-scaled"] if is_told else [])
    # What is right to the tolerance needs no cause, and what is not has none.
    other = "c"
    for share, is_told in ((0.9, True), (-0.9, True), (1.2, False), (-1.2, False)):
        found = KNOWN.one_by_one(moved(twice, index, other, share * ALLOWED[index]))
        assert bool(found) is is_told


def test_a_number_that_is_not_finite_has_no_cause() -> None:
    for lost in (np.nan, np.inf):
        got = [{**one, "W": np.full_like(one["W"], lost)} for one in RIGHT]
        assert KNOWN.explain(got) == ()
        assert KNOWN.one_by_one(got) == ()
        alone = [got[0], *RIGHT[1:]]
        assert KNOWN.explain(alone) == ()
        assert KNOWN.one_by_one(alone) == ()


def test_a_mistake_in_some_gradients_must_give_them_on_every_instance() -> None:
    stopped = of_mistake("truncated-2")
    some = [{**right, "W": made["W"]} for right, made in zip(RIGHT, stopped, strict=True)]
    assert [one.id for one in KNOWN.one_by_one(some)] == ["truncated-2-in-dW"]
    for index in range(3):
        other = [*some]
        other[index] = {**RIGHT[index], "W": of_mistake("truncated-1")[index]["W"]}
        assert KNOWN.one_by_one(other) == ()
    two = [{**one, "b": made["b"]} for one, made in zip(some, stopped, strict=True)]
    assert [one.id for one in KNOWN.one_by_one(two)] == ["truncated-2-in-dW-db"]
