"""Which known mistake gives gradients that were worked out by hand."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import numpy as np

from grader.answers.rounding import MARGIN, credit_of
from grader.kinds.gradient.by_hand import FactsByHand, right_by_hand
from grader.kinds.gradient.question import GradientParams, backward, instance_by_hand
from grader.model.outcome import Diagnosis, Finding
from grader.networks.backward.gradients import Arrays, FloatArray, forget_functions
from grader.networks.backward.together import Further, Passes, all_gradients
from grader.networks.equations.network import Network
from grader.networks.equations.tree import Node, Parameter, Product, Signal, Sum
from grader.networks.mutants.backward.catalogue import gradient_mutants, told_message
from grader.networks.mutants.backward.context import GradientMutant, context_of
from grader.networks.mutants.backward.evaluation import Evaluation
from grader.networks.mutants.backward.known import with_kept_names

# Of answers with a slip in which no known mistake was made, this share may be named.
MOST_FALSELY_NAMED = 0.05
SLIPS = 300
LEAST_CHANGE, MOST_CHANGE = 10, 1.0


def diagnose_by_hand(params: GradientParams, facts: FactsByHand) -> Finding:
    """The mistake that gives all the numbers, where enough of them are wrong."""
    numbers = facts.numbers
    if numbers is None or all(credit_of(one) == 1 for found in facts.slips.values() for one in found):
        return Finding()
    known = _known(params)
    found = known.named(numbers)
    return Finding(diagnoses=tuple(Diagnosis(one.id, told_message(one, known.context)) for one in found))


class _Known:
    """What every known mistake gives on the question's numbers, and how many must be wrong to name one."""

    def __init__(self, params: GradientParams) -> None:
        self.names, self.places = params.names, params.places
        self.context = context_of(backward(params))
        mutants = with_kept_names(gradient_mutants(self.context), self.context.network)
        found = Evaluation(self.context, instance_by_hand(params)).all_gradients(mutants)
        self.right = self._row(right_by_hand(params))
        rows = [(one, self._row(made)) for one, made in zip(mutants, found, strict=True) if made is not None]
        self.mutants = [one for one, row in rows if np.isfinite(row).all()]
        kept = [row for _, row in rows if np.isfinite(row).all()]
        self.table = np.array(kept).reshape(len(kept), len(self.right))
        self.least = self._least(_slipped(params))

    def _row(self, gradients: Mapping[str, FloatArray]) -> FloatArray:
        return np.concatenate([np.asarray(gradients[name], dtype=np.float64).ravel() for name in self.names])

    def named(self, numbers: Mapping[str, FloatArray]) -> tuple[GradientMutant, ...]:
        """The one that gives these numbers; of alike ones that with a name of its own, or the first."""
        if set(numbers) != set(self.names):
            return ()
        row = self._row(numbers)
        if self._n_wrong(row) < self.least:
            return ()
        found = [self.mutants[i] for i in np.flatnonzero(self._fits(row))]
        kept = [one for one in found if one.has_kept_name]
        return tuple(kept[:1] or found[:1])

    def _n_wrong(self, row: FloatArray) -> int:
        return int((np.abs(row - self.right) > self._tolerance).sum())

    @property
    def _tolerance(self) -> float:
        return 0.5 * 10.0**-self.places + float(MARGIN)

    def _fits(self, row: FloatArray) -> np.ndarray:
        return np.asarray((np.abs(self.table - row) <= self._tolerance).all(axis=1))

    def _least(self, slipped: list[Arrays]) -> int:
        """The least number of wrong entries for which simulated slips are seldom named."""
        rows = [np.round(self._row(one), self.places) for one in slipped]
        rows = [row for row in rows if np.isfinite(row).all() and self._n_wrong(row)]
        named = [self._n_wrong(row) for row in rows if self._fits(row).any()]
        for least in range(1, len(self.right) + 1):
            if sum(one >= least for one in named) <= MOST_FALSELY_NAMED * max(1, len(rows)):
                return least
        return len(self.right) + 1


@functools.lru_cache(maxsize=16)
def _known(params: GradientParams) -> _Known:
    known = _Known(params)
    forget_functions()
    return known


def _slipped(params: GradientParams) -> list[Arrays]:
    """Gradients with one value changed at one step, on the way there or back, and carried on rightly."""
    right, instance = backward(params), instance_by_hand(params)
    passes = Passes(right.forward, right.network)
    names = [one.name for each in passes for one in each.equations if not one.is_static]
    at = {f"slip_at_{t + 1}": step[:, None, None] for t, step in enumerate(np.eye(instance.n_steps))}
    rng = np.random.default_rng(params.places)
    sizes: dict[str, FloatArray] = {}
    slipped = []
    for _ in range(SLIPS):
        size = rng.uniform(LEAST_CHANGE * 10.0**-params.places, MOST_CHANGE) * rng.choice((-1, 1))
        step, name = list(at)[rng.integers(instance.n_steps)], names[rng.integers(len(names))]
        number = f"slip_{len(sizes) + 1}"
        sizes[number] = np.array(size)
        change = Product((Parameter(number), Signal(step)))
        slipped.append(Passes(*(_with_slip(each, name, change) for each in passes)))
    found = all_gradients(right, instance, slipped, Further(at, sizes))
    return [one for one in found if one is not None]


def _with_slip(network: Network, name: str, change: Node) -> Network:
    """The network with something added to one value."""
    if name not in network.by_name:
        return network
    return network.with_equation(name, Sum(((1, network.by_name[name].right_side), (1, change))))
