"""Which known mistake gives gradients that were worked out by hand."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from grader.answers.rounding import MARGIN, credit_of
from grader.kinds.gradient.by_hand import FactsByHand, right_by_hand
from grader.kinds.gradient.meanings import Counts, Factor, counts, of_all, of_one
from grader.kinds.gradient.one_by_one import Came, Cause, fewest, plain_causes, restricted
from grader.kinds.gradient.question import GradientParams, backward, instance_by_hand
from grader.model.outcome import Diagnosis, Finding
from grader.networks.backward.gradients import (
    Arrays,
    FloatArray,
    forget_functions,
    gradients_with_slips,
    sizes_of,
)
from grader.networks.layout import SEQUENCES, STEPS
from grader.networks.mutants.backward.catalogue import gradient_mutants, message_with_legend, with_kept_names
from grader.networks.mutants.backward.context import GradientMutant, context_of
from grader.networks.mutants.backward.evaluation import Evaluation
from grader.networks.mutants.handed_on import made_once

# Of answers with a slip in which no known mistake was made, this share may be named.
MOST_FALSELY_NAMED = 0.05
SLIPS = 300
LEAST_CHANGE, MOST_CHANGE = 10, 1.0
# Of several entries, whole factors below this are told.
MOST_TIMES = 11


def diagnose_by_hand(params: GradientParams, facts: FactsByHand) -> Finding:
    """The mistake that gives all the numbers, where enough of them are wrong."""
    numbers = facts.numbers
    if numbers is None or all(credit_of(one) == 1 for found in facts.slips.values() for one in found):
        return Finding()
    known = _known(params)
    if found := known.named(numbers):
        return Finding(diagnoses=tuple(known.told(one) for one in found))
    return Finding(diagnoses=known.one_by_one(numbers))


class _Known:
    """What every known mistake gives on the question's numbers, and how many must be wrong to name one."""

    def __init__(self, params: GradientParams) -> None:
        self.names, self.places = params.names, params.places
        self.context = context_of(backward(params))
        mutants = with_kept_names(gradient_mutants(self.context), self.context.network)
        evaluation = Evaluation(self.context, instance_by_hand(params))
        found = evaluation.all_gradients([one.effect for one in mutants])
        right = right_by_hand(params)
        self.shapes = [one.shape for one in right.values()]
        self.starts = np.cumsum([0, *(one.size for one in right.values())])[:-1].tolist()
        self.counts = _counts(params)
        self.right = self._row(right)
        rows = [(one, self._row(made)) for one, made in zip(mutants, found, strict=True) if made is not None]
        self.mutants = [one for one, row in rows if np.isfinite(row).all()]
        kept = [row for _, row in rows if np.isfinite(row).all()]
        self.table = np.array(kept).reshape(len(kept), len(self.right))
        self.stops = np.array([one.effect.is_truncated for one in self.mutants], dtype=bool)
        self.slipped = self._rounded(_slipped(params))
        self.least = self._least([row for row in self.slipped if self._fits(row).any()])

    def _row(self, gradients: Mapping[str, FloatArray]) -> FloatArray:
        return np.concatenate([np.asarray(gradients[name], dtype=np.float64).ravel() for name in self.names])

    def named(self, numbers: Mapping[str, FloatArray]) -> tuple[GradientMutant, ...]:
        """The one that gives these numbers; of alike ones that with a name of its own, or the first."""
        if set(numbers) != set(self.names):
            return ()
        row = self._row(numbers)
        if self._n_wrong(row) < self.least or self._may_be_guessed(row):
            return ()
        found = [self.mutants[i] for i in np.flatnonzero(self._fits(row))]
        kept = [one for one in found if one.has_kept_name]
        return tuple(kept[:1] or found[:1])

    def _may_be_guessed(self, row: FloatArray) -> bool:
        """Whether it is zero, or one number throughout: that takes no work."""
        return not row.any() or (len(row) > 1 and float(np.ptp(row)) <= 2 * self._tolerance)

    def _n_wrong(self, row: FloatArray) -> int:
        return int((np.abs(row - self.right) > self._tolerance).sum())

    @property
    def _tolerance(self) -> float:
        return 0.5 * 10.0**-self.places + float(MARGIN)

    def _fits(self, row: FloatArray) -> np.ndarray:
        return np.asarray((np.abs(self.table - row) <= self._tolerance).all(axis=1))

    def told(self, mutant: GradientMutant) -> Diagnosis:
        """Its id and message."""
        return Diagnosis(mutant.id, message_with_legend(mutant, self.context))

    def one_by_one(self, numbers: Mapping[str, FloatArray]) -> tuple[Diagnosis, ...]:
        """What explains each wrong gradient by itself; each further mistake needs an entry more."""
        if set(numbers) != set(self.names):
            return ()
        row = self._row(numbers)
        causes = () if self._may_be_guessed(row) else self._causes_of(row)
        if not causes:
            return ()
        # Numbers at random are never right; where some are, the others are no guess.
        is_any_right = sum(len(one.names) for one in causes) < len(self.names)
        more = len(causes) - (1 if is_any_right or len(causes) == 1 else 0)
        is_enough = self._n_wrong(row) >= self.least_one_by_one + more
        return tuple(one.diagnosis for one in causes) if is_enough else ()

    @functools.cached_property
    def least_one_by_one(self) -> int:
        """The least number of wrong entries with which mistakes are told one by one."""
        return self._least([row for row in self.slipped if self._fits(row).any() or self._causes_of(row)])

    def _causes_of(self, row: FloatArray) -> tuple[Cause, ...]:
        wrong = self._by_gradient(np.abs(row - self.right) <= self._tolerance)
        names = tuple(name for name, is_right in zip(self.names, wrong, strict=True) if not is_right)
        came = Came((self._shaped(row),), (self._shaped(self.right),), names, self._is_it(row))
        plain = plain_causes(came, functools.partial(self._factor, came))
        return fewest(came, [*self._scale(came), *plain, *self._causes(row)])

    def _is_it(self, row: FloatArray) -> Callable[[str, int, FloatArray], bool]:
        got = self._shaped(row)
        return lambda name, index, made: bool((np.abs(got[name] - made) <= self._tolerance).all())

    def _factor(self, came: Came, name: str) -> str | None:
        """What the factor of one gradient means."""
        known = list(of_one(self.counts))
        if came.right[0][name].size > 1:
            known += [Factor(k, f"{k} times as large as asked") for k in range(3, MOST_TIMES)]
        return self._meaning(came, (name,), known)

    def _scale(self, came: Came) -> Iterator[Cause]:
        """One factor for all."""
        meaning = self._meaning(came, self.names, of_all(self.counts))
        if meaning and len(self.names) > 1:
            text = f"All gradients are right but for one factor: {meaning}."
            yield Cause(Diagnosis("scale", text), frozenset(came.wrong))

    def _meaning(self, came: Came, names: Sequence[str], known: Sequence[Factor]) -> str | None:
        for factor, meaning in known:
            if all(came.fits(name, lambda right: factor * right[name]) for name in names):  # noqa: B023
                return meaning
        return None

    def _causes(self, row: FloatArray) -> Iterator[Cause]:
        """Known mistakes that give every gradient that they change; errors may stop in some alone."""
        gives, keeps = (
            self._by_gradient(np.abs(self.table - one) <= self._tolerance) for one in (row, self.right)
        )
        some = gives & ~keeps
        is_whole = np.asarray((gives | keeps).all(axis=1))
        for k in np.flatnonzero(some.any(axis=1) & (is_whole | self.stops)).tolist():
            names = list(itertools.compress(self.names, some[k]))
            told = self.told(self.mutants[k])
            yield Cause(told, frozenset(names)) if is_whole[k] else restricted(told, names)

    def _by_gradient(self, holds: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Whether something holds of all entries of each gradient: (..., entries) -> (..., gradients)."""
        return np.asarray(np.logical_and.reduceat(holds, self.starts, axis=-1))

    def _shaped(self, row: FloatArray) -> Arrays:
        ends = (*self.starts[1:], len(row))
        return {
            name: row[start:end].reshape(shape)
            for name, shape, start, end in zip(self.names, self.shapes, self.starts, ends, strict=True)
        }

    def _rounded(self, slipped: Sequence[Arrays]) -> list[FloatArray]:
        """The wrong ones among answers with a slip, as they are handed in."""
        rows = [np.round(self._row(one), self.places) for one in slipped]
        return [row for row in rows if np.isfinite(row).all() and self._n_wrong(row)]

    def _least(self, falsely: Sequence[FloatArray]) -> int:
        """The least number of wrong entries for which simulated slips are seldom named.

        Args:
            falsely: Those of the answers with a slip that are.
        """
        named = [self._n_wrong(row) for row in falsely]
        for least in range(1, len(self.right) + 1):
            if sum(one >= least for one in named) <= MOST_FALSELY_NAMED * max(1, len(self.slipped)):
                return least
        return len(self.right) + 1


@functools.lru_cache(maxsize=16)
def _known(params: GradientParams) -> _Known:
    known = made_once("gradients by hand", params, lambda: _Known(params))
    forget_functions()
    return known


def _counts(params: GradientParams) -> Counts:
    one, instance = backward(params), instance_by_hand(params)
    sizes = {**sizes_of(one.forward, instance), STEPS: instance.n_steps, SEQUENCES: 1}
    return counts(one.forward, one.loss, sizes)


def _slipped(params: GradientParams) -> list[Arrays]:
    """Gradients with one value changed at one step, on the way there or back, and carried on rightly."""
    right, instance = backward(params), instance_by_hand(params)
    passes = (right.forward, right.network)
    names = [one.name for each in passes for one in each.equations if not one.is_static]
    slips = {name: np.zeros((instance.n_steps, SLIPS)) for name in names}
    rng = np.random.default_rng(params.places)
    for k in range(SLIPS):
        size = rng.uniform(LEAST_CHANGE * 10.0**-params.places, MOST_CHANGE) * rng.choice((-1, 1))
        step, name = rng.integers(instance.n_steps), names[rng.integers(len(names))]
        slips[name][step, k] = size
    found = gradients_with_slips(right, instance, slips)
    return [{name: rows[k] for name, rows in found.items()} for k in range(SLIPS)]
