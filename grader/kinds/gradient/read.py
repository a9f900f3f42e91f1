"""Gradients as a function returns them: by name or in order, with rows or columns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from grader.errors import Unreadable
from grader.model.value import Fields, Items, Number, Value
from grader.training.networks import arrays_of
from grader.training.task import FloatArray
from reference.bptt import Parameters


class Returned(NamedTuple):
    """Gradients in rows, and whether they came as columns."""

    gradients: Parameters
    in_columns: bool


def read_gradients(value: Value, right: Parameters, where: str) -> Returned:
    """The gradients in rows, as the parameters were given.

    Args:
        value: A dict, or five arrays in the order U, W, V, b, c; the cost may come along.
        right: The right gradients, for their shapes; in columns W is read in the direction that fits better.
        where: The function's name, for messages.

    Raises:
        Unreadable: If a gradient is missing ("missing-weight") or has another shape ("shape").
    """
    arrays = arrays_of(_without_cost(value), where)
    shapes = {name: array.shape for name, array in right._asdict().items()}
    in_columns = all(arrays[name].shape == shapes[name][::-1] for name in ("U", "V"))
    for name in ("U", "V") if in_columns else ():
        arrays[name] = arrays[name].T
    if in_columns and arrays["W"].shape == right.W.shape:
        arrays["W"] = min(arrays["W"].T, arrays["W"], key=lambda W: float(np.abs(W - right.W).max()))
    gradients = Parameters(*(_shaped(arrays[name], shapes[name], name) for name in Parameters._fields))
    return Returned(gradients, in_columns and any(len(set(shapes[name])) > 1 for name in ("U", "V")))


def _without_cost(value: Value) -> Value:
    """The gradients alone, where (cost, gradients) or (gradients, cost) was returned."""
    match value:
        case Items(items=(Number(), Fields() | Items() as gradients)):
            return gradients
        case Items(items=(Fields() | Items() as gradients, Number())):
            return gradients
        case Items(items=(Number(), *arrays)) if len(arrays) == len(Parameters._fields):
            return Items(tuple(arrays))
    return value


def _shaped(array: FloatArray, shape: tuple[int, ...], name: str) -> FloatArray:
    is_vector = len(shape) == 1 and sum(n != 1 for n in array.shape) <= 1
    if array.shape == shape or (is_vector and array.size == shape[0]):
        return array.reshape(shape)
    hint = f"{name} has shape {shape}, and so has its gradient"
    raise Unreadable(f"its gradient has shape {array.shape}", hint, name, "shape")
