"""What a training function returned: weights and losses, in either order or by name."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from grader.answers.arrays import to_numpy
from grader.answers.describe import describe
from grader.errors import Unreadable
from grader.model.value import Array, Fields, Items, Nothing, Number, Value
from grader.training.networks import arrays_of
from grader.training.task import FloatArray
from reference.bptt import Parameters

LOSS_NAMES = ("losses", "loss", "costs", "cost", "history")
WEIGHT_NAMES = ("params", "parameters", "weights")


class Returned(NamedTuple):
    """What came back.

    Args:
        losses: (n,) as logged.
        params: The weights; None where only losses came back and the given ones did not change either.
        changed: Names of the data arrays that the function changed.
    """

    losses: FloatArray
    params: Parameters | None
    changed: tuple[str, ...]


def read_trained(value: Value, x: FloatArray, y: FloatArray, start: Parameters, where: str) -> Returned:
    """What a training function gave.

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
    losses, params = _parts(returned, where)
    given = params if params is not None else params_after
    weights = _weights(given, start)
    if params is None and all(np.array_equal(a, b) for a, b in zip(weights, start, strict=True)):
        return Returned(_losses(losses, where), None, changed)
    return Returned(_losses(losses, where), weights, changed)


def _parts(returned: Value, where: str) -> tuple[Value, Value | None]:
    match returned:
        case Nothing():
            hint = "end the function with return params, losses"
            raise Unreadable("it returns None", hint, where, "returns-none")
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
            return len(fields) >= len(Parameters._fields)
        case Items(items=items):
            return len(items) == len(Parameters._fields) and not any(isinstance(one, Number) for one in items)
    return False


def _is_losses(value: Value) -> bool:
    match value:
        case Array(shape=shape):
            return sum(n != 1 for n in shape) <= 1
        case Items(items=items):
            return all(isinstance(one, Number | Array) for one in items) and not _is_weights(value)
    return False


def _losses(value: Value, where: str) -> FloatArray:
    return to_numpy(value, f"losses of {where}").ravel()


def _weights(value: Value, start: Parameters) -> Parameters:
    arrays = arrays_of(value, "params")
    for name, before in start._asdict().items():
        if arrays[name].shape not in (before.shape, (1, before.size)):
            text = f"it comes back with shape {arrays[name].shape}; it was given with shape {before.shape}"
            raise Unreadable(text, None, name, "shape")
    return Parameters(*(arrays[name].reshape(before.shape) for name, before in start._asdict().items()))
