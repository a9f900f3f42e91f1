"""Yes or no, and small whole numbers, as people write them."""

from __future__ import annotations

import math
import re

from grader.answers.describe import describe
from grader.answers.look_alikes import plain_text
from grader.answers.numbers import read_number
from grader.answers.shapes import read_shape
from grader.answers.tables import read_table
from grader.errors import Unreadable
from grader.model.value import Array, Flag, Items, Number, Text, Value

YES = frozenset({"yes", "y", "true", "t", "possible", "it is possible", "1"})
NO = frozenset({"no", "n", "false", "f", "impossible", "not possible", "it is not possible", "0"})
# "No, it is not possible.", "no (rank 3 > 2)"; what follows may give a reason, and is not read.
FIRST_WORD = re.compile(r"(yes|no)\s*(?:[,.;:-]\s|\().*", re.DOTALL)


def read_flag(value: Value, where: str) -> bool:
    """True for yes, False for no.

    Args:
        value: True, False, "yes", "No, it is not possible", 1, 0 and their like, or a list of one of them.
        where: The field's name, for the message.

    Raises:
        Unreadable: If it is neither.
    """
    match value:
        case Flag(value=flag):
            return flag
        case Array(shape=shape) if math.prod(shape) == 1:
            return read_flag(read_table(value, where).entries[0], where)
        case Items(items=(only,)):
            return read_flag(only, where)
        case Number(text=text, kind="float" | "single" | "int") if float(text) in (0, 1):
            return float(text) == 1
        case Text(text=text):
            word = plain_text(text).strip().rstrip(".!").lower()
            if begins := FIRST_WORD.fullmatch(word):
                word = begins[1]
            if word in YES or word in NO:
                return word in YES
    raise Unreadable(f"{describe(value)} where yes or no was wanted", "True or False", where, "not-a-flag")


def read_count(value: Value, where: str) -> int:
    """A whole number from 0 on.

    Args:
        value: What was handed in.
        where: The field's name, for the message.

    Raises:
        Unreadable: If it is no whole number from 0 to 10^6.
    """
    number = read_number(value, where).value
    if number.denominator != 1 or not 0 <= number <= 10**6:
        raise Unreadable(
            f"{describe(value)} where a count was wanted", "a whole number", where, "not-a-count"
        )
    return int(number)


def read_state_size(value: Value, where: str) -> int:
    """A count, or the shape of a column: 4, (4, 1), "4x1".

    Args:
        value: What was handed in.
        where: The field's name, for the message.

    Raises:
        Unreadable: If it is neither.
    """
    try:
        return read_count(value, where)
    except Unreadable:
        column = _column(value, where)
        if column is None:
            raise
        return column


def _column(value: Value, where: str) -> int | None:
    try:
        shape = read_shape(value, where)
    except Unreadable:
        return None
    return shape[0] if shape[1:] in ((), (1,)) else None
