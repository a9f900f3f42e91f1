"""Rectangular tables of plain values: lists of lists, arrays, or a mix of both."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from grader.answers.describe import describe
from grader.answers.layouts import LEFT_OUT, readings
from grader.answers.look_alikes import plain_text
from grader.answers.number_texts import number_alone
from grader.answers.numbers import entries_of
from grader.errors import Unreadable
from grader.model.value import Array, Fields, Flag, Items, Number, Text, Value

# Nothing that is marked entry by entry is larger: 64 states x 64 states.
MAX_ENTRIES = 4096


class Table(NamedTuple):
    """Entries in row-major order; a lone number has the shape ()."""

    shape: tuple[int, ...]
    entries: tuple[Value, ...]


def is_any(shape: tuple[int, ...]) -> bool:
    """True: a table of any shape is wanted."""
    return True


class TableReadings(NamedTuple):
    """The tables that a field can be read as, the best reading first; or why a reading fails.

    Args:
        values: The value in each reading, text and dicts as the lists that they are.
        found: The table of each.
    """

    values: tuple[Value, ...]
    found: tuple[Table | Unreadable, ...]

    def best(self, fits: Callable[[tuple[int, ...]], bool]) -> int:
        """Which reading has a shape that is wanted; the first where none has."""
        shapes = ((i, one.shape) for i, one in enumerate(self.found) if isinstance(one, Table))
        return next((i for i, shape in shapes if fits(shape)), 0)

    def table(self, fits: Callable[[tuple[int, ...]], bool] = is_any) -> Table:
        """The table in the reading whose shape is wanted.

        Raises:
            Unreadable: If it is ragged, too large, or no table at all (code "not-a-table").
        """
        found = self.found[self.best(fits)]
        if isinstance(found, Unreadable):
            raise found
        return found


def read_tables(value: Value, where: str, max_entries: int = MAX_ENTRIES) -> TableReadings:
    """A value read as a table once, in every way in which it may be one.

    Args:
        value: What was handed in.
        where: The field's name, for the message.
        max_entries: More is refused.
    """
    values = readings(value)
    return TableReadings(values, tuple(_table_or_fault(one, where, max_entries) for one in values))


def read_table(value: Value, where: str, max_entries: int = MAX_ENTRIES) -> Table:
    """The table that a list, nested list, array, text of one, or lone number is.

    Args:
        value: What was handed in.
        where: The field's name, for the message.
        max_entries: More is refused.

    Raises:
        Unreadable: If it is ragged, too large, or no table at all (code "not-a-table").
    """
    return read_tables(value, where, max_entries).table()


def laid_out(value: Value, fits: Callable[[tuple[int, ...]], bool]) -> Value:
    """A text, or a dict keyed by steps, as the table that it is: in the reading whose shape is wanted.

    Args:
        value: What was handed in; anything else is given back.
        fits: Whether a shape is wanted. Where no reading has such a one, the first is taken.
    """
    values = readings(value)
    return values[0] if len(values) == 1 else values[read_tables(value, "").best(fits)]


def _table_or_fault(value: Value, where: str, max_entries: int) -> Table | Unreadable:
    try:
        return _read(value, where, max_entries)
    except Unreadable as unreadable:
        return unreadable


def _read(value: Value, where: str, max_entries: int) -> Table:
    """The table of a value in one of its readings."""
    match value:
        case Number() | Flag():
            return Table((), (value,))
        case Array():
            return _from_array(value, where, max_entries)
        case Items(items=items):
            return _from_items(items, where, max_entries)
        case Text(text=text) if not number_alone(plain_text(text)).startswith(("[", "(")):
            return Table((), (value,))
    found = describe(value)
    code, hint = "too-large" if "entries" in found else "not-a-table", "give a list or an array"
    if isinstance(value, Text) and LEFT_OUT.search(value.text):
        hint = "write out the numbers that stand for the three dots"
    elif isinstance(value, Fields) and value.fields and all(key.isdecimal() for key in value.fields):
        hint = "the keys must be 1, 2, 3 and so on, with none left out; or give a list"
    raise Unreadable(f"{found} where numbers were wanted", hint, where, code)


def is_vector(shape: tuple[int, ...], length: int | None) -> bool:
    """Whether a shape is that of a row or column with this many numbers; None takes any number."""
    sizes = [n for n in shape if n != 1]
    count = sizes[0] if sizes else 1
    is_row = len(sizes) <= 1 and (len(shape) > 0 or length == 1)
    return is_row and length in (None, count)


def table_text(table: Table) -> str:
    """What a table is, for a message: "a 2 x 3 matrix"."""
    match table.shape:
        case ():
            return lone(table)
        case (n,):
            return f"a flat list of {n}"
        case (n_rows, n_columns):
            return f"a {n_rows} x {n_columns} matrix"
    return f"a table of shape {table.shape}"


def lone(table: Table) -> str:
    """What stands in the place of a whole table, for a message."""
    return describe(table.entries[0]) if isinstance(table.entries[0], Text) else "one number"


def read_list(value: Value, where: str, most: int) -> tuple[Table, ...]:
    """The tables in a list, which need not be of one shape; none where it is no list.

    Args:
        value: What was handed in; a text is read as the list that it is.
        where: The field's name, for the message.
        most: Of a longer list one more than so many are read.

    Raises:
        Unreadable: As `read_table`, of one of them.
    """
    # Not all of it as one table: of a list of 200,000 numbers only the first parts are needed.
    laid = laid_out(value, lambda shape: len(shape) >= 2)
    parts = rows_of(laid) if isinstance(laid, (Items, Array)) else ()
    return tuple(read_table(part, where) for part in parts[: most + 1])


def rows_of(value: Items | Array) -> tuple[Value, ...]:
    """The entries along the first axis, whatever they are; a 0-dimensional array has none."""
    if isinstance(value, Items):
        return value.items
    if not value.shape:
        return ()
    count, *rest = value.shape
    width = len(value.data) // count if count else 0
    return tuple(
        Array(value.dtype, tuple(rest), value.data[i * width : (i + 1) * width]) for i in range(count)
    )


def _from_array(array: Array, where: str, max_entries: int) -> Table:
    if math.prod(array.shape) > max_entries:
        hint = _most(max_entries)
        raise Unreadable(f"an array of shape {array.shape} is too large", hint, where, "too-large")
    return Table(array.shape, tuple(entries_of(array)))


def _from_items(items: tuple[Value, ...], where: str, max_entries: int) -> Table:
    if len(items) > max_entries:
        raise Unreadable(f"a list of {len(items)} is too long", _most(max_entries), where, "too-large")
    rows = [_row(item, where, max_entries) for item in items]
    shapes = [row.shape for row in rows]
    for number, shape in enumerate(shapes, start=1):
        if shape != shapes[0]:
            found = f"entry 1 has {_extent(shapes[0])}, entry {number} has {_extent(shape)}"
            raise Unreadable(f"the rows are not of one length: {found}", None, where, "ragged")
    entries = tuple(entry for row in rows for entry in row.entries)
    if len(entries) > max_entries:
        raise Unreadable(f"{len(entries)} numbers are too many", _most(max_entries), where, "too-large")
    return Table((len(items), *(shapes[0] if shapes else ())), entries)


def _most(max_entries: int) -> str:
    return f"at most {max_entries} numbers are read"


def _row(item: Value, where: str, max_entries: int) -> Table:
    # Inside a list anything may stand for an entry: what is no number is refused when it is read as one.
    laid = readings(item)[0] if isinstance(item, Fields) else item
    is_row = isinstance(laid, (Items, Array))
    return _read(laid, where, max_entries) if is_row else Table((), (item,))


def _extent(shape: tuple[int, ...]) -> str:
    if not shape:
        return "one number"
    return f"{shape[0]} entries" if len(shape) == 1 else f"shape {shape}"
