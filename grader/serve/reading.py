"""How an answer is read: said of what was typed, before it is handed in.

Nothing is marked, nothing is run, and no right answer is looked at: what is typed is read by the same readers
as when it is marked, with what the form itself tells of the question.
"""

from __future__ import annotations

import json
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from grader.answers.claims import read_shape
from grader.answers.describe import describe
from grader.answers.layouts import readings
from grader.answers.matrices import matrix_shape
from grader.answers.numbers import read_number
from grader.answers.tables import Table, laid_out, read_table
from grader.errors import Unreadable
from grader.formula.condition import INTERVAL, of_symbol, parse_condition
from grader.formula.growth.reading import parse_growth
from grader.formula.marking.reading import formula_text
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.formula.printing import printed
from grader.formula.tree import Constant
from grader.kinds.shape.reading import ways
from grader.model.control import (
    Control,
    FormulaControl,
    GridControl,
    Line,
    NumbersControl,
    Pick,
    PickEach,
    Shape,
    WordsControl,
    YesNo,
)
from grader.model.exercise import Question
from grader.model.text import counted, joined
from grader.model.value import Fields, Items, Text, Value
from grader.reports.html.elements import Child, add, element, prose
from grader.reports.html.formulas import condition_math, formula_math, number_text, scrolling, table_math
from grader.sandbox.host.json_answers import read_json
from grader.serve.code_reading import code_reading
from grader.serve.controls import BETWEEN, CODE, NOTHING_PICKED, Typed, controls_of
from grader.serve.typed_answers import answer_of

MOST_NAMES = 40
"""Of an answer that is a table by names, and of letters in a formula."""

NAME = re.compile(r"[^\W\d]\w{0,30}")
LETTER = re.compile(r"[^\W\d](?:_?\d{1,2})?")

Symbols: TypeAlias = tuple[str, ...] | None
"""What formulas may be written in; None for letters of the student's own."""


def how_it_is_read(question: Question, typed: Typed) -> Iterator[ET.Element]:
    """A paragraph for each field of a question: what was typed is read as, or why it cannot be.

    Args:
        question: The question.
        typed: By part.
    """
    if question.asks.function is not None:
        asked = question.signature or f"{question.asks.function}(...)"
        yield from code_reading(typed.get(CODE, ""), question.asks.function, asked)
        return
    given = answer_of(question, typed)
    values = _values(given)
    for name, control in controls_of(question).items():
        is_asked = name in question.asks.fields
        if name in values or is_asked:
            line = element("p", {}, element("code", {}, name), ": ")
            for child in _said(control, name, values.get(name), typed):
                add(line, child)
            yield line
    if not values and not question.asks.fields:
        yield element("p", {}, "Nothing is typed.")


def _values(given: Mapping[str, object]) -> dict[str, Value]:
    """The fields as they come to be marked."""
    data = json.dumps({"of": given}).encode()
    answer, fault = read_json("", data, ["of"])
    found = answer.values.get("of")
    return dict(found.fields) if fault is None and isinstance(found, Fields) else {}


def _said(control: Control, name: str, value: Value | None, typed: Typed) -> Iterator[Child]:
    if value is None:
        yield "nothing is typed."
        return
    try:
        # All of it first: a reason why it cannot be read stands alone.
        yield from list(_read(control, name, value, typed))
    except Unreadable as error:
        yield from problem(error)


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


def _read(control: Control, name: str, value: Value, typed: Typed) -> Iterator[Child]:
    match control:
        case GridControl():
            yield from _grid(control, value, name)
        case Line(symbols=symbols):
            yield from _entry_alone(value, name, symbols)
        case NumbersControl(takes_formulas=takes_formulas):
            yield from _numbers(value, name, None if takes_formulas else ())
        case FormulaControl():
            yield from _formula(control, value, name)
        case Shape(names=names):
            yield from _shape(value, names, name)
        case WordsControl(most_words=most):
            words = len(value.text.split()) if isinstance(value, Text) else 0
            limit = f" of at most {most}" if most else ""
            yield f"a text of {counted(words, 'word')}{limit}." if words else f"{describe(value)}."
        case YesNo():
            yield f"{typed.get(name, '')}."
        case Pick(options=options):
            picked = [one for one in typed.get(name, "").split(BETWEEN) if one in options]
            yield from _options([options[one] for one in picked])
            if NOTHING_PICKED in typed.get(name, "").split(BETWEEN):
                yield "none of them."
        case PickEach(places=places, options=options):
            for place, text in places.items():
                chosen = options.get(typed.get(f"{name}.{place}", ""))
                line = prose(text, "span")
                add(line, ": ")
                add(line, prose(chosen, "strong") if chosen else "nothing chosen")
                add(line, ". ")
                yield line


