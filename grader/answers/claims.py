"""Yes or no, counts, and shapes, as people write them: "no (rank 3 > 2)", 4, "2 × 3", (2, 3)."""

from __future__ import annotations

import math
import re

from grader.answers.describe import describe
from grader.answers.latex_numbers import real_space, shape_from_latex
from grader.answers.look_alikes import odd_character, plain_text
from grader.answers.numbers import read_number
from grader.answers.tables import read_table
from grader.errors import Unreadable
from grader.model.value import Array, Flag, Items, Number, Text, Value

YES = frozenset({"yes", "y", "true", "t", "1", *"✓✔✅☑"})
NO = frozenset({"no", "n", "nope", "false", "f", "0", *"✗✘❌"})
# What is said of a task, whole and alone: what stands behind it could turn it round.
IT_IS = r"(?:(?:it|this|that)(?: is|'s) )?"
CAN = re.compile(rf"{IT_IS}possible|(?:it |this |that )?can(?: be done| do (?:it|this|that))?")
CANNOT = re.compile(
    rf"{IT_IS}(?:impossible|not possible)|(?:it |this |that )?isn't possible|"
    r"(?:it |this |that )?(?:cannot|can't|can not)(?: be done| do (?:it|this|that))?"
)
# "No, it is not possible.", "no (rank 3 > 2)"; what follows may give a reason, and is not read.
FIRST_WORD = re.compile(r"(yes|no)\s*(?:[,.;:-]\s|\().*", re.DOTALL)

SIZE = r"[+-]?\d+(?:\.\d*)?"
# Spaces in one way only: with two ways for each gap a text that is no shape would be tried for ever.
SEPARATOR = r"(?:\s*(?:[x×X*✕✖⨯⨉╳χΧ,;]|-?by-?)\s*|\s+)"
SIZES = re.compile(rf"{SIZE}(?:{SEPARATOR}{SIZE})*")
KIND = re.compile(r"(?<!\s)\s+(?:matrix|vector)\.?$", re.IGNORECASE)
COUNTED = r"(\S(?:.{0,38}?\S)?)\s{1,9}"
IN_WORDS = re.compile(
    rf"{COUNTED}(row|col)(?:umn)?s?(?:\s{{0,9}}[,;x×*]|\s{{1,9}}and|\s{{1,9}}by)?\s{{1,9}}"
    rf"{COUNTED}(?!\2)(?:row|col)(?:umn)?s?\.?",
    re.IGNORECASE,
)
PRINTED = re.compile(r"(?:torch\.)?Size(?=\()")  # how PyTorch prints a shape
BRACKETS = {"(": ")", "[": "]", "{": "}"}
MAX_AXES = 6
MAX_CHARACTERS = 200
MAX_SIZE = 10**9


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
            word = (
                plain_text(text).strip().rstrip(".!").lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
            )
            if begins := FIRST_WORD.fullmatch(word):
                word = begins[1]
            if word in YES or CAN.fullmatch(word):
                return True
            if word in NO or CANNOT.fullmatch(word):
                return False
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


def read_shape(value: Value, where: str) -> tuple[int, ...]:
    """The sizes along the axes that a student claims.

    Args:
        value: A tuple, list, array or text of whole numbers, or one whole number for a vector.
        where: The field's name, for the message.

    Raises:
        Unreadable: If it does not say a shape.
    """
    match value:
        case Number():
            return (_size(value, where),)
        case Text(text=text):
            return _from_text(text, where)
        case Items(items=items) if 1 <= len(items) <= MAX_AXES:
            return tuple(_size(item, where) for item in items)
        case Array(shape=(n,)) if 1 <= n <= MAX_AXES:
            return tuple(_size(item, where) for item in read_table(value, where).entries)
    hint = 'write it like (2, 3) or "2x3"'
    raise Unreadable(f"{describe(value)} where a shape was wanted", hint, where, "not-a-shape")


def _from_text(text: str, where: str) -> tuple[int, ...]:
    plain = KIND.sub("", real_space(shape_from_latex(plain_text(text)).strip()))
    plain = rows_by_columns(plain)
    plain = plain[printed.end() :] if (printed := PRINTED.match(plain)) else plain
    for _ in range(2 if printed else 1):
        if plain[:1] in BRACKETS and plain.endswith(BRACKETS[plain[0]]):
            plain = plain[1:-1].strip()
    plain = plain.rstrip(",").strip()
    parts = re.split(SEPARATOR, plain) if len(plain) <= MAX_CHARACTERS and SIZES.fullmatch(plain) else []
    if not 1 <= len(parts) <= MAX_AXES:
        hint = 'write it like (2, 3) or "2x3"'
        if odd := odd_character(re.sub("[×✕✖⨯⨉╳]", "x", text)):
            hint = f"it has the character {odd}; {hint}"
        raise Unreadable(f"{describe(Text(text))} where a shape was wanted", hint, where, "not-a-number")
    return tuple(_size(Text(part), where) for part in parts)


def rows_by_columns(text: str) -> str:
    """The text "2 rows, 3 columns" as "2 x 3", the other way round, too; anything else is given back."""
    words = IN_WORDS.fullmatch(text)
    if words is None:
        return text
    rows_come_first = words[2].lower() == "row"
    return " x ".join((words[1], words[3]) if rows_come_first else (words[3], words[1]))


def _size(value: Value, where: str) -> int:
    if isinstance(value, (Items, Array)):
        hint = "give the shape, not the matrix itself"
        raise Unreadable(f"{describe(value)} where a size was wanted", hint, where, "not-a-shape")
    number = read_number(value, where).value
    if number.denominator != 1 or not 0 <= number <= MAX_SIZE:
        hint = "sizes are whole numbers"
        raise Unreadable(f"{describe(value)} where a size was wanted", hint, where, "not-a-shape")
    return int(number)
