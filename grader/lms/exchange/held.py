"""A question as platforms hold it: something to choose, to sort, to fill in or to write, with a fixed key."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple, TypeAlias


class Choices(NamedTuple):
    """Options with one right answer, or with any number of them.

    Args:
        options: The text of each, by id.
        right: Ids of the right ones.
        is_single: Whether one is chosen.
        is_shared: Whether each option counts the same; else all points or none.
        is_negative: Whether a wrong choice takes off as much, never below 0.
        why: Why a wrong option is wrong, as far as students may be told.
        is_shuffled: Whether they may stand in any order.
        pinned: Ids of those that keep their place then.
    """

    options: Mapping[str, str]
    right: tuple[str, ...]
    is_single: bool
    is_shared: bool = False
    is_negative: bool = False
    why: Mapping[str, str] = {}
    is_shuffled: bool = False
    pinned: tuple[str, ...] = ()


class RowsToMatch(NamedTuple):
    """Rows to each of which one column belongs: statements that are true or false, items to be matched.

    Args:
        rows: What each says, by id.
        columns: What may be given to a row, by id.
        right: The column of each row.
        is_shared: Whether each row counts the same; else all points or none.
        is_negative: Whether a row that is given a wrong column takes off as much, never below 0.
    """

    rows: Mapping[str, str]
    columns: Mapping[str, str]
    right: Mapping[str, str]
    is_shared: bool = False
    is_negative: bool = False


class OptionsToOrder(NamedTuple):
    """Options to be put in order.

    Args:
        options: What each says, by id.
        right: All ids, in their right order.
        is_shared: Whether each place counts the same; else all points or none.
    """

    options: Mapping[str, str]
    right: tuple[str, ...]
    is_shared: bool = False


class NumberToFill(NamedTuple):
    """A number to fill in.

    Args:
        name: What it is, such as "y[2]".
        value: The right one.
        margin: How far off what is right may be.
        half: How far off what earns half may be; None where nothing does.
    """

    name: str
    value: Fraction
    margin: Fraction
    half: Fraction | None = None


class WordsToFill(NamedTuple):
    """A short text to fill in.

    Args:
        name: What it is.
        forms: How it may be written, the usual form first; upper and lower case do not matter.
    """

    name: str
    forms: tuple[str, ...]


class Blank(NamedTuple):
    """A field of an answer, with one entry or more to fill in.

    Args:
        meaning: The field's line for people.
        entries: Row by row; every entry of a question counts the same.
    """

    meaning: str
    entries: tuple[NumberToFill | WordsToFill, ...]


class Blanks(NamedTuple):
    """Fields to fill in.

    Args:
        blanks: In the order in which they are asked.
        form: How an entry is written, a sentence; empty where that is plain.
    """

    blanks: tuple[Blank, ...]
    form: str = ""

    @property
    def entries(self) -> tuple[NumberToFill | WordsToFill, ...]:
        """All entries."""
        return tuple(entry for blank in self.blanks for entry in blank.entries)


class Essay(NamedTuple):
    """Words that a person marks.

    Args:
        min_words: Asked for.
        max_words: Asked for.
        rubric: What a marker looks for, a line each.
    """

    min_words: int
    max_words: int
    rubric: tuple[str, ...] = ()


Shape: TypeAlias = Choices | RowsToMatch | OptionsToOrder | Blanks | Essay


class Held(NamedTuple):
    """A question that can be exported.

    Args:
        shape: What is filled in, and what is right.
        lost: Parts of its marking that another platform does not do, a sentence each.
    """

    shape: Shape
    lost: tuple[str, ...] = ()


class NotHeld(NamedTuple):
    """A question that cannot be exported.

    Args:
        reason: Why, a sentence with a way out where there is one.
    """

    reason: str
