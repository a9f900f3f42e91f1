"""Numbers of a backward pass, at one instance or at many in one run: values forwards, then the gradients."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from grader.networks.backward.adjoint import BackwardPass
from grader.networks.backward.names import gradient_of
from grader.networks.equations.network import Network
from grader.networks.equations.sizes import bind
from grader.networks.equations.tree import Signal, Sum
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
    """All values of a network, whose function is compiled once."""
    return _function(Identical(network))(inputs, parameters)


@functools.lru_cache(maxsize=4096)
def _function(key: Identical[Network]) -> Run:
    return compiled(key.one)


@functools.lru_cache(maxsize=256)
def _function_by_row(key: Identical[Network]) -> Run:
    return compiled(key.one, by_row=True)


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


def gradients(one: BackwardPass, instance: GradientInstance) -> Arrays:
    """The gradient of each parameter and start value, of its shape.

    Args:
        one: The backward pass.
        instance: What it is run on.
    """
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


def gradients_of_each(one: BackwardPass, instances: Sequence[GradientInstance]) -> Arrays:
    """What `gradients` gives for each of them, up to rounding: products of stacks add in another order.

    The instances are an axis before the sequences.

    Args:
        one: The backward pass.
        instances: K of them, with arrays of the same shapes.

    Returns:
        (K, ...) for each parameter and start value.
    """
    shapes = {name: np.shape(instances[0].parameters[name]) for name in one.asked}
    return _of_stack(one, _stacked(instances), len(instances), shapes)


def gradients_with_slips(
    one: BackwardPass, instance: GradientInstance, slips: Mapping[str, FloatArray]
) -> Arrays:
    """The gradients of K answers with slips: something is added to values, and all that follows is right.

    Args:
        one: The backward pass.
        instance: What it is run on.
        slips: What is added at each step to a value of either pass, by its name: (T, K), K > 1 for all.

    Returns:
        (K, ...) for each parameter and start value.
    """
    stacked = _stacked([instance])
    added = {_slip(name): slip[:, :, None, None] for name, slip in slips.items()}
    slipping = replace(one, forward=_with_slips(one.forward, slips), network=_with_slips(one.network, slips))
    count = next(iter(slips.values())).shape[1]
    shapes = {name: np.shape(instance.parameters[name]) for name in one.asked}
    return _of_stack(slipping, stacked._replace(inputs={**stacked.inputs, **added}), count, shapes)


def _of_stack(
    one: BackwardPass, stacked: GradientInstance, count: int, shapes: Mapping[str, tuple[int, ...]]
) -> Arrays:
    # Not by row: a forward pass has no sums over sequences.
    values = run(one.forward, stacked.inputs, stacked.parameters)
    found = _function_by_row(Identical(one.network))(*backward_inputs(one, stacked, values))
    return {
        name: _by_instance(found[gradient_of(name)], count, shape, name in one.per_sequence)
        for name, shape in shapes.items()
    }


def _slip(name: str) -> str:
    # No author can give a name that begins so.
    return f"_slip_{name}"


def _with_slips(network: Network, names: Iterable[str]) -> Network:
    """The network with something added to those of these values that it has."""
    own = [name for name in names if name in network.by_name]
    equations = (
        replace(one, right_side=Sum(((1, one.right_side), (1, Signal(_slip(one.name))))))
        if one.name in own
        else one
        for one in network.equations
    )
    slips = dict.fromkeys(map(_slip, own), ())
    return replace(
        network,
        inputs={**network.inputs, **slips},
        equations=tuple(equations),
        shapes={**network.shapes, **slips},
    )


def _stacked(instances: Sequence[GradientInstance]) -> GradientInstance:
    """All as one: signals (T, K, N, n), targets of a sequence (K, N, n), parameters (K, ..., n)."""

    def parameter(name: str) -> FloatArray:
        array = np.stack([x.parameters[name] for x in instances])
        # A vector that all sequences share has an axis of size 1 for them; a number has one for entries, too.
        return array.reshape(len(array), *(1,) * (3 - array.ndim), *array.shape[1:])

    first = instances[0]
    return GradientInstance(
        {name: np.stack([x.inputs[name] for x in instances], axis=1) for name in first.inputs},
        {
            name: np.stack([x.targets[name] for x in instances], axis=array.ndim - 2)
            for name, array in first.targets.items()
        },
        {name: parameter(name) for name in first.parameters},
    )


def _by_instance(value: FloatArray, n: int, shape: tuple[int, ...], is_per_sequence: bool) -> FloatArray:
    """(K, N, m), (K, n, m), or for all the same, as (K, *shape)."""
    value = np.asarray(value, dtype=np.float64)
    if value.ndim < 3:
        return np.broadcast_to(value, (n, *shape))
    if is_per_sequence and value.ndim > len(shape) + 1:
        value = value.sum(axis=1)
    entries = np.broadcast_to(value, (n, *value.shape[1:])).reshape(n, -1)
    return np.broadcast_to(entries, (n, math.prod(shape))).reshape(n, *shape)
