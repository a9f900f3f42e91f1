"""The numbers of a question by hand: inputs, targets, start values and parameters of one sequence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.networks.backward.adjoint import BackwardPass
from grader.networks.backward.gradients import FloatArray, GradientInstance, sizes_of


def given_instance(one: BackwardPass, values: Mapping[str, Any]) -> GradientInstance:
    """The instance; a sequence of one-entry vectors may be written as numbers.

    Raises:
        ValueError: If something is missing, unknown or of another shape.
    """
    network, targets = one.forward, one.loss.targets
    names = (*network.inputs, *targets, *network.parameters)
    if wrong := [name for name in (*values, *names) if (name in values) != (name in names)]:
        fault = "unknown" if wrong[0] in values else "missing"
        raise ValueError(f"values.{wrong[0]} is {fault}; they are {', '.join(names)}")
    arrays = {name: _read(values[name], name) for name in names}
    inputs = {name: _signal(arrays[name], name, bool(shape)) for name, shape in network.inputs.items()}
    instance = GradientInstance(
        inputs=inputs,
        targets={
            name: _signal(arrays[name], name, bool(target.shape))
            if target.each_step
            else arrays[name].reshape(1, -1)
            for name, target in targets.items()
        },
        parameters={name: arrays[name] for name in network.parameters},
    )
    for name, shape in network.parameters.items():
        if arrays[name].ndim != len(shape):
            raise ValueError(f"values.{name} has {arrays[name].ndim} axes; wanted {len(shape)}")
    if len({len(array) for array in inputs.values()}) > 1:
        raise ValueError("values: all inputs have as many steps")
    sizes = sizes_of(network, instance)
    for name, target in targets.items():
        wanted = (
            *((instance.n_steps,) if target.each_step else ()),
            1,
            *(one.at(sizes) for one in target.shape),
        )
        if instance.targets[name].shape != (wanted if target.shape else (*wanted, 1)):
            raise ValueError(f"values.{name} has shape {arrays[name].shape}, which is not that of its value")
    return instance


def _read(value: Any, name: str) -> FloatArray:
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"values.{name} is no table of numbers") from None


def _signal(array: FloatArray, name: str, is_vector: bool) -> FloatArray:
    """(T, 1, n) of a table with a row a step, or of a list of numbers."""
    if array.ndim not in (1, 2) or (array.ndim == 2 and not is_vector):
        raise ValueError(f"values.{name}: wanted one row a step")
    return array.reshape(len(array), 1, -1)
