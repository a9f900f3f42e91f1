"""Yes or no, counts, and shapes, as people write them: "no (rank 3 > 2)", 4, "2 × 3", (2, 3)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from grader.answers.describe import describe
from grader.answers.latex_numbers import real_space, shape_from_latex
from grader.answers.look_alikes import odd_character, plain_text
from grader.answers.numbers import read_number
from grader.answers.tables import read_table
from grader.errors import Unreadable
from grader.model.value import Array, Fields, Flag, Items, Number, Text, Value

# Of other languages those words that mean the same in every one.
YES = frozenset({"yes", "y", "yep", "yeah", "true", "t", "1", "ja", "oui", "sí", "sì", *"✓✔✅☑"})
NO = frozenset({"no", "n", "nope", "false", "f", "0", "nein", "non", *"✗✘❌"})
# Sentences about a task, read only where they are the whole text: more words could turn them round.
IT_IS = r"(?:(?:it|this|that)(?: is|'s) )?"
CAN = re.compile(rf"{IT_IS}possible|(?:it |this |that )?can(?: be done| do (?:it|this|that))?")
CANNOT = re.compile(
    rf"{IT_IS}(?:impossible|not possible)|(?:it |this |that )?isn't possible|"
    r"(?:it |this |that )?(?:cannot|can't|can not)(?: be done| do (?:it|this|that))?"
)
# "No, it is not possible.", "no (rank 3 > 2)"; what follows may give a reason, and is not read.
FIRST_WORD = re.compile(r"(yes|no|true|false|ja|nein|oui|non)\s*(?:[,.;:-]\s|\().*", re.DOTALL)

SIZE = r"[+-]?\d+(?:\.\d*)?"
# Spaces in one way only: with two ways for each gap a text that is no shape would be tried for ever.
SEPARATOR = r"(?:\s*(?:[x×X*✕✖⨯⨉╳χΧ,;]|-?by-?)\s*|\s+)"
SIZES = re.compile(rf"{SIZE}(?:{SEPARATOR}{SIZE})*")
LABELLED = re.compile(
    r"(?:shape|size|dimensions?|an?|the)?(?:\s{0,9}[:=])?\s{0,9}(?:(?:matrix|vector)\s{1,9})?(?:of\s{1,9})?(?=[\d(\[])",
    re.IGNORECASE,
)
KIND = re.compile(r"(?<!\s)\s+(?:matrix|vector)\.?$", re.IGNORECASE)
COUNTED = r"(\S(?:.{0,38}?\S)?)\s{1,9}"
IN_WORDS = re.compile(
    rf"{COUNTED}(row|col)(?:umn)?s?(?:\s{{0,9}}[,;x×*]|\s{{1,9}}and|\s{{1,9}}by)?\s{{1,9}}"
    rf"{COUNTED}(?!\2)(?:row|col)(?:umn)?s?\.?",
    re.IGNORECASE,
)
# The same with the names in front: "rows: 2, cols: 3".
NAMED_SIZES = re.compile(
    r"(row|col)(?:umn)?s?\s{0,9}[:=]\s{0,9}([^\s,;:=]{1,40})\s{0,9}(?:[,;]|\s)\s{0,9}"
    r"(?!\1)(?:row|col)(?:umn)?s?\s{0,9}[:=]\s{0,9}([^\s,;:=]{1,40}?)\.?",
    re.IGNORECASE,
)
PRINTED = re.compile(r"(?:torch\.)?Size(?=\()")  # how PyTorch prints a shape
BRACKETS = {"(": ")", "[": "]", "{": "}"}
ROWS = frozenset({"rows", "row", "n_rows", "nrows"})
COLUMNS = frozenset({"cols", "col", "columns", "column", "n_cols", "ncols", "n_columns", "ncolumns"})
# A whole number, and of what: "4 states", "1664 weights and biases", "1728 in all", "rank 3".
THINGS = (
    r"(?:(?:hidden|state|trainable)\s{1,9})?(?:(?:state|unit|neuron|weight|parameter|dimension|entr|number|value|"
    r"bias|epoch|step)(?:s|y|ies|es)?)"
)
OF_THINGS = re.compile(
    rf"([^A-Za-z]{{1,40}}?)\s{{1,9}}(?:{THINGS}(?:\s{{1,9}}and\s{{1,9}}{THINGS})?|in (?:all|total))\.?",
    re.IGNORECASE,
)
NAMED_COUNT = re.compile(
    r"(?:the )?(?:rank|total|sum|size)(?:(?: is| of)?\s{1,9}|\s{0,9}[:=]\s{0,9})(\d[^A-Za-z]{0,39}?)\.?",
    re.IGNORECASE,
)
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
    number = read_number(number_of_things(value), where).value
    if number.denominator != 1 or not 0 <= number <= 10**6:
        raise Unreadable(
            f"{describe(value)} where a count was wanted", "a whole number", where, "not-a-count"
        )
    return int(number)


def number_of_things(value: Value) -> Value:
    """The text "4 states" or "rank 4" as "4"; anything else is given back.

    Args:
        value: What was handed in.
    """
    if not isinstance(value, Text):
        return value
    plain = plain_text(value.text).strip()
    found = OF_THINGS.fullmatch(plain) or NAMED_COUNT.fullmatch(plain)
    return Text(found[1]) if found else value


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
        value: A tuple, list, array or text of whole numbers, one whole number for a vector, or rows and
            columns by name.
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
        case Fields(fields=fields) if (by_name := _rows_and_columns(fields)) is not None:
            return tuple(_size(item, where) for item in by_name)
        case Array(shape=(n,)) if 1 <= n <= MAX_AXES:
            return tuple(_size(item, where) for item in read_table(value, where).entries)
    hint = 'write it like (2, 3) or "2x3"'
    raise Unreadable(f"{describe(value)} where a shape was wanted", hint, where, "not-a-shape")


def _rows_and_columns(fields: Mapping[str, Value]) -> tuple[Value, Value] | None:
    """The two values of {"rows": 2, "cols": 3}, in this order."""
    rows, columns = (
        [value for name, value in fields.items() if name.lower() in names] for names in (ROWS, COLUMNS)
    )
    return (rows[0], columns[0]) if len(fields) == 2 and len(rows) == len(columns) == 1 else None


def _from_text(text: str, where: str) -> tuple[int, ...]:
    plain = KIND.sub("", real_space(shape_from_latex(plain_text(text)).strip()))
    printed = PRINTED.match(plain)
    plain = plain[found.end() :] if (found := printed or LABELLED.match(plain)) else plain
    plain = rows_by_columns(plain)
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
    is_wrapped = text[:1] in BRACKETS and text.endswith(BRACKETS[text[0]])
    bare = text[1:-1].strip() if is_wrapped else text
    if words := IN_WORDS.fullmatch(bare):
        one, first, other = words.groups()
    elif named := NAMED_SIZES.fullmatch(bare):
        first, one, other = named.groups()
    else:
        return text
    return " x ".join((one, other) if first.lower() == "row" else (other, one))


def _size(value: Value, where: str) -> int:
    if isinstance(value, (Items, Array)):
        hint = "give the shape, not the matrix itself"
        raise Unreadable(f"{describe(value)} where a size was wanted", hint, where, "not-a-shape")
    number = read_number(value, where).value
    if number.denominator != 1 or not 0 <= number <= MAX_SIZE:
        hint = "sizes are whole numbers"
        raise Unreadable(f"{describe(value)} where a size was wanted", hint, where, "not-a-shape")
    return int(number)
