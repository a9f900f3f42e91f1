"""What a mistake in a gradient gives on an instance: only what it changes is computed anew."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from msgspec.structs import replace

from grader.networks.backward.gradients import (
    Arrays,
    FloatArray,
    GradientInstance,
    backward_inputs,
    run,
    shaped,
)
from grader.networks.backward.loss import free_name
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Equation, Network, order
from grader.networks.equations.tree import (
    At,
    Node,
    Parameter,
    Product,
    Signal,
    Sum,
    simplified,
    walk,
)
from grader.networks.mutants.backward.context import Context, GradientMutant, terms_of


class Evaluation:
    """The right passes of an instance, and those with mistakes.

    Args:
        context: The right passes.
        instance: What they are run on.
    """

    def __init__(self, context: Context, instance: GradientInstance) -> None:
        self.context, self.instance = context, instance
        self.forwards: dict[int, Arrays] = {}
        self.kept: list[Network] = []
        signals, fixed = self._inputs(context.forward)
        self.signals, self.fixed = signals, fixed
        self.values = run(context.right.network, *self._for(context.right.network, context.forward))
        self._by_distance: _ByDistance | None = None

    @property
    def right(self) -> Arrays:
        """The right gradients."""
        return shaped(self.context.right, self.instance, self.values)

    def gradients(self, mutant: GradientMutant) -> Arrays | None:
        """The gradients that a mistake gives; None where it cannot be computed."""
        try:
            if mutant.reach is not None or mutant.chunk is not None:
                return self._truncated(mutant)
            found = self._values(mutant)
        except (NetworkError, ValueError, KeyError):
            return None
        return shaped(self.context.right, self.instance, found)

    def values_of(self, network: Network) -> Arrays:
        """The values of a forward pass."""
        return self._forward(network)

    def _values(self, mutant: GradientMutant) -> Arrays:
        if mutant.forward is not self.context.forward:
            backward = _ordered(_Key(mutant))
            return run(backward, *self._for(backward, mutant.forward))
        part = _changed_part(_Key(self.context), _Key(mutant))
        known = {**self.signals, **self.fixed, **self.values}
        inputs = {name: known[name] for name in part.inputs}
        found = run(part, inputs, {name: known[name] for name in part.parameters})
        return {**self.values, **found}

    def _forward(self, network: Network) -> Arrays:
        key = id(network)
        if key not in self.forwards:
            instance = self.instance
            self.forwards[key] = forward_values(network, instance.inputs, instance.parameters)
            self.kept.append(network)
        return self.forwards[key]

    def _inputs(self, network: Network) -> tuple[Arrays, Arrays]:
        return backward_inputs(
            replace(self.context.right, network=self.context.backward), self.instance, self._forward(network)
        )

    def _for(self, backward: Network, forward: Network) -> tuple[Arrays, Arrays]:
        values = self._forward(forward)
        known = {**self.signals, **self.fixed, **values}
        return (
            {name: known[name] for name in backward.inputs if name in known},
            {name: known[name] for name in backward.parameters},
        )

    def _truncated(self, mutant: GradientMutant) -> Arrays:
        if self._by_distance is None:
            self._by_distance = _ByDistance(self)
        return self._by_distance.gradients(mutant.reach, mutant.chunk)


def forward_values(network: Network, inputs: Arrays, parameters: Arrays) -> Arrays:
    """The values of a forward pass, which may have a mistake."""
    given = dict(inputs)
    for name in network.inputs:
        if name not in given:
            # The mark of all steps but the first.
            n_steps = len(next(iter(inputs.values())))
            given[name] = np.minimum(np.arange(n_steps), 1.0)[:, None, None]
    return run(network, given, parameters)


def wrong_gradients(
    context: Context, mutant: GradientMutant, instance: GradientInstance, values: Arrays
) -> Arrays:
    """The gradients that a mistake gives, worked out whole: where parameters change from call to call.

    Args:
        context: The right passes.
        mutant: The mistake.
        instance: What they are run on.
        values: Of the mistaken forward pass.
    """
    if mutant.reach is not None or mutant.chunk is not None:
        found = Evaluation(context, instance).gradients(mutant)
        assert found is not None
        return found
    right = replace(context.right, network=_ordered(_Key(mutant)))
    return shaped(context.right, instance, run(right.network, *backward_inputs(right, instance, values)))


@functools.lru_cache(maxsize=1024)
def _ordered(key: _Key) -> Network:
    backward: Network = key.what.backward
    return replace(backward, groups=order(backward))


class _ByDistance:
    """Gradients at values, split by the step whose error they come from: (T, T * N, entries)."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        context, instance = evaluation.context, evaluation.instance
        self.n_steps, self.n_seqs = instance.n_steps, instance.n_seqs
        self.parts = _parts(_Key(context))
        network, part = context.right.network, self.parts.back
        known = {**evaluation.values, **evaluation.signals, **evaluation.fixed}
        at = np.eye(self.n_steps)[:, :, None, None]
        ones = np.ones((1, 1, self.n_seqs, 1))
        signals = {self.parts.source: (at * ones).reshape(self.n_steps, -1, 1)}
        for name in part.inputs:
            if name == self.parts.source:
                continue
            is_error = name in self.parts.errors
            array = evaluation.values[name] if is_error else known[name]
            array = np.broadcast_to(array, (self.n_steps, self.n_seqs, array.shape[-1]))
            if is_error:
                signals[name] = (array[:, None] * at).reshape(self.n_steps, -1, array.shape[-1])
            else:
                signals[name] = self._spread(array)
        fixed = {}
        for name in part.parameters:
            is_each = known[name].ndim > max(1, len(network.shapes[name]))
            fixed[name] = self._spread(known[name]) if is_each else known[name]
        self.found = run(part, signals, fixed)

    def _spread(self, array: FloatArray) -> FloatArray:
        """(T, N, k) or (N, k) once for each step that an error may come from: (T, T * N, k)."""
        front, k = array.shape[:-2], array.shape[-1]
        wide = np.broadcast_to(array[..., None, :, :], (*front, self.n_steps, self.n_seqs, k))
        return wide.reshape(*front, self.n_steps * self.n_seqs, k)

    def gradients(self, reach: int | None, chunk: int | None) -> Arrays:
        """The gradients where errors go back some steps only."""
        here, source = np.indices((self.n_steps, self.n_steps))
        keeps = np.ones((self.n_steps, self.n_steps), bool)
        if reach is not None:
            keeps &= np.abs(here - source) < reach
        if chunk is not None:
            keeps &= here // chunk == source // chunk
        known = {**self.evaluation.signals, **self.evaluation.fixed, **self.evaluation.values}
        for name in self.parts.values:
            by_source = self.found[name].reshape(self.n_steps, self.n_steps, self.n_seqs, -1)
            known[name] = (by_source * keeps[:, :, None, None]).sum(axis=1)
        last = self.parts.last
        known[self.parts.source] = np.ones((self.n_steps, 1, 1))
        found = run(
            last, {name: known[name] for name in last.inputs}, {name: known[name] for name in last.parameters}
        )
        return shaped(self.evaluation.context.right, self.evaluation.instance, found)


