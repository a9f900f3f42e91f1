"""Numbers of a backward pass: values forwards, then the gradients of what is asked."""

from __future__ import annotations

import functools
import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from grader.networks.backward.adjoint import BackwardPass
from grader.networks.backward.names import gradient_of
from grader.networks.equations.network import Network
from grader.networks.equations.sizes import bind
from grader.networks.identity import Identical
from grader.networks.running.compiled import Run, Values, compiled, executed

FloatArray = npt.NDArray[np.float64]
Arrays = dict[str, FloatArray]


class GradientInstance(NamedTuple):
    """What gradients are computed at. Signals have the axes (T, N, entries), one entry for a number.

    Args:
        inputs: Signals by name.
        targets: (T, N, entries), or (N, entries) for a target of the whole sequence.
        parameters: As declared, numbers without an axis; start values (N, entries), or without the first axis
            where all sequences share it.
    """

    inputs: Arrays
    targets: Arrays
    parameters: Arrays

    @property
    def n_steps(self) -> int:
        """Number of steps T."""
        return len(next(iter(self.inputs.values())))

    @property
    def n_seqs(self) -> int:
        """Number of sequences N."""
        return int(next(iter(self.inputs.values())).shape[-2])


def run(network: Network, inputs: Values, parameters: Values) -> Arrays:
    """All values of a network, of which the function is made once."""
    return _function(Identical(network))(inputs, parameters)


@functools.lru_cache(maxsize=4096)
def _function(key: Identical[Network]) -> Run:
    return compiled(key.one)


def forget_functions() -> None:
    """Let go of what was compiled, some 10 kB a network: after a table of mistakes that are not run again."""
    _function.cache_clear()
    executed.cache_clear()


def sizes_of(network: Network, instance: GradientInstance) -> dict[str, int]:
    """The value of each named size."""
    shapes = {**network.inputs, **network.parameters}
    arrays = {**instance.inputs, **instance.parameters}
    return bind(
        {name: shape for name, shape in shapes.items() if shape},
        {name: np.shape(arrays[name])[-len(shape) :] for name, shape in shapes.items() if shape},
    )


def backward_inputs(one: BackwardPass, instance: GradientInstance, values: Arrays) -> tuple[Arrays, Arrays]:
    """What the backward pass reads: signals, and what is the same at every step.

    Args:
        one: The backward pass.
        instance: What the forward pass was run on.
        values: What it gave.
    """
    network, n_steps, n_seqs = one.network, instance.n_steps, instance.n_seqs
    known: dict[str, FloatArray] = {**instance.inputs, **instance.targets, **instance.parameters, **values}
    known |= {one.n_steps: np.array(float(n_steps)), one.n_seqs: np.array(float(n_seqs))}
    for name, step in one.marks.items():
        marked = np.zeros((n_steps, *(1,) * (next(iter(instance.inputs.values())).ndim - 1)))
        at = n_steps if step == "T" else int(step)
        marked[at - 1 : at] = 1
        known[name] = marked
    sizes = sizes_of(one.forward, instance)
    for name in network.parameters:
        if name not in known:
            # What is left are sizes, which end in _ where a variable has the name.
            known[name] = np.array(float(sizes[name.rstrip("_")]))
    return (
        {name: known[name] for name in network.inputs},
        {name: known[name] for name in network.parameters},
    )


def gradients(one: BackwardPass, instance: GradientInstance, values: Arrays | None = None) -> Arrays:
    """The gradient of each parameter and start value, of its shape.

    Args:
        one: The backward pass.
        instance: What it is run on.
        values: Of the forward pass, where they are there already.
    """
    if values is None:
        values = run(one.forward, instance.inputs, instance.parameters)
    found = run(one.network, *backward_inputs(one, instance, values))
    return shaped(one, instance, found)


def shaped(one: BackwardPass, instance: GradientInstance, found: Arrays) -> Arrays:
    """The gradients among the values of a backward pass, each of the shape of its parameter."""
    made = {}
    for name in one.asked:
        wanted = np.shape(instance.parameters[name])
        value = np.asarray(found[gradient_of(name)], dtype=np.float64)
        if name in one.per_sequence and value.ndim > len(wanted):
            value = value.sum(axis=0)
        size = math.prod(wanted)
        made[name] = value.reshape(wanted) if value.size == size else np.broadcast_to(value, wanted).copy()
    return made
