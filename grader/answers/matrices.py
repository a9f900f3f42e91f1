"""Vectors and matrices of exact numbers, in every shape a person would write; nothing is broadcast."""

from __future__ import annotations

from typing import TypeAlias

from grader.answers.numbers import ExactNumber, read_number
from grader.answers.tables import Table, is_vector, laid_out, lone, read_table
from grader.errors import Unreadable
from grader.model.value import Value

Vector: TypeAlias = tuple[ExactNumber, ...]
Matrix: TypeAlias = tuple[Vector, ...]


def read_vector(value: Value, length: int | None, where: str) -> Vector:
    """A vector written as (n,), (n, 1), (1, n) or "6 6 6"; a lone number is a vector of one.

    Args:
        value: What was handed in.
        length: Wanted number of entries; None takes any.
        where: The field's name, for the message.

    Raises:
        Unreadable: If it is no vector (code "shape") or an entry is no number.
    """
    table = read_table(laid_out(value, lambda shape: is_vector(shape, length)), where)
    size = len(table.entries)
    is_flat = len(table.shape) <= 1 or sorted(table.shape)[:-1] == [1] * (len(table.shape) - 1)
    if not is_flat or (length is not None and size != length):
        wanted = "a vector" if length is None else f"{length} number{'s' if length != 1 else ''}"
        raise Unreadable(f"{_found(table)} where {wanted} {_were(length)} wanted", None, where, "shape")
    return tuple(read_number(entry, where) for entry in table.entries)


def read_matrix(value: Value, rows: int | None, columns: int | None, where: str) -> Matrix:
    """A matrix of the wanted size, as rows.

    A flat list is read only where one of the wanted sizes is 1, a lone number only for 1 x 1: anything else
    would be a guess.

    Args:
        value: What was handed in.
        rows: Wanted number of rows; None takes any.
        columns: Wanted number of columns; None takes any.
        where: The field's name, for the message.

    Raises:
        Unreadable: If the shape is another (code "shape") or an entry is no number.
    """

    def fits(shape: tuple[int, ...]) -> bool:
        found = matrix_shape(Table(shape, ()), rows, columns)
        return found is not None and _fits(found, rows, columns)

    table = read_table(laid_out(value, fits), where)
    shape = matrix_shape(table, rows, columns)
    if shape is None or not _fits(shape, rows, columns):
        wanted = f"{'any' if rows is None else rows} x {'any' if columns is None else columns}"
        hint = None
        if shape and rows != columns and _fits(shape[::-1], rows, columns):
            hint = "did you write its transpose?"
        raise Unreadable(f"{_found(table)} where a {wanted} matrix was wanted", hint, where, "shape")
    numbers = tuple(read_number(entry, where) for entry in table.entries)
    return tuple(numbers[i * shape[1] : (i + 1) * shape[1]] for i in range(shape[0]))


def matrix_shape(table: Table, rows: int | None, columns: int | None) -> tuple[int, int] | None:
    """The shape in which a table is read as a matrix, or None where that would be a guess."""
    match table.shape:
        case (n_rows, n_columns):
            return n_rows, n_columns
        case (n,) if columns == 1:
            return n, 1
        case (n,) if rows == 1:
            return 1, n
        case () if rows in (1, None) and columns in (1, None):
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
