"""How typed numbers are read: one, a vector or matrix, or tables by name; formulas where these may stand."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from grader.answers.layouts import readings
from grader.answers.matrices import matrix_shape
from grader.answers.numbers import read_number
from grader.answers.tables import Table, laid_out, read_table
from grader.errors import Unreadable
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.model.control import GridControl
from grader.model.text import counted, joined
from grader.model.value import Fields, Items, Text, Value
from grader.reports.html.elements import Child, add, element
from grader.reports.html.formulas import formula_math, number_text, scrolling, table_math

MOST_NAMES = 40
"""Most names of an answer that is tables by name, and most letters in a formula."""

NAME = re.compile(r"[^\W\d]\w{0,30}")
LETTER = re.compile(r"[^\W\d](?:_?\d{1,2})?")

Symbols: TypeAlias = tuple[str, ...] | None
"""The symbols that formulas may have; None where a student may choose letters."""


def problem(error: Unreadable) -> Iterator[Child]:
    """Why something cannot be read; a caret under the place stands under it in fixed width."""
    first, _, rest = error.message.partition("\n")
    yield "this cannot be read. "
    # What it begins with may be the name of a field, which is written as it is.
    yield element("strong", {}, f"{first}:" if rest and first[-1:].isalnum() else first)
    if rest:
        yield element("code", {"class": "lines", "tabindex": "0"}, rest)
    if error.hint:
        yield f" ({error.hint})"


def grid(grid: GridControl, value: Value, name: str) -> Iterator[Child]:
    """Numbers in the arrangement that the form asks for."""
    rows, columns = grid.rows, grid.columns

    def fits(shape: tuple[int, ...]) -> bool:
        if columns is None:
            return math.prod(shape) == rows and sum(size != 1 for size in shape) <= 1
        return matrix_shape(Table(shape, ()), rows, columns) == (rows, columns)

    found = read_table(laid_out(value, fits), name)
    if not fits(found.shape):
        wanted = f"{rows} x {columns}" if columns else str(rows)
        got = f"{' x '.join(map(str, found.shape))} numbers" if found.shape else "one number"
        raise Unreadable(f"{got} where {wanted} are wanted", None, name, "shape")
    shape = (rows, columns) if columns else (rows,)
    yield from _drawn_table(Table(shape, found.entries), grid.symbols)


def numbers(value: Value, name: str, symbols: Symbols) -> Iterator[Child]:
    """Numbers in whatever arrangement they have."""
    found = readings(value)
    if isinstance(found[0], Fields):
        yield from _by_name(found[0], name, symbols)
        return
    is_bare = isinstance(value, Text) and not value.text.strip().startswith(("[", "("))
    if not isinstance(found[0], Items) or (is_bare and len(found[0].items) == 1):
        yield from entry_alone(value, name, symbols)
        return
    (shape, drawn), *more = _drawn_readings(found, name, symbols)
    yield from drawn
    others = {other for other, _ in more} - {shape}
    if others and isinstance(value, Text) and "," in value.text:
        sizes = joined((" x ".join(map(str, shape)) for shape in sorted(others)), " or ")
        yield f" Where {sizes} numbers are wanted it is read as those; decimal points leave no doubt."


def _drawn_readings(
    values: Sequence[Value], name: str, symbols: Symbols
) -> list[tuple[tuple[int, ...], list[Child]]]:
    """The readings that are tables of numbers, shape and words of each.

    Raises:
        Unreadable: If none is: what is wrong with the first.
    """
    faults: list[Unreadable] = []
    drawn = []
    for one in values:
        try:
            table = read_table(one, name)
            drawn.append((table.shape, list(_drawn_table(table, symbols))))
        except Unreadable as error:
            faults.append(error)
    if not drawn:
        raise faults[0]
    return drawn


def _by_name(fields: Fields, name: str, symbols: Symbols) -> Iterator[Child]:
    yield f"{counted(len(fields.fields), 'table')} by name: "
    for key, one in list(fields.fields.items())[:MOST_NAMES]:
        line = element("span", {}, element("code", {}, key), ": ")
        try:
            # All of it first: a reason why it cannot be read stands alone.
            drawn = list(numbers(one, f"{name}.{key}", symbols))
        except Unreadable as error:
            drawn = list(problem(error))
        for child in drawn:
            add(line, child)
        add(line, " ")
        yield line


def _drawn_table(table: Table, symbols: Symbols) -> Iterator[Child]:
    shape = table.shape
    if len(shape) == 2:
        width = shape[1]
        places = [f"row {at // width + 1}, column {at % width + 1}" for at in range(len(table.entries))]
    else:
        places = [f"number {at + 1}" for at in range(len(table.entries))]
    texts = [_entry(entry, place, symbols) for entry, place in zip(table.entries, places, strict=True)]
    if len(shape) > 2:
        yield f"{' x '.join(map(str, shape))} numbers."
    elif len(shape) == 2:
        yield f"a {shape[0]} x {width} matrix: "
        yield scrolling(table_math([texts[at : at + width] for at in range(0, len(texts), width)]))
    else:
        yield f"a vector of {counted(shape[0], 'number')}: "
        yield scrolling(table_math([texts]))


def entry_alone(value: Value, name: str, symbols: Symbols) -> Iterator[Child]:
    """One number, or a formula in its place."""
    try:
        number = read_number(value, "")
    except Unreadable:
        formula = _formula_in_it(value, symbols)
        if formula is None:
            raise
        yield "the formula "
        yield scrolling(formula)
        return
    yield "the number "
    yield element("strong", {}, number_text(number.value, number.text))


def _entry(value: Value, place: str, symbols: Symbols) -> str:
    """An entry of a table, as a short text."""
    if isinstance(value, Text) and not value.text.strip():
        raise Unreadable(f"{place} is empty")
    try:
        number = read_number(value, "")
    except Unreadable as error:
        formula = _formula_in_it(value, symbols)
        if formula is None:
            raise Unreadable(f"{place}: {error.message}", error.hint, None, error.code) from None
        return formula.get("alttext", "")
    return number_text(number.value, number.text)


def _formula_in_it(value: Value, symbols: Symbols) -> ET.Element | None:
    """A formula that stands in place of a number, where the question reads such."""
    if symbols == () or not isinstance(value, Text):
        return None
    if symbols is None:
        letters = dict.fromkeys(one for one in NAME.findall(value.text) if LETTER.fullmatch(one))
        symbols = tuple(letters)[:MOST_NAMES]
    try:
        return formula_math(parse_formula(value.text, Names(symbols)))
    except Unreadable:
        return None
