"""Steps 5 and 6 for one question: judge the answer, then look for what explains a wrong one."""

from __future__ import annotations

import traceback
from collections.abc import Collection, Sequence

import msgspec
import numpy as np

from grader.errors import Unreadable
from grader.explaining import FRAMES, explained, keeping_failures
from grader.grading.diagnosing import diagnose, diagnose_unreadable
from grader.grading.names import NOTHING, Given, invalid, missing, names_feedback, with_misspelt_names
from grader.model.exercise import Question
from grader.model.kind import Judgement
from grader.model.outcome import Feedback, Outcome, Verdict
from grader.model.run import CallReading, RunResult


def judge_question(
    question: Question,
    flat: Sequence[str],
    calls: Sequence[CallReading],
    run: RunResult,
    taken: Collection[str] = (),
    left_out: Sequence[str] = (),
) -> Outcome:
    """The outcome of one question; never raises.

    Args:
        question: The question.
        flat: Its fields that may stand at top level.
        calls: What its own calls gave, in order.
        run: Everything that came back.
        taken: Names that answer other questions: never offered as misspelt.
        left_out: What was handed in but not read, each with the reason.
    """
    given = Given(question, flat, calls, run, taken, left_out)
    with keeping_failures() as failures:
        outcome = _outcome(given)
        more = explained(lambda: names_feedback(given, outcome)) or []
    more += [_not_explained(failure) for failure in dict.fromkeys(failures)]
    return msgspec.structs.replace(outcome, feedback=(*outcome.feedback, *more)) if more else outcome


def _outcome(given: Given) -> Outcome:
    try:
        if given.is_missing:
            return missing(given)
        # Numbers near the largest overflow; what comes of that is judged, and a warning would show our paths.
        with np.errstate(all="ignore"):
            return _judged(given)
    except Unreadable as unreadable:
        return invalid(given, unreadable)
    except Exception:
        return _undecided()


def _judged(given: Given) -> Outcome:
    question, answer = given.question, given.answer
    try:
        judgement = question.check.judge(question.params, answer)
    except Unreadable as error:
        unreadable, outcome = error, invalid(given, error)
        return explained(lambda: diagnose_unreadable(question, answer, unreadable, outcome)) or outcome
    outcome = explained(lambda: with_misspelt_names(given, judgement.outcome)) or judgement.outcome
    return explained(lambda: diagnose(question, Judgement(outcome, judgement.facts))) or outcome


def _not_explained(failure: str) -> Feedback:
    last = failure.rstrip().rpartition("\n")[2]
    message = f"The mark stands, but the grader failed to explain it: {last}"
    return Feedback("explanation-failed", f"{message}\n{failure}", "staff")


def _undecided() -> Outcome:
    student = "The grader could not decide this answer; your instructor is told. It does not count as wrong."
    return Outcome(
        verdict=Verdict.UNDECIDED,
        fraction=NOTHING,
        feedback=(
            Feedback("grader-failed", student),
            Feedback("grader-failed", traceback.format_exc(limit=FRAMES), "staff"),
        ),
    )
