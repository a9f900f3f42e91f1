"""Step 6 for network functions: all that came back is held against what known mistakes give."""

from __future__ import annotations

from collections.abc import Iterator

from grader.answers.returned import read_outputs
from grader.answers.trial import Trial, first_wrong_step
from grader.errors import Unreadable
from grader.kinds.behaviour.question import BehaviourParams, trials
from grader.kinds.behaviour.variants import Called, explaining
from grader.kinds.identifiability import Identifiability, function_identifiability
from grader.model.kind import Answer
from grader.model.outcome import Diagnosis, Finding, Outcome, Verdict
from grader.model.value import Value
from grader.networks.findings import finding
from grader.networks.misconception import Explanation
from reference.elman import elman
from reference.jordan import jordan
from reference.network import Array

MOST_MISTAKES = 2
OTHER_LAYOUT = (
    "All weights are used as if each row belonged to a neuron that a signal goes to; here it belongs to one "
    "that it comes from: U is n_in x n_h. So there are outputs only where sizes are equal."
)
# Every instance is called twice.
CALLS = 2
# One instance of size 1 is explained by many mistakes; two wrong results leave few.
FEWEST_WRONG = 2
# Two places are what sheets ask by hand; from 6 on, rounding is within the tolerance.
OTHER_PLACES = (1, 3, 4, 5)


def diagnose_answer(params: BehaviourParams, answer: Answer, outcome: Outcome) -> Finding:
    """The fewest known mistakes that give every array that came back.

    Args:
        params: The question.
        answer: What the calls gave; the first call on each instance counts, where its shape is right.
        outcome: What the check decided.
    """
    if outcome.verdict not in (Verdict.PARTIAL, Verdict.INCORRECT):
        return Finding()
    kept = _state_kept(params, answer)
    if kept:
        return Finding(diagnoses=kept)
    results = tuple(_returned(params, answer))
    tried = trials(params)
    wrong = [one for one in results if first_wrong_step(one.y, tried[one.trial].expected, params.atol)]
    if len(wrong) < FEWEST_WRONG:
        return Finding()
    for size in range(1, MOST_MISTAKES + 1):
        found = explaining(params, size, results)
        if found:
            return finding(found, params.slip_credit**size, outcome.fraction)
        if size == 1 and (found := _rounded_otherwise(params, results)):
            return finding(found, params.slip_credit, outcome.fraction)
        if size == 1 and _is_in_other_layout(params, results):
            return Finding(diagnoses=(Diagnosis("weights-in-other-layout", OTHER_LAYOUT),))
    return Finding()


def _is_in_other_layout(params: BehaviourParams, results: tuple[Called, ...]) -> bool:
    """Whether all results are those of the transposed weights, as far as sizes allow any."""
    network = elman if params.reference == "elman" else jordan
    for called in results:
        x, U, W, V, b, c = trials(params)[called.trial].instance
        if any(one.shape != one.T.shape for one in (U, W, V)):
            return False
        if first_wrong_step(called.y, network(x, U.T, W.T, V.T, b, c).y, params.atol) is not None:
            return False
    return True


def _rounded_otherwise(params: BehaviourParams, results: tuple[Called, ...]) -> list[Explanation]:
    """Mistakes that keep another number of decimals than two."""
    for places in OTHER_PLACES:
        found = [
            one
            for one in explaining(params, 1, results, places)
            if any(name.endswith("_digits") for name in one.mistakes[0].change)
        ]
        if found:
            return found
    return []


def _state_kept(params: BehaviourParams, answer: Answer) -> tuple[Diagnosis, ...]:
    """Named where every second call goes on from where a right first one has ended."""
    network = elman if params.reference == "elman" else jordan
    found = []
    for trial, reading in zip(trials(params), answer.calls, strict=False):
        outputs = [_outputs(result, trial, params.function) for result in reading.results]
        if len(outputs) < CALLS or outputs[0] is None or outputs[1] is None:
            continue
        if first_wrong_step(outputs[0], trial.expected, params.atol) is not None:
            continue
        right = network(*trial.instance)
        ended = right.h[-1] if params.reference == "elman" else right.y[-1]
        goes_on = network(*trial.instance, ended).y
        if first_wrong_step(goes_on, trial.expected, params.atol) is not None:
            found.append(first_wrong_step(outputs[1], goes_on, params.atol) is None)
    if not found or not all(found):
        return ()
    text = "A call goes on where the one before has ended; what is fed back starts from zero in every call."
    return (Diagnosis("state-kept-between-calls", text),)


def _outputs(value: Value, trial: Trial, function: str) -> Array | None:
    try:
        outputs = read_outputs(value, trial.instance.sizes, function)
    except Unreadable:
        return None
    return outputs.y if outputs.has_shape else None


def cannot_tell(params: BehaviourParams) -> Identifiability:
    """Which single mistakes this question cannot tell apart, or cannot see.

    Args:
        params: The question.
    """
    return function_identifiability(params)


def _returned(params: BehaviourParams, answer: Answer) -> Iterator[Called]:
    for number, (trial, reading) in enumerate(zip(trials(params), answer.calls, strict=False)):
        if not reading.results:
            continue
        y = _outputs(reading.results[0], trial, params.function)
        if y is not None:
            yield Called(number, y)