def _options(texts: Sequence[str]) -> Iterator[Child]:
    for text in texts:
        yield prose(text, "strong")
        yield ". "


def _grid(grid: GridControl, value: Value, name: str) -> Iterator[Child]:
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


def _numbers(value: Value, name: str, symbols: Symbols) -> Iterator[Child]:
    """Numbers in whatever arrangement they have."""
    found = readings(value)
    if isinstance(found[0], Fields):
        yield from _by_name(found[0], name, symbols)
        return
    is_bare = isinstance(value, Text) and not value.text.strip().startswith(("[", "("))
    if not isinstance(found[0], Items) or (is_bare and len(found[0].items) == 1):
        yield from _entry_alone(value, name, symbols)
        return
    (shape, drawn), *more = _drawn_readings(found, name, symbols)
    yield from drawn
    others = {other for other, _ in more} - {shape}
    if others and isinstance(value, Text) and "," in value.text:
        sizes = joined((" x ".join(map(str, shape)) for shape in sorted(others)), " or ")
        yield f" Where {sizes} numbers are wanted it is read as those; decimal points leave no doubt."


def _drawn_readings(
    found: Sequence[Value], name: str, symbols: Symbols
) -> list[tuple[tuple[int, ...], list[Child]]]:
    """The readings that are tables of numbers, shape and words of each.

    Raises:
        Unreadable: If none is: what is wrong with the first.
    """
    faults: list[Unreadable] = []
    drawn = []
    for one in found:
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
        for child in _said(NumbersControl(symbols is None), f"{name}.{key}", one, {}):
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


def _entry_alone(value: Value, name: str, symbols: Symbols) -> Iterator[Child]:
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


def _formula(control: FormulaControl, value: Value, name: str) -> Iterator[Child]:
    names = Names(control.symbols, control.aliases)
    text = formula_text(value, name)
    match control.what:
        case "condition" if INTERVAL.fullmatch(text) and len(names.symbols) > 1:
            # Which of them it is for would tell what the right condition is about.
            parse_condition(of_symbol(text, frozenset(names.symbols[:1])), names, side_by_side=True)
            yield "the interval "
            yield element("strong", {}, text.strip())
        case "condition":
            text = of_symbol(text, frozenset(names.symbols))
            yield "the condition "
            yield scrolling(condition_math(parse_condition(text, names, side_by_side=True)))
        case "order":
            yield "the order of growth of "
            yield scrolling(formula_math(parse_growth(text, names)[0]))
        case "formula":
            formula = parse_formula(text, names, side_by_side=True)
            yield "the number " if isinstance(formula, Constant) else "the formula "
            yield scrolling(formula_math(formula))


def _shape(value: Value, names: tuple[str, ...], name: str) -> Iterator[Child]:
    try:
        sizes = [list(map(str, read_shape(value, name)))]
    except Unreadable as error:
        sizes = list(_named_sizes(value, names, name))
        if not sizes:
            raise error from None
    yield "the shape "
    yield element("strong", {}, joined(dict.fromkeys(" x ".join(one) for one in sizes), " or "))
    yield f", {joined(dict.fromkeys(_what(len(one)) for one in sizes), ' or ')}."


def _what(n_axes: int) -> str:
    return {1: "a vector", 2: "a matrix"}.get(n_axes, f"{n_axes} axes")


def _named_sizes(value: Value, names: tuple[str, ...], name: str) -> Iterator[list[str]]:
    for texts in ways(value, name, 2):
        try:
            yield [printed(parse_formula(text, Names(names))) for text in texts]
        except Unreadable:
            continue
