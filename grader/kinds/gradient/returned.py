"""The gradients that a function returned, in each form that people use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from grader.answers.arrays import to_numpy
from grader.answers.describe import describe
from grader.errors import Unreadable
from grader.model.value import Fields, Items, Number, Value
from grader.networks.backward.gradients import Arrays, FloatArray
from grader.networks.backward.names import as_derivative

STARTS = ("grad_", "d_", "d")


class ReturnedGradients(NamedTuple):
    """Gradients by the names of their parameters, and whether they came transposed."""

    gradients: Arrays
    is_turned: bool


def read_gradients(value: Value, right: Arrays, where: str) -> ReturnedGradients:
    """The gradients, as their parameters were given.

    Args:
        value: A dict, or one array for each in order; the loss may come along.
        right: The right gradients, for their names and shapes; of transposed ones a square matrix is read in
            the direction that fits better.
        where: The function's name, for messages.

    Raises:
        Unreadable: If a gradient is missing ("missing-weight") or has another shape ("shape").
    """
    arrays = _arrays(_without_loss(value, len(right)), tuple(right), where)
    shapes = {name: array.shape for name, array in right.items()}
    oblong = [name for name, shape in shapes.items() if len(shape) == 2 and shape[0] != shape[1]]
    matrices = [name for name, shape in shapes.items() if len(shape) == 2]
    is_turned = bool(oblong) and all(arrays[name].shape == shapes[name][::-1] for name in oblong)
    for name in matrices if is_turned else ():
        if arrays[name].shape == shapes[name][::-1]:
            arrays[name] = _turned(arrays[name], right[name], is_square=name not in oblong)
    found = {name: _in_shape(arrays[name], shapes[name], name) for name in right}
    return ReturnedGradients(found, is_turned)


def _turned(array: FloatArray, right: FloatArray, is_square: bool) -> FloatArray:
    """The transpose; of a square matrix whichever is nearer to what is right."""
    if not is_square or np.abs(array.T - right).max() <= np.abs(array - right).max():
        return array.T
    return array


def _arrays(value: Value, names: tuple[str, ...], where: str) -> dict[str, FloatArray]:
    hint = f"wanted a dict with the keys {', '.join(names)}"
    match value:
        case Fields(fields=fields):
            found = _by_name(fields, names)
        case Items(items=items) if len(items) == len(names):
            found = dict(zip(names, items, strict=True))
        case _ if len(names) == 1:
            found = {names[0]: value}
        case _:
            raise Unreadable(f"{describe(value)} where weights were wanted", hint, where, "not-weights")
    lacking = [name for name in names if name not in found]
    if lacking:
        raise Unreadable(f"{' and '.join(lacking)} not there", hint, where, "missing-weight")
    return {name: to_numpy(found[name], name) for name in names}


def _by_name(fields: Mapping[str, Value], names: tuple[str, ...]) -> dict[str, Value]:
    """What is there by its parameter's name: beside a dW for each of them, W is the parameter itself."""
    plain = {name: _plain_name(name, names) for name in fields}
    marked = {one: fields[name] for name, one in plain.items() if name.lower() != one.lower()}
    if all(name in marked for name in names):
        return marked
    exact = {name: fields[name] for name in names if name in fields}
    return {**{one: fields[name] for name, one in plain.items()}, **exact}


def _plain_name(name: str, names: tuple[str, ...]) -> str:
    """W for W, dW, d_W, grad_W and dL_dW; b for B where there is no B."""
    by = as_derivative(name)
    starts = (one.removeprefix(start) for one in (name, by) for start in STARTS if one.startswith(start))
    for plain in (name, *starts):
        if plain in names:
            return plain
        same = [one for one in names if one.lower() == plain.lower()]
        if len(same) == 1:
            return same[0]
    return name


def _without_loss(value: Value, n: int) -> Value:
    """The gradients alone, where (loss, gradients) or (gradients, loss) was returned."""
    match value:
        case Items(items=(Number(), Fields() | Items() as gradients)) if n != 2 or isinstance(
            gradients, Fields
        ):
            return gradients
        case Items(items=(Fields() | Items() as gradients, Number())) if n != 2 or isinstance(
            gradients, Fields
        ):
            return gradients
        case Items(items=(Number(), *arrays)) if len(arrays) == n:
            return Items(tuple(arrays))
        case Items(items=(*arrays, Number())) if len(arrays) == n:
            return Items(tuple(arrays))
    return value


def _in_shape(array: FloatArray, shape: tuple[int, ...], name: str) -> FloatArray:
    is_vector = len(shape) <= 1 and sum(n != 1 for n in array.shape) <= 1
    if array.shape == shape or (is_vector and array.size == int(np.prod(shape, dtype=int))):
        return array.reshape(shape)
    hint = f"{name} has shape {shape}, and so has its gradient"
    raise Unreadable(f"its gradient has shape {array.shape}", hint, name, "shape")
