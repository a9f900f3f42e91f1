"""What a question for words is given: limits of length, and what a marker looks for."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from grader.model.control import Control, WordsControl
from grader.model.kind import Asks, Params

FIELD = "text"

MOST_WORDS = 1500
"""More would not come through the sandbox, which takes 10,000 characters."""


class RubricItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something that a marker looks for, for staff only.

    Args:
        id: Stable kebab-case word.
        points: That it is worth.
        text: What has to be said.
        comment: For the student, whenever a marker gives the item.
    """

    id: str
    points: Fraction
    text: str
    comment: str = ""


class TextParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `text`.

    Args:
        min_words: A shorter text is told to be short; it is handed in all the same.
        max_words: A longer one is told to be long; what that costs is the marker's to say.
        rubric: What a marker looks for.
    """

    min_words: int = 1
    max_words: int = MOST_WORDS
    rubric: tuple[RubricItem, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.min_words <= self.max_words <= MOST_WORDS:
            raise ValueError(
                f"min_words is {self.min_words} and max_words {self.max_words}; "
                f"wanted 1 <= min_words <= max_words <= {MOST_WORDS}"
            )
        ids = [item.id for item in self.rubric]
        for item in self.rubric:
            if ids.count(item.id) > 1:
                raise ValueError(f"rubric: two items are called {item.id!r}")
            if not item.id or any(sign in item.id for sign in " ,;"):
                raise ValueError(f"rubric: {item.id!r} is no id; write a word such as names-the-gate")
            if item.points <= 0:
                raise ValueError(f"rubric: {item.id}: points is {item.points}; wanted more than 0")


def asks(params: TextParams) -> Asks:
    """One field; the object itself may be the text."""
    return Asks(fields=(FIELD,))


def controls(params: TextParams) -> dict[str, Control]:
    """Room for as many words as are wanted."""
    return {FIELD: WordsControl(params.max_words)}
