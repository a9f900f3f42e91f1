"""Whether a network does what is asked on all words, and how that is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeVar

import msgspec

from grader.networks.automaton.boxes import boxes_that_hold
from grader.networks.automaton.enclosures import Enclosure
from grader.networks.automaton.entries import Entries
from grader.networks.automaton.product import Found, SearchLimits, compare
from grader.networks.automaton.student import Student
from grader.networks.automaton.target import Target, reachable
from grader.networks.automaton.words import failing_word

E = TypeVar("E", bound=Entries)

# Boxes prove most sigmoid units at once: a search of all words needs not to go far.
OF_REALS = SearchLimits(states=50_000, work=1_000_000_000)
# A target with more states is one without end, as far as anybody would test it.
MOST_TARGET_STATES = 2_000
# So long must words have been tried where the target has states without end.
ENOUGH = 8


class Decided(msgspec.Struct, frozen=True):
    """What is known of a network.

    Args:
        kind: "right" or "wrong", or "open" where too few words could be tried.
        found: By the search of all words.
        boxes: Number of boxes that prove it right; 0 where none were needed or found.
        word: One on whose last letter it is wrong.
        is_shortest: Whether no shorter word shows it.
    """

    kind: Literal["right", "wrong", "open"]
    found: Found
    boxes: int = 0
    word: tuple[int, ...] = ()
    is_shortest: bool = True

    @property
    def is_proved(self) -> bool:
        """Whether it is known for all words, not for those that were tried only."""
        if self.kind == "right":
            return bool(self.boxes) or (self.found.kind == "same" and not self.found.has_ties)
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
        return Decided("wrong", found, word=word, is_shortest=False)
    least = enough(target, len(student.letters))
    is_enough = found.length >= (least or ENOUGH) and (least is not None or word is not None)
    return Decided("right" if is_enough else "open", found)


def enough(target: Target, letters: int) -> int | None:
    """The length of words that tell the target from every other machine with no more states.

    A word of fewer letters than there are states leads to each state, and another such one tells it from any
    other.

    Args:
        target: What is asked.
        letters: Number of letters.

    Returns:
        The length; None where the target has states without end, or too many.
    """
    states = reachable(target, letters, MOST_TARGET_STATES)
    return None if states is None else 2 * states - 1
