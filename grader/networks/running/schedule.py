"""The order in which variables are computed, and which variants of a network share one order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from grader.networks.equations.network import Equation, Network
from grader.networks.equations.tree import Signal, reads_of

Direction: TypeAlias = Literal["forward", "backward", "static"]
SIGN: dict[str, int] = {"forward": 1, "backward": -1}


class Need(NamedTuple):
    """What is needed of a variable: its value at the step so many before, or those at all steps (None)."""

    name: str
    lag: int | None


class Phase(msgspec.Struct):
    """Variables that are computed together, step by step or, if static, once.

    Args:
        direction: Of the steps.
        names: In their order within a step.
    """

    direction: Direction
    names: list[str] = []

    def takes(self, kind: str, needs: Iterable[Need]) -> bool:
        """Whether a group of this kind can be computed in the same steps, after all others."""
        if self.direction == "static" or kind == "static":
            return self.direction == kind
        return kind in (self.direction, "map") and all(
            need.lag is not None and need.lag * SIGN[self.direction] >= 0
            for need in needs
            if need.name in self.names
        )


class Schedule:
    """Phases, one after the other; variants may bring further variables, which get a place among the others.

    Args:
        network: Whose order it is.
    """

    def __init__(self, network: Network) -> None:
        self.phases: list[Phase] = []
        for group in network.groups:
            own = [one for one in network.equations if one.name in group.names]
            needs = [need for one in own for need in (*_needs(one), *_needs_to_start(one.name, network))]
            if not (self.phases and self.phases[-1].takes(group.kind, needs)):
                self.phases.append(Phase("forward" if group.kind == "map" else group.kind))
            self.phases[-1].names.extend(group.names)
        self._index()
        self._checked: dict[tuple[str, int], bool] = {}
        self._fitting: dict[int, Equation] = {}

    def admits(self, variant: Network) -> bool:
        """Whether a variant can be computed in this order; its own variables get a place in it.

        Args:
            variant: One that lives as long as the schedule.
        """
        # Nearly all of a variant's equations are those of others.
        unknown = [one for one in variant.equations if id(one) not in self._fitting]
        if any(one.name not in self._places for one in unknown):
            self._insert([name for group in variant.groups for name in group.names])
            unknown = list(variant.equations)
        return all(map(self._fits, unknown)) and all(
            self._places[need.name][0] < self._places[name][0]
            for name in variant.start
            for need in _needs_to_start(name, variant)
            if name in self._places and need.name in self._places
        )

    def _index(self) -> None:
        self._places = {
            name: (i, j) for i, phase in enumerate(self.phases) for j, name in enumerate(phase.names)
        }

    def _insert(self, order: list[str]) -> None:
        """Give variables that are not known yet the place before what follows them in their variant."""
        following: str | None = None
        for name in reversed(order):
            if name not in self._places:
                i, j = self._places[following] if following else (len(self.phases) - 1, len(self._places))
                self.phases[i].names.insert(j, name)
                self._index()
                self._checked, self._fitting = {}, {}
            following = name

    def _fits(self, equation: Equation) -> bool:
        key = (equation.name, id(equation.right_side))
        if key not in self._checked:
            i, j = self._places[equation.name]
            is_static = self.phases[i].direction == "static"
            self._checked[key] = is_static == equation.is_static and all(
                self._is_met(need, i, j) for need in _needs(equation) if need.name in self._places
            )
        if self._checked[key]:
            self._fitting[id(equation)] = equation
        return self._checked[key]

    def _is_met(self, need: Need, i: int, j: int) -> bool:
        phase, place = self._places[need.name]
        if phase != i:
            return phase < i
        direction = self.phases[i].direction
        if direction == "static":
            return place < j
        if need.lag is None:
            return False
        return need.lag * SIGN[direction] > 0 or (need.lag == 0 and place < j)


def _needs(equation: Equation) -> Iterator[Need]:
    """What an equation reads; inputs and parameters are among it."""
    for read in equation.reads:
        if isinstance(read, Signal) and not (equation.is_static or read.edge or read.pick):
            yield Need(read.name, read.lag)
        else:
            yield Need(read.name, None)


def _needs_to_start(name: str, network: Network) -> Iterator[Need]:
    """What a variable's start value reads."""
    if name in network.start:
        # A signal stands there over all steps only, as in mean(g(t)).
        for read in reads_of(network.start[name]):
            yield Need(read.name, None)
