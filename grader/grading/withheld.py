"""Questions whose key stays with the course: an answer is read, its form told, and it waits."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from grader.errors import Unreadable
from grader.explaining import explained
from grader.grading.names import Given, with_misspelt_names
from grader.model.kind import Answer
from grader.model.outcome import HANDED_IN, MARKED_BY_COURSE, Feedback, Outcome, Verdict

AS_JUDGED = (Verdict.MISSING, Verdict.INVALID)
"""What does not depend on a key."""


def handed_in(given: Given) -> Outcome:
    """Pending, with what cannot be read of it.

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
