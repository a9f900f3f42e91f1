"""Which known mistake, and which factor, explains wrong gradients, and the smallest call that shows it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from msgspec import UNSET

from grader.answers.arrays import as_lists
from grader.kinds.gradient.judge import (
    NEARLY_SHARE,
    GradientAttempt,
    GradientEvidence,
    GradientFacts,
    block_errors,
    is_right,
    relative_error,
    right_names,
)
from grader.kinds.gradient.question import (
    LONG,
    LONG_TOLERANCE,
    TOLERANCE,
    GradientParams,
    ProbeSizes,
    general_probes,
)
from grader.model.mistake import Mistake
from grader.model.outcome import Diagnosis, Finding
from grader.training.backprop import RIGHT, Backprop, one_scale_meanings, scale_meanings
from grader.training.calls import WrongCall
from grader.training.gradient_mistakes import GRADIENT_MISTAKES
from grader.training.networks import NAMES
from grader.training.task import FloatArray
from reference.bptt import Parameters

# Right in every direction, only not in size; with Adam it would even train.
FACTOR_SHARE = Fraction(3, 4)
SIGN_SHARE = Fraction(1, 2)


def diagnose(params: GradientParams, facts: GradientFacts) -> Finding:
    """The mistakes that give all the gradients, the credit for a mere factor, and a counterexample."""
    wrong = next((one for one in facts.attempts if not one.is_right), None)
    shown = UNSET if wrong is None else _counterexample(wrong)
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
    sizes, seed = params.sizes, params.instance_seed
    got = [one.got for one in general if one.got is not None]
    if found := explain(got, sizes, seed):
        fraction = None
        if any(one.mistake is None for one in found):
            fraction = SIGN_SHARE if found[0].factor < 0 else FACTOR_SHARE
        return fraction, tuple(map(_diagnosis, found))
    if causes := _clipped(general):
        return NEARLY_SHARE if all(one.is_right for one in general[: len(sizes)]) else None, causes
    if scaled := scaled_gradients(got, sizes, seed):
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

    mistake: Mistake[Backprop] | None
    factor: float
    meaning: str


def _diagnosis(one: GradientMatch) -> Diagnosis:
    if one.mistake is None:
        return Diagnosis("scale", f"All gradients are right but for one factor: {one.meaning}.")
    also = f" Besides, {one.meaning}." if one.meaning else ""
    return Diagnosis(one.mistake.id, one.mistake.message + also)


@functools.lru_cache(maxsize=16)
def known_gradients(
    sizes: tuple[ProbeSizes, ...], seed: int
) -> tuple[tuple[Mistake[Backprop] | None, tuple[Parameters, ...]], ...]:
    """What no mistake and every known mistake gives on each general probe, the long one last."""
    ways = [(None, RIGHT), *((mistake, mistake.effect) for mistake in GRADIENT_MISTAKES)]
    probes = general_probes(sizes, seed)
    return tuple((mistake, tuple(way.gradients(*probe) for probe in probes)) for mistake, way in ways)


def explain(got: Sequence[Parameters], sizes: tuple[ProbeSizes, ...], seed: int) -> tuple[GradientMatch, ...]:
    """Every known mistake that gives these gradients on all general probes, up to one factor.

    Args:
        got: One result for each general probe, the long one last.
        sizes: Of the exercise's probes.
        seed: Of the probes.
    """
    found = []
    for mistake, made in known_gradients(sizes, seed):
        fits = [_fit(*one) for one in zip(got, made, _with_long(sizes), strict=True)]
        meanings = {None if one is None else one[1] for one in fits}
        if len(meanings) == 1 and fits[0] is not None:
            found.append(GradientMatch(mistake, *fits[0]))
    return tuple(found)


def scaled_gradients(
    got: Sequence[Parameters], sizes: tuple[ProbeSizes, ...], seed: int
) -> tuple[tuple[str, str], ...]:
    """The gradients that have a factor of their own where all others are right: names, and what it means.

    Args:
        got: One result for each general probe, the long one last.
        sizes: Of the exercise's probes.
        seed: Of the probes.
    """
    found = []
    for name, *blocks in zip(NAMES, *got, strict=True):
        right = (getattr(one, name) for one in known_gradients(sizes, seed)[0][1])
        trios = zip(blocks, right, _with_long(sizes), strict=True)
        meanings = {_meaning_of_one(*trio) for trio in trios}
        if len(meanings) != 1 or None in meanings:
            return ()
        found.append((name, meanings.pop() or ""))
    return tuple(one for one in found if one[1])


def _with_long(sizes: tuple[ProbeSizes, ...]) -> tuple[tuple[ProbeSizes, float], ...]:
    return (*((one, TOLERANCE) for one in sizes), (LONG, LONG_TOLERANCE))


def _fit(got: Parameters, made: Parameters, tried: tuple[ProbeSizes, float]) -> tuple[float, str] | None:
    """The factor k for which all gradients are k times those made, and what it means; None if none does."""
    sizes, tolerance = tried
    factor = _factor(flat(got), flat(made))
    if factor is None:
        return None
    scaled = Parameters(*(factor * array for array in made))
    if not is_right(block_errors(got, scaled), tolerance):
        return None
    known = scale_meanings(sizes.n_seqs, sizes.n_steps, sizes.n_out)
    meaning = _meaning(factor, known, tolerance)
    return factor, f"they are {factor:.2g} times as large as asked" if meaning is None else meaning


def _meaning_of_one(got: FloatArray, right: FloatArray, tried: tuple[ProbeSizes, float]) -> str | None:
    """What the factor of one gradient means; empty for 1, None without a factor."""
    sizes, tolerance = tried
    factor = _factor(got.ravel(), right.ravel())
    if factor is None or not relative_error(got, factor * right) <= tolerance:
        return None
    meaning = _meaning(factor, one_scale_meanings(sizes.n_seqs, sizes.n_steps, sizes.n_out), tolerance)
    return f"{factor:.2g} times as large as asked" if meaning is None else meaning


def _factor(got: FloatArray, made: FloatArray) -> float | None:
    with np.errstate(all="ignore"):
        factor = float(got @ made / (made @ made))
    return factor if np.isfinite(factor) and abs(factor) >= 1e-6 else None


def _meaning(factor: float, known: tuple[tuple[float, str], ...], tolerance: float) -> str | None:
    """What a known factor means; empty for 1, None for a factor that is not known."""
    return next((meaning for value, meaning in known if abs(factor / value - 1) <= tolerance), None)


def _clipped(attempts: Sequence[GradientAttempt]) -> tuple[Diagnosis, ...]:
    """The diagnosis "clipped", where clipping the right gradients gives all that came."""
    pairs = [(one.got, one.trial.right) for one in attempts if one.got is not None]
    if all(one.is_right for one in attempts if one.got is not None):
        return ()
    how = clipping([got for got, _ in pairs], [right for _, right in pairs])
    return () if how is None else (Diagnosis("clipped", f"Large gradients are clipped: {how}."),)


def clipping(got: Sequence[Parameters], right: Sequence[Parameters]) -> str | None:
    """How the gradients were clipped, "every entry is cut off at 10"; None if they were not.

    Args:
        got: What a function returned, on any inputs.
        right: The gradients.
    """
    pairs = [(flat(one), flat(other)) for one, other in zip(got, right, strict=True)]
    if not all(np.isfinite(one).all() for one, _ in pairs):
        return None
    most = max(float(np.abs(one).max()) for one, _ in pairs)
    if all(_alike(one, np.clip(other, -most, most)) for one, other in pairs):
        return f"every entry is cut off at {most:.3g}"
    blocks = [pair for one, other in zip(got, right, strict=True) for pair in zip(one, other, strict=True)]
    for what, parts in (("all gradients together are", pairs), ("each gradient is", blocks)):
        longest = max(float(np.linalg.norm(one)) for one, _ in parts)
        if all(_alike(one, _shortened(other, longest)) for one, other in parts):
            return f"{what} scaled down to a length of {longest:.3g}"
    return None


def flat(params: Parameters) -> FloatArray:
    """All entries in a row."""
    return np.concatenate([array.ravel() for array in params])


def _shortened(array: FloatArray, longest: float) -> FloatArray:
    length = float(np.linalg.norm(array))
    return array if length <= longest else array * (longest / length)


def _alike(got: FloatArray, made: FloatArray) -> bool:
    return bool(np.abs(got - made).max() <= LONG_TOLERANCE * np.abs(made).max())


def _counterexample(wrong: GradientAttempt) -> WrongCall:
    def lists(arrays: dict[str, FloatArray]) -> dict[str, object]:
        return {name: as_lists(array) for name, array in arrays.items()}

    trial, got = wrong.trial, wrong.got
    right = right_names([wrong])
    return WrongCall(
        inputs=lists({"x": trial.probe.x, "y": trial.probe.wanted, **trial.probe.params._asdict()}),
        sizes=trial.sizes,
        expected=lists(trial.right._asdict()),
        got=None if got is None else lists(got._asdict()),
        what=UNSET if wrong.failure is None else wrong.failure.message,
        keys_right=UNSET if got is None else {name: name in right for name in NAMES},
        first_wrong_key=UNSET if got is None else next(name for name in NAMES if name not in right),
    )
