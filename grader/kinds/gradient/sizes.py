"""The sizes of the instances that a gradient function is tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from grader.networks.layout import SEQUENCES, STEPS, Axes

Sizes: TypeAlias = Mapping[str, int]
SMALLEST, LARGEST = 2, 64
# All different in each row: a transposed matrix or a mean over the wrong axis must show.
FEW, MORE = (4, 6, 5, 8, 9, 10, 12, 13), (3, 4, 7, 6, 8, 9, 10, 12)
LONG, WIDE, LOUD = (2, 4, 7, 5, 6, 8, 9, 10), (5, 2, 6, 7, 8, 9, 10, 11), (4, 5, 6, 7, 8, 9, 10, 11)
# How many `chosen` gives.
N_CHOSEN = 2
# Longer than any number of steps after which people stop on the way back.
LONG_STEPS = 60


def chosen(axes: Axes, tells_apart: Callable[[Sizes], bool]) -> tuple[Sizes, ...]:
    """Sizes that are all different, where an author gives none.

    Args:
        axes: Of the question.
        tells_apart: Whether slips in the loss give factors of their own.
    """
    return tuple(_first_that(axes, *numbers, tells_apart) for numbers in ((3, 7, FEW), (5, 11, MORE)))


def _first_that(
    axes: Axes, n_seqs: int, n_steps: int, others: tuple[int, ...], tells_apart: Callable[[Sizes], bool]
) -> Sizes:
    turns = [_filled(axes, n_seqs, n_steps, others[i:] + others[:i]) for i in range(len(others))]
    return next(filter(tells_apart, turns), turns[0])


def small(axes: Axes) -> Iterator[Sizes]:
    """All 1, two steps of it, then each size 1 by itself."""
    ones = dict.fromkeys(axes, 1)
    yield ones
    yield {**ones, STEPS: 2}
    n_others = sum(axis not in (SEQUENCES, STEPS) for axis in axes)
    for place, alone in enumerate(axes):
        # No two have inputs of one shape: what is kept from call to call must not look like a wrong size.
        turn = place % max(1, n_others)
        others = WIDE[:n_others][turn:] + WIDE[:n_others][:turn]
        yield {**_filled(axes, 3, 3 if alone == SEQUENCES else 4, others), alone: 1}


def loud(axes: Axes) -> Sizes:
    """Those of the instance with large errors."""
    return _filled(axes, 2, 3, LOUD)


def long(axes: Axes) -> Sizes:
    """Those of the instance with many steps."""
    return _filled(axes, 3, LONG_STEPS, LONG)


def check_sizes(given: Sequence[Sizes], axes: Axes) -> None:
    """Whether an author's sizes fit and are all different.

    Raises:
        ValueError: Which are not.
    """
    for place, sizes in enumerate(given):
        if wrong := sorted(set(sizes) ^ set(axes)):
            fault = "unknown" if wrong[0] in sizes else "missing"
            raise ValueError(f"sizes[{place}].{wrong[0]} is {fault}; they are {', '.join(axes)}")
        numbers = tuple(sizes.values())
        if len(set(numbers)) < len(numbers) or not all(SMALLEST <= size <= LARGEST for size in numbers):
            raise ValueError(f"sizes[{place}] is {numbers}; wanted different numbers from 2 to 64")


def _filled(axes: Axes, n_seqs: int, n_steps: int, others: tuple[int, ...]) -> Sizes:
    numbers = iter(others)
    return {
        axis: n_seqs if axis == SEQUENCES else n_steps if axis == STEPS else next(numbers, 14)
        for axis in axes
    }
