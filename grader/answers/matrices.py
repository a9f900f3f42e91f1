"""Vectors and matrices of exact numbers, in every shape people write; nothing is broadcast.

A field is read once, in every way in which it may be a table, and each of its entries as a number. Its shape
is looked at afterwards, when it is known which one is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from grader.answers.numbers import ExactNumber, read_number
from grader.answers.tables import Table, TableReadings, is_vector, read_tables, table_text
from grader.errors import Unreadable, missing_fields, together
from grader.model.value import Value

Vector: TypeAlias = tuple[ExactNumber, ...]
Matrix: TypeAlias = tuple[Vector, ...]


class WrittenNumbers(NamedTuple):
    """A field as handed in, with each entry read as a number.

    Args:
        tables: The tables that it may be.
        numbers: Of each reading the entries in row-major order; or why it is no table, or holds no number.
    """

    tables: TableReadings
    numbers: tuple[Vector | Unreadable, ...]

    @property
    def is_lone(self) -> bool:
        """Whether it is no table, but one number or word."""
        return all(isinstance(one, Table) and not one.shape for one in self.tables.found)

    @property
    def unread(self) -> Unreadable | None:
        """Why it holds no numbers in any reading, whatever shape is wanted; None if it does in one."""
        failed = [one for one in self.numbers if isinstance(one, Unreadable)]
        return failed[0] if len(failed) == len(self.numbers) else None

    def numbers_where(self, fits: Callable[[tuple[int, ...]], bool]) -> Vector:
        """The numbers in the reading whose shape is wanted.

        Raises:
            Unreadable: If an entry is no number.
        """
        numbers = self.numbers[self.tables.best(fits)]
        if isinstance(numbers, Unreadable):
            raise numbers
        return numbers


def read_numbers(value: Value, where: str) -> WrittenNumbers:
    """A value read as a table of numbers, in every way in which it may be one.

    Args:
        value: What was handed in.
        where: The field's name, for the message.
    """
    tables = read_tables(value, where)
    return WrittenNumbers(tables, tuple(_numbers(table, where) for table in tables.found))


def _read_one_number(value: Value, where: str) -> WrittenNumbers:
    """A value read as one number, "1,234.5" and "1/ 2", too; where it is none, as the table "[2]" of one."""
    lone = Table((), (value,))
    written = WrittenNumbers(TableReadings((value,), (lone,)), (_numbers(lone, where),))
    if written.unread is None:
        return written
    bracketed = read_numbers(value, where)
    has_one = any(isinstance(numbers, tuple) and len(numbers) == 1 for numbers in bracketed.numbers)
    return bracketed if has_one else written


def _numbers(table: Table | Unreadable, where: str) -> Vector | Unreadable:
    if isinstance(table, Unreadable):
        return table
    try:
        return tuple(read_number(entry, where) for entry in table.entries)
    except Unreadable as unreadable:
        return unreadable


def read_parameters(
    fields: Mapping[str, Value], names: Sequence[str], single: Collection[str] = ()
) -> dict[str, WrittenNumbers]:
    """The parameters of a network by name; what is missing and what is no number is told all at once.

    Args:
        fields: What was handed in, by name.
        names: The parameters that are wanted.
        single: Those among them that are one number each.

    Raises:
        Unreadable: If one is missing (code "missing-field"), or holds no numbers.
    """
    given = {
        name: (_read_one_number if name in single else read_numbers)(fields[name], name)
        for name in names
        if name in fields
    }
    missing = [name for name in names if name not in given]
    unread = {name: why for name, one in given.items() if (why := one.unread) is not None}
    # Of a lone word or a table that is too large a better message follows once the sizes of the others are
    # known. If it is the only fault it is not told here, and beside other faults it comes last.
    can_wait = [name for name, why in unread.items() if given[name].is_lone or why.code == "too-large"]
    is_only_fault = not missing and list(unread) == can_wait[:1]
    if (missing or unread) and not is_only_fault:
        faults = [missing_fields(missing)] if missing else []
        raise together([*faults, *sorted(unread.values(), key=lambda why: why.where in can_wait)])
    return given


def read_vector(value: Value, length: int | None, where: str) -> Vector:
    """A vector written as (n,), (n, 1), (1, n) or "6 6 6"; a lone number is a vector of one.

    Args:
        value: What was handed in.
        length: Wanted number of entries; None takes any.
        where: The field's name, for the message.

    Raises:
        Unreadable: If it is no vector (code "shape") or an entry is no number.
    """
    return vector_of(read_numbers(value, where), length, where)


def vector_of(given: WrittenNumbers, length: int | None, where: str) -> Vector:
    """The vector that a field is; see `read_vector`.

    Args:
        given: The field, read.
        length: Wanted number of entries; None takes any.
        where: Its name, for the message.

    Raises:
        Unreadable: As `read_vector`.
    """

    def fits(shape: tuple[int, ...]) -> bool:
        return is_vector(shape, length)

    table = given.tables.table(fits)
    size = len(table.entries)
    is_flat = len(table.shape) <= 1 or sorted(table.shape)[:-1] == [1] * (len(table.shape) - 1)
    if not is_flat or (length is not None and size != length):
        wanted = "a vector" if length is None else f"{length} number{'s' if length != 1 else ''}"
        found = f"{table_text(table)} where {wanted} {_were(length)} wanted"
        raise Unreadable(found, None, where, "shape")
    return given.numbers_where(fits)


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
    return matrix_of(read_numbers(value, where), rows, columns, where)


def matrix_of(given: WrittenNumbers, rows: int | None, columns: int | None, where: str) -> Matrix:
    """The matrix that a field is; see `read_matrix`.

    Args:
        given: The field, read.
        rows: Wanted number of rows; None takes any.
        columns: Wanted number of columns; None takes any.
        where: Its name, for the message.

    Raises:
        Unreadable: As `read_matrix`.
    """

    def fits(shape: tuple[int, ...]) -> bool:
        found = matrix_shape(Table(shape, ()), rows, columns)
        return found is not None and _fits(found, rows, columns)

    table = given.tables.table(fits)
    shape = matrix_shape(table, rows, columns)
    if shape is None or not _fits(shape, rows, columns):
        wanted = f"{'any' if rows is None else rows} x {'any' if columns is None else columns}"
        hint = None
        if shape and rows != columns and _fits(shape[::-1], rows, columns):
            hint = "did you write its transpose?"
        raise Unreadable(f"{table_text(table)} where a {wanted} matrix was wanted", hint, where, "shape")
    numbers = given.numbers_where(fits)
    return tuple(numbers[i * shape[1] : (i + 1) * shape[1]] for i in range(shape[0]))


def shape_as_matrix(
    given: WrittenNumbers, may_be_row: bool, may_be_column: bool = False
) -> tuple[int, int] | None:
    """The shape in which a field is a matrix; None where that would be a guess, or it is a word.

    Args:
        given: The field, read.
        may_be_row: Whether a flat list is a row.
        may_be_column: Whether it is a column.

    Raises:
        Unreadable: If it is no table.
    """
    table = given.tables.table()
    if len(table.shape) < 2 and len(table.entries) == 1 and isinstance(given.numbers[0], Unreadable):
        return None  # read as a 1 x 1 matrix, a word would fix the sizes that the other weights must have
    return matrix_shape(table, 1 if may_be_row else None, 1 if may_be_column else None)


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


def _were(length: int | None) -> str:
    return "was" if length in (None, 1) else "were"