class _Parts(NamedTuple):
    """A backward pass in two: gradients at values, from given errors, and those of parameters.

    Args:
        errors: Names of the errors of each step.
        values: Names of the gradients at values of each step.
        source: Name of what is 1 at the step that an error comes from.
        back: From the errors to the gradients at values.
        last: From these to the gradients of parameters.
    """

    errors: tuple[str, ...]
    values: tuple[str, ...]
    source: str
    back: Network
    last: Network


class _Key:
    """The right passes, or a mutant, as a key of a cache: by what it is."""

    def __init__(self, what: Any) -> None:
        self.what = what

    def __hash__(self) -> int:
        return id(self.what)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.what is other.what


@functools.lru_cache(maxsize=64)
def _parts(key: _Key) -> _Parts:
    context: Context = key.what
    network = context.right.network
    is_last = {one.name: _is_total(one.name, context) for one in network.equations}
    steps = [one for one in network.equations if not one.is_static]
    errors = tuple(one.name for one in steps if one.name.startswith("e_"))
    values = tuple(one.name for one in steps if one.name not in errors)
    once = {one.name: network.shapes[one.name] for one in network.equations if one.is_static}
    once = {name: shape for name, shape in once.items() if not is_last[name]}
    source = free_name("source", network)

    def part(equations: list[Equation], given: tuple[str, ...]) -> Network:
        inputs = {**network.inputs, **{name: network.shapes[name] for name in given}, source: ()}
        made = replace(
            network,
            equations=tuple(equations),
            inputs=inputs,
            parameters={**network.parameters, **once},
            shapes={**network.shapes, source: ()},
            output=(),
        )
        return replace(made, groups=order(made))

    back = [
        replace(one, right_side=_entering(one.right_side, set(values + errors), set(once), source))
        for one in steps
        if one.name in values
    ]
    last = [one for one in network.equations if is_last[one.name]]
    return _Parts(errors, values, source, part(back, errors), part(last, errors + values))


