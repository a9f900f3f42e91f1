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
from grader.kinds.code.question import CodeParams, runner, trials
from grader.kinds.code.signature import Runner
from grader.kinds.code.trial import TrialCounterexample, TrialResult, counterexample, examine, feedback_on
from grader.model.evidence import COUNTEREXAMPLE, LOCATION, Evidence, tried_on
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback, Outcome, verdict_for
from grader.model.run import CallReading, Fault
from grader.model.text import joined
from grader.networks.layout import SEQUENCES, STEPS

# The function is right whenever it starts afresh.
KEPT_STATE_CREDIT = Fraction(1, 2)
# It does all that a network with one output needs, but not for any sizes.
ONE_OUTPUT_CREDIT = Fraction(1, 2)
NOT_RUN = CallReading(fault=Fault(kind="not-run", message="it was not called"))


class CodeFacts(NamedTuple):
    """What came of the calls.

    Args:
        results: One for each instance, in the order of `trials`.
        fraction: What they earn.
    """

    results: tuple[TrialResult, ...]
    fraction: Fraction


class CodeEvidence(Evidence, frozen=True, kw_only=True):
    """On how many instances the function is right, and the first on which it is not."""

    instances: Annotated[int, LOCATION]
    instances_right: Annotated[int, LOCATION]
    counterexample: Annotated[TrialCounterexample | UnsetType, COUNTEREXAMPLE] = UNSET


def judge(params: CodeParams, answer: Answer) -> Judgement[CodeFacts]:
    """Right on every instance, or the first instance where it is not.

    Raises:
        Unreadable: If no call gave numbers.
    """
    tried, right = trials(params), runner(params)
    readings = answer.calls + (NOT_RUN,) * (len(tried) - len(answer.calls))
    results = tuple(
        examine(params.function, right.signature, trial, reading, params.atol)
        for trial, reading in zip(tried, readings, strict=False)
    )
    if all(result.got is None for result in results):
        raise Unreadable(results[0].message, None, params.function, results[0].code)
    fraction = _fraction(right, results)
    first = next((result for result in results if result.code != "right"), None)
    outcome = Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=tried_on(len(tried)),
        feedback=explained(lambda: tuple(_feedback(right, results, first))) or (),
        evidence=(
            CodeEvidence(
                instances=len(tried),
                instances_right=sum(one.code == "right" for one in results),
                counterexample=UNSET
                if first is None
                else explained(lambda: counterexample(right.signature, first)) or UNSET,
            ),
        ),
    )
    return Judgement(outcome, CodeFacts(results, fraction))


def _fraction(right: Runner, results: tuple[TrialResult, ...]) -> Fraction:
    if _is_right_for_one_output(right, results):
        return ONE_OUTPUT_CREDIT
    codes = {result.code for result in results}
    if "keeps-state" in codes and codes <= {"right", "keeps-state"}:
        return KEPT_STATE_CREDIT
    return Fraction(codes == {"right"})


def _is_right_for_one_output(right: Runner, results: tuple[TrialResult, ...]) -> bool:
    """Whether it is right for every network with one output, the random ones too, and for no other."""
    axis = _outputs(right)
    if axis is None:
        return False
    with_one = [one for one in results if one.trial.instance.sizes[axis] == 1]
    # A softmax of one entry is 1 whatever is computed.
    is_seen = len({float(number) for one in with_one for number in one.trial.expected[0].flat}) > 1
    return is_seen and all((one.code == "right") == (one.trial.instance.sizes[axis] == 1) for one in results)


def _outputs(right: Runner) -> str | None:
    """The size of what is returned, where it is the size of nothing else that the network computes."""
    network, returns = right.network, right.signature.returns
    shapes = {name: network.shapes[name] for name in network.by_name}
    if len(returns) != 1 or len(shapes) == 1 or not shapes[returns[0].name]:
        return None
    size = shapes.pop(returns[0].name)
    axis = str(*size)
    is_shared = any(axis in one.names for shape in shapes.values() for one in shape)
    return None if is_shared or axis not in right.signature.axes or axis in (STEPS, SEQUENCES) else axis


def _feedback(right: Runner, results: tuple[TrialResult, ...], first: TrialResult | None) -> list[Feedback]:
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
    if _is_right_for_one_output(right, results):
        text = "It is right for every network with one output and for none with more: half of the points."
        messages.append(Feedback("one-output", text))
    # Of the last: where all sizes are 1, what is kept for the way back may look like so many states.
    unasked = next((one.unasked for one in reversed(results) if one.unasked), 0)
    if unasked:
        messages.append(Feedback("returns-pair", _more_than_asked(right, unasked)))
    return messages


def _more_than_asked(right: Runner, unasked: int) -> str:
    names = [one.name for one in right.signature.returns]
    if len(names) == 1 and unasked == 1:
        return f"It returns a pair; only {names[0]} was asked, so the first of the two was read."
    count = len(names) + unasked
    was = "was" if len(names) == 1 else "were"
    read = "the first was read" if len(names) == 1 else f"the first {len(names)} were read"
    return f"It returns {count} values; only {joined(names)} {was} asked, so {read}."
