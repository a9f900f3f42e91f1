"""Right on every instance, or the first instance where it is not.

The first instance on which the function differs is the counterexample: it is shown in full, and because
instances grow, it is a small one.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, NamedTuple

from msgspec import UNSET, UnsetType

from grader.errors import Unreadable
from grader.explaining import explained
from grader.kinds.behaviour.question import BehaviourParams, trials
from grader.kinds.behaviour.trial import (
    TrialCounterexample,
    TrialResult,
    counterexample,
    examine,
    feedback_on,
)
from grader.model.evidence import COUNTEREXAMPLE, LOCATION, Evidence, tried_on
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback, Outcome, verdict_for
from grader.model.run import CallReading, Fault

# The function is right whenever it starts afresh.
KEPT_STATE_CREDIT = Fraction(1, 2)
# It does all that the sheet's own network needs, but not for any sizes.
ONE_OUTPUT_CREDIT = Fraction(1, 2)
NOT_RUN = CallReading(fault=Fault(kind="not-run", message="it was not called"))


class BehaviourFacts(NamedTuple):
    """What came of the calls.

    Args:
        results: One for each instance, in the order of `trials`.
        fraction: What they earn.
    """

    results: tuple[TrialResult, ...]
    fraction: Fraction


class BehaviourEvidence(Evidence, frozen=True, kw_only=True):
    """On how many instances the function is right, and the first on which it is not."""

    instances: Annotated[int, LOCATION]
    instances_right: Annotated[int, LOCATION]
    counterexample: Annotated[TrialCounterexample | UnsetType, COUNTEREXAMPLE] = UNSET


def judge(params: BehaviourParams, answer: Answer) -> Judgement[BehaviourFacts]:
    """Right on every instance, or the first instance where it is not.

    Raises:
        Unreadable: If no call gave numbers.
    """
    tried = trials(params)
    readings = answer.calls + (NOT_RUN,) * (len(tried) - len(answer.calls))
    results = tuple(
        examine(params.function, trial, reading, params.atol)
        for trial, reading in zip(tried, readings, strict=False)
    )
    if all(result.got is None for result in results):
        raise Unreadable(results[0].message, None, params.function, results[0].code)
    fraction = _fraction(results)
    first = next((result for result in results if result.code != "right"), None)
    outcome = Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=tried_on(len(tried)),
        feedback=explained(lambda: tuple(_feedback(results, first))) or (),
        evidence=(
            BehaviourEvidence(
                instances=len(tried),
                instances_right=sum(one.code == "right" for one in results),
                counterexample=UNSET if first is None else explained(lambda: counterexample(first)) or UNSET,
            ),
        ),
    )
    return Judgement(outcome, BehaviourFacts(results, fraction))


def _fraction(results: tuple[TrialResult, ...]) -> Fraction:
    if _is_right_for_one_output(results):
        return ONE_OUTPUT_CREDIT
    codes = {result.code for result in results}
    if "keeps-state" in codes and codes <= {"right", "keeps-state"}:
        return KEPT_STATE_CREDIT
    return Fraction(codes == {"right"})


def _is_right_for_one_output(results: tuple[TrialResult, ...]) -> bool:
    """Whether it is right for every network with one output, the random ones too, and for no other."""
    return all((one.code == "right") == (one.trial.expected.shape[1] == 1) for one in results)


def _feedback(results: tuple[TrialResult, ...], first: TrialResult | None) -> list[Feedback]:
    messages = []
    if first is not None:
        messages.append(feedback_on(first))
        wrong = [one for one in results if one.code == "counterexample"]
        if first.code == "counterexample" and all(one.first_wrong_step != 1 for one in wrong):
            text = "The first step is right every time; later steps are not."
            messages.append(Feedback("recurrence", text))
        fault = next((one for one in results if one.is_fault), None)
        if fault is not None and fault is not first:
            messages.append(feedback_on(fault))
        if fault is not None:
            ran = sum(not one.is_fault for one in results)
            messages.append(Feedback("ran-on", f"It ran on {ran} of {len(results)} instances."))
    if _is_right_for_one_output(results):
        text = "It is right for every network with one output and for none with more: half of the points."
        messages.append(Feedback("one-output", text))
    if any(one.is_pair for one in results):
        text = "It returns a pair; only y was asked, so the first of the two was read."
        messages.append(Feedback("returns-pair", text))
    return messages
