"""Each mistake in shapes is named as itself, and where two fit both are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from grader.kinds.shape.diagnose import diagnose
from grader.kinds.shape.judge import judge
from grader.kinds.shape.mistakes import SHAPE_MISTAKES
from grader.kinds.shape.question import ShapeParams
from grader.model.kind import Answer
from grader.model.outcome import Diagnosis
from grader.model.value import Items, Number


def diagnosed(params: ShapeParams, shapes: Mapping[str, tuple[int, ...]]) -> tuple[Diagnosis, ...]:
    fields = {
        name: Items(tuple(Number(str(size), "int") for size in shape)) for name, shape in shapes.items()
    }
    return diagnose(params, judge(params, Answer(fields=dict(fields))).facts).diagnoses


@pytest.mark.parametrize("mistake", SHAPE_MISTAKES, ids=lambda one: one.id)
def test_shape_mistake_is_diagnosed_as_itself(mistake: Any) -> None:
    for (params, shapes), is_shown in ((mistake.shown_by, True), (mistake.not_shown_by, False)):
        found = [one.id for one in diagnosed(ShapeParams(**params), shapes)]
        assert (mistake.id in found) is is_shown


C_I = ShapeParams(
    sizes={"state": 2, "input": 3, "output": 4},
    shapes={
        "Wssx": ("state", "state + input"),
        "Wox": ("output", "state + input"),
        "z1": ("state + input", "1"),
        "z2": ("state + input", "1"),
    },
)


@pytest.mark.parametrize(
    ("got", "causes"),
    [
        # 6 is a state of 2 and an output of 4, and 5 with one more: nobody can tell which was meant.
        ({"Wox": (4, 6), "z2": (6, 1)}, {"bias", "state and output"}),
        ({"z2": (6,)}, set()),
        ({"Wox": (4, 7)}, {"input and output"}),
        ({"Wox": (4, 2)}, {"counts the state alone"}),
    ],
)
def test_a_cause_of_a_wrong_size_is_told_with_all_that_give_it(got: dict[str, Any], causes: set[str]) -> None:
    right = {"Wssx": (2, 5), "Wox": (4, 5), "z1": (5, 1), "z2": (5, 1)}
    told = " ".join(one.message for one in diagnosed(C_I, {**right, **got}))
    possible = {
        "bias",
        "state and output",
        "input and output",
        "counts the state alone",
        "counts the input alone",
    }
    assert {cause for cause in possible if cause in told} == causes


def test_of_two_quantities_of_one_size_none_is_said_to_be_counted() -> None:
    alike = ShapeParams(
        sizes={"state": 2, "input": 3, "output": 2}, shapes={"Wox": ("output", "state + input")}
    )
    assert not any("alone" in one.message for one in diagnosed(alike, {"Wox": (2, 2)}))


def test_what_was_judged_right_is_not_explained() -> None:
    """One number stands for a column, also where its width is a named size of 1: only W is wrong."""
    narrow = ShapeParams(
        sizes={"state": 2, "input": 1}, shapes={"U": ("state", "input"), "W": ("state", "state")}
    )
    assert "U" not in " ".join(one.message for one in diagnosed(narrow, {"U": (2,), "W": (2, 3)}))
