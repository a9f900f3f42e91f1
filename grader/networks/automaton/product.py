"""Whether a network does the same as a target on all words, by their product searched breadth first.

What the two do on the rest of a word depends on the pair of their states only. So if every pair that some
word leads to agrees on every letter, they agree on all words; and since pairs are met in the order of the
length of the shortest word that leads there, the first difference is one on a shortest word.
"""

from __future__ import annotations

from collections.abc import Hashable
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
# for each longer one, by the words of 64 bits that it has.
CHUNK_COST, RUN_COST, FLOAT_COST, LONG_COST = 500_000, 2_000, 1, 60
# Numbers of a state that are longer are given up on: they would go on growing.
MOST_BITS = 4096


@dataclass(frozen=True)
class Limits:
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
    word: tuple[int, ...] = ()
    has_ties: bool = False
    work: int = 0
    reached: Any = field(default=None, compare=False, repr=False)


def compare(student: Student[E], target: Target, limits: Limits = Limits()) -> Found:
    """Search the product of a network and a target.

    Args:
        student: The network.
        target: What it is to do.
        limits: Where the search ends without a decision.
    """
    return _Search(student, target, limits).run()


class _Search(Generic[E]):
    def __init__(self, student: Student[E], target: Target, limits: Limits) -> None:
        self.student, self.target, self.limits = student, target, limits
        initial = student.machine.initial
        self.seen: dict[tuple[Hashable, int], int] = {(initial.keys()[0], 0): 0}
        self.came_from: list[tuple[int, int]] = [(-1, -1)]
        self.work, self.has_ties = 0, False
        self.levels: list[E] = [initial]

    def run(self) -> Found:
        states, wanted, numbers = self.levels[0], [0], [0]
        length = 0
        while numbers:
            parts: list[E] = []
            next_wanted: list[int] = []
            next_numbers: list[int] = []
            is_clear = True
            letters = len(self.student.letters)
            rows = max(1, CHUNK // letters)
            for start in range(0, len(numbers), rows):
                stop = min(start + rows, len(numbers))
                chunk = states.taken(np.arange(start, stop))
                if not self._affords(chunk, letters):
                    return self._found("open", length)
                following, values = self.student.step(chunk)
                moves = [self.target.moves(state) for state in wanted[start:stop]]
                found = agreement(self.student, values, [out for move in moves for out in move.outputs])
                self.has_ties = self.has_ties or bool((found.tie & ~found.right).any())
                if found.wrong.any():
                    first = int(np.argmax(found.wrong))
                    word = (*self._word(numbers[start + first // letters]), first % letters)
                    return self._found("differs", length + 1, word)
                is_clear = is_clear and bool((found.right | found.tie).all())
                new = []
                after = [state for move in moves for state in move.states]
                for row, pair in enumerate(zip(following.keys(), after, strict=True)):
                    if pair in self.seen:
                        continue
                    if len(self.seen) >= self.limits.states:
                        return self._found("open", length)
                    self.seen[pair] = len(self.came_from)
                    self.came_from.append((numbers[start + row // letters], row % letters))
                    new.append(row)
                    next_wanted.append(pair[1])
                    next_numbers.append(len(self.came_from) - 1)
                if new:
                    parts.append(following.taken(np.array(new)))
            if not is_clear:
                return self._found("open", length)
            if not parts:
                return self._found("same", length + 1)
            states, wanted, numbers = self.student.arithmetic.joined(parts), next_wanted, next_numbers
            self.levels.append(states)
            length += 1
        return self._found("same", length)

    def _affords(self, states: E, letters: int) -> bool:
        """Whether a step of these states may still be paid; then it is."""
        if states.bits > MOST_BITS:
            return False
        bits = states.bits + self.student.machine.parameter_bits
        each = FLOAT_COST if bits < 40 else LONG_COST * (1 + bits // 64)
        runs = states.runs * letters
        self.work += CHUNK_COST + runs * (RUN_COST + self.student.machine.work * each)
        return self.work <= self.limits.work

    def _word(self, number: int) -> tuple[int, ...]:
        letters = []
        while number > 0:
            number, letter = self.came_from[number]
            letters.append(letter)
        return tuple(reversed(letters))

    def _found(
        self, kind: Literal["same", "differs", "open"], length: int, word: tuple[int, ...] = ()
    ) -> Found:
        return Found(kind, len(self.seen), length, word, self.has_ties, self.work, tuple(self.levels))
