"""What wrong targets follow, which known mistake makes them, and the smallest input that shows it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from msgspec import UNSET

from grader.explaining import explained
from grader.kinds.targets.judge import TargetsEvidence, TargetsFacts, bare, wrong_places
from grader.kinds.targets.question import TargetsParams
from grader.model.outcome import Diagnosis, Feedback, Finding
from grader.training.calls import WrongCall
from grader.training.fitted_formula import except_text, fit_formula, same_formula
from grader.training.task import OtherTargets

# One decimal place makes an error of 0.05, float16 less.
ROUNDED = 0.06


def diagnose(params: TargetsParams, facts: TargetsFacts) -> Finding:
    """A message for each wrong output, and the known wrong targets that fit all of them."""
    # With noise on them no single value is wrong, and no other targets fit.
    mistake = _mistake(params, facts) if facts.repeats else None
    shown = explained(lambda: _counterexample(params, facts)) if facts.repeats else None
    return Finding(
        diagnoses=() if mistake is None else (Diagnosis(mistake.id, mistake.message),),
        fraction=None if mistake is None else Fraction(mistake.share or 0),
        replaces=frozenset({"wrong-target"}),
        feedback=tuple(_message_or_bare(params, facts, k) for k in facts.wrong_outputs),
        evidence=(TargetsEvidence(counterexample=UNSET if shown is None else shown),),
    )


def _mistake(params: TargetsParams, facts: TargetsFacts) -> OtherTargets | None:
    got = [one.judged for one in facts.returned]
    fits = (one for one in params.mistakes if not wrong_places(params, one.targets, facts.x, got))
    return next(fits, None)


def _message_or_bare(params: TargetsParams, facts: TargetsFacts, k: int) -> Feedback:
    return explained(lambda: _message(params, facts, k)) or bare(k)


def _message(params: TargetsParams, facts: TargetsFacts, k: int) -> Feedback:
    x, y = facts.x[-1], facts.returned[-1].judged[:, :, k]
    right = params.clean(x)[:, :, k]
    start = params.starts[k]
    gap = np.abs(y - right)[:, start:].max(axis=0)
    steps = start + 1 + np.flatnonzero(gap > params.atol)
    if not len(steps):
        first = next(place for place in facts.wrong if place.output == k)
        smaller = facts.x[first.trial]
        n_seqs, n_steps, _ = smaller.shape
        signs = ", some of them negative" if smaller.min() < 0 else ""
        text = (
            f"y{k + 1} is right for {len(x)} sequences of {x.shape[1]} steps with inputs between 0 and 1, "
            f"but not for {n_seqs} of {n_steps} steps with whole numbers{signs}."
        )
        return Feedback("wrong-target", text)
    if len(steps) < len(gap) / 2:
        return Feedback("wrong-target", except_text(k + 1, steps.tolist()))
    found = fit_formula(x, y)
    if gap.max() <= ROUNDED and same_formula(found, fit_formula(x, right)):
        text = (
            f"y{k + 1} follows its formula, but not exactly: it is off by up to {gap.max():.2g}. Are the "
            "numbers rounded, or kept in few digits?"
        )
        return Feedback("not-exact", text)
    if found.explained > 1 - 1e-6:
        text = f"What comes out follows {found.text(k + 1)}; that is not the formula."
        return Feedback("other-formula", text)
    return Feedback("wrong-target", f"y{k + 1} does not follow its formula.")


def _counterexample(params: TargetsParams, facts: TargetsFacts) -> WrongCall:
    place = facts.wrong[0]
    x = facts.x[place.trial]
    return WrongCall(
        inputs=x[place.sequence].tolist(),
        expected=params.clean(x)[place.sequence].tolist(),
        got=facts.returned[place.trial].whole[place.sequence].tolist(),
        first_wrong_step=place.step + 1,
        output=place.output + 1,
    )
