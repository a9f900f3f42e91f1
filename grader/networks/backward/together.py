"""Forward and backward passes with mistakes, rounded intermediate values or slips.

Nearly all have the order of the right passes, and these are computed in one run.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from grader.networks.backward.adjoint import BackwardPass
from grader.networks.backward.gradients import Arrays, GradientInstance, backward_inputs, run, shaped
from grader.networks.backward.names import gradient_of
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Network
from grader.networks.equations.order import order
from grader.networks.equations.sizes import Shape
from grader.networks.identity import Identical
from grader.networks.running.functions import Array
from grader.networks.running.merged import run_merged
from grader.networks.running.schedule import Schedule


class Passes(NamedTuple):
    """A pass forwards, and the equations that are worked out for its values."""

    forward: Network
    backward: Network


# All of an LSTM at once are hardly quicker, and take 4 MB more.
MOST_AT_ONCE = 256


def gradients_of(one: BackwardPass, instance: GradientInstance, passes: Passes) -> Arrays | None:
    """The gradients of other passes; None where they cannot be computed.

    Args:
        one: The right passes.
        instance: What they are run on.
        passes: Others, in any order of their equations.
    """
    try:
        values = forward_values(passes.forward, instance.inputs, instance.parameters)
        for each in passes.forward.equations:
            if each.is_static:
                # What is left of it may be the same for all sequences; each of them counts.
                values[each.name] = np.broadcast_to(
                    values[each.name], (instance.n_seqs, values[each.name].shape[-1])
                )
        return gradients_at(one, instance, passes.backward, values)
    except (NetworkError, ValueError, KeyError):
        return None


def gradients_at(one: BackwardPass, instance: GradientInstance, backward: Network, values: Arrays) -> Arrays:
    """The gradients of another pass backwards.

    Args:
        one: The right passes.
        instance: What they are run on.
        backward: The other, in any order of its equations.
        values: Of the pass forwards.
    """
    other = replace(one, network=_ordered(Identical(backward)))
    return shaped(one, instance, run(other.network, *backward_inputs(other, instance, values)))


def forward_values(network: Network, inputs: Arrays, parameters: Arrays) -> Arrays:
    """The values of a forward pass, which may have a mistake."""
    given = dict(inputs)
    for name in network.inputs:
        if name not in given:
            # The mark of all steps but the first.
            n_steps = len(next(iter(inputs.values())))
            given[name] = np.minimum(np.arange(n_steps), 1.0)[:, None, None]
    return run(network, given, parameters)


@functools.lru_cache(maxsize=1024)
def _ordered(key: Identical[Network]) -> Network:
    return replace(key.one, groups=order(key.one))


def all_gradients(
    one: BackwardPass, instance: GradientInstance, passes: Sequence[Passes]
) -> list[Arrays | None]:
    """The gradients of each of many passes; None where they cannot be computed.

    Args:
        one: The right passes.
        instance: What all are run on.
        passes: Others, with the names of the right ones.
    """
    found: list[Arrays | None] = []
    for start in range(0, len(passes), MOST_AT_ONCE):
        some = passes[start : start + MOST_AT_ONCE]
        together = _in_the_right_order(one, instance, some)
        found += [
            together[k] if k in together else gradients_of(one, instance, other)
            for k, other in enumerate(some)
        ]
    return found


def _in_the_right_order(
    one: BackwardPass, instance: GradientInstance, passes: Sequence[Passes]
) -> dict[int, Arrays]:
    """The gradients of those that can be computed in the order of the right ones, by their place."""
    right = _joined(Passes(one.forward, one.network))
    assert right is not None
    schedule = Schedule(right)
    fitting = {
        k: made
        for k, other in enumerate(passes)
        for made in [_joined(other)]
        if made is not None and made.inputs.keys() <= right.inputs.keys() and schedule.admits(made)
    }
    signals, fixed = backward_inputs(one, instance, run(one.forward, instance.inputs, instance.parameters))
    known = {**instance.inputs, **signals, **fixed}
    # Of thousands of values at every step, only the gradients are kept.
    kept = replace(right, equations=tuple(map(right.by_name.__getitem__, right.output)))
    values = run_merged(
        kept,
        [right, *fitting.values()],
        {name: known[name] for name in right.inputs},
        {name: known[name] for name in right.parameters},
    ).values
    found = {name: _by_row(one, instance, name, values[gradient_of(name)]) for name in one.asked}
    return {
        k: {name: rows[row] for name, rows in found.items()}
        for row, k in enumerate(fitting, start=1)
        if not all(np.isnan(rows[row]).all() for rows in found.values())
    }


def _joined(passes: Passes) -> Network | None:
    """Both passes as one network; None where they start from different values."""
    forward, backward = passes
    own = forward.by_name
    if any(forward.start.get(name) != backward.start.get(name) for name in own):
        return None

    def given(first: Mapping[str, Shape], then: Mapping[str, Shape]) -> dict[str, Shape]:
        return {**first, **{name: shape for name, shape in then.items() if name not in own}}

    return Network(
        given(forward.inputs, backward.inputs),
        given(forward.parameters, backward.parameters),
        (*forward.equations, *backward.equations),
        forward.start,
        backward.output,
        shapes=forward.shapes | backward.shapes,
        groups=(*forward.groups, *backward.groups),
    )


def _by_row(one: BackwardPass, instance: GradientInstance, name: str, values: Array) -> Array:
    """The gradient of one parameter in each row, of its shape."""
    wanted, rows = np.shape(instance.parameters[name]), values[:, :, 0]
    if name in one.per_sequence:
        rows = rows.sum(axis=1) if rows.ndim - 1 > len(wanted) else rows
    elif len(one.network.shapes[name]) < 2:
        rows = rows[:, 0]
    return rows.reshape(len(values), *wanted)
