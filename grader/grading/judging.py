"""Steps 5 and 6 for one question: judge the answer, then look for what explains a wrong one.

A kind that explains wrong answers has `diagnose.py` with `diagnose(params, facts)`, about what its
judge read and decided, or `diagnose_unreadable(params, answer, unreadable)`; both return a `Finding`.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import msgspec

from grader.errors import Unreadable
from grader.explaining import FRAMES, Failure, explained, keeping_failures
from grader.grading.names import (
    NOTHING,
    invalid,
    missing,
    with_misspelt_names,
    with_names_feedback,
    with_names_in_own,
    with_offered_names,
)
from grader.grading.resolve import Given
from grader.kinds import part_of
from grader.model.exercise import Question
from grader.model.kind import Answer, Judgement
from grader.model.mistake import Identifiability
from grader.model.outcome import Feedback, Finding, Outcome, Verdict, handed_in_to_course, verdict_for
from grader.model.text import could_not_decide

NOT_EXPLAINED = "explanation-failed"
"""Code of feedback where the grader failed to explain a mark."""

Step: TypeAlias = Callable[[Outcome], Outcome]


class Unexplained(NamedTuple):
    """The mark of a question, before anything explains it.

    Args:
        outcome: The mark.
        steps: Functions that explain it, in this order; none of them can cost the mark.
    """

    outcome: Outcome
    steps: tuple[Step, ...] = ()


def judge_question(given: Given) -> Outcome:
    """The outcome of one question; never raises."""
    with keeping_failures() as failures:
        outcome, steps = _decided(given)
        every: tuple[Step, ...] = (*steps, partial(with_names_feedback, given))
        for step in every:
            outcome = explained(partial(step, outcome)) or outcome
    more = [_not_explained(failure) for failure in dict.fromkeys(failures)]
    return msgspec.structs.replace(outcome, feedback=(*outcome.feedback, *more)) if more else outcome


def _decided(given: Given) -> Unexplained:
    try:
        if given.is_missing:
            return Unexplained(missing(given), (partial(with_offered_names, given),))
        return _pending(given) if given.question.is_withheld else _judged(given)
    except Unreadable as unreadable:
        return _invalid(given, unreadable)
    except Exception:
        return Unexplained(_undecided())


def _judged(given: Given) -> Unexplained:
    question, answer = given.question, given.answer
    try:
        with _quiet():
            judgement = question.check.judge(question.params, answer)
    except Unreadable as error:
        outcome, steps = _invalid(given, error)
        return Unexplained(outcome, (*steps, partial(diagnose_unreadable, question, answer, error)))
    return Unexplained(
        judgement.outcome,
        (
            partial(with_misspelt_names, given),
            lambda outcome: diagnose(question, Judgement(outcome, judgement.facts)),
        ),
    )


def _invalid(given: Given, unreadable: Unreadable) -> Unexplained:
    is_missing = unreadable.code == "missing-field"
    return Unexplained(invalid(unreadable), (partial(with_names_in_own, given),) if is_missing else ())


def _quiet() -> AbstractContextManager[object]:
    """Silence numpy's warnings: an overflow is judged anyway, and a warning would show our paths.

    Does nothing where numpy is not loaded: then nothing computes with it, and loading it takes as long
    as marking an answer without it.
    """
    numpy = sys.modules.get("numpy")
    return nullcontext() if numpy is None else numpy.errstate(all="ignore")


def _not_explained(failure: Failure) -> Feedback:
    message = f"The mark stands, but the grader failed to explain it: {failure.line}"
    return Feedback(NOT_EXPLAINED, f"{message}\n{failure.traceback}", "staff")


def _undecided() -> Outcome:
    return Outcome(
        verdict=Verdict.UNDECIDED,
        fraction=NOTHING,
        feedback=(
            Feedback("grader-failed", could_not_decide("this answer")),
            Feedback("grader-failed", traceback.format_exc(limit=FRAMES), "staff"),
        ),
    )


AS_JUDGED = (Verdict.MISSING, Verdict.INVALID)
"""What does not depend on a key."""

LOST_POINTS = (Verdict.PARTIAL, Verdict.INCORRECT, Verdict.INVALID)


def diagnose(question: Question, judgement: Judgement[Any]) -> Outcome:
    """The outcome with the known mistakes that explain it, and the credit that the question gives them.

    Right answers are never diagnosed; credit is never lowered.
    """
    outcome = judgement.outcome
    module = part_of(question.kind, "diagnose") if outcome.verdict in LOST_POINTS else None
    explain = getattr(module, "diagnose", None)
    if explain is None:
        return outcome
    with _quiet():
        return with_finding(outcome, explain(question.params, judgement.facts))


def diagnose_unreadable(
    question: Question, answer: Answer, unreadable: Unreadable, outcome: Outcome
) -> Outcome:
    """The outcome of an answer that could not be read, with the mistakes that explain why.

    Args:
        question: The question.
        answer: What was handed in for it.
        unreadable: Why it could not be read.
        outcome: The verdict invalid, with that reason as its feedback.
    """
    module = part_of(question.kind, "diagnose")
    if module is None or not hasattr(module, "diagnose_unreadable"):
        return outcome
    with _quiet():
        return with_finding(outcome, module.diagnose_unreadable(question.params, answer, unreadable))


def with_finding(outcome: Outcome, finding: Finding) -> Outcome:
    """The outcome with what was found to explain it."""
    fraction = outcome.fraction if finding.fraction is None else max(finding.fraction, outcome.fraction)
    is_invalid = outcome.verdict is Verdict.INVALID and finding.fraction is None
    kept = tuple(one for one in outcome.feedback if one.code not in finding.replaces)
    return msgspec.structs.replace(
        outcome,
        verdict=outcome.verdict if is_invalid else verdict_for(fraction),
        fraction=fraction,
        diagnoses=(*outcome.diagnoses, *finding.diagnoses),
        feedback=(*finding.first, *kept, *finding.feedback),
        evidence=(*outcome.evidence, *finding.evidence),
    )


def _pending(given: Given) -> Unexplained:
    """The outcome of a question whose key stays with the course: pending, with its unreadable fields.

    The judge's decision is dropped: a student's edition has a blank of the same form in place of the key.
    """
    judge, params = given.question.check.judge, given.question.params
    judged = judge(params, given.answer).outcome
    if judged.verdict in AS_JUDGED:
        return Unexplained(judged)
    faults = tuple(_form_faults(given))
    outcome = handed_in_to_course(*faults)
    return Unexplained(outcome, (partial(with_misspelt_names, given),))


def _form_faults(given: Given) -> Iterator[Feedback]:
    """Fields that are absent, and those of several that cannot be read though others can."""
    question, fields = given.question, given.answer.fields
    for name in question.asks.fields:
        if name not in fields:
            yield Feedback("missing-field", f"{name} is not given.")
    for name, value in fields.items() if len(fields) > 1 else ():
        try:
            question.check.judge(question.params, Answer(fields={name: value}))
        except Unreadable as error:
            # Without the others a judge misses them; that is no fault of this one.
            if error.code != "missing-field" and (error.where or name).startswith(name):
                yield Feedback(error.code, str(error))


def cannot_tell(question: Question) -> Identifiability | None:
    """Which known mistakes a question's own instance cannot tell apart; None where that is not known."""
    module = part_of(question.kind, "diagnose")
    if module is None or not hasattr(module, "cannot_tell"):
        return None
    found: Identifiability = module.cannot_tell(question.params)
    return found
