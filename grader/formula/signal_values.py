"""The values of a signal on given inputs."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from grader.formula.signal_tree import Constant, Cumsum, Delay, Input, Product, Signal, Sum

Array: TypeAlias = npt.NDArray[np.float64]


def evaluate(signal: Signal, x: npt.ArrayLike) -> Array:
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
    return _evaluate(signal, values)


def _evaluate(signal: Signal, x: Array) -> Array:
    match signal:
        case Input(index=index):
            if not 1 <= index <= x.shape[-1]:
                raise ValueError(f"x has {x.shape[-1]} elements a step; the signal reads x[{index}]")
            return x[..., index - 1].copy()
        case Constant(value=value):
            return np.full(x.shape[:-1], float(value))
        case Sum(left=left, right=right):
            return _evaluate(left, x) + _evaluate(right, x)
        case Product(left=left, right=right):
            return _evaluate(left, x) * _evaluate(right, x)
        case Delay(signal=inner, steps=steps):
            values = _evaluate(inner, x)
            late = np.zeros_like(values)
            late[..., steps:] = values[..., : max(values.shape[-1] - steps, 0)]
            return late
        case Cumsum(signal=inner):
            return np.cumsum(_evaluate(inner, x), axis=-1)
