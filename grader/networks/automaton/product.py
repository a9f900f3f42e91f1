"""Whether a network does the same as a target on all words, by their product searched breadth first.

What the two do on the rest of a word depends on the pair of their states only. So if every pair that some
word leads to agrees on every letter, they agree on all words; and since pairs are met in the order of the
length of the shortest word that leads there, the first difference is one on a shortest word.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

import numpy as np

from grader.networks.automaton.entries import Entries
from grader.networks.automaton.student import Student, agreement
from grader.networks.automaton.target import Target

E = TypeVar("E", bound=Entries)

# Runs at once: what they take stays small even for 64 units.
CHUNK = 4096
# What a step costs, in about nanoseconds: for each chunk, for each run, for each number of up to 53 bits and
# for each longer one, by the words of 64 bits that it has; and for each letter of a new state of the target.
CHUNK_COST, RUN_COST, FLOAT_COST, LONG_COST, TARGET_COST = 500_000, 2_000, 1, 60, 100_000
# Numbers of a network that together are shorter go on as floats.
FLOAT_BITS = 40
# Numbers of a state that are longer are given up on: they would go on growing.
MOST_BITS = 4096


@dataclass(frozen=True)
class SearchLimits:
    """How far a search goes; counted, never timed, so that a mark is the same on every machine.

    Args:
        states: Pairs of states.
        work: In about nanoseconds.
    """

    states: int = 100_000
    work: int = 2_000_000_000


@dataclass(frozen=True)
class Found:
    """What a search found.

    Args:
        kind: "same" on all words, "differs" on `word`, or "open": the same on all words up to `length`.
        states: Pairs of states that were met.
        length: Of the words that were looked at, in letters.
        word: A shortest word on whose last letter they differ.
        has_ties: Whether an output stood so near its threshold that rounding decides; it counts as on.
        work: What it took, in about nanoseconds.
        reached: What the network remembered, for each pair met, by the length of the words.
    """

    kind: Literal["same", "differs", "open"]
    states: int
    length: int
    word: tuple[int, ...]
    has_ties: bool
    work: int
    reached: Any = field(compare=False, repr=False)


def compare(student: Student[E], target: Target, limits: SearchLimits = SearchLimits()) -> Found:
    """Search the product of a network and a target.

    Args:
        student: The network.
        target: What it is to do.
        limits: Where the search ends without a decision.
    """
    return _Search(student, target, limits).run()


class _Level(Generic[E]):
    """Pairs that words of one length lead to, and were not met before.

    Args:
        arithmetic: That of the states.
    """

    def __init__(self, arithmetic: type[E]) -> None:
        self._arithmetic = arithmetic
        self._parts: list[E] = []
        self.wanted: list[int] = []
        self.numbers: list[int] = []

    def add(self, states: E, wanted: Sequence[int], numbers: Sequence[int]) -> None:
        """Further pairs: the network's states, the target's, and their numbers in the search."""
        self._parts.append(states)
        self.wanted += wanted
        self.numbers += numbers

    def states(self) -> E:
        """All states of the network."""
        return self._arithmetic.joined(self._parts)

    def chunks(self, rows: int) -> Iterator[tuple[E, list[int], list[int]]]:
        """The pairs, at most `rows` at once."""
        states = self.states()
        for start in range(0, len(self.numbers), rows):
            stop = min(start + rows, len(self.numbers))
            places = np.arange(start, stop)
            yield states.selected(places), self.wanted[start:stop], self.numbers[start:stop]


class _Search(Generic[E]):
    def __init__(self, student: Student[E], target: Target, limits: SearchLimits) -> None:
        self.student, self.target, self.limits = student, target, limits
        self.letters = len(student.letters)
        self.came_from: list[tuple[int, int]] = []
        self.seen: set[tuple[Hashable, int]] = set()
        self.asked: set[int] = set()
        self.work, self.has_ties = 0, False
        self.levels: list[E] = []

    def run(self) -> Found:
        initial = self.student.machine.initial
        level: _Level[E] = _Level(self.student.arithmetic)
        level.add(initial, [0], [0])
        self.seen.add((initial.keys()[0], 0))
        self.came_from.append((-1, -1))
        while level.numbers:
            self.levels.append(level.states())
            after = self._after(level)
            if isinstance(after, Found):
                return after
            level = after
        return self._result("same", len(self.levels))

    def _after(self, level: _Level[E]) -> Found | _Level[E]:
        """The pairs that one letter more leads to, or how the search ends."""
        length, is_clear = len(self.levels), True
        after: _Level[E] = _Level(self.student.arithmetic)
        for states, wanted, numbers in level.chunks(max(1, CHUNK // self.letters)):
            if not self._affords(states, wanted):
                return self._result("open", length - 1)
            following, values = self.student.step(states)
            moves = [self.target.moves(state) for state in wanted]
            found = agreement(self.student, values, [out for move in moves for out in move.outputs])
            if found.wrong.any():
                pair, letter = divmod(int(np.argmax(found.wrong)), self.letters)
                return self._result("differs", length, (*self._word(numbers[pair]), letter))
            self.has_ties = self.has_ties or bool((found.tie & ~found.right).any())
            is_clear = is_clear and bool((found.right | found.tie).all())
            if not self._keep(after, following, [state for move in moves for state in move.states], numbers):
                return self._result("open", length - 1)
        return after if is_clear else self._result("open", length - 1)

    def _keep(self, level: _Level[E], following: E, wanted: list[int], numbers: list[int]) -> bool:
        """Take the pairs that are new into a level; False where there are too many."""
        rows, own = [], []
        for row, pair in enumerate(zip(following.keys(), wanted, strict=True)):
            if pair in self.seen:
                continue
            if len(self.seen) >= self.limits.states:
                return False
            self.seen.add(pair)
            own.append(len(self.came_from))
            self.came_from.append((numbers[row // self.letters], row % self.letters))
            rows.append(row)
        if rows:
            level.add(following.selected(np.array(rows)), [wanted[row] for row in rows], own)
        return True

    def _affords(self, states: E, wanted: list[int]) -> bool:
        """Whether a step of these states may still be paid; then it is."""
        if states.bits > MOST_BITS:
            return False
        bits = states.bits + self.student.machine.parameter_bits
        each = FLOAT_COST if bits < FLOAT_BITS else LONG_COST * (1 + bits // 64)
        runs = states.runs * self.letters
        asked = set(wanted) - self.asked
        self.asked |= asked
        self.work += CHUNK_COST + runs * (RUN_COST + self.student.machine.work * each)
        self.work += len(asked) * self.letters * TARGET_COST
        return self.work <= self.limits.work

    def _word(self, number: int) -> tuple[int, ...]:
        letters = []
        while number > 0:
            number, letter = self.came_from[number]
            letters.append(letter)
        return tuple(reversed(letters))

    def _result(
        self, kind: Literal["same", "differs", "open"], length: int, word: tuple[int, ...] = ()
    ) -> Found:
        return Found(kind, len(self.seen), length, word, self.has_ties, self.work, tuple(self.levels))
