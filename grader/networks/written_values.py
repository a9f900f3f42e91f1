"""The values of a question, as its author writes them, as arrays of the shapes that a network declares."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from grader.model.text import joined
from grader.networks.equations.network import Network
from grader.networks.equations.sizes import Shape, bind, show_shape
from grader.networks.running.functions import Array

# A number, a vector or a sequence of numbers, a matrix or a sequence of vectors.
Written: TypeAlias = float | tuple[float | tuple[float, ...], ...]
MOST_STEPS = 1000


class WrittenInstance(NamedTuple):
    """What a network is run on.

    Args:
        inputs: (T, n) by name; (T, 1) for a number.
        parameters: By name, start arguments too.
        n_steps: T.
        sizes: The number of each named size.
    """

    inputs: Mapping[str, Array]
    parameters: Mapping[str, Array]
    n_steps: int
    sizes: Mapping[str, int]


def read_values(network: Network, values: Mapping[str, Written], where: str) -> WrittenInstance:
    """Inputs and parameters as arrays.

    Args:
        network: What declares them.
        values: By name. A vector of one entry may be a number, a sequence of such vectors a list of numbers.
            A network without inputs has its number of steps under "T".
        where: The key, for errors.

    Raises:
        ValueError: If one is missing, unknown, or of another shape; says which and what is wanted.
    """
    shapes: dict[str, Shape] = {**network.inputs, **network.parameters}
    _require_names(values, (*shapes, *(() if network.inputs else ("T",))), where)
    arrays = {
        name: _array(values[name], shape, name in network.inputs, f"{where}.{name}")
        for name, shape in shapes.items()
    }
    sized = {name: shape for name, shape in shapes.items() if shape}
    try:
        sizes = bind(sized, {name: arrays[name].shape[-len(shape) :] for name, shape in sized.items()})
    except ValueError as error:
        raise ValueError(f"{where}.{error}") from None
    return WrittenInstance(
        {name: arrays[name] for name in network.inputs},
        {name: arrays[name] for name in network.parameters},
        _n_steps(network, values, arrays, where),
        sizes,
    )


def _require_names(values: Mapping[str, Written], wanted: Sequence[str], where: str) -> None:
    for name in values:
        if name not in wanted:
            near = difflib.get_close_matches(name, wanted, n=1) or [
                one for one in wanted if one.lower() == name.lower()
            ]
            hint = f"; did you mean {near[0]}?" if near else f"; the network takes {joined(wanted)}"
            raise ValueError(f"{where}.{name}: the network has no input or parameter of that name{hint}")
    missing = [name for name in wanted if name not in values]
    if missing:
        raise ValueError(f"{where}: {joined(missing)} {'is' if len(missing) == 1 else 'are'} missing")


def _n_steps(network: Network, values: Mapping[str, Written], arrays: Mapping[str, Array], where: str) -> int:
    if network.inputs:
        lengths = {name: len(arrays[name]) for name in network.inputs}
        if len(set(lengths.values())) > 1:
            lengths_text = joined([f"{name} has {n}" for name, n in lengths.items()])
            raise ValueError(f"{where}: inputs have one row a step, as many each, and {lengths_text}")
        n_steps: object = next(iter(lengths.values()))
    else:
        n_steps = values["T"]
    if not isinstance(n_steps, int | float) or not 1 <= n_steps <= MOST_STEPS or n_steps != int(n_steps):
        raise ValueError(f"{where}: found {n_steps} steps, wanted a whole number from 1 to {MOST_STEPS}")
    return int(n_steps)


def _array(value: Written, shape: Shape, is_input: bool, where: str) -> Array:
    try:
        array = np.array(value, dtype=np.float64)
    except ValueError:
        raise ValueError(f"{where}: its rows are not all of one length") from None
    if not np.isfinite(array).all():
        raise ValueError(f"{where}: a number that is not finite")
    rank = len(shape) + 1 if is_input else len(shape)
    if is_input and not shape:
        rank = 2
    # One entry may be a number: a vector, a row of a sequence, a matrix of 1 x 1.
    if array.ndim < rank and (array.ndim == 0 or is_input):
        array = array.reshape((-1, 1) if is_input else (1,) * rank)
    if not shape and not is_input and array.size == 1:
        array = array.reshape(())
    is_number_wanted = is_input and not shape and array.ndim == 2 and array.shape[1] != 1
    if (array.ndim != rank and not (rank == 0 and array.ndim == 0)) or is_number_wanted or 0 in array.shape:
        found = " x ".join(map(str, array.shape)) + " numbers" if array.ndim else "one number"
        per_step = " at every step" if is_input else ""
        raise ValueError(f"{where}: found {found}, wanted {show_shape(shape)}{per_step}")
    return array
