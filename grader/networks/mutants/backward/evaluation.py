"""What mistakes in gradients give on an instance."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
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
from grader.networks.backward.names import ERROR, gradient_of
from grader.networks.backward.together import Passes, all_gradients, gradients_at, gradients_of
from grader.networks.equations.network import Equation, Network
from grader.networks.equations.order import order
from grader.networks.equations.simplifying import simplified
from grader.networks.equations.tree import Node, Product, Signal, Sum, reads_of
from grader.networks.identity import Identical
from grader.networks.mutants.backward.context import Context, WrongPasses, terms_of


class Evaluation:
    """The right passes of an instance, and those with mistakes.

    Args:
        context: The right passes.
        instance: What they are run on.
    """

    def __init__(self, context: Context, instance: GradientInstance) -> None:
        self.context, self.instance = context, instance
        self.passes = replace(context.right, forward=context.forward, network=context.backward)

    @functools.cached_property
    def forward(self) -> Arrays:
        """The values of the right forward pass."""
        return run(self.context.forward, self.instance.inputs, self.instance.parameters)

    @functools.cached_property
    def given(self) -> tuple[Arrays, Arrays]:
        """What a backward pass may read: signals, and what is the same at every step."""
        return backward_inputs(self.passes, self.instance, self.forward)

    @functools.cached_property
    def values(self) -> Arrays:
        """The values of the right backward pass."""
        network, (signals, fixed) = self.context.right.network, self.given
        return run(network, _some(signals, network.inputs), _some(fixed, network.parameters))

    @property
    def right(self) -> Arrays:
        """The right gradients."""
        return shaped(self.context.right, self.instance, self.values)

    def gradients(self, wrong: WrongPasses) -> Arrays | None:
        """The gradients that a mistake gives by its effect; None where it cannot be computed."""
        if wrong.is_truncated:
            return self._by_distance.gradients(wrong.reach, wrong.chunk)
        return gradients_of(self.passes, self.instance, Passes(wrong.forward, wrong.backward))

    def all_gradients(self, effects: Sequence[WrongPasses]) -> list[Arrays | None]:
        """The gradients that each of many mistakes gives, most of them in one run."""
        whole = [Passes(one.forward, one.backward) for one in effects if not one.is_truncated]
        found = iter(all_gradients(self.passes, self.instance, whole))
        return [self.gradients(one) if one.is_truncated else next(found) for one in effects]

    @functools.cached_property
    def _by_distance(self) -> _ByDistance:
        return _ByDistance(self, range(self.instance.n_steps))

    def cut_off(self, reach: int) -> Arrays:
        """The gradients where errors go back some steps only; quicker than among others where few are cut."""
        n_steps = self.instance.n_steps
        return _ByDistance(self, [t for t in range(n_steps) if max(t, n_steps - 1 - t) >= reach]).gradients(
            reach, None
        )


def _some(arrays: Arrays, names: Iterable[str]) -> Arrays:
    return {name: arrays[name] for name in names}


def wrong_gradients(
    context: Context, wrong: WrongPasses, instance: GradientInstance, values: Arrays
) -> Arrays:
    """The gradients that a mistake gives at values that are there already.

    Args:
        context: The right passes.
        wrong: The effect of the mistake.
        instance: What they are run on.
        values: Of the mistaken forward pass.
    """
    if wrong.is_truncated:
        found = Evaluation(context, instance).gradients(wrong)
        assert found is not None
        return found
    return gradients_at(context.right, instance, wrong.backward, values)


class _ByDistance:
    """Gradients at values, split by the step whose error they come from: (T, S * N, entries).

    Args:
        evaluation: Of the right passes.
        sources: S of the steps, from 0: what comes from the others is taken as it is.
    """

    def __init__(self, evaluation: Evaluation, sources: Sequence[int]) -> None:
        # Not the evaluation itself, which keeps this: in a reference cycle some MB each would stay for long.
        self.context, self.instance = context, instance = evaluation.context, evaluation.instance
        self.n_steps, self.n_seqs = instance.n_steps, instance.n_seqs
        self.parts = _parts(Identical(context))
        network, part = context.right.network, self.parts.back
        signals, fixed = evaluation.given
        self.known = known = {**evaluation.values, **signals, **fixed}
        self.sources = np.array(sources, int)
        at = np.eye(self.n_steps)[:, self.sources, None, None]
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
        self.kept: dict[bytes, Arrays] = {}

    def _spread(self, array: FloatArray) -> FloatArray:
        """(T, N, k) or (N, k) once for each step that an error may come from: (T, S * N, k)."""
        front, k = array.shape[:-2], array.shape[-1]
        wide = np.broadcast_to(array[..., None, :, :], (*front, len(self.sources), self.n_seqs, k))
        return wide.reshape(*front, len(self.sources) * self.n_seqs, k)

    def gradients(self, reach: int | None, chunk: int | None) -> Arrays:
        """The gradients where errors go back some steps only."""
        here, source = np.arange(self.n_steps)[:, None], self.sources
        keeps = np.ones((self.n_steps, len(source)), bool)
        if reach is not None:
            keeps &= np.abs(here - source) < reach
        if chunk is not None:
            keeps &= here // chunk == source // chunk
        return self._keeping(keeps)

    def _keeping(self, keeps: npt.NDArray[np.bool_]) -> Arrays:
        """The gradients where errors count at some steps alone: (T, S), by the step that they come from."""
        key = keeps.tobytes()
        if key not in self.kept:
            self.kept[key] = self._gradients(keeps)
        return self.kept[key]

    def _gradients(self, keeps: npt.NDArray[np.bool_]) -> Arrays:
        known = dict(self.known)
        for name in self.parts.values:
            split = self.found[name]
            by_source = split.reshape(self.n_steps, len(self.sources), self.n_seqs, split.shape[-1])
            if len(self.sources) < self.n_steps:
                known[name] = known[name] - (by_source * ~keeps[:, :, None, None]).sum(axis=1)
            else:
                known[name] = (by_source * keeps[:, :, None, None]).sum(axis=1)
        last = self.parts.last
        known[self.parts.source] = np.ones((self.n_steps, 1, 1))
        found = run(
            last, {name: known[name] for name in last.inputs}, {name: known[name] for name in last.parameters}
        )
        return shaped(self.context.right, self.instance, found)


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


@functools.lru_cache(maxsize=64)
def _parts(key: Identical[Context]) -> _Parts:
    context = key.one
    network = context.right.network
    totals = {gradient_of(name) for name in context.right.asked}
    steps = [one for one in network.equations if not one.is_static]
    errors = tuple(one.name for one in steps if one.name.startswith(ERROR))
    values = tuple(one.name for one in steps if one.name not in errors)
    once = {one.name: network.shapes[one.name] for one in network.equations if one.is_static}
    once = {name: shape for name, shape in once.items() if name not in totals}
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
    last = [one for one in network.equations if one.name in totals]
    return _Parts(errors, values, source, part(back, errors), part(last, errors + values))


def _entering(right: Node, steps: set[str], once: set[str], source: str) -> Node:
    """What comes from one value of a whole sequence enters at each step by itself."""
    terms = []
    for sign, term in terms_of(right):
        used = {one.name for one in reads_of(term)}
        enters = bool(used & once) and not used & steps
        terms.append((sign, Product((Signal(source), term)) if enters else term))
    return simplified(Sum(tuple(terms)))
