"""Sequences of numbers, step by step, of which each entry is marked by itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from grader.answers.numbers import ExactNumber, nearest_float
from grader.answers.rounding import Slip, read_entry
from grader.answers.tables import Table, is_vector, read_tables, table_text
from grader.errors import Unreadable
from grader.model.value import Number, Value

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Entry: TypeAlias = ExactNumber | Slip
Steps: TypeAlias = tuple[tuple[Entry, ...], ...]


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
            read_entry(table.entries[0], where)  # a word is refused as no number, not as a single value
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
        raise Unreadable(f"{table_text(table)} where {wanted} wanted", None, where, "shape")
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
