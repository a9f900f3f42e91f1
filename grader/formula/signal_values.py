"""The values of a signal on given inputs, in floating point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from grader.formula.signals import input_name
from grader.formula.tree import Constant, Formula, FunctionCall, Product, Sum, Symbol, everything_in

Array: TypeAlias = npt.NDArray[np.float64]


def signal_values(signal: Formula, x: npt.ArrayLike) -> Array:
    """The values of a signal, step by step.

    Args:
        signal: Any signal, products included.
        x: (..., T, n) inputs: x[..., t - 1, i - 1] is x[i] at step t.

    Returns:
        (..., T) values, float64.

    Raises:
        ValueError: If x has too few elements for the signal's indices, or fewer than two axes.
    """
    values = np.asarray(x, dtype=np.float64)
    if values.ndim < 2:
        raise ValueError(f"x has shape {values.shape}; wanted (..., T, n)")
    inputs = {input_name(i + 1): values[..., i].copy() for i in range(values.shape[-1])}
    for part in everything_in(signal):
        if isinstance(part, Symbol) and part.name not in inputs:
            raise ValueError(f"x has {len(inputs)} elements a step; the signal reads {part.name}")
    return np.broadcast_to(_values(signal, inputs), values.shape[:-1]).copy()


def _values(signal: Formula, inputs: Mapping[str, Array]) -> Array:
    match signal:
        case Constant(value=value):
            return np.full(next(iter(inputs.values())).shape, float(value))
        case Symbol(name=name):
            return inputs[name]
        case Sum(terms=(left, right)):
            return _values(left, inputs) + _values(right, inputs)
        case Product(factors=(left, right)):
            return _values(left, inputs) * _values(right, inputs)
        case FunctionCall(function="delay", argument=argument, steps=steps):
            values = _values(argument, inputs)
            late = np.zeros_like(values)
            late[..., steps:] = values[..., : max(values.shape[-1] - steps, 0)]
            return late
        case FunctionCall(function="cumsum", argument=argument):
            return np.cumsum(_values(argument, inputs), axis=-1)
        case FunctionCall(function="decay", argument=argument, rate=rate):
            return _decayed(_values(argument, inputs), float(rate))
    raise TypeError(signal)


def _decayed(values: Array, rate: float) -> Array:
    total = np.zeros_like(values)
    for step in range(values.shape[-1]):
        before = total[..., step - 1] if step else 0.0
        total[..., step] = rate * before + values[..., step]
    return total
