"""Step 6 for network functions: all that came back is held against what known mistakes give."""

from __future__ import annotations

from collections.abc import Iterator

from grader.answers.returned import read_outputs
from grader.answers.trial import first_wrong_step
from grader.errors import Unreadable
from grader.model.check import Answer
from grader.model.outcome import Finding, Outcome, Verdict
from grader.recurrent.behaviour_question import BehaviourParams, trials
from grader.recurrent.behaviour_variants import Called, explaining
from grader.recurrent.findings import finding
from grader.recurrent.identifiability import Identifiability, function_identifiability

MOST_MISTAKES = 2
# One instance of size 1 is explained by many mistakes; two wrong results leave few.
FEWEST_WRONG = 2


def diagnose(params: BehaviourParams, answer: Answer, outcome: Outcome) -> Finding:
    """The fewest known mistakes that give every array that came back.

    Args:
        params: The question.
        answer: What the calls gave; the first call on each instance counts, where its shape is right.
        outcome: What the check decided.
    """
    if outcome.verdict not in (Verdict.PARTIAL, Verdict.INCORRECT):
        return Finding()
    results = tuple(_returned(params, answer))
    tried = trials(params)
    wrong = [one for one in results if first_wrong_step(one.y, tried[one.trial].expected, params.atol)]
    if len(wrong) < FEWEST_WRONG:
        return Finding()
    for size in range(1, MOST_MISTAKES + 1):
        found = explaining(params, size, results)
        if found:
            return finding(found, params.slip_credit**size, outcome.fraction)
    return Finding()


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
        try:
            outputs = read_outputs(reading.results[0], trial.instance.sizes, params.function)
        except Unreadable:
            continue
        if outputs.has_shape:
            yield Called(number, outputs.y)
