"""Tables that were written as text: "[6; 6]", "[0 0; 0 1]", printed arrays of numpy, lines of MATLAB.

A text may have more than one reading: in "[0,5; 0,5]" commas stand between numbers or before decimals. Who
knows what is wanted takes the reading of that shape; nothing is guessed beyond that.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

from grader.answers.latex_numbers import table_from_latex
from grader.answers.look_alikes import plain_text
from grader.answers.number_texts import number_alone, without_types
from grader.model.value import Fields, Items, Text, Value

MAX_CHARACTERS = 10_000
MAX_DEPTH = 6
MAX_KEYS = 4096
# What else stands around a table: "Wss = ...", "np.array(...)", "dtype=float32)", a semicolon at the end.
LABEL = re.compile(
    r"[A-Za-z_]\w{0,30}\s{0,9}[=:](?=\s*[\[(\n]|\s*[-+]?[\d.,]|\s*[\w.]{0,20}(?:array|atrix|tensor)\()"
)
CALLED = re.compile(
    r"(?:[A-Za-z]\w{0,9}\.){0,2}(?:array|(?:Device)?Array|matrix|Matrix|tensor|list|tuple|c)\("
)
OPTION = re.compile(r",\s{0,99}(?:dtype|device|requires_grad|grad_fn|shape)\s{0,9}=[^\[\]()]*$")
# MATLAB goes on in the next line after three dots; numpy leaves numbers out with three dots.
CONTINUED = re.compile(r"\.\.\.[ \t]*\n")
LEFT_OUT = re.compile(r"\.\.\.(?![ \t]*\n)|^[ \t]*\.\.\.,?[ \t]*$", re.MULTILINE)
TUPLES = re.compile(r"\[\s{0,9}\([\d\s.,/eE+()-]*\)\s{0,9},?\s{0,9}\]$")
TRANSPOSED = re.compile(r"\]\s{0,9}(?:\.?'|\.T|\.transpose\(\)|\^\{?(?:T|\\top)\}?|ᵀ|⊤)$")
# The same of a row in round brackets, and of what a call makes.
ROUND_TRANSPOSED = re.compile(r"\(([^()\[\]]*)\)\s{0,9}(\.?'|\.T|\^\{?T\}?|ᵀ|⊤)")
CALL_TRANSPOSED = re.compile(r"\)(\.T|\.transpose\(\))$")
# Rows in brackets of their own, without one around all of them: [1, 2], [3, 4] or a row a line.
ROW_IN_BRACKETS = r"(?:\[[\d\s.,/eE+-]*\]|\([\d\s./eE+-]*,[\d\s.,/eE+-]*\))"
# One way only to part two: with a second for each gap a text that is none would be tried for ever.
PARTING = r"[^\S\n]{0,9}[,;\n]\s{0,9}"
TABLE_IN_BRACKETS = rf"\[\s{{0,9}}{ROW_IN_BRACKETS}(?:{PARTING}{ROW_IN_BRACKETS})*\s{{0,9}}\]"
TABLES = re.compile(rf"{TABLE_IN_BRACKETS}(?:{PARTING}{TABLE_IN_BRACKETS})+")
# Lists with tuples in them, however deep: what is round has commas, so that (1/2) is a number.
WITH_TUPLES, TUPLE = (
    re.compile(r"\[[\d\s.,/eE+()\[\]-]*\]"),
    re.compile(r"\(([\d\s./eE+-]*,[\d\s.,/eE+-]*)\)"),
)
ROWS = re.compile(rf"{ROW_IN_BRACKETS}(?:{PARTING}{ROW_IN_BRACKETS})+\s{{0,9}}[,;]?")
NUMBER = re.compile(r"[-+]?[0-9.¼-¾⅐-⅞][0-9.,/eE+¼-¾⅐-⅞*^·×⁰¹²³⁴-⁹⁻-]*%?")
DECIMAL_COMMA = re.compile(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?%?")
SPACED_PERCENT = re.compile(r"(?<=\d)[ \t]{1,9}%")
# A key of a dict by steps: 1, "1", "y1", "y_1", "y(1)", "g1[1]", "step 1", "t=1".
STEP_KEY = re.compile(
    r"([A-Za-z][A-Za-z ]{0,9}|[A-Za-z]\w{0,9}(?=[(\[]))?[_ (\[=]{0,2}(\d{1,4})[)\]]?", re.ASCII
)
# Each number under its own name, y1 = 0.27, y2 = 0.73; and what stands between two such.
NAMED_NUMBER = re.compile(
    rf"({STEP_KEY.pattern})\s{{0,9}}(?:[=:~\N{{ALMOST EQUAL TO}}]|\\approx|\\simeq)\s{{0,9}}"
    rf"({NUMBER.pattern})",
    re.ASCII,
)
BETWEEN_NAMED = re.compile(r"\s{0,9}[;\n]\s{0,9}|,\s{1,9}|,(?=[A-Za-z])")
TOKENS: dict[str, re.Pattern[str]] = {
    # What ends a number: any comma or space; a comma with a space; a comma alone.
    "any": re.compile(r"[\[\];\n,]|[^\s\[\];,]+"),
    "decimals": re.compile(r"[\[\];\n]|,(?!\d)|[^\s\[\];,]*(?:,\d[^\s\[\];,]*)*"),
    "commas": re.compile(r"[\[\];\n,]|[^\s\[\];,](?:[^\[\];,\n]*[^\s\[\];,])?"),
}

Commas: TypeAlias = Literal["any", "decimals", "commas"]


class _NoTable(Exception):
    """The text is no table in this reading."""


class _Way(NamedTuple):
    """One way to read a text: what commas are, and whether the end of a line ends a row of numbers."""

    commas: Commas
    lines_are_rows: bool


WAYS = tuple(itertools.starmap(_Way, itertools.product(("any", "decimals", "commas"), (True, False))))


def readings(value: Value) -> tuple[Value, ...]:
    """What a value may be as a table, best first; the value itself where it is no text of a table.

    Args:
        value: What was handed in. A dict whose keys are the steps, from 1 or 0 on, is the list of its values.
    """
    match value:
        case Text(text=text) if len(text) <= MAX_CHARACTERS:
            return _of_text(text) or (value,)
        case Fields(fields=fields) if (steps := _by_step(fields)) is not None:
            return (steps,)
    return (value,)


def _by_step(fields: dict[str, Value]) -> Items | None:
    """The values of a dict keyed 1, 2, 3 ... or 0, 1, 2 ..., in that order; None if its keys are others.

    The keys may have a name before the number, one for all of them: "y(1)", "y(2)".
    """
    if not fields or len(fields) > MAX_KEYS:
        return None
    keys = [STEP_KEY.fullmatch(key) for key in fields]
    if not all(keys) or len({key[1] for key in keys if key}) > 1:
        return None
    by_number = {int(key[2]): field for key, field in zip(keys, fields.values(), strict=True) if key}
    first = min(by_number)
    if first > 1 or sorted(by_number) != list(range(first, first + len(fields))):
        return None
    return Items(tuple(by_number[number] for number in sorted(by_number)))


def _named_numbers(text: str) -> Items | None:
    """The numbers of "y1 = 0.27, y2 = 0.73" in the order of their steps; None for any other text."""
    named = [NAMED_NUMBER.fullmatch(one) for one in BETWEEN_NAMED.split(text.strip()) if one]
    fields: dict[str, Value] = {one[1]: Text(one[4]) for one in named if one}
    return _by_step(fields) if 1 < len(fields) == len(named) else None


@functools.lru_cache(maxsize=256)
def _of_text(text: str) -> tuple[Value, ...]:
    given = table_from_latex(plain_text(text).replace(r"\%", "%")).replace("\r\n", "\n")
    plain = SPACED_PERCENT.sub("%", given)
    if (steps := _named_numbers(plain)) is not None:
        return (steps,)
    if _may_be_percent_of_all(given):
        return ()
    plain = _unwrapped(plain)
    if LEFT_OUT.search(plain):
        return ()
    plain = CONTINUED.sub(" ", plain)
    is_bracketed = plain.startswith("[")
    is_transposed = TRANSPOSED.search(plain)
    if is_transposed:
        plain = plain[: is_transposed.start() + 1]
    found: dict[Items, None] = {}
    if not is_bracketed and DECIMAL_COMMA.fullmatch(number_alone(plain)):
        found[Items((Text(plain),))] = None
    texts = [(plain, way) for way in WAYS]
    if not is_bracketed and ";" in plain and "\n" in plain:
        # As spreadsheets export a table where commas stand before decimals.
        texts.append((plain.replace(";", " "), _Way("decimals", lines_are_rows=True)))
    for one, way in texts:
        try:
            table = _Parser(one, way, is_bracketed).table()
            found[_transposed(table) if is_transposed else table] = None
        except _NoTable:
            continue
    return tuple(found)


def _may_be_percent_of_all(text: str) -> bool:
    """Whether the only percent sign stands apart, behind the last of several numbers: "27, 73 %"."""
    before, sign, behind = text.partition("%")
    is_apart = bool(sign) and before[-1:].isspace() and not behind.strip("]) \n")
    if not is_apart or any(one in before for one in "=/*"):
        return False
    parts: list[str] = re.split(r"[;\s]+|,\s+", before.strip("[( \n"))
    return len([part for part in parts if re.fullmatch(r"[-+]?[\d.,]+", part)]) > 1


def _transposed(table: Items) -> Items:
    rows = [row.items if isinstance(row, Items) else (row,) for row in table.items]
    if len(set(map(len, rows))) != 1:
        raise _NoTable
    if not isinstance(table.items[0], Items):
        return Items(tuple(map(Items, rows)))  # a row is a column then
    return Items(tuple(map(Items, zip(*rows, strict=True))))


def _unwrapped(text: str) -> str:
    """The table without what stands around it, its brackets square."""
    plain = without_types(text).strip().rstrip(";").rstrip()
    if label := LABEL.match(plain):
        plain = plain[label.end() :].strip()
    if transposed := ROUND_TRANSPOSED.fullmatch(plain):
        return f"[{transposed[1]}]{transposed[2]}"
    after = CALL_TRANSPOSED.search(plain)
    if after and CALLED.match(plain):
        plain = plain[: after.start() + 1]
    if TABLES.fullmatch(plain):
        plain = f"[{plain}]"
    if WITH_TUPLES.fullmatch(plain) and "(" in plain:
        square = TUPLE.sub(r"[\1]", plain)
        plain = plain if "(" in square else square
    if ROWS.fullmatch(plain):
        rows = re.findall(r"[\[(]([^\[\]()]*)", plain)
        plain = f"[{', '.join(f'[{row}]' for row in rows)}]"
    elif (called := CALLED.match(plain)) and plain.endswith(")"):
        plain = OPTION.sub("", plain[called.end() : -1]).strip().rstrip(",") + (after[1] if after else "")
    elif plain.startswith("(") and plain.endswith(")"):
        inner = plain[1:-1]
        if not re.search("[()]", inner):
            return inner
        is_nested = not re.search(r"[^\d\s.,/eE+()-]", plain) and "," in plain
        plain = plain.translate(str.maketrans("()", "[]")) if is_nested else plain
    elif TUPLES.match(plain):
        plain = plain.translate(str.maketrans("()", "[]"))
    elif plain.startswith("{") and plain.endswith("}"):
        plain = plain.translate(str.maketrans("{}", "[]"))
    return plain


class _Parser:
    """Reads one text in one way."""

    def __init__(self, text: str, way: _Way, is_bracketed: bool) -> None:
        self.way = way
        self.is_bracketed = is_bracketed
        inner = text if is_bracketed else f"[{text}]"
        self.tokens = self.tokens_of(inner)

    def tokens_of(self, text: str) -> Iterator[str]:
        """Brackets, separators and entries."""
        for found in TOKENS[self.way.commas].finditer(text):
            token = found[0]
            if not token:
                continue
            is_entry = token not in "[];,\n"
            if is_entry and not self.is_bracketed and not NUMBER.fullmatch(token.replace(" ", "")):
                raise _NoTable
            if is_entry and "," in token and not DECIMAL_COMMA.fullmatch(number_alone(token)):
                raise _NoTable
            yield token

    def table(self) -> Items:
        """The whole text, which is one bracket."""
        if next(self.tokens, "") != "[":
            raise _NoTable
        found = self.bracket(1)
        if any(token != "\n" for token in self.tokens):
            raise _NoTable
        if not self.is_bracketed and len(found.items) < 2:
            raise _NoTable  # a lone number or formula
        return found

    def bracket(self, depth: int) -> Items:
        """What stands in a bracket, whose opening has been read."""
        if depth > MAX_DEPTH:
            raise _NoTable
        rows: list[list[Value]] = [[]]
        lines: list[list[Value]] = [[]]
        before = "["
        for token in self.tokens:
            match token:
                case "]":
                    return self.joined(rows, lines)
                case ";":
                    rows.append([])
                    lines.append([])
                case "\n" if before != ",":
                    lines.append([])
                case "," if before in ("[", ",", ";"):
                    raise _NoTable
                case "\n" | ",":
                    pass
                case _:
                    item = self.bracket(depth + 1) if token == "[" else Text(token)
                    rows[-1].append(item)
                    lines[-1].append(item)
            if token == "[":
                before = "]"
            elif token != "\n" or before != ",":
                before = token
        raise _NoTable

    def joined(self, rows: list[list[Value]], lines: list[list[Value]]) -> Items:
        """The rows of a bracket as one list; one row is the bracket itself."""
        has_rows = len(rows) > 1
        is_nested = any(isinstance(item, Items) for row in rows for item in row)
        if not is_nested and self.way.lines_are_rows:
            rows = lines
        rows = [row for row in rows if row]
        if len(rows) == 1 and not has_rows:
            return Items(tuple(rows[0]))
        if is_nested and all(len(row) == 1 for row in rows):
            return Items(tuple(row[0] for row in rows))
        return Items(tuple(Items(tuple(row)) for row in rows))
