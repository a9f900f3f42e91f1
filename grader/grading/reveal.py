"""How much of a report its student is told."""

from __future__ import annotations

import msgspec

from grader.model.evidence import LEVELS, Level, ShownFacts, facts
from grader.model.outcome import Feedback, Outcome, Verdict
from grader.model.report import Report


def reveal(report: Report, most: Level) -> Report:
    """The report without what tells its student more than `most`; marks and staff feedback stay.

    Args:
        report: The report.
        most: The highest level that may be told.
    """
    questions = tuple(
        msgspec.structs.replace(question, outcome=_revealed(question.outcome, LEVELS.index(most)))
        for question in report.questions
    )
    return msgspec.structs.replace(report, questions=questions)


def _revealed(outcome: Outcome, most: int) -> Outcome:
    # Why nothing could be marked is not about the answer's content: without it a student could not go on.
    is_marked = outcome.verdict not in (Verdict.MISSING, Verdict.INVALID, Verdict.UNDECIDED)
    return msgspec.structs.replace(
        outcome,
        feedback=tuple(one for one in outcome.feedback if not is_marked or _may_be_told(one, most)),
        diagnoses=outcome.diagnoses if most >= LEVELS.index("location") else (),
        evidence=(ShownFacts(plain=facts(outcome.evidence, LEVELS[most])),),
    )


def _may_be_told(feedback: Feedback, most: int) -> bool:
    return feedback.audience == "staff" or LEVELS.index(feedback.level) <= most
