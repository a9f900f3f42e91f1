"""Targets compared with the formulas step by step.

Each output counts from the first step on at which its formula does not reach back before the first input;
what stands before is left open by the exercise and is not judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, NamedTuple

import numpy as np
from msgspec import UNSET, UnsetType

from grader.answers.arrays import to_numpy
from grader.kinds.targets.question import TargetsParams, inputs
from grader.model.evidence import COUNTEREXAMPLE, LOCATION, Evidence, tried_on
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback
from grader.model.run import CallReading
from grader.training.calls import WrongCall, judged, result_of, want_something
from grader.training.fitted_formula import other_formula
from grader.training.task import FloatArray, clean_targets, judged_only, shaped

ADDS_NOISE_SHARE = Fraction(1, 2)


class TargetsEvidence(Evidence, frozen=True, kw_only=True):
    """What a report shows of targets."""

    outputs_right: Annotated[int | UnsetType, LOCATION] = UNSET
    counterexample: Annotated[WrongCall | UnsetType, COUNTEREXAMPLE] = UNSET


class ReturnedTargets(NamedTuple):
    """What a call gave: y as it came, y with 0 where it is not judged, and whether a second call agrees."""

    whole: FloatArray
    judged: FloatArray
    repeats: bool


class WrongPlace(NamedTuple):
    """Where an output first differs: which input, sequence, step from 0, and output from 0."""

    trial: int
    sequence: int
    step: int
    output: int


class TargetsFacts(NamedTuple):
    """What was read and found.

    Args:
        x: Inputs of each call.
        returned: What each gave.
        wrong: The first wrong place of each input and output.
        repeats: Whether a second call gives the same.
        wrong_outputs: Outputs, from 0, that are wrong, whatever noise is on them.
    """

    x: tuple[FloatArray, ...]
    returned: tuple[ReturnedTargets, ...]
    wrong: tuple[WrongPlace, ...]
    repeats: bool
    wrong_outputs: tuple[int, ...]


def judge(params: TargetsParams, answer: Answer) -> Judgement[TargetsFacts]:
    """Each output right on all inputs, or the first place where it is not.

    Raises:
        Unreadable: If the function does not run or does not return y.
    """
    x = inputs(params)
    returned = tuple(_read(params, call, one.shape) for call, one in zip(answer.calls, x, strict=True))
    got = [one.judged for one in returned]
    wrong = wrong_places(params, params.targets, x, got)
    n_outputs, wrong_outputs = len(params.targets), tuple(sorted({place.output for place in wrong}))
    n_right = n_outputs - len(wrong_outputs)
    repeats = all(one.repeats for one in returned)
    fraction, feedback = Fraction(n_right, n_outputs), []
    if not repeats:
        wrong_outputs = _not_behind(params, x[-1], got[-1])
        fraction = min(1 - Fraction(len(wrong_outputs), n_outputs), ADDS_NOISE_SHARE)
        text = "Two calls on the same x give different y: the targets are asked without noise."
        feedback.append(Feedback("adds-noise", text))
    feedback += map(bare, wrong_outputs)
    facts = TargetsFacts(x, returned, wrong, repeats, wrong_outputs)
    return judged(facts, fraction, tried_on(len(x)), feedback, TargetsEvidence(outputs_right=n_right))


def bare(k: int) -> Feedback:
    """The least that can be said of a wrong output, counted from 0."""
    return Feedback("wrong-target", f"y{k + 1} is not what was asked.")


def _read(params: TargetsParams, call: CallReading, size: tuple[int, ...]) -> ReturnedTargets:
    shape, starts = (*size[:2], len(params.targets)), params.starts
    sizes = f"x of shape {size}"
    first = want_something(result_of(call, params.signature, sizes), params.function)
    whole = shaped(to_numpy(first, "y"), shape, "y", starts)
    judged = judged_only(whole, starts)
    again = to_numpy(result_of(call, params.signature, sizes, index=1), "y")
    # What np.empty leaves before the first judged step differs from call to call.
    repeats = again.shape == shape and np.array_equal(judged, judged_only(again, starts))
    return ReturnedTargets(whole, judged, repeats)


def wrong_places(
    params: TargetsParams, targets: tuple[str, ...], x: Sequence[FloatArray], got: Sequence[FloatArray]
) -> tuple[WrongPlace, ...]:
    """The first wrong place of each input and output.

    Args:
        params: The question.
        targets: The signals that the outputs are held against.
        x: Inputs of each call.
        got: What each gave, with 0 where it is not judged.
    """
    found = []
    for trial, (one, y) in enumerate(zip(x, got, strict=True)):
        # Written as "not <=": NaN must be wrong.
        wrong = ~(np.abs(y - clean_targets(targets, one)) <= params.atol)
        for k, start in enumerate(params.starts):
            places = np.argwhere(wrong[:, start:, k])
            if len(places):
                sequence, step = min(places.tolist(), key=lambda place: place[1])
                found.append(WrongPlace(trial, sequence, step + start, k))
    return tuple(found)


def _not_behind(params: TargetsParams, x: FloatArray, y: FloatArray) -> tuple[int, ...]:
    """Outputs, from 0, whose formula is not what lies behind their noise."""
    clean, late = params.clean(x), max(params.starts)
    return tuple(
        k for k in range(y.shape[2]) if other_formula(x, y[:, :, k], clean[:, :, k], late) is not None
    )
