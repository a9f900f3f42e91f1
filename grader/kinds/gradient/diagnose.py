"""Which known mistake, and which factor, explains wrong gradients, and the smallest call that shows it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from msgspec import UNSET

from grader.answers.arrays import as_lists
from grader.kinds.gradient.by_hand import FactsByHand
from grader.kinds.gradient.explaining_by_hand import diagnose_by_hand
from grader.kinds.gradient.judge import (
    LEAST,
    NEARLY_SHARE,
    GradientAttempt,
    GradientEvidence,
    GradientFacts,
    block_errors,
    is_right,
    relative_error,
    right_names,
)
from grader.kinds.gradient.meanings import Counts, Factor, counts, of_all, of_one
from grader.kinds.gradient.question import GradientParams, arguments_of, backward, laid_out, trials
from grader.kinds.gradient.trials import LONG_TOLERANCE
from grader.model.outcome import Diagnosis, Finding
from grader.networks.backward.gradients import Arrays, FloatArray
from grader.networks.mutants.backward.catalogue import gradient_mutants, told_message
from grader.networks.mutants.backward.context import GradientMutant, context_of
from grader.networks.mutants.backward.evaluation import Evaluation
from grader.networks.mutants.backward.known import with_kept_names
from grader.training.calls import WrongCall

# Right in every direction, only not in size; with Adam it would even train.
FACTOR_SHARE = Fraction(3, 4)
SIGN_SHARE = Fraction(1, 2)


def diagnose(params: GradientParams, facts: GradientFacts | FactsByHand) -> Finding:
    """The mistakes that give all the gradients, the credit for a mere factor, and a counterexample."""
    if isinstance(facts, FactsByHand):
        return diagnose_by_hand(params, facts)
    wrong = next((one for one in facts.attempts if not one.is_right), None)
    shown = UNSET if wrong is None else _counterexample(params, wrong)
    fraction, diagnoses = _explanation(params, facts)
    evidence = (GradientEvidence(counterexample=shown),)
    return Finding(diagnoses=diagnoses, fraction=fraction, evidence=evidence)


def _explanation(
    params: GradientParams, facts: GradientFacts
) -> tuple[Fraction | None, tuple[Diagnosis, ...]]:
    """The share that a mere factor or clipping earns (None if neither explains), and the diagnoses."""
    general = facts.general
    if all(one.is_right for one in general):
        return None, _clipped(facts.attempts)
    known = known_gradients(params)
    got = [one.got for one in general if one.got is not None]
    if found := known.explain(got):
        fraction = None
        if any(one.mistake is None for one in found):
            fraction = SIGN_SHARE if found[0].factor < 0 else FACTOR_SHARE
        return fraction, tuple(_diagnosis(one, known) for one in found)
    if causes := _clipped(general):
        return NEARLY_SHARE if all(one.is_right for one in general[:-1]) else None, causes
    if scaled := known.scaled_gradients(got):
        text = "; ".join(f"that of {name} is {meaning}" for name, meaning in scaled)
        return None, (Diagnosis("one-gradient-scaled", f"The gradients are right but for a factor: {text}."),)
    return None, ()


class GradientMatch(NamedTuple):
    """A mistake that gives the gradients, and the factor that is wrong besides.

    Args:
        mistake: None if the factor is all.
        factor: What the gradients are multiplied by.
        meaning: What the factor means; empty for 1.
    """

    mistake: GradientMutant | None
    factor: float
    meaning: str


class KnownGradients:
    """What the right way and every known mistake give on the general instances of a question.

    Args:
        params: The question.
    """

    def __init__(self, params: GradientParams) -> None:
        self.params = params
        self.context = context_of(backward(params))
        self.mutants = with_kept_names(gradient_mutants(self.context), self.context.network)
        self.trials = [trial for trial in trials(params) if trial.is_general]
        self.evaluations = [Evaluation(self.context, trial.instance) for trial in self.trials]
        self.made: dict[tuple[str, int], Arrays | None] = {}

    def gradients(self, mutant: GradientMutant, index: int) -> Arrays | None:
        """What a mistake gives on one of the instances; None where it cannot be computed."""
        key = (mutant.id, index)
        if key not in self.made:
            self.made[key] = self._asked(self.evaluations[index].gradients(mutant))
        return self.made[key]

    @functools.cached_property
    def on_the_first(self) -> FloatArray:
        """What each mistake gives on the first instance, a row each; NaN where it cannot be computed."""
        right = flat(self.right(0))
        rows = np.full((len(self.mutants), len(right)), np.nan)
        for row, found in zip(rows, self.evaluations[0].all_gradients(self.mutants), strict=True):
            if (made := self._asked(found)) is not None:
                row[:] = flat(made)
        return rows

    def _asked(self, found: Arrays | None) -> Arrays | None:
        return None if found is None else {name: found[name] for name in self.params.names}

    def right(self, index: int) -> Arrays:
        """The right gradients."""
        return self.trials[index].right

    def explain(self, got: Sequence[Arrays]) -> tuple[GradientMatch, ...]:
        """The known mistakes that give these gradients on all general instances, up to one factor.

        Of those that are alike in every number the one is told that has a name of its own, or comes first.

        Args:
            got: One result for each general instance, the long one last.
        """
        factor = self._fit_all(got, [self.right(index) for index in range(len(got))])
        if factor is not None:
            return (GradientMatch(None, *factor),)
        found = [match for one in self._near(got[0]) if (match := self._match(one, got)) is not None]
        kept = [one for one in found if one.mistake is not None and one.mistake.has_kept_name]
        return tuple(kept or found[:1])

    def _near(self, got: Arrays) -> list[GradientMutant]:
        """The few mistakes that give what came on the first instance, up to one factor each."""
        came, made = flat(got), self.on_the_first
        with np.errstate(all="ignore"):
            scaled = made * ((made @ came) / (made * made).sum(axis=1))[:, None]
            errors, largest = np.abs(came - scaled), np.abs(scaled)
            least = LEAST * np.maximum(1.0, largest.max(axis=1))
            starts = np.cumsum([0, *(array.size for array in got.values())])[:-1]
            worst, sizes = (np.maximum.reduceat(array, starts, axis=1) for array in (errors, largest))
            near = worst <= 2 * self.trials[0].tolerance * np.maximum(sizes, least[:, None])
        return [self.mutants[k] for k in np.flatnonzero(near.all(axis=1))]

    def _match(self, mutant: GradientMutant, got: Sequence[Arrays]) -> GradientMatch | None:
        made = (self.gradients(mutant, index) for index in range(len(got)))
        fit = self._fit_all(got, made)
        return None if fit is None else GradientMatch(mutant, *fit)

    def _fit_all(self, got: Sequence[Arrays], made: Iterable[Arrays | None]) -> tuple[float, str] | None:
        """The factor of the first instance and what it means on all of them; None where it is not one."""
        first: tuple[float, str] | None = None
        is_meant, is_one = True, True
        for index, (one, other) in enumerate(zip(got, made, strict=True)):
            fit = None if other is None else self._fit(one, other, index)
            if fit is None:
                return None
            first = first or fit
            is_meant = is_meant and fit[1] == first[1]
            is_one = is_one and abs(fit[0] / first[0] - 1) <= self.trials[index].tolerance
            if not (is_meant or is_one):
                return None
        # One number may happen to be the factor of some slip at the sizes of one instance.
        return first if first is None or is_meant else (first[0], _times(first[0]))

    def _fit(self, got: Arrays, made: Arrays, index: int) -> tuple[float, str] | None:
        """The factor k for which all gradients are k times those made, and what it means; or None."""
        tolerance = self.trials[index].tolerance
        factor = _factor(flat(got), flat(made))
        if factor is None:
            return None
        scaled = {name: factor * array for name, array in made.items()}
        if not is_right(block_errors(got, scaled).values(), tolerance):
            return None
        meaning = _meaning(factor, of_all(self.counts(index)), tolerance)
        return factor, _times(factor) if meaning is None else meaning

    def counts(self, index: int) -> Counts:
        """What the loss runs over on an instance."""
        return counts(self.context.network, self.context.loss, self.trials[index].sizes)

    def scaled_gradients(self, got: Sequence[Arrays]) -> tuple[tuple[str, str], ...]:
        """The gradients that have a factor of their own where all others are right: names, and what it means.

        Args:
            got: One result for each general instance, the long one last.
        """
        found = []
        for name in self.params.names:
            meanings = {
                self._meaning_of_one(one[name], self.right(index)[name], index)
                for index, one in enumerate(got)
            }
            if len(meanings) != 1 or None in meanings:
                return ()
            found.append((name, meanings.pop() or ""))
        return tuple(one for one in found if one[1])

    def _meaning_of_one(self, got: FloatArray, right: FloatArray, index: int) -> str | None:
        """What the factor of one gradient means; empty for 1, None without a factor."""
        tolerance = self.trials[index].tolerance
        factor = _factor(got.ravel(), right.ravel())
        if factor is None or not relative_error(got, factor * right) <= tolerance:
            return None
        meaning = _meaning(factor, of_one(self.counts(index)), tolerance)
        return f"{factor:.2g} times as large as asked" if meaning is None else meaning


def known_gradients(params: GradientParams) -> KnownGradients:
    """All known mistakes of a question, kept from answer to answer."""
    return _known_gradients(params, params.instance_seed)


@functools.lru_cache(maxsize=16)
def _known_gradients(params: GradientParams, seed: int) -> KnownGradients:
    return KnownGradients(params)


def _diagnosis(one: GradientMatch, known: KnownGradients) -> Diagnosis:
    if one.mistake is None:
        return Diagnosis("scale", f"All gradients are right but for one factor: {one.meaning}.")
    also = f" Besides, {one.meaning}." if one.meaning else ""
    return Diagnosis(one.mistake.id, told_message(one.mistake, known.context) + also)


def _factor(got: FloatArray, made: FloatArray) -> float | None:
    with np.errstate(all="ignore"):
        factor = float(got @ made / (made @ made))
    return factor if np.isfinite(factor) and abs(factor) >= 1e-6 else None


def _times(factor: float) -> str:
    return f"they are {factor:.2g} times as large as asked"


def _meaning(factor: float, known: Sequence[Factor], tolerance: float) -> str | None:
    """What a known factor means; empty for 1, None for a factor that is not known."""
    return next((meaning for value, meaning in known if abs(factor / value - 1) <= tolerance), None)


def _clipped(attempts: Sequence[GradientAttempt]) -> tuple[Diagnosis, ...]:
    """The diagnosis "clipped", where clipping the right gradients gives all that came."""
    pairs = [(one.got, one.trial.right) for one in attempts if one.got is not None]
    if all(one.is_right for one in attempts if one.got is not None):
        return ()
    how = clipping([got for got, _ in pairs], [right for _, right in pairs])
    return () if how is None else (Diagnosis("clipped", f"Large gradients are clipped: {how}."),)


def clipping(got: Sequence[Arrays], right: Sequence[Arrays]) -> str | None:
    """How the gradients were clipped, "every entry is cut off at 10"; None if they were not.

    Args:
        got: What a function returned, on any inputs.
        right: The gradients.
    """
    pairs = [(flat(one), flat(other)) for one, other in zip(got, right, strict=True)]
    if not all(np.isfinite(one).all() for one, _ in pairs):
        return None
    most = max(float(np.abs(one).max()) for one, _ in pairs)
    if not most:
        return None
    if all(_alike(one, np.clip(other, -most, most)) for one, other in pairs):
        return f"every entry is cut off at {most:.3g}"
    blocks = [(one[name], other[name]) for one, other in zip(got, right, strict=True) for name in other]
    for what, parts in (("all gradients together are", pairs), ("each gradient is", blocks)):
        longest = max(float(np.linalg.norm(one)) for one, _ in parts)
        if all(_alike(one, _shortened(other, longest)) for one, other in parts):
            return f"{what} scaled down to a length of {longest:.3g}"
    return None


def flat(gradients: Arrays) -> FloatArray:
    """All entries in a row."""
    return np.concatenate([array.ravel() for array in gradients.values()])


def _shortened(array: FloatArray, longest: float) -> FloatArray:
    length = float(np.linalg.norm(array))
    return array if length <= longest else array * (longest / length)


def _alike(got: FloatArray, made: FloatArray) -> bool:
    return bool(np.abs(got - made).max() <= LONG_TOLERANCE * np.abs(made).max())


def _counterexample(params: GradientParams, wrong: GradientAttempt) -> WrongCall:
    def lists(arrays: dict[str, FloatArray]) -> dict[str, object]:
        return {name: as_lists(array) for name, array in arrays.items()}

    def told(arrays: Arrays) -> dict[str, object]:
        return lists({name: laid_out(params, trial, name, array) for name, array in arrays.items()})

    trial, got = wrong.trial, wrong.got
    right = right_names([wrong])
    return WrongCall(
        inputs=lists(arguments_of(params, trial)),
        sizes=dict(trial.sizes),
        expected=told(trial.right),
        got=None if got is None else told(got),
        what=UNSET if wrong.failure is None else wrong.failure.message,
        keys_right=UNSET if got is None else {name: name in right for name in params.names},
        first_wrong_key=UNSET if got is None else next(name for name in params.names if name not in right),
    )
