"""Where steps of Adam end: read from what a function returns, computed by a rule, and compared."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from grader.answers.arrays import to_numpy
from grader.answers.describe import describe
from grader.errors import Unreadable
from grader.kinds.optimizer.question import ONES, SHAPES, AskedStep, Form, Shapes, asked_steps, split
from grader.model.value import Array, Fields, Items, Nothing, Value
from grader.training.adam import RIGHT_FORMS, ArrayStep, Memory, Rule
from grader.training.networks import NAMES
from grader.training.task import FloatArray
from reference.adam import AdamState

# Relative to the largest value that an entry takes over all steps: honest float32 stays below 2e-5, and the
# nearest mistake is 6e-4 off.
TOLERANCE = 1e-4
# float32 parameters near 1 are rounded by so much, whatever the step.
ROUNDING = 1e-7


class StepEnd(NamedTuple):
    """The state after a step, its arrays flat, and whether the function changed its arguments in place."""

    state: AdamState
    is_in_place: bool


class OptimizerMoves(NamedTuple):
    """What steps did: the change of the parameters, and the moments after it.

    Each is a pair: (n_steps, n) for the steps with arrays of one entry (`ONES`), then for those of `SHAPES`.
    """

    change: tuple[FloatArray, ...]
    m: tuple[FloatArray, ...]
    v: tuple[FloatArray, ...]


def read_end(value: Value, step: AskedStep, form: Form, where: str) -> StepEnd:
    """The state after a step.

    Args:
        value: Items of what was returned and the five arguments after the call.
        step: The step.
        form: How the arrays were handed over.
        where: The function's name, for messages.

    Raises:
        Unreadable: If it is not what such a function gives back.
    """
    assert isinstance(value, Items)
    returned, params, _, m, v, _ = value.items

    def state(given: Iterable[Value]) -> AdamState:
        return AdamState(*(_flat(one, step.shapes, where) for one in given))

    in_place = state((params, m, v))
    match returned:
        case Nothing():
            if all(np.array_equal(a, b) for a, b in zip(in_place, step.state, strict=True)):
                hint = "return (params, m, v), or change the arrays in place with -= and [...] ="
                raise Unreadable("it returns None and changes nothing", hint, where, "no-effect")
            return StepEnd(in_place, is_in_place=True)
        case Fields(fields=fields) if {"params", "m", "v"} <= set(fields):
            return StepEnd(state((fields["params"], fields["m"], fields["v"])), is_in_place=False)
        case Items(items=items) if len(items) >= 3 and all(
            _is_state(one, form, step.shapes) for one in items[:3]
        ):
            return StepEnd(state(items[:3]), is_in_place=False)
    if _is_state(returned, form, step.shapes):
        theta = _flat(returned, step.shapes, where)
        return StepEnd(in_place._replace(theta=theta), is_in_place=False)
    lost = _lost(returned) if form == "dict" else ""
    found = f"a dict that it returns has no {lost}" if lost else f"it returns {describe(returned)}"
    raise Unreadable(found, "return (params, m, v)", where, "not-a-state")


def _lost(returned: Value) -> str:
    """Names that are absent from the dicts that came back; empty where these are no dicts of arrays."""
    dicts = returned.items if isinstance(returned, Items) else (returned,)
    own = [set(one.fields) for one in dicts if isinstance(one, Fields) and set(NAMES) & set(one.fields)]
    return ", ".join(name for name in NAMES if any(name not in names for names in own))


def _is_state(value: Value, form: Form, shapes: Shapes) -> bool:
    """Whether a value has the form in which the five arrays were handed over."""
    match value:
        case Fields(fields=fields):
            return form == "dict" and set(NAMES) <= set(fields)
        case Items(items=items):
            return form == "list" and len(items) == len(NAMES)
        case Array(shape=shape):
            return form == "array" and shape == (sum(map(math.prod, shapes)),)
    return False


def _flat(value: Value, shapes: Shapes, where: str) -> FloatArray:
    """The arrays U, W, V, b, c, in whatever form they come, one after the other in a flat array."""
    match value:
        case Fields(fields=fields):
            arrays = [(name, fields[name]) for name in NAMES if name in fields]
        case Items(items=items):
            arrays = list(zip(NAMES, items, strict=False))
        case _:
            flat, size = to_numpy(value, where).ravel(), sum(map(math.prod, shapes))
            if flat.size != size:
                text = f"an array comes back with {flat.size} numbers, it went in with {size}"
                raise Unreadable(text, "each is stepped by itself, entry by entry", where, "shape")
            return flat
    if len(arrays) != len(NAMES):
        hint = f"wanted {', '.join(NAMES)}"
        raise Unreadable("not all five arrays come back", hint, where, "missing-weight")
    return np.concatenate(
        [_shaped(array, shape, name) for (name, array), shape in zip(arrays, shapes, strict=True)]
    )


def _shaped(value: Value, shape: tuple[int, ...], name: str) -> FloatArray:
    array = to_numpy(value, name)
    if array.shape != shape:
        text = f"it comes back with shape {array.shape}, it went in with shape {shape}"
        raise Unreadable(text, "each array is stepped by itself, entry by entry", name, "shape")
    return array.ravel()


def moves_of(rule: Rule, steps: Iterable[AskedStep]) -> OptimizerMoves:
    """What a rule does in the steps, each made from its own state."""
    made = tuple(steps)
    memories: list[Memory] = [{} for _ in SHAPES]
    return moves_between(made, [after(rule, step, memories) for step in made])


def after(rule: Rule, step: AskedStep, memories: list[Memory] | None = None) -> AdamState:
    """The state after a step.

    Args:
        rule: Adam, or what a known mistake makes of it.
        step: The step.
        memories: What the rule keeps for each array from step to step; empty if left out.
    """
    memories = [{} for _ in SHAPES] if memories is None else memories
    parts = zip(*(split(one, step.shapes) for one in (*step.state, step.g)), strict=True)
    flat = ([array.ravel() for array in part] for part in parts)
    with np.errstate(all="ignore"):
        ends = [
            rule(ArrayStep(AdamState(*state), g, step.t, step.rates, i, len(memories), memories[i]))
            for i, (*state, g) in enumerate(flat)
        ]
    return AdamState(*(np.concatenate(arrays) for arrays in zip(*ends, strict=True)))


def moves_between(steps: Sequence[AskedStep], ends: Sequence[AdamState]) -> OptimizerMoves:
    """What steps did, from the states before and after; steps with arrays of the same shapes go together."""
    changes = [end.theta - step.state.theta for step, end in zip(steps, ends, strict=True)]

    def grouped(rows: Sequence[FloatArray]) -> tuple[FloatArray, ...]:
        groups = (
            [row for row, step in zip(rows, steps, strict=True) if step.shapes == shapes]
            for shapes in (ONES, SHAPES)
        )
        return tuple(np.array(group) for group in groups if group)

    return OptimizerMoves(
        grouped(changes), grouped([end.m for end in ends]), grouped([end.v for end in ends])
    )


Alike: TypeAlias = tuple[tuple[npt.NDArray[np.bool_], ...], ...]
"""For changes, first and second moments, and each set of shapes: which entries are the same."""


def parts_alike(got: OptimizerMoves, made: OptimizerMoves) -> tuple[bool, ...]:
    """Whether the changes, the first moments and the second moments are the same: three answers."""
    return tuple(all(bool(group.all()) for group in part) for part in entries_alike(got, made))


def entries_alike(got: OptimizerMoves, made: OptimizerMoves) -> Alike:
    """Which entries are the same."""
    return tuple(
        tuple(_alike(a, b, floor) for a, b in zip(part, other, strict=True))
        for part, other, floor in zip(got, made, (ROUNDING, 0.0, 0.0), strict=True)
    )


def _alike(got: FloatArray, made: FloatArray, floor: float) -> npt.NDArray[np.bool_]:
    with np.errstate(invalid="ignore", over="ignore"):
        gap = np.abs(got - made)
    both_lost = ~np.isfinite(got) & ~np.isfinite(made)
    largest = np.where(np.isfinite(made), np.abs(made), 0.0).max(axis=0)
    # Written as "<=" and not as "not >": NaN on one side only must count as different.
    return np.asarray((gap <= TOLERANCE * largest + floor) | both_lost)


@functools.lru_cache(maxsize=8)
def moves_of_forms(seed: int) -> dict[str, OptimizerMoves]:
    """What each accepted form makes of the steps with the usual settings."""
    return {name: moves_of(rule, asked_steps(seed)[:-1]) for name, rule in RIGHT_FORMS.items()}


def right_form(got: OptimizerMoves, seed: int) -> str | None:
    """Which accepted form the steps have, or None."""
    return next((name for name, made in moves_of_forms(seed).items() if all(parts_alike(got, made))), None)


def nearest_form(got: OptimizerMoves, seed: int) -> str:
    """The accepted form of Adam with which most entries agree."""
    forms = moves_of_forms(seed)

    def agreeing(form: str) -> int:
        return sum(int(group.sum()) for part in entries_alike(got, forms[form]) for group in part)

    return max(forms, key=agreeing)
