"""Which known mistake, and which factor, explains wrong gradients, and the smallest call that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from msgspec import UNSET

from grader.answers.arrays import as_lists
from grader.kinds.gradient.by_hand import FactsByHand
from grader.kinds.gradient.explaining_by_hand import diagnose_by_hand
from grader.kinds.gradient.gradient_table import flat
from grader.kinds.gradient.judge import (
    NEARLY_SHARE,
    GradientAttempt,
    GradientEvidence,
    GradientFacts,
    right_names,
)
from grader.kinds.gradient.known_gradients import GradientMatch, KnownGradients, known_gradients
from grader.kinds.gradient.question import GradientParams, arguments_of, laid_out
from grader.kinds.gradient.trials import LONG_TOLERANCE
from grader.model.outcome import Diagnosis, Finding
from grader.networks.backward.gradients import Arrays, FloatArray
from grader.networks.mutants.backward.catalogue import message_with_legend
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
        if found[0].mistake is None:
            fraction = SIGN_SHARE if found[0].factor < 0 else FACTOR_SHARE
        return fraction, tuple(_diagnosis(one, known) for one in found)
    if causes := _clipped(general):
        return NEARLY_SHARE if all(one.is_right for one in general[:-1]) else None, causes
    return None, known.one_by_one(got)


def _diagnosis(one: GradientMatch, known: KnownGradients) -> Diagnosis:
    if one.mistake is None:
        return Diagnosis("scale", f"All gradients are right but for one factor: {one.meaning}.")
    also = f" Besides, {one.meaning}." if one.meaning else ""
    return Diagnosis(one.mistake.id, message_with_legend(one.mistake, known.context) + also)


def _clipped(attempts: Sequence[GradientAttempt]) -> tuple[Diagnosis, ...]:
    """The diagnosis "clipped", where clipping the right gradients gives all that came."""
    pairs = [(one.got, one.trial.right) for one in attempts if one.got is not None]
    if all(one.is_right for one in attempts if one.got is not None):
        return ()
    how = clipping([got for got, _ in pairs], [right for _, right in pairs])
    return () if how is None else (Diagnosis("clipped", f"Large gradients are clipped: {how}."),)


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


def _shortened(array: FloatArray, longest: float) -> FloatArray:
    length = float(np.linalg.norm(array))
    return array if length <= longest else array * (longest / length)


def _alike(got: FloatArray, made: FloatArray) -> bool:
    return bool(np.abs(got - made).max() <= LONG_TOLERANCE * np.abs(made).max())
