"""How a field of an answer is typed into a form: said by a kind, drawn by whatever shows forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import msgspec


class Line(msgspec.Struct, frozen=True):
    """A short text on one line: a number, a shape."""


class Words(msgspec.Struct, frozen=True):
    """Text on several lines.

    Args:
        most_words: How many are wanted at most; None for any number.
    """

    most_words: int | None = None


class Grid(msgspec.Struct, frozen=True):
    """A table of numbers whose size the question gives; a vector has one column.

    Args:
        rows: How many.
        columns: How many; None for a vector, which is handed in as a list.
    """

    rows: int
    columns: int | None = None


class YesNo(msgspec.Struct, frozen=True):
    """Yes, no, or nothing said."""


class Pick(msgspec.Struct, frozen=True):
    """Options of which one or any number is chosen.

    Args:
        options: What each says, by id, in the order in which they are shown.
        is_one: Whether one is chosen.
    """

    options: Mapping[str, str]
    is_one: bool = True


class PickEach(msgspec.Struct, frozen=True):
    """For each of several things one of the same options.

    Args:
        places: What each thing is called, by id; numbers of places where all are put in order.
        options: What each option says, by id.
        is_list: Whether the answer is a list in the order of the places, not a table by their ids.
    """

    places: Mapping[str, str]
    options: Mapping[str, str]
    is_list: bool = False


Control: TypeAlias = Line | Words | Grid | YesNo | Pick | PickEach
