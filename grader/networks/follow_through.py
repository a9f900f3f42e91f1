"""Follow-through: a hand trace compared with the right values ("the key") and the student's own earlier ones.

A value follows if it can be computed from what the student wrote down before it: its equation, read with the
values that were handed in, and with those that can be computed from them where some were left out. A value
written to d places stands for every number within half a unit of its last place; the interval of what can be
computed from these is exact where each signal stands once in the equation, or where the equation is affine in
the one that is repeated (its two ends, entry by entry). What can only be computed by running the network from
its start follows from nothing: bounds of a whole run are far too wide.

A slip costs one row. One in asked values costs its own row. One in intermediate values, which are not asked
for, costs the first row of asked values that rests on it; all later ones may follow from it.

Nothing follows from a value that its activation cannot take, nor from a slip whose entries are all 0 or ±1,
or next to 0 where a gate lets through no more than that: such a value makes the next step trivial, or is a
guess at a saturated one. What is the key's, or follows itself, may be 0 or ±1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

from grader.networks.equations.tree import At, Node, Over, Parameter, Signal, children
from grader.networks.hand_trace import MARGIN, Boxes, HandedIn, HandTrace
from grader.networks.possible_values import keeps_others_small, possible_values
from grader.networks.running.functions import Array

NEXT_TO_ZERO = 5
"""Up to so many units of the last place a slip counts as 0, where another variable is a gate's share of it.

