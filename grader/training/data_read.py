"""A data set as a function returns it: x and y, as a pair or by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from grader.answers.arrays import to_numpy
from grader.answers.describe import describe
from grader.errors import Unreadable
from grader.model.value import Fields, Items, Nothing, Value
from grader.training.task import FloatArray

LARGEST = 1e100
"""What comes out of numbers of size 1 is never near it; its cube is still finite."""


class Data(NamedTuple):
    """Inputs (n_seqs, T, n_in) and outputs (n_seqs, T, n_out)."""

    x: FloatArray
    y: FloatArray


def read_data(value: Value, shape: tuple[int, int, int, int], starts: Sequence[int], where: str) -> Data:
    """The data set that was returned.

    Args:
        value: (x, y), or an object with both names.
        shape: n_seqs, T, n_in, n_out.
        starts: For each output its first judged step, from 0.
        where: The function's name, for messages.

    Returns:
        The data; where y before those steps is not finite, it is 0.

    Raises:
        Unreadable: If it is no pair, or an array has another shape.
    """
    n_seqs, T, n_in, n_out = shape
    match value:
        case Nothing():
            raise Unreadable("it returns None", "end the function with return x, y", where, "returns-none")
        case Items(items=(x, y)):
            pass
        case Fields(fields=fields) if {"x", "y"} <= set(fields):
            x, y = fields["x"], fields["y"]
        case _:
            raise Unreadable(f"it returns {describe(value)}", "return x, y", where, "not-a-pair")
    inputs = shaped(to_numpy(x, "x"), (n_seqs, T, n_in), "x")
    outputs = shaped(to_numpy(y, "y"), (n_seqs, T, n_out), "y", starts)
    return Data(inputs, np.where(np.isfinite(outputs), outputs, 0.0))


def judged_only(y: FloatArray, starts: Sequence[int]) -> FloatArray:
    """A copy with 0 wherever an output is not judged.

    Args:
        y: (n_seqs, T, n_out).
        starts: For each output its first judged step, from 0.
    """
    kept = y.copy()
    for k, start in enumerate(starts):
        kept[:, :start, k] = 0.0
    return kept


def shaped(
    array: FloatArray, shape: tuple[int, ...], name: str, starts: Sequence[int] | None = None
) -> FloatArray:
    """The array, if it has the shape.

    Args:
        array: What came back.
        shape: What was asked for.
        name: Its name, for messages.
        starts: For each output its first judged step, from 0: what stands before may be anything. All is
            judged if left out.

    Raises:
        Unreadable: If it has another one ("shape"), or a number is not finite ("not-finite") or so large
            that a product of three may not be ("too-large").
    """
    if array.shape != shape:
        axes = "(sequences, steps, elements)"
        hint = f"{axes} = {shape} was asked for"
        if sorted(array.shape) == sorted(shape):
            hint += "; the axes are in another order"
        elif array.ndim == len(shape) and abs(array.shape[1] - shape[1]) == 1:
            hint += "; it is one step off"
        raise Unreadable(f"it has shape {array.shape}", hint, name, "shape")
    judged = array if starts is None else judged_only(array, starts)
    not_finite = np.argwhere(~np.isfinite(judged))
    if len(not_finite):
        place = ", ".join(map(str, not_finite[0]))
        raise Unreadable(f"its entry [{place}] is not a finite number", None, name, "not-finite")
    if np.abs(judged).max(initial=0) > LARGEST:
        raise Unreadable(f"it has an entry beyond {LARGEST:g}", None, name, "too-large")
    return array
