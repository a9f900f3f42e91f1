"""How the numbers of an answer are read, and what each is to the one wanted."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from grader.answers.matrices import matrix_shape
from grader.answers.numbers import ExactNumber
from grader.answers.rounding import Slip, read_entry, slip_of, without_luck
from grader.answers.tables import Table, laid_out, lone, read_table
from grader.errors import Unreadable
from grader.exact.ball import Undefined, Unsure
from grader.formula.evaluate import evaluate
from grader.formula.marking.reading import MOST_ENTRIES, with_numbers
from grader.formula.parse import parse_formula
from grader.kinds.numeric.question import NumericParams
from grader.model.control import FormulaControl as FormulaControl
from grader.model.value import Formula as FormulaText
from grader.model.value import Items, Number, Text, Value

Entry: TypeAlias = ExactNumber | Slip


# What no number has: a name or a sign between two.
FORMULA = re.compile(r"[A-Za-z]\w*|[\d)]\s*[-+*·×^]\s*[\d(]")


def at_sizes(params: NumericParams, value: Value) -> Value:
    """The value with a number in place of every text that is a formula in sizes whose lengths are given."""
    if not params.lengths:
        return value
    match value:
        case Text(text=text) | FormulaText(text=text) if FORMULA.search(text):
            try:
                found = evaluate(parse_formula(text, params.names), params.lengths)
            except (Unreadable, Undefined, Unsure):
                return value
            return Number(str(found), "rational") if isinstance(found, Fraction) else value
        case Items(items=items) if len(items) <= MOST_ENTRIES:
            return Items(tuple(at_sizes(params, item) for item in items))
    return value


def read_entries(value: Value, shape: tuple[int, ...], name: str) -> tuple[Entry, ...]:
    """The numbers that were handed in for a field, row by row.

    Args:
        value: As handed in.
        shape: Of what is asked for.
        name: The field.

    Raises:
        Unreadable: If the value has another shape, or an entry is no number.
    """
    table = read_table(laid_out(with_numbers(value), lambda found: _has_shape(Table(found, ()), shape)), name)
    if not _has_shape(table, shape):
        sizes = " x ".join(map(str, table.shape))
        # A bare "3" could be the number that was handed in.
        size = f"a list of {sizes}" if len(table.shape) == 1 else sizes or lone(table)
        wish = "one number was" if not shape else f"{' x '.join(map(str, shape))} numbers were"
        raise Unreadable(f"{size} where {wish} wanted", None, name, "shape")
    return tuple(read_entry(entry, place(name, shape, i)) for i, entry in enumerate(table.entries))


def slips_of(entries: Sequence[Entry], wanted: Sequence[Fraction], places: int | None) -> list[Slip]:
    """What each written number is to the wanted one."""
    largest = max(map(abs, wanted)) or Fraction(1)
    found = [slip_of(entry, right, places, largest) for entry, right in zip(entries, wanted, strict=True)]
    return without_luck(found, entries)


def _has_shape(table: Table, shape: tuple[int, ...]) -> bool:
    """Whether a table has the wanted shape; a vector may be a row, a column or flat."""
    if len(shape) == 2:
        return matrix_shape(table, *shape) == shape
    size = shape[0] if shape else 1
    return math.prod(table.shape) == size and sum(n != 1 for n in table.shape) <= 1


def place(name: str, shape: tuple[int, ...], index: int) -> str:
    """What an entry is called, row by row from 1: "g[2]", "M[1, 2]"."""
    if not shape:
        return name
    if len(shape) == 1:
        return f"{name}[{index + 1}]"
    return f"{name}[{index // shape[1] + 1}, {index % shape[1] + 1}]"
