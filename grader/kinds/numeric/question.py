"""What a question for numbers is given, and how the numbers of an answer are read and compared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import msgspec

from grader.answers.matrices import matrix_shape
from grader.answers.numbers import ExactNumber
from grader.answers.rounding import Slip, read_entry, slip_of
from grader.answers.tables import Table, laid_out, lone, read_table
from grader.errors import Unreadable
from grader.formula.constants import with_numbers
from grader.model.kind import Asks, Params
from grader.model.value import Value

Entry: TypeAlias = ExactNumber | Slip

MAX_PLACES = 12


class NumericMistake(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A known mistake, by what it gives.

    Args:
        id: Stable kebab-case word.
        values: What the mistake gives, for the fields in which it shows; the others are right.
        message: What is wrong, to the student; it should not give the right values away.
        credit: Least share of the points for an answer that it explains.
    """

    id: str
    values: dict[str, Any]
    message: str
    credit: Fraction = Fraction(0)


class NumericParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `numeric`.

    Args:
        values: For each field a number, a vector (list) or a matrix (list of lists); exact numbers that have
            no short decimal are written "1/3".
        places: Decimal places asked for; left out, the exact value is.
        mistakes: Wrong values that are recognised.
    """

    values: dict[str, Any]
    places: int | None = None
    mistakes: tuple[NumericMistake, ...] = ()

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError("values is empty: name at least one field")
        if self.places is not None and not 0 <= self.places <= MAX_PLACES:
            raise ValueError(f"places is {self.places}; wanted 0 to {MAX_PLACES}")
        for name, value in self.values.items():
            wanted_table(value, f"values.{name}")
        for mistake in self.mistakes:
            _check_mistake(self, mistake)


def _check_mistake(params: NumericParams, mistake: NumericMistake) -> None:
    where = f"mistakes: {mistake.id}"
    if not 0 <= mistake.credit < 1:
        raise ValueError(f"{where}: credit is {mistake.credit}; it is a share from 0 to below 1")
    shows = False
    for name, value in mistake.values.items():
        if name not in params.values:
            raise ValueError(f"{where}: {name!r} is none of the values")
        shape, given = wanted_table(value, f"{where}: {name}")
        right_shape, right = wanted_table(params.values[name], name)
        if shape != right_shape:
            raise ValueError(f"{where}: {name} has another shape than in values")
        shows = shows or given != right
    if not shows:
        raise ValueError(f"{where}: its values are the right ones")


def wanted_table(value: Any, where: str) -> tuple[tuple[int, ...], tuple[Fraction, ...]]:
    """Shape and entries, row by row, of a value in an exercise file.

    Raises:
        ValueError: If it is ragged, empty, deeper than a matrix, or an entry is no number.
    """
    if not isinstance(value, (list, tuple)):
        return (), (_wanted_number(value, where),)
    parts = [wanted_table(item, f"{where}[{i}]") for i, item in enumerate(value)]
    shapes = {shape for shape, _ in parts}
    if len(shapes) != 1 or len(parts[0][0]) > 1:
        reason = (
            "is empty" if not parts else "is no number, vector or matrix: its rows differ in length or depth"
        )
        raise ValueError(f"{where} {reason}")
    return (len(parts), *parts[0][0]), tuple(entry for _, entries in parts for entry in entries)


def _wanted_number(value: Any, where: str) -> Fraction:
    try:
        if isinstance(value, (int, float, str)) and not isinstance(value, bool):
            return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        pass
    raise ValueError(f'{where} is {value!r}; wanted a number such as 2, 0.5 or "1/3"')


def asks(params: NumericParams) -> Asks:
    """One field for each value."""
    return Asks(fields=tuple(params.values))


def numbers(params: NumericParams) -> dict[str, Fraction | tuple[Fraction, ...]]:
    """What is right for each field: a number, or the entries row by row."""
    found = {name: wanted_table(value, name) for name, value in params.values.items()}
    return {name: entries if shape else entries[0] for name, (shape, entries) in found.items()}


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
        size = " x ".join(map(str, table.shape)) or lone(table)
        wish = "one number was" if not shape else f"{' x '.join(map(str, shape))} numbers were"
        raise Unreadable(f"{size} where {wish} wanted", None, name, "shape")
    return tuple(read_entry(entry, place(name, shape, i)) for i, entry in enumerate(table.entries))


def slips_of(entries: Sequence[Entry], wanted: Sequence[Fraction], places: int | None) -> list[Slip]:
    """What each written number is to the wanted one."""
    largest = max(map(abs, wanted)) or Fraction(1)
    return [slip_of(entry, right, places, largest) for entry, right in zip(entries, wanted, strict=True)]


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
