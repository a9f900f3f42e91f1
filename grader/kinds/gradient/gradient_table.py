"""What known mistakes give on an instance, a row each: worked out for those that could give what came."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from grader.networks.backward.gradients import Arrays, FloatArray
from grader.networks.backward.names import gradient_of
from grader.networks.identity import Identical
from grader.networks.mutants.backward.context import Context, GradientMutant, WrongPasses
from grader.networks.mutants.backward.evaluation import Evaluation


class GradientTable:
    """The gradients that mistakes give on an instance.

    Args:
        mutants: The mistakes.
        evaluation: The right passes on the instance.
        names: The parameters whose gradients are asked.
    """

    def __init__(
        self, mutants: Sequence[GradientMutant], evaluation: Evaluation, names: Sequence[str]
    ) -> None:
        self.mutants, self.evaluation, self.names = mutants, evaluation, names
        size = flat(_asked(evaluation.right, names)).size
        self._rows = np.full((len(mutants), size), np.nan)
        self._is_made = np.zeros(len(mutants), bool)
        self._is_asked_again = False
        effects = [affected(evaluation.context, one.effect) for one in mutants]
        changes = [name in one for one in effects for name in names]
        self._changes = np.array(changes, bool).reshape(len(mutants), len(names))

    def rows(self, chosen: Sequence[int] | None = None) -> FloatArray:
        """All asked gradients in a row for each of these mistakes; NaN where they cannot be computed.

        Args:
            chosen: Numbers of mistakes; left out, all.
        """
        wanted = np.arange(len(self.mutants)) if chosen is None else np.array(chosen, int)
        missing = wanted[~self._is_made[wanted]]
        if missing.size:
            # Who asks for more than once marks a class, of which others will need the rest.
            self._make(np.flatnonzero(~self._is_made) if self._is_asked_again else missing)
            self._is_asked_again = True
        return np.asarray(self._rows[wanted])

    def _make(self, numbers: npt.NDArray[np.int_]) -> None:
        found = self.evaluation.all_gradients([self.mutants[k].effect for k in numbers])
        for k, one in zip(numbers, found, strict=True):
            if one is not None:
                self._rows[k] = flat(_asked(one, self.names))
        self._is_made[numbers] = True

    def possible(self, got: Arrays, right: Arrays, tolerance: float, least: float) -> list[int]:
        """Numbers of the mistakes that may give what came, up to one factor.

        All that a mistake leaves as it is must have come right up to that factor.

        Args:
            got: What came.
            right: The right gradients.
            tolerance: Largest error of a gradient over its largest entry.
            least: Taken for the largest entry where that is smaller, times that of all if more than 1.
        """
        least *= max(1.0, *(float(np.abs(one).max()) for one in got.values()))
        bounds = [_factors(got[name], right[name], tolerance, least) for name in self.names]
        lowest, highest = np.array(bounds).T
        lowest = np.where(self._changes, -np.inf, lowest).max(axis=1)
        highest = np.where(self._changes, np.inf, highest).min(axis=1)
        return np.flatnonzero(lowest <= highest).tolist()


def _factors(came: FloatArray, right: FloatArray, tolerance: float, least: float) -> tuple[float, float]:
    """The lowest and the highest factor by which a right gradient may have come; if none, in turned order."""
    # The largest entry of what is scaled may be that of what came and as much more as the tolerance.
    margin = 1.5 * tolerance * (float(np.abs(came).max()) + least)
    with np.errstate(all="ignore"):
        one, other = (came - margin) / right, (came + margin) / right
    # What is divided by zero is bounded by nothing, or is beyond every bound.
    lower, higher = np.minimum(one, other), np.maximum(one, other)
    return float(lower.max()), float(higher.min())


def _asked(gradients: Arrays, names: Sequence[str]) -> Arrays:
    return {name: gradients[name] for name in names}


def flat(gradients: Arrays) -> FloatArray:
    """All entries in a row."""
    return np.concatenate([array.ravel() for array in gradients.values()])


def affected(context: Context, wrong: WrongPasses) -> frozenset[str]:
    """The parameters whose gradients may be other than the right ones.

    Args:
        context: The right passes.
        wrong: The effect of a mistake.
    """
    right = context.backward.equations
    is_comparable = wrong.forward is context.forward and len(wrong.backward.equations) == len(right)
    if not is_comparable or wrong.is_truncated:
        return frozenset(context.right.asked)
    pairs = zip(right, wrong.backward.equations, strict=True)
    return _from(context, (own.name for own, other in pairs if own is not other))


def _from(context: Context, names: Iterable[str]) -> frozenset[str]:
    reached = _reached(Identical(context))
    return frozenset[str]().union(*map(reached.__getitem__, names))


@functools.lru_cache(maxsize=64)
def _reached(key: Identical[Context]) -> dict[str, frozenset[str]]:
    """From each backward equation to the parameters whose gradients follow from it."""
    context = key.one
    readers: dict[str, set[str]] = {name: set() for name in context.own}
    for equation in context.own.values():
        for read in equation.reads:
            if read.name in readers:
                readers[read.name].add(equation.name)
    gradients = {gradient_of(name): name for name in context.right.asked}
    found = {}
    for name in readers:
        seen, left = {name}, [name]
        while left:
            new = readers[left.pop()] - seen
            seen |= new
            left += new
        found[name] = frozenset(gradients[one] for one in seen if one in gradients)
    return found