A guess at such a share is right too often, every third time or more: of 0.04 to two decimals it is 0 to 0.04,
and whatever lies within a unit of what is written counts.
"""

Mask = npt.NDArray[np.bool_]
Withheld: TypeAlias = Literal["", "bare", "impossible"]


class VariableAt(NamedTuple):
    """A variable at a step, counted from 0; a value after all steps stands at 0."""

    name: str
    t: int


class Followed(msgspec.Struct):
    """What was found about one variable.

    Args:
        earns: (T, n) whether each entry follows from values from which something may follow.
        is_slip: For each row, whether it is neither the key's nor follows.
        is_copied: Whether it is the key's but does not follow from the student's own wrong values.
        withheld: Why a wrong row that follows from another step earns nothing all the same: there stands a
            slip next to 0 and ±1 alone ("bare"), or no value of its activation ("impossible"); else empty.
    """

    earns: Mask
    is_slip: list[bool]
    is_copied: list[bool]
    withheld: list[Withheld]


class _Source(NamedTuple):
    """A row, handed in or computed, that a later one may follow from.

    Args:
        is_key: Whether it is the key's.
        withheld: Why nothing may follow from it; empty where something may.
        rests_on: Slips in intermediate values, not yet paid for, that it is or rests on.
    """

    is_key: bool
    withheld: Withheld = ""
    rests_on: frozenset[VariableAt] = frozenset()


def follow(trace: HandTrace, handed: Mapping[str, HandedIn]) -> dict[str, Followed]:
    """What follows from what, for each variable that was handed in.

    Args:
        trace: The network, its values, and what is asked.
        handed: Variables by name.
    """
    return _Following(trace, handed).all()


class _Following:
    def __init__(self, trace: HandTrace, handed: Mapping[str, HandedIn]) -> None:
        self.trace = trace
        self.handed = handed
        self.boxes = Boxes(trace, handed)
        self.possible = possible_values(trace)
        self.zeros: dict[str, float] = {}
        self.sources: dict[VariableAt, _Source] = {}
        self.paid: set[VariableAt] = set()
        self.found = {
            name: Followed(
                np.zeros(one.is_key.shape, dtype=bool),
                [False] * len(one.is_key),
                [False] * len(one.is_key),
                [""] * len(one.is_key),
            )
            for name, one in handed.items()
        }

    def all(self) -> dict[str, Followed]:
        """Row by row, in the order in which they are computed."""
        for group in self.trace.network.groups:
            steps = range(1 if group.kind == "static" else self.trace.n_steps)
            for t in reversed(steps) if group.kind == "backward" else steps:
                for name in group.names:
                    self._row(name, t)
        return self.found

    def _row(self, name: str, t: int) -> None:
        read = {place: self.sources[place] for place in self._reads(self.trace.right_side(name), t)}
        withheld = _first(read.values())
        rests_on = frozenset().union(*(one.rests_on for one in read.values())) - self.paid
        come_from_key = all(one.is_key for one in read.values())
        if name not in self.handed:
            self.sources[VariableAt(name, t)] = _Source(come_from_key, withheld, rests_on)
            return
        is_key, values, box = (
            self.handed[name].is_key[t],
            self.handed[name].values[t],
            self.boxes.computed(name, t),
        )
        met = self._met(box, values)
        follows = met & (not withheld)
        is_asked = name in self.trace.asked
        found = self.found[name]
        found.earns[t] = follows & (not rests_on)
        is_slip = found.is_slip[t] = not (is_key | follows).all()
        found.is_copied[t] = bool(box is not None and not come_from_key and is_key.all() and not met.all())
        others = [one for place, one in read.items() if place.t != t or place.name not in self.handed]
        found.withheld[t] = _first(others) if (met & ~is_key).any() else ""
        self.sources[VariableAt(name, t)] = self._source(
            name, t, is_slip, frozenset() if is_asked else rests_on
        )
        if is_asked:
            self.paid |= rests_on

    def _source(self, name: str, t: int, is_slip: bool, rests_on: frozenset[VariableAt]) -> _Source:
        """The handed-in values of a row, for what comes after it."""
        values, half = self.handed[name].values[t], self.trace.reach
        if self.handed[name].is_key[t].all():
            rests_on = frozenset()
        elif is_slip and name not in self.trace.asked:
            rests_on = frozenset({VariableAt(name, t)})
        least, most = self.possible[name]
        can_be = bool(((values >= least - half) & (values <= most + half)).all())
        withheld: Withheld = "" if can_be else "impossible"
        if can_be and is_slip and _is_bare(values, half, self._counts_as_zero(name)):
            withheld = "bare"
        return _Source(bool(self.handed[name].is_key[t].all()), withheld, rests_on)

    def _counts_as_zero(self, name: str) -> float:
        """Up to which size a slip in a variable makes what comes next trivial, as 0 does."""
        if name not in self.zeros:
            half = self.trace.reach
            near = 2 * half * NEXT_TO_ZERO
            self.zeros[name] = near if keeps_others_small(self.trace, name, self.possible, near) else half
        return self.zeros[name]

    def _met(self, box: tuple[Array, Array] | None, values: Array) -> Mask:
        """Whether each entry, as written, reaches into the box."""
        if box is None:
            return np.zeros(len(values), dtype=bool)
        reach = self.trace.reach + MARGIN
        # NaN, which stands for an entry that could not be read, meets nothing.
        return np.asarray((values + reach >= box[0]) & (values - reach <= box[1]))

    def _reads(self, tree: Node, t: int) -> Iterator[VariableAt]:
        """The rows of variables that a tree reads at step t."""
        match tree:
            case Signal(name, lag):
                yield from self._reads_at(name, t - lag)
            case At(name, when):
                yield from self._reads_at(name, self.trace.n_steps - 1 if when == "T" else int(when) - 1)
            case Parameter(name) if name in self.trace.widths:
                yield from self._reads_at(name, 0)
            case Over(_, arg):
                for s in range(self.trace.n_steps):
                    yield from self._reads(arg, s)
            case _:
                for child in children(tree):
                    yield from self._reads(child, t)

    def _reads_at(self, name: str, t: int) -> Iterator[VariableAt]:
        if name in self.trace.network.inputs:
            return
        if 0 <= t < self.trace.n_steps or self.trace.is_static(name):
            yield VariableAt(name, t)
        elif name in self.trace.network.start:
            yield from self._reads(self.trace.network.start[name], 0)


def _is_bare(values: Array, half: float, zero: float) -> bool:
    """Whether all entries count as 0 or are, to the last place, ±1; half is one half of its unit."""
    size = np.abs(values)
    return bool(((size <= zero) | (np.abs(size - 1) <= half)).all())


def _first(sources: Iterable[_Source]) -> Withheld:
    return next((one.withheld for one in sources if one.withheld), "")
