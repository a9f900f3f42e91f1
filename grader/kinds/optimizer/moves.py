"""What steps of Adam did to parameters and moments, and where two ways to make them agree."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from grader.kinds.optimizer.question import ONES, SHAPES, AskedStep, asked_steps, split
from grader.training.adam import RIGHT_FORMS, ArrayStep, Memory, Rule
from grader.training.task import FloatArray
from reference.adam import AdamState

# Of the largest value a column takes; honest float32 stays below 2e-5, the nearest mistake is 6e-4 off.
TOLERANCE = 1e-4
# float32 parameters near 1 are rounded by so much, whatever the step.
ROUNDING = 1e-7


class Moves(NamedTuple):
    """What steps did: parameters' change, and the moments after; each (n_steps, n) for each set of shapes."""

    change: tuple[FloatArray, ...]
    m: tuple[FloatArray, ...]
    v: tuple[FloatArray, ...]


def moves_of(rule: Rule, steps: Iterable[AskedStep]) -> Moves:
    """What a rule makes of the steps, each from its own state."""
    made = tuple(steps)
    memories: list[Memory] = [{} for _ in SHAPES]
    return moves_between(made, [after(rule, step, memories) for step in made])


def after(rule: Rule, step: AskedStep, memories: list[Memory] | None = None) -> AdamState:
    """The state after a step.

    Args:
        rule: What is done.
        step: The step.
        memories: What is kept for each array from step to step; nothing if left out.
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


def moves_between(steps: Sequence[AskedStep], ends: Sequence[AdamState]) -> Moves:
    """What was done, from the states before and after, steps with arrays of the same shapes together."""
    changes = [end.theta - step.state.theta for step, end in zip(steps, ends, strict=True)]

    def grouped(rows: Sequence[FloatArray]) -> tuple[FloatArray, ...]:
        groups = (
            [row for row, step in zip(rows, steps, strict=True) if step.shapes == shapes]
            for shapes in (ONES, SHAPES)
        )
        return tuple(np.array(group) for group in groups if group)

    return Moves(grouped(changes), grouped([end.m for end in ends]), grouped([end.v for end in ends]))


Alike: TypeAlias = tuple[tuple[npt.NDArray[np.bool_], ...], ...]
"""For changes, first and second moments, and each set of shapes: which entries are the same."""


def parts_alike(got: Moves, made: Moves) -> tuple[bool, ...]:
    """Whether changes, first and second moments are the same, column by column."""
    return tuple(all(bool(group.all()) for group in part) for part in entries_alike(got, made))


def entries_alike(got: Moves, made: Moves) -> Alike:
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
    # Written as "<=": NaN must be another thing.
    return np.asarray((gap <= TOLERANCE * largest + floor) | both_lost)


@functools.lru_cache(maxsize=8)
def moves_of_forms(seed: int) -> dict[str, Moves]:
    """What each accepted form makes of the steps with the usual settings."""
    return {name: moves_of(rule, asked_steps(seed)[:-1]) for name, rule in RIGHT_FORMS.items()}


def right_form(got: Moves, seed: int) -> str | None:
    """Which accepted form the steps have, or None."""
    return next((name for name, made in moves_of_forms(seed).items() if all(parts_alike(got, made))), None)


def nearest_form(got: Moves, seed: int) -> str:
    """The accepted form of Adam with which most entries agree."""
    forms = moves_of_forms(seed)

    def agreeing(form: str) -> int:
        return sum(int(group.sum()) for part in entries_alike(got, forms[form]) for group in part)

    return max(forms, key=agreeing)
