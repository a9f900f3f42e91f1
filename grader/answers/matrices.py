"""Vectors, matrices and sequences of exact numbers, in every shape people write; nothing is broadcast."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from grader.answers.numbers import ExactNumber, nearest_float, read_number
from grader.answers.rounding import Slip, read_entry
from grader.answers.tables import Table, TableReadings, is_vector, lone, read_tables
from grader.errors import Unreadable
from grader.model.value import Number, Value

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Vector: TypeAlias = tuple[ExactNumber, ...]
Matrix: TypeAlias = tuple[Vector, ...]
Entry: TypeAlias = ExactNumber | Slip
Steps: TypeAlias = tuple[tuple[Entry, ...], ...]


def read_vector(value: Value, length: int | None, where: str) -> Vector:
    """A vector written as (n,), (n, 1), (1, n) or "6 6 6"; a lone number is a vector of one.

    Args:
        value: What was handed in.
        length: Wanted number of entries; None takes any.
        where: The field's name, for the message.

    Raises:
        Unreadable: If it is no vector (code "shape") or an entry is no number.
    """
    return vector_of(read_tables(value, where), length, where)


def vector_of(given: TableReadings, length: int | None, where: str) -> Vector:
    """The vector that a field is; see `read_vector`.

    Args:
        given: What was handed in, as the tables that it may be.
        length: Wanted number of entries; None takes any.
        where: The field's name, for the message.

    Raises:
        Unreadable: As `read_vector`.
    """
    table = given.table(lambda shape: is_vector(shape, length))
    size = len(table.entries)
    is_flat = len(table.shape) <= 1 or sorted(table.shape)[:-1] == [1] * (len(table.shape) - 1)
    if not is_flat or (length is not None and size != length):
        wanted = "a vector" if length is None else f"{length} number{'s' if length != 1 else ''}"
        raise Unreadable(f"{_found(table)} where {wanted} {_were(length)} wanted", None, where, "shape")
    return tuple(read_number(entry, where) for entry in table.entries)


def read_matrix(value: Value, rows: int | None, columns: int | None, where: str) -> Matrix:
    """A matrix of the wanted size, as rows.

    A flat list is read only where one of the wanted sizes is 1, a lone number, also in a list, only for
    1 x 1: anything else would be a guess.

    Args:
        value: What was handed in.
        rows: Wanted number of rows; None takes any.
        columns: Wanted number of columns; None takes any.
        where: The field's name, for the message.

    Raises:
        Unreadable: If the shape is another (code "shape") or an entry is no number.
    """
    return matrix_of(read_tables(value, where), rows, columns, where)


def matrix_of(given: TableReadings, rows: int | None, columns: int | None, where: str) -> Matrix:
    """The matrix that a field is; see `read_matrix`.

    Args:
        given: What was handed in, as the tables that it may be.
        rows: Wanted number of rows; None takes any.
        columns: Wanted number of columns; None takes any.
        where: The field's name, for the message.

    Raises:
        Unreadable: As `read_matrix`.
    """

    def fits(shape: tuple[int, ...]) -> bool:
        found = matrix_shape(Table(shape, ()), rows, columns)
        return found is not None and _fits(found, rows, columns)

    table = given.table(fits)
    shape = matrix_shape(table, rows, columns)
    if shape is None or not _fits(shape, rows, columns):
        wanted = f"{'any' if rows is None else rows} x {'any' if columns is None else columns}"
        hint = None
        if shape and rows != columns and _fits(shape[::-1], rows, columns):
            hint = "did you write its transpose?"
        raise Unreadable(f"{_found(table)} where a {wanted} matrix was wanted", hint, where, "shape")
    numbers = tuple(read_number(entry, where) for entry in table.entries)
    return tuple(numbers[i * shape[1] : (i + 1) * shape[1]] for i in range(shape[0]))


def no_numbers(given: TableReadings, where: str) -> Unreadable | None:
    """Why a field holds no numbers in any reading, whatever shape is wanted; None if it does in one.

    Args:
        given: What was handed in, as the tables that it may be.
        where: The field's name, for the message.
    """
    found = []
    for one in given.found:
        try:
            if isinstance(one, Unreadable):
                raise one
            for entry in one.entries:
                read_number(entry, where)
        except Unreadable as unreadable:
            found.append(unreadable)
        else:
            return None
    return found[0]


def shape_as_matrix(
    given: TableReadings, may_be_row: bool, may_be_column: bool = False
) -> tuple[int, int] | None:
    """The shape in which a field is a matrix; None where that would be a guess, or it is a word.

    Args:
        given: What was handed in, as the tables that it may be.
        may_be_row: Whether a flat list is a row.
        may_be_column: Whether it is a column.

    Raises:
        Unreadable: If it is no table.
    """
    table = given.table()
    if len(table.shape) < 2 and len(table.entries) == 1 and not _is_number(table.entries[0]):
        return None  # a word is no matrix of one entry, by whose size the others would be at fault
    return matrix_shape(table, 1 if may_be_row else None, 1 if may_be_column else None)


def _is_number(entry: Value) -> bool:
    try:
        read_number(entry, "")
    except Unreadable:
        return False
    return True


def matrix_shape(table: Table, rows: int | None, columns: int | None) -> tuple[int, int] | None:
    """The shape in which a table is read as a matrix, or None where that would be a guess."""
    match table.shape:
        case (n_rows, n_columns):
            return n_rows, n_columns
        case (n,) if columns == 1:
            return n, 1
        case (n,) if rows == 1:
            return 1, n
        case () | (1,) if rows in (1, None) and columns in (1, None):
            return 1, 1
    return None


def _fits(shape: tuple[int, ...], rows: int | None, columns: int | None) -> bool:
    return rows in (None, shape[0]) and columns in (None, shape[1])


def _found(table: Table) -> str:
    match table.shape:
        case ():
            return lone(table)
        case (n,):
            return f"a flat list of {n}"
        case (n_rows, n_columns):
            return f"a {n_rows} x {n_columns} matrix"
    return f"a table of shape {table.shape}"


def _were(length: int | None) -> str:
    return "was" if length in (None, 1) else "were"


def read_steps(value: Value, n_steps: int, width: int, where: str) -> Steps:
    """The values of a sequence, step by step.

    Args:
        value: (T, width), or its transpose where that cannot be mistaken; for width 1 or one step also flat.
            Further axes of size 1, as of a stack of columns, count for nothing.
        n_steps: Wanted number of steps T.
        width: Wanted numbers a step.
        where: The field's name, for the message.

    Raises:
        Unreadable: If there are more or fewer steps (code "number-of-steps"), the shape is another (code
            "shape"), or an entry is no number.
    """

    def fits(shape: tuple[int, ...]) -> bool:
        is_flat = (width == 1 and is_vector(shape, n_steps)) or (n_steps == 1 and is_vector(shape, width))
        return is_flat or shape in ((n_steps, width), (width, n_steps))

    table = _without_single_axes(read_tables(value, where).table(fits), (n_steps, width))
    if width == 1 and sum(n != 1 for n in table.shape) <= 1:
        if not table.shape and n_steps > 1:
            read_entry(table.entries[0], where)  # of a word is said that it is none, not that it is one value
        _want_steps(table, len(table.entries), n_steps, where)
        rows: list[tuple[Value, ...]] = [(entry,) for entry in table.entries]
    elif table.shape == (n_steps, width) or (n_steps == 1 and is_vector(table.shape, width)):
        rows = [table.entries[t * width : (t + 1) * width] for t in range(n_steps)]
    elif table.shape == (width, n_steps):
        rows = [table.entries[t::n_steps] for t in range(n_steps)]
    else:
        if len(table.shape) == 2 and table.shape[1] == width:
            _want_steps(table, table.shape[0], n_steps, where)
        got = " x ".join(map(str, table.shape)) or "one number"
        raise Unreadable(
            f"{got} where {n_steps} x {width} numbers were wanted, one row a step", None, where, "shape"
        )
    return tuple(
        tuple(read_entry(entry, f"{where}({t})") for entry in row) for t, row in enumerate(rows, start=1)
    )


def read_row(value: Value, width: int, where: str) -> tuple[Entry, ...]:
    """The entries of a vector of which each is marked by itself; a lone number is a vector of one.

    Args:
        value: (width,), (1, width) or (width, 1).
        width: Wanted number of entries.
        where: The field's name, for the message.

    Raises:
        Unreadable: If it is no such vector (code "shape") or an entry is no number.
    """
    table = read_tables(value, where).table(lambda shape: is_vector(shape, width))
    if not is_vector(table.shape, width):
        wanted = "one number was" if width == 1 else f"{width} numbers were"
        raise Unreadable(f"{_found(table)} where {wanted} wanted", None, where, "shape")
    return tuple(read_entry(entry, where) for entry in table.entries)


def _without_single_axes(table: Table, wanted: tuple[int, int]) -> Table:
    """The table as a matrix, where only axes of size 1 keep it from the wanted one."""
    own, asked = ([n for n in shape if n != 1] for shape in (table.shape, wanted))
    return table._replace(shape=wanted) if len(table.shape) > len(wanted) and own == asked else table


def _want_steps(table: Table, found: int, n_steps: int, where: str) -> None:
    if found == n_steps:
        return
    hint = None
    if found == n_steps + 1 and _are_zero(table.entries[: len(table.entries) // found]):
        hint = f"the sequence starts at {where}(1): leave {where}(0) out"
    elif found == 2 * n_steps and all(isinstance(one, Number) and one.kind == "int" for one in table.entries):
        # Python reads [0,27, 0,73] as four numbers.
        hint = "write decimals with a point, not a comma"
    values = "1 value" if found == 1 else f"{found} values"
    wish = f"{where}(1) to {where}({n_steps})" if n_steps > 1 else f"{where}(1)"
    raise Unreadable(f"{values}; {n_steps} wanted: {wish}", hint, where, "number-of-steps")


def _are_zero(entries: Sequence[Value]) -> bool:
    return all(isinstance(one, Number) and one.text.strip("-") in ("0", "0.0") for one in entries)


def as_floats(steps: Steps) -> npt.NDArray[np.float64]:
    """The values as (T, width) floats: NaN where no number was read, infinite beyond a float's range."""
    import numpy as np

    return np.array([[_as_float(entry) for entry in step] for step in steps], dtype=np.float64)


def _as_float(entry: Entry) -> float:
    return nearest_float(entry.value) if isinstance(entry, ExactNumber) else math.nan
