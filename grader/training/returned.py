"""What functions about training return: data, gradients, weights and losses, in each form that people use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from grader.answers.arrays import to_numpy
from grader.answers.describe import describe
from grader.errors import Unreadable
from grader.model.value import Array, Fields, Items, Number, Value
from grader.training.calls import want_something
from grader.training.networks import NAMES, arrays_of
from grader.training.task import FloatArray, shaped
from reference.bptt import Parameters

LOSS_NAMES = ("losses", "loss", "costs", "cost", "history")
WEIGHT_NAMES = ("params", "parameters", "weights")


class Data(NamedTuple):
    """Inputs (n_seqs, T, n_in) and outputs (n_seqs, T, n_out)."""

    x: FloatArray
    y: FloatArray


def read_data(value: Value, shape: tuple[int, int, int, int], starts: Sequence[int], where: str) -> Data:
    """The data set that was returned; where y before its first judged step is not finite, it is 0.

    Args:
        value: (x, y), or an object with both names.
        shape: n_seqs, T, n_in, n_out.
        starts: For each output its first judged step, from 0.
        where: The function's name, for messages.

    Raises:
        Unreadable: If it is no pair, or an array has another shape.
    """
    match want_something(value, where, "x, y"):
        case Items(items=(x, y)):
            pass
        case Fields(fields=fields) if {"x", "y"} <= set(fields):
            x, y = fields["x"], fields["y"]
        case _:
            raise Unreadable(f"it returns {describe(value)}", "return x, y", where, "not-a-pair")
    *size, n_in, n_out = shape
    inputs = shaped(to_numpy(x, "x"), (*size, n_in), "x")
    outputs = shaped(to_numpy(y, "y"), (*size, n_out), "y", starts)
    return Data(inputs, np.where(np.isfinite(outputs), outputs, 0.0))


class ReturnedTraining(NamedTuple):
    """What came back.

    Args:
        losses: (n,) as logged.
        params: The weights; None where only losses came back and the given ones did not change either.
        changed: Names of the data arrays that the function changed.
    """

    losses: FloatArray
    params: Parameters | None
    changed: tuple[str, ...]


def read_trained(
    value: Value, x: FloatArray, y: FloatArray, start: Parameters, where: str
) -> ReturnedTraining:
    """What a training function gave: weights and losses, in either order or by name.

    Args:
        value: Items of what was returned and of the arguments x, y, params, ... after the call.
        x: Inputs, before.
        y: Targets, before.
        start: Weights, before.
        where: The function's name, for messages.

    Raises:
        Unreadable: If there are no losses to be found, or weights of another shape.
    """
    assert isinstance(value, Items)
    returned, x_after, y_after, params_after = value.items[:4]
    changed = tuple(
        name
        for name, before, after in (("x", x, x_after), ("y", y, y_after))
        if not np.array_equal(before, to_numpy(after, name))
    )
    logged, given = _parts(want_something(returned, where, "params, losses"), where)
    weights = _in_shape(params_after if given is None else given, start)
    is_untouched = all(np.array_equal(a, b) for a, b in zip(weights, start, strict=True))
    losses = to_numpy(logged, f"losses of {where}").ravel()
    return ReturnedTraining(losses, None if given is None and is_untouched else weights, changed)


def _parts(returned: Value, where: str) -> tuple[Value, Value | None]:
    """The losses, and the weights if any came back."""
    match returned:
        case Fields(fields=fields):
            losses = next((fields[name] for name in LOSS_NAMES if name in fields), None)
            params = next((fields[name] for name in WEIGHT_NAMES if name in fields), None)
            if losses is not None:
                return losses, params
        case Items(items=(first, second, *_)) if _is_weights(first) and _is_losses(second):
            return second, first
        case Items(items=(first, second, *_)) if _is_losses(first) and _is_weights(second):
            return first, second
    if _is_losses(returned):
        return returned, None
    hint = "return (params, losses), one loss an epoch"
    raise Unreadable(f"it returns {describe(returned)}", hint, where, "not-a-training")


def _is_weights(value: Value) -> bool:
    match value:
        case Fields(fields=fields):
            return len(fields) >= len(NAMES)
        case Items(items=items):
            return len(items) == len(NAMES) and not any(map(_is_one_number, items))
    return False


def _is_one_number(value: Value) -> bool:
    return isinstance(value, Number) or (isinstance(value, Array) and value.shape == ())


def _is_losses(value: Value) -> bool:
    match value:
        case Array(shape=shape):
            return sum(n != 1 for n in shape) <= 1
        case Items(items=items):
            return all(isinstance(one, Number | Array) for one in items) and not _is_weights(value)
    return False


def _in_shape(value: Value, start: Parameters) -> Parameters:
    arrays = arrays_of(value, "params")
    for name, before in start._asdict().items():
        if arrays[name].shape not in (before.shape, (1, before.size)):
            text = f"it comes back with shape {arrays[name].shape}; it was given with shape {before.shape}"
            raise Unreadable(text, None, name, "shape")
    return Parameters(*(arrays[name].reshape(before.shape) for name, before in start._asdict().items()))
