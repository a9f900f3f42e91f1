"""Floating-point arrays: arguments handed to a student's function, and what it returned."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from grader.answers.describe import describe
from grader.answers.layouts import readings
from grader.answers.numbers import nearest_float, read_number
from grader.answers.tables import read_table
from grader.errors import Unreadable
from grader.model.value import Array, Items, Number, Value

FloatArray = npt.NDArray[np.float64]
# 64 sequences of 100 steps with 5 values, the largest thing an exercise asks a function for, and room.
MAX_RETURNED = 1_000_000


def from_numpy(array: npt.ArrayLike) -> Array:
    """An array of float64 as a plain value, for an argument of a call."""
    plain = np.ascontiguousarray(array, dtype="<f8")
    return Array("<f8", tuple(np.shape(array)), plain.tobytes())


def to_numpy(value: Value, where: str) -> FloatArray:
    """What a function returned, as float64; NaN and infinity stay as they are.

    Args:
        value: A number, list, nested list or array; a text of one, or a dict keyed by steps.
        where: What it is, for the message.

    Raises:
        Unreadable: If it is no table of real numbers.
    """
    if isinstance(value, Array):
        flat = np.frombuffer(value.data, dtype=np.dtype(value.dtype))
        # Without imaginary parts they are real numbers, as an eigenvalue routine returns them.
        is_complex = value.dtype == "<c16" and bool(flat.imag.any())
        if value.dtype == "|b1" or is_complex:
            kind = "complex numbers" if is_complex else "truth values"
            raise Unreadable(f"{describe(value)} of {kind}", "return real numbers", where, "not-real")
        return flat.real.astype(np.float64).reshape(value.shape)
    value = readings(value)[0]
    if not isinstance(value, (Items, Number)):
        hint = "give an array or a list of numbers"
        raise Unreadable(f"{describe(value)} where an array was wanted", hint, where, "not-a-table")
    table = read_table(value, where, MAX_RETURNED)
    return np.array([_float(entry, where) for entry in table.entries], dtype=np.float64).reshape(table.shape)


def _float(entry: Value, where: str) -> float:
    if isinstance(entry, Number) and entry.kind in ("float", "single"):
        return float(entry.text)
    return nearest_float(read_number(entry, where).value)


def as_lists(array: FloatArray) -> Any:
    """The array as nested lists, JSON-ready: what JSON has no number for is a word."""
    if np.isfinite(array).all():
        return array.tolist()
    if array.ndim == 0:
        return str(float(array))
    return [as_lists(row) for row in array]
