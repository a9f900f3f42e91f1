"""The sizes of the instances that a function is tried on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from grader.networks.equations.network import Network
from grader.networks.layout import SEQUENCES, STEPS, Axes

Sizes: TypeAlias = Mapping[str, int]
MAX_SIZE = 50
# Few numbers where all sizes differ; steps are cheap.
FEW_STEPS, SQUARE, LONG, WIDEST = 4, 3, 30, 4


def smallest(network: Network, axes: Axes) -> tuple[Sizes, ...]:
    """One step with all sizes 1; two, where what is fed back first counts; then states of two entries.

    There the direction of a matrix counts.
    """
    one = dict.fromkeys(axes, 1)
    two = one | ({STEPS: 2} if STEPS in axes else {})
    wide = two | dict.fromkeys(_state_sizes(network), 2)
    return (one, *(later for before, later in ((one, two), (two, wide)) if later != before))


def all_different(axes: Axes) -> tuple[Sizes, ...]:
    """Twice all sizes different, in two orders, the smaller first; chosen where an author gives none."""
    others = [axis for axis in axes if axis != STEPS]
    steps = {STEPS: len(others) + 2} if STEPS in axes else {}
    ascending = {axis: 2 + place for place, axis in enumerate(others)}
    descending = {axis: 2 + place for place, axis in enumerate(reversed(others))}
    return (in_order(axes, steps | ascending), in_order(axes, steps | descending))


def one_of_a_kind(axes: Axes) -> Iterator[Sizes]:
    """For each size an instance where it is 1 and the others are not."""
    for alone in axes:
        others = [axis for axis in axes if axis not in (alone, STEPS)]
        sizes = {axis: 2 + place % (WIDEST - 1) for place, axis in enumerate(others)} | {alone: 1}
        yield in_order(axes, sizes | ({STEPS: FEW_STEPS} if STEPS in axes and alone != STEPS else {}))


def square(axes: Axes) -> Sizes:
    """All sizes equal: what is transposed has the right shape."""
    return dict.fromkeys(axes, SQUARE)


def long(axes: Axes) -> Sizes:
    """Sizes of an instance of many steps."""
    return {axis: LONG if axis == STEPS else 2 + place % (WIDEST - 1) for place, axis in enumerate(axes)}


def check_sizes(given: Sequence[Sizes], axes: Axes) -> None:
    """Whether an author's sizes are whole and show what small ones hide.

    Raises:
        ValueError: Which one is not, or what is missing.
    """
    for place, sizes in enumerate(given):
        if wrong := sorted(set(sizes) ^ set(axes)):
            fault = "missing" if wrong[0] in axes else f"unknown; they are {', '.join(axes)}"
            raise ValueError(f"sizes[{place}].{wrong[0]} is {fault}")
        for axis, size in sizes.items():
            if not 1 <= size <= MAX_SIZE:
                raise ValueError(f"sizes[{place}].{axis} is {size}; wanted 1 to {MAX_SIZE}")
    if not any(len(set(sizes.values())) == len(sizes) for sizes in given):
        # With equal sizes a transposed or broadcast matrix can go unseen.
        named = f"{', '.join(axes[:-1])} and {axes[-1]}" if len(axes) > 1 else axes[0]
        raise ValueError(f"sizes: at least one needs {named} all different")
    if STEPS in axes and not any(sizes[STEPS] == 1 for sizes in given):
        raise ValueError(f"sizes: at least one needs {STEPS} = 1")


def in_order(axes: Axes, sizes: Sizes) -> Sizes:
    """The same, sequences and steps first."""
    return {axis: sizes[axis] for axis in axes}


def _state_sizes(network: Network) -> Iterator[str]:
    for group in network.groups:
        if group.kind in ("forward", "backward"):
            for name in group.names:
                yield from (
                    one for size in network.shapes[name] for one in sorted(size.names) if one != SEQUENCES
                )