def _entering(right: Node, steps: set[str], once: set[str], source: str) -> Node:
    """What comes from one value of a whole sequence enters at each step by itself."""
    terms = []
    for sign, term in terms_of(right):
        used = names_in(term)
        enters = bool(used & once) and not used & steps
        terms.append((sign, Product((Signal(source), term)) if enters else term))
    return simplified(Sum(tuple(terms)))


def _is_total(name: str, context: Context) -> bool:
    return name in {f"d{one}" for one in context.right.asked}


@functools.lru_cache(maxsize=4096)
def _changed_part(context: _Key, mutant: _Key) -> Network:
    return changed_part(context.what.right.network, mutant.what.backward)


def changed_part(right: Network, wrong: Network) -> Network:
    """The equations that differ from the right ones, and all that depend on them; what they read is given."""
    changed = _changed(right.by_name, wrong)
    uses = {one.name: names_in(one.right_side) for one in wrong.equations}
    while True:
        more = {name for name, used in uses.items() if used & changed} - changed
        if not more:
            break
        changed |= more
    equations = tuple(one for one in wrong.equations if one.name in changed)
    read = set().union(*(uses[name] for name in changed)) - changed
    starts = {name: node for name, node in wrong.start.items() if name in read}
    read |= set().union(*(names_in(node) for node in starts.values())) - changed
    own = wrong.by_name
    inputs = {name: shape for name, shape in wrong.inputs.items() if name in read}
    inputs |= {name: wrong.shapes[name] for name in read if name in own and not own[name].is_static}
    parameters = {name: shape for name, shape in wrong.parameters.items() if name in read}
    parameters = {
        **parameters,
        **{name: wrong.shapes[name] for name in read if name in own and own[name].is_static},
    }
    part = replace(wrong, equations=equations, inputs=inputs, parameters=parameters, start=starts, output=())
    return replace(part, groups=order(part))


def _changed(right: Mapping[str, Equation], wrong: Network) -> set[str]:
    """The equations that differ from the right ones, or that those do not have."""
    return {
        one.name
        for one in wrong.equations
        if one.name not in right or one.right_side != right[one.name].right_side
    }


@functools.lru_cache(maxsize=64)
def _readers(key: _Key) -> dict[str, set[str]]:
    """For each right backward equation all that depend on it, itself among them."""
    network: Network = key.what.right.network
    uses = {one.name: names_in(one.right_side) for one in network.equations}
    found = {}
    for name in uses:
        reached = {name}
        while more := {other for other, used in uses.items() if used & reached} - reached:
            reached |= more
        found[name] = reached
    return found


def changed_gradients(context: Context, mutant: GradientMutant) -> frozenset[str]:
    """The parameters whose gradients a mistake may change; the others it leaves right."""
    asked = frozenset(context.right.asked)
    if mutant.forward is not context.forward or mutant.reach is not None or mutant.chunk is not None:
        return asked
    right, readers = context.right.network.by_name, _readers(_Key(context))
    changed = _changed(right, mutant.backward)
    if not changed <= right.keys():
        return asked
    reached = set().union(*(readers[name] for name in changed))
    return frozenset(name for name in asked if f"d{name}" in reached)


def names_in(node: Node) -> set[str]:
    """All that a right side reads."""
    return {one.name for _, one in walk(node) if isinstance(one, Signal | Parameter | At)}
