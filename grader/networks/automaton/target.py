"""What the network is to do: a machine with numbered states, from a table or from a network of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np

from grader.networks.automaton.machine import Machine
from grader.networks.automaton.whole_numbers import Whole

Output: TypeAlias = tuple[Fraction, ...]


class Moves(NamedTuple):
    """What one state does on each letter.

    Args:
        states: The next state, by letter.
        outputs: What is wanted there, by letter.
    """

    states: tuple[int, ...]
    outputs: tuple[Output, ...]


class Target(Protocol):
    """A machine that starts in state 0."""

    def moves(self, state: int) -> Moves:
        """What a state does."""


class TableTarget:
    """A Mealy machine that was written down.

    Args:
        rows: For each state its moves; the first is where it starts.
    """

    def __init__(self, rows: Sequence[Moves]) -> None:
        self._rows = rows

    def moves(self, state: int) -> Moves:
        """What a state does."""
        return self._rows[state]


class NetworkTarget:
    """A network in exact numbers; its states are numbered as they are met.

    Args:
        machine: The network.
        letters: The values of all inputs, by letter.
        outputs: The variables that are wanted.
    """

    def __init__(
        self, machine: Machine[Whole], letters: Sequence[Mapping[str, Whole]], outputs: Sequence[str]
    ) -> None:
        self._machine, self._letters, self._outputs = machine, letters, outputs
        self._numbers = {machine.initial.keys()[0]: 0}
        self._states = [machine.initial]
        self._known: dict[int, Moves] = {}

    @property
    def widths(self) -> list[int]:
        """The number of entries of each output."""
        _, values = self._machine.step(self._machine.initial, self._letters[0])
        return [Whole.stacked([values[name]]).size for name in self._outputs]

    def moves(self, state: int) -> Moves:
        """What a state does."""
        if state not in self._known:
            self._known[state] = self._run(state)
        return self._known[state]

    def _run(self, state: int) -> Moves:
        following, outputs = [], []
        for letter in self._letters:
            after, values = self._machine.step(self._states[state], letter)
            following.append(self._number(after))
            outputs.append(Whole.stacked([values[name] for name in self._outputs]).fractions())
        return Moves(tuple(following), tuple(outputs))

    def _number(self, state: Whole) -> int:
        key = state.keys()[0]
        if key not in self._numbers:
            self._numbers[key] = len(self._states)
            self._states.append(state.selected(np.array([0])))
        return self._numbers[key]


def reachable(target: Target, letters: int, most: int) -> int | None:
    """Number of states that some word leads to; None if it is more than `most`."""
    seen, waiting = {0}, [0]
    while waiting:
        new = set(target.moves(waiting.pop()).states[:letters]) - seen
        seen |= new
        waiting.extend(new)
        if len(seen) > most:
            return None
    return len(seen)
