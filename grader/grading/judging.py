"""Steps 5 and 6 for one question: judge the answer, then look for what explains a wrong one.

A kind that explains wrong answers has `diagnose.py` with `diagnose(params, facts)`, about what its
judge read and decided, or `diagnose_unreadable(params, answer, unreadable)`; both return a `Finding`.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
import sys
import traceback
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from fractions import Fraction
from types import ModuleType
from typing import Any

import msgspec

from grader.errors import Unreadable
from grader.explaining import FRAMES, explained, keeping_failures
from grader.grading.names import NOTHING, Given, invalid, missing, names_feedback, with_misspelt_names
from grader.model.exercise import Question
from grader.model.kind import Answer, Judgement
from grader.model.mistake import Identifiability
from grader.model.outcome import HANDED_IN, MARKED_BY_COURSE, Feedback, Finding, Outcome, Verdict, verdict_for
from grader.model.text import could_not_decide


def judge_question(given: Given) -> Outcome:
    """The outcome of one question; never raises."""
    with keeping_failures() as failures:
        outcome = _outcome(given)
        more = explained(lambda: names_feedback(given, outcome)) or []
    more += [_not_explained(failure) for failure in dict.fromkeys(failures)]
    return msgspec.structs.replace(outcome, feedback=(*outcome.feedback, *more)) if more else outcome


def _outcome(given: Given) -> Outcome:
    try:
        if given.is_missing:
            return missing(given)
        return _judged(given)
    except Unreadable as unreadable:
        return invalid(given, unreadable)
    except Exception:
        return _undecided()


def _judged(given: Given) -> Outcome:
    question, answer = given.question, given.answer
    if question.is_withheld:
        return handed_in(given)
    try:
        with _quiet():
            judgement = question.check.judge(question.params, answer)
    except Unreadable as error:
        unreadable, outcome = error, invalid(given, error)
        return explained(lambda: diagnose_unreadable(question, answer, unreadable, outcome)) or outcome
    outcome = explained(lambda: with_misspelt_names(given, judgement.outcome)) or judgement.outcome
    return explained(lambda: diagnose(question, Judgement(outcome, judgement.facts))) or outcome


def _quiet() -> AbstractContextManager[object]:
    """No warnings of numpy: numbers near the largest overflow, which is judged; they would show our paths.

    What computes with numpy imports it at its top. Where it is not loaded nothing does, and loading it takes
    as long as marking an answer without it.
    """
    numpy = sys.modules.get("numpy")
    return nullcontext() if numpy is None else numpy.errstate(all="ignore")


def _not_explained(failure: str) -> Feedback:
    last = failure.rstrip().rpartition("\n")[2]
    message = f"The mark stands, but the grader failed to explain it: {last}"
    return Feedback("explanation-failed", f"{message}\n{failure}", "staff")


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

    Args:
        question: The question.
        judgement: What its judge decided.
    """
    outcome = judgement.outcome
    module = module_of(question.kind) if outcome.verdict in LOST_POINTS else None
    if module is None or not hasattr(module, "diagnose"):
        return outcome
    with _quiet():
        return with_finding(outcome, module.diagnose(question.params, judgement.facts))


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
    module = module_of(question.kind)
    if module is None or not hasattr(module, "diagnose_unreadable"):
        return outcome
    with _quiet():
        return with_finding(outcome, module.diagnose_unreadable(question.params, answer, unreadable))


def with_finding(outcome: Outcome, finding: Finding) -> Outcome:
    """The outcome with what was found to explain it.

    Args:
        outcome: What the judge decided.
        finding: What explains it.
    """
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


def handed_in(given: Given) -> Outcome:
    """The outcome of a question whose key stays with the course: pending, with what cannot be read of it.

    What the judge decides is dropped: where the key would stand, the edition has a blank of the same form.

    Args:
        given: The question and what came back for it.

    Raises:
        Unreadable: If it cannot be read at all.
    """
    judge, params = given.question.check.judge, given.question.params
    judged = judge(params, given.answer).outcome
    if judged.verdict in AS_JUDGED:
        return judged
    told = Feedback(HANDED_IN, MARKED_BY_COURSE, level="verdict")
    outcome = Outcome(verdict=Verdict.PENDING, fraction=Fraction(0), feedback=(told, *_faults_of_form(given)))
    return explained(lambda: with_misspelt_names(given, outcome)) or outcome


def _faults_of_form(given: Given) -> Iterator[Feedback]:
    """What is absent, and what of several fields cannot be read though others can."""
    question, fields = given.question, given.answer.fields
    for name in question.asks.fields:
        if name not in fields:
            yield Feedback("missing-field", f"{name} is not given.")
    for name, value in fields.items() if len(fields) > 1 else ():
        try:
            question.check.judge(question.params, Answer(fields={name: value}))
        except Unreadable as error:
            # Without the others a judge may miss one of them; that is no fault of this one.
            if (error.where or name).startswith(name):
                yield Feedback(error.code, str(error))


def cannot_tell(question: Question) -> Identifiability | None:
    """Which known mistakes a question's own instance cannot tell apart; None where that is not known.

    Args:
        question: The question.
    """
    module = module_of(question.kind)
    if module is None or not hasattr(module, "cannot_tell"):
        return None
    found: Identifiability = module.cannot_tell(question.params)
    return found


@functools.cache
def module_of(kind: str, name: str = "diagnose") -> ModuleType | None:
    """A module in the folder of a kind; None where the kind has none of that name.

    Args:
        kind: The kind's name.
        name: The module's.
    """
    package = importlib.import_module(f"grader.kinds.{kind}")
    if name not in {module.name for module in pkgutil.iter_modules(package.__path__)}:
        return None
    return importlib.import_module(f"{package.__name__}.{name}")
