"""What Elman and Jordan networks share: sizes, the sigmoid, the trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]


class Trace(NamedTuple):
    """What a network computed, one row for each time step.

    Args:
        h: (T, n_h) hidden activations h(1)..h(T).
        y: (T, n_out) outputs y(1)..y(T).
    """

    h: Array
    y: Array


class Weights(NamedTuple):
    """A network and its inputs as float64 arrays whose sizes fit; see `as_weights` for the shapes."""

    x: Array
    U: Array
    W: Array
    V: Array
    b: Array
    c: Array


def sigmoid(u: Array) -> Array:
    """1 / (1 + exp(-u)) without overflow, to full relative precision."""
    z = np.exp(-np.abs(u))
    return np.asarray(np.where(u >= 0, 1.0, z) / (1.0 + z), dtype=np.float64)


def softmax(u: Array) -> Array:
    """exp(u) over its sum along the last axis, without overflow; 1 where there is one entry."""
    with np.errstate(over="ignore", invalid="ignore"):
        z = np.exp(u - u.max(axis=-1, keepdims=True))
    return np.asarray(z / z.sum(axis=-1, keepdims=True), dtype=np.float64)


def as_weights(
    x: npt.ArrayLike,
    U: npt.ArrayLike,
    W: npt.ArrayLike,
    V: npt.ArrayLike,
    b: npt.ArrayLike,
    c: npt.ArrayLike,
    fed_back: str,
) -> Weights:
    """The arrays of a network, if their sizes fit.

    Args:
        x: (T, n_in) inputs.
        U: (n_in, n_h) input weights.
        W: (fed_back, n_h) recurrent weights.
        V: (n_h, n_out) output weights.
        b: (n_h,) hidden bias.
        c: (n_out,) output bias.
        fed_back: The axis that W starts from: "n_h" (Elman) or "n_out" (Jordan).

    Raises:
        ValueError: If the sizes do not fit; names the axis and both sizes.
    """
    named = {"U": U, "W": W, "V": V, "b": b, "c": c, "x": x}
    arrays = {name: _as_array(name, value) for name, value in named.items()}
    bind_sizes(
        arrays,
        {
            "U": ("n_in", "n_h"),
            "V": ("n_h", "n_out"),
            "W": (fed_back, "n_h"),
            "b": ("n_h",),
            "c": ("n_out",),
            "x": ("T", "n_in"),
        },
    )
    return Weights(**arrays)


def _as_array(name: str, value: npt.ArrayLike) -> Array:
    try:
        return np.array(value, dtype=np.float64)
    except ValueError:
        raise ValueError(f"{name} is no array of numbers: are its rows of one length?") from None


def bind_sizes(arrays: Mapping[str, Array], axes: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """The size of each named axis, if all arrays agree on it.

    Args:
        arrays: The arrays by name.
        axes: The names of each array's axes; the first array with an axis says its size.

    Raises:
        ValueError: If an array has another number of axes or another size.
    """
    sizes: dict[str, int] = {}
    said_by: dict[str, str] = {}
    for name, names in axes.items():
        shape = arrays[name].shape
        if len(shape) != len(names):
            wanted = f"({', '.join(names)}{',' * (len(names) == 1)})"
            raise ValueError(f"{name} has shape {shape}; wanted {wanted}")
        for position, (axis, size) in enumerate(zip(names, shape, strict=True)):
            known = sizes.setdefault(axis, size)
            source = said_by.setdefault(axis, name)
            if known != size:
                got = f"{name} has shape {shape}: axis {position} is {axis} = {size}"
                raise ValueError(f"{got}, but {source} says {axis} = {known}")
    return sizes


def start_value(value: npt.ArrayLike | None, name: str, axis: str, size: int) -> Array:
    """What is fed back at the first step: zeros, or a value of the right size.

    Raises:
        ValueError: If the value's shape is not (size,).
    """
    if value is None:
        return np.zeros(size)
    start = np.array(value, dtype=np.float64)
    if start.shape != (size,):
        raise ValueError(f"{name} has shape {start.shape}; wanted ({axis},) with {axis} = {size}")
    return start
