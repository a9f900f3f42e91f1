"""Rectangular tables of plain values: lists of lists, arrays, or a mix of both."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from grader.answers.describe import describe
from grader.errors import Unreadable
from grader.model.value import Array, Flag, Items, Number, Text, Value

# Nothing that is marked entry by entry is larger: 64 states x 64 states.
MAX_ENTRIES = 4096
BRACKETED = re.compile(r"[\[(](.*)[\])]", re.DOTALL)
NUMBER = re.compile(r"[-+\u2212]?[0-9.][0-9.,/eE+-]*")


class Table(NamedTuple):
    """Entries in row-major order; a lone number has the shape ()."""

    shape: tuple[int, ...]
    entries: tuple[Value, ...]


def read_table(value: Value, where: str, max_entries: int = MAX_ENTRIES) -> Table:
    """The table that a list, nested list, array or lone number is.

    Args:
        value: What was handed in.
        where: The field's name, for the message.
        max_entries: More is refused.

    Raises:
        Unreadable: If it is ragged, too large, or no table at all (code "not-a-table").
    """
    match value:
        case Number() | Flag():
            return Table((), (value,))
        case Array():
            return _from_array(value, where, max_entries)
        case Items(items=items):
            return _from_items(items, where, max_entries)
        case Text(text=text) if not text.strip().startswith(("[", "(")):
            return Table((), (value,))
    code = "too-large" if "entries" in describe(value) else "not-a-table"
    raise Unreadable(f"{describe(value)} where numbers were wanted", "give a list or an array", where, code)


def listed(value: Value) -> Value:
    """A text with numbers as the list that it is: "6 6 6", "6, 6", "6,6,6", "[6, 6, 6]"; "6,6" may be 6.6."""
    if not isinstance(value, Text):
        return value
    plain = BRACKETED.sub(r"\1", value.text.strip())
    parts = [part.rstrip(",;") for part in plain.split()]
    if len(parts) == 1 and plain.count(",") > 1:
        parts = plain.split(",")
    return Items(tuple(map(Text, parts))) if len(parts) > 1 and all(map(NUMBER.fullmatch, parts)) else value


def lone(table: Table) -> str:
    """What stands in the place of a whole table, in words."""
    return describe(table.entries[0]) if isinstance(table.entries[0], Text) else "one number"


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
    items = np.frombuffer(array.data, dtype=np.dtype(array.dtype))
    if items.size > max_entries:
        hint = _most(max_entries)
        raise Unreadable(f"an array of shape {array.shape} is too large", hint, where, "too-large")
    return Table(array.shape, tuple(_entry(item) for item in items))


def _entry(item: np.generic) -> Value:
    if isinstance(item, np.bool_):
        return Flag(bool(item))
    if isinstance(item, np.complexfloating):
        return Number(str(item), "complex")
    # str() of a numpy scalar is the shortest decimal in its own dtype; float(item) would
    # turn the float32 0.1 into 0.10000000149011612.
    if isinstance(item, np.integer):
        return Number(str(item), "int")
    return Number(str(item), "single" if isinstance(item, np.float32) else "float")


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
    if isinstance(item, (Items, Array)):
        return read_table(item, where, max_entries)
    return Table((), (item,))


def _extent(shape: tuple[int, ...]) -> str:
    if not shape:
        return "one number"
    return f"{shape[0]} entries" if len(shape) == 1 else f"shape {shape}"
