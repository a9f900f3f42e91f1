"""How a field of an answer is typed into a form: a kind decides it, and whatever shows forms draws it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec


class Line(msgspec.Struct, frozen=True):
    """A number on one line.

    Args:
        symbols: Names that a formula in its place may be written in; empty where only a number is read.
    """

    symbols: tuple[str, ...] = ()


class Shape(msgspec.Struct, frozen=True):
    """A shape on one line.

    Args:
        names: What sizes may be written in.
    """

    names: tuple[str, ...] = ()


class NumbersControl(msgspec.Struct, frozen=True):
    """Numbers whose arrangement is the student's to choose, as a text: a table would tell their size.

    Args:
        takes_formulas: Whether formulas in letters of the student's own may stand among them.
    """

    takes_formulas: bool = False


class FormulaControl(msgspec.Struct, frozen=True):
    """A formula as a text.

    Args:
        symbols: What it may be written in.
        aliases: Pairs of another spelling and its symbol.
        what: What it is read as.
    """

    symbols: tuple[str, ...]
    aliases: tuple[tuple[str, str], ...] = ()
    what: Literal["formula", "condition", "order"] = "formula"


class WordsControl(msgspec.Struct, frozen=True):
    """Words, which a person reads.

    Args:
        most_words: How many are wanted at most; None for any number.
    """

    most_words: int | None = None


class GridControl(msgspec.Struct, frozen=True):
    """A table of numbers whose size the question gives; a vector has one column.

    Args:
        rows: How many.
        columns: How many; None for a vector, which is handed in as a list.
        symbols: Names that formulas in their place may be written in; empty where only numbers are read.
    """

    rows: int
    columns: int | None = None
    symbols: tuple[str, ...] = ()


class YesNo(msgspec.Struct, frozen=True):
    """Yes, no, or no choice."""


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


Control: TypeAlias = (
    Line | Shape | NumbersControl | FormulaControl | WordsControl | GridControl | YesNo | Pick | PickEach
)
