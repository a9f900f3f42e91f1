"""Whether a network does what is asked on all words, and how that is known."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Literal, TypeVar

import msgspec
import numpy as np

from grader.networks.automaton.boxes import boxes_that_hold
from grader.networks.automaton.enclosures import Enclosure
from grader.networks.automaton.entries import Entries
from grader.networks.automaton.product import (
    FLOAT_BITS,
    FLOAT_COST,
    LONG_COST,
    MOST_BITS,
    Found,
    SearchLimits,
    compare,
)
from grader.networks.automaton.student import Student, agreement, of_runs
from grader.networks.automaton.target import Target, reachable

E = TypeVar("E", bound=Entries)

# Boxes prove most sigmoid units at once: a search of all words needs not to go far.
OF_REALS = SearchLimits(states=50_000, work=1_000_000_000)
# A target with more states is one without end, as far as anybody would test it.
MOST_TARGET_STATES = 2_000
# So long must words have been tried where the target has states without end.
ENOUGH = 8
# Words for a drift that shows late only: those of one letter and of two by turns, and so many that are drawn,
# always the same.
DRAWN_WORDS, LONG_WORD, SEED = 40, 200, 0
# Of more letters no two are tried by turns: there are too many.
FEW_LETTERS = 8
MOST_WORK = 400_000_000


class Decided(msgspec.Struct, frozen=True):
    """What is known of a network.

    Args:
        kind: "right" or "wrong", or "open" where too few words could be tried.
        search: What the search of all words found.
        boxes: Number of boxes that prove it right; 0 where none were needed or found.
        word: One on whose last letter it is wrong.
    """

    kind: Literal["right", "wrong", "open"]
    search: Found
    boxes: int = 0
    word: tuple[int, ...] = ()

    @property
    def is_proved(self) -> bool:
        """Whether it is known for all words, not for those that were tried only."""
        if self.kind == "right":
            return bool(self.boxes) or (self.search.kind == "same" and not self.search.has_ties)
        return self.kind == "wrong"


def decide(student: Student[E], target: Target, limits: SearchLimits | None = None) -> Decided:
    """Search all words, then look for boxes, then try long words.

    Args:
        student: The network.
        target: What it is to do.
        limits: Of the search and of the boxes, and no long words; the usual ones if left out.
    """
    is_real = student.arithmetic is Enclosure
    found = compare(student, target, limits or (OF_REALS if is_real else SearchLimits()))
    if found.kind == "differs":
        return Decided("wrong", found, word=found.word)
    if found.kind == "same" and not found.has_ties:
        return Decided("right", found)
    if is_real:
        prove: Callable[..., int | None] = boxes_that_hold
        boxes = prove(student, target, limits.work) if limits else prove(student, target)
        if boxes:
            return Decided("right", found, boxes)
    if found.kind == "same":
        return Decided("right", found)
    word = () if limits else failing_word(student, target)
    if word:
        return Decided("wrong", found, word=word)
    least = enough(target, len(student.letters))
    is_enough = found.length >= (least or ENOUGH) and (least is not None or word is not None)
    return Decided("right" if is_enough else "open", found)


def enough(target: Target, letters: int) -> int | None:
    """The length of words that tell the target from every other machine with no more states.

    A word of fewer letters than there are states leads to each state, and one more such word tells two states
    apart.

    Args:
        target: What is asked.
        letters: Number of letters.

    Returns:
        The length; None where the target has states without end, or too many.
    """
    states = reachable(target, letters, MOST_TARGET_STATES)
    return None if states is None else 2 * states - 1


def failing_word(student: Student[E], target: Target) -> tuple[int, ...] | None:
    """One of the long words on whose last letter the network is surely wrong.

    Args:
        student: The network.
        target: What it is to do.

    Returns:
        The word; () if there is none, None if the words could not be run to their ends.
    """
    words = np.array(list(_long_words(len(student.letters))))
    states = student.machine.initial.selected(np.zeros(len(words), dtype=np.intp))
    wanted = [0] * len(words)
    columns = student.by_letter()
    work = 0
    for step in range(LONG_WORD):
        letters = words[:, step]
        is_long = states.bits + student.machine.parameter_bits > FLOAT_BITS
        work += len(words) * student.machine.work * (LONG_COST if is_long else FLOAT_COST)
        if states.bits > MOST_BITS or work > MOST_WORK:
            return None
        following, values = student.machine.step(
            states, {name: column.selected(letters) for name, column in columns.items()}
        )
        moves = [target.moves(state) for state in wanted]
        found = agreement(
            student, values, [move.outputs[letter] for move, letter in zip(moves, letters, strict=True)]
        )
        if found.wrong.any():
            return tuple(int(letter) for letter in words[int(np.argmax(found.wrong)), : step + 1])
        states = of_runs(following, len(words))
        wanted = [move.states[letter] for move, letter in zip(moves, letters, strict=True)]
    return ()


def _long_words(letters: int) -> Iterator[list[int]]:
    for one in range(letters):
        for two in range(letters) if letters <= FEW_LETTERS else (one,):
            yield [one if step % 2 else two for step in range(LONG_WORD)]
            yield [one, *[two] * (LONG_WORD - 1)]
    draw = random.Random(SEED)
    for _ in range(DRAWN_WORDS):
        yield [draw.randrange(letters) for _ in range(LONG_WORD)]
