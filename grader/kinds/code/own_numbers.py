"""The exercise's own numbers as an instance: one sequence, written as the network declares it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.answers.arrays import FloatArray
from grader.kinds.code.instances import Instance
from grader.kinds.code.signature import Runner
from grader.networks.equations.sizes import bind
from grader.networks.layout import STEPS


class ValuesError(ValueError):
    """Values that are no instance.

    Args:
        found: What is wrong with them, to whoever wrote them.
    """

    def __init__(self, found: str) -> None:
        super().__init__(f"values: {found}")
        self.found = found


def own_numbers(runner: Runner, values: Mapping[str, Any]) -> Instance:
    """The instance of the exercise's own numbers.

    Args:
        runner: The network and the function's signature.
        values: One row a step for an input (numbers, where a row has one entry), the others as declared.

    Raises:
        ValueError: If one is missing or unknown, or its shape does not fit; says which.
    """
    instance = written_instance(runner, values)
    if not all(np.isfinite(one).all() for one in runner.returned(instance.arrays)):
        raise ValuesError("a result that is not finite")
    return instance


def written_instance(runner: Runner, values: Mapping[str, Any]) -> Instance:
    """The instance that values are; nothing is computed on it.

    Args:
        runner: The network and the function's signature.
        values: As for `own_numbers`.

    Raises:
        ValueError: If one is missing or unknown, or its shape does not fit; says which.
    """
    arguments, network = runner.signature.arguments, runner.network
    for name in arguments:
        if name not in values:
            raise ValuesError(f"{name} is missing")
    if unknown := sorted(set(values) - set(arguments)):
        raise ValuesError(f"{unknown[0]} is no argument of the function; they are {', '.join(arguments)}")
    arrays = {name: _standard(runner, name, _as_array(name, values[name])) for name in arguments}
    shapes = {**network.inputs, **network.parameters}
    named = {name: shape for name, shape in shapes.items() if shape}
    bound = bind(named, {name: arrays[name].shape[arrays[name].ndim - len(named[name]) :] for name in named})
    steps = {len(arrays[name]) for name in network.inputs}
    if len(steps) > 1:
        raise ValuesError(f"inputs have {' and '.join(map(str, sorted(steps)))} steps; wanted one number")
    sizes = {axis: steps.pop() if axis == STEPS else bound.get(axis, 1) for axis in runner.signature.axes}
    return Instance(sizes, arrays)


def _as_array(name: str, value: Any) -> FloatArray:
    try:
        return np.array(value, dtype=np.float64)
    except (ValueError, TypeError):
        raise ValueError(f"{name} is no array of numbers: are its rows of one length?") from None


def _standard(runner: Runner, name: str, array: FloatArray) -> FloatArray:
    """The array in the standard order, with one sequence."""
    network = runner.network
    if name in network.inputs:
        shape = network.inputs[name]
        row = str(shape[0]) if shape else "1"
        if array.ndim == len(shape) and runner.signature.is_one_step:
            array = array[None]
        rows = array[:, None] if array.ndim == 1 and row == "1" else array
        return _with_axes(name, rows, 2, f"one row a step, T x {row}", is_number=not shape)[:, None]
    shape = network.parameters[name]
    if name in network.start_arguments:
        wanted = str(*shape) if shape else "a number"
        return _with_axes(name, np.atleast_1d(array), 1, wanted, is_number=not shape)[None]
    return _with_axes(name, array, len(shape), " x ".join(map(str, shape)) or "a number")


def _with_axes(name: str, array: FloatArray, axes: int, wanted: str, is_number: bool = False) -> FloatArray:
    # The sizes of what has named axes are compared where they are bound; a number has none.
    if array.ndim != axes or not array.size or (is_number and array.shape[-1] != 1):
        raise ValuesError(f"{name} has shape {array.shape}; wanted {wanted}")
    return array
