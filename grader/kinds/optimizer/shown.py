"""Where a step of an optimiser goes wrong: which arrays, and the smallest step that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from grader.answers.arrays import as_lists
from grader.kinds.optimizer.match import (
    ONES,
    SHAPES,
    Alike,
    Moment,
    Moves,
    after,
    entries_alike,
    moments,
    moves_of,
    split,
)
from grader.kinds.optimizer.read import Form
from grader.training.optimizer_bank import RIGHT_FORMS, Rule
from grader.training.task import FloatArray
from reference.adam import AdamState
from reference.bptt import Parameters

PARTS = ("the parameters", "m", "v")
NAMES = ("params", "m", "v")
"""Of the same three as the function calls them."""


def wrong_arrays(moves: Moves, seed: int) -> dict[str, list[str]]:
    """For parameters, m and v the arrays that are wrong after some step.

    Args:
        moves: What the steps with the usual settings did.
        seed: Of the steps.
    """
    found: dict[str, list[str]] = {}
    alike = entries_alike(moves, moves_of(nearest_form(moves, seed), moments(seed)[:-1]))
    for part, groups in zip(PARTS, alike, strict=True):
        arrays = [
            split(np.asarray(one.all(axis=0)), shapes)
            for one, shapes in zip(groups, (ONES, SHAPES), strict=True)
        ]
        found[part] = [
            name for name in Parameters._fields if not all(getattr(one, name).all() for one in arrays)
        ]
    return found


def first_counterexample(
    ends: Sequence[AdamState], moves: Moves, seed: int, form: Form
) -> dict[str, Any] | None:
    """The first step that ends elsewhere than Adam's, JSON-ready; the smallest come first.

    Args:
        ends: The states after the steps with the usual settings.
        moves: What these steps did.
        seed: Of the steps.
        form: How the arrays were handed over.
    """
    steps, rule = moments(seed)[:-1], nearest_form(moves, seed)
    rows = zip(*_by_step(entries_alike(moves, moves_of(rule, steps))), strict=True)
    for moment, end, alike in zip(steps, ends, rows, strict=True):
        if not all(one.all() for one in alike):
            return counterexample(moment, end, rule, form, AdamState(*alike))
    return None


def _by_step(alike: Alike) -> Iterator[list[npt.NDArray[np.bool_]]]:
    """For changes, first and second moments one array a step, in the order of the steps."""
    return ([row for group in part for row in group] for part in alike)


def nearest_form(moves: Moves, seed: int) -> Rule:
    """The accepted form of Adam with which most entries agree."""

    def agreeing(rule: Rule) -> int:
        alike = entries_alike(moves, moves_of(rule, moments(seed)[:-1]))
        return sum(int(group.sum()) for part in alike for group in part)

    return max(RIGHT_FORMS.values(), key=agreeing)


def counterexample(
    moment: Moment, end: AdamState, rule: Rule, form: Form, alike: AdamState
) -> dict[str, Any]:
    """One step: what it was called with, what was wanted, what came, and which arrays are right.

    Args:
        moment: The step.
        end: The state after it.
        rule: The form of Adam that it is held against.
        form: How the arrays were handed over.
        alike: Which entries of the end are right.
    """
    inputs = {"params": moment.state.theta, "grads": moment.g, "m": moment.state.m, "v": moment.state.v}
    expected, got, are_right = {}, {}, {}
    for name, *flat in zip(NAMES, after(rule, moment), end, alike, strict=True):
        wanted, came, right = (_arrays(one, moment, form) for one in flat)
        for i, key in enumerate(_keys(name, form)):
            expected[key], got[key] = as_lists(wanted[i]), as_lists(came[i])
            are_right[key] = bool(right[i].all())
    return {
        "inputs": {name: _handed(flat, moment, form) for name, flat in inputs.items()}
        | {"t": moment.t, **moment.rates._asdict()},
        "sizes": dict(zip(Parameters._fields, map(list, moment.shapes), strict=True)),
        "step": moment.t,
        "expected": expected,
        "got": got,
        "keys_right": are_right,
        "first_wrong_key": next((key for key, is_right in are_right.items() if not is_right), None),
    }


def _keys(name: str, form: Form) -> list[str]:
    """What the arrays are called in the student's code."""
    if form == "array":
        return [name]
    return [f"{name}[{key!r}]" for key in (Parameters._fields if form == "dict" else range(len(SHAPES)))]


def _arrays(flat: FloatArray, moment: Moment, form: Form) -> list[FloatArray]:
    return [flat] if form == "array" else list(split(flat, moment.shapes))


def _handed(flat: FloatArray, moment: Moment, form: Form) -> Any:
    arrays = [as_lists(array) for array in _arrays(flat, moment, form)]
    if form == "dict":
        return dict(zip(Parameters._fields, arrays, strict=True))
    return arrays if form == "list" else arrays[0]
