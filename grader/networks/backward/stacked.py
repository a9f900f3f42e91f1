"""The gradients at many instances of the same sizes in one run, on an axis before the sequences."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from grader.networks.backward.adjoint import BackwardPass
from grader.networks.backward.gradients import Arrays, FloatArray, GradientInstance, backward_inputs, run
from grader.networks.backward.names import gradient_of
from grader.networks.equations.network import Network
from grader.networks.equations.tree import Signal, Sum
from grader.networks.identity import Identical
from grader.networks.running.compiled import Run, compiled


def gradients_of_each(one: BackwardPass, instances: Sequence[GradientInstance]) -> Arrays:
    """What `gradients` gives for each of them, up to rounding: products of stacks add in another order.

    Args:
        one: The backward pass.
        instances: K of them, with arrays of the same shapes.

    Returns:
        (K, ...) for each parameter and start value.
    """
    shapes = {name: np.shape(instances[0].parameters[name]) for name in one.asked}
    return _gradients(one, _stacked(instances), len(instances), shapes)


def gradients_with_slips(
    one: BackwardPass, instance: GradientInstance, slips: Mapping[str, FloatArray]
) -> Arrays:
    """The gradients of K answers in which something is added to values, and carried on rightly.

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
    return _gradients(slipping, stacked._replace(inputs={**stacked.inputs, **added}), count, shapes)


def _gradients(
    one: BackwardPass, stacked: GradientInstance, count: int, shapes: Mapping[str, tuple[int, ...]]
) -> Arrays:
    # Nothing is added up over all steps on the way there.
    values = run(one.forward, stacked.inputs, stacked.parameters)
    found = _function(Identical(one.network))(*backward_inputs(one, stacked, values))
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


@functools.lru_cache(maxsize=256)
def _function(key: Identical[Network]) -> Run:
    return compiled(key.one, by_row=True)


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
