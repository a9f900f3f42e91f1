"""What of a report its student may be told.

A report is made in full and cut afterwards, so that no mark depends on how much is told.
"""

from __future__ import annotations

import msgspec

from grader.model.evidence import LEVELS, Level
from grader.model.outcome import Feedback, Outcome, Verdict
from grader.model.report import Report


def reveal(report: Report, most: Level) -> Report:
    """The report without what tells its student more than `most`; marks and staff feedback stay."""
    questions = tuple(
        msgspec.structs.replace(question, outcome=revealed(question.outcome, most))
        for question in report.questions
    )
    return msgspec.structs.replace(report, questions=questions)


def revealed(outcome: Outcome, most: Level) -> Outcome:
    """The outcome of one question without what tells its student more than `most`."""
    # Why nothing could be marked is always told: it gives nothing away, and a student needs it to go on.
    is_marked = outcome.verdict not in (
        Verdict.MISSING,
        Verdict.INVALID,
        Verdict.UNDECIDED,
        Verdict.PENDING,
    )
    allowed = LEVELS.index(most)
    return msgspec.structs.replace(
        outcome,
        feedback=tuple(one for one in outcome.feedback if not is_marked or _may_be_told(one, allowed)),
        diagnoses=outcome.diagnoses if allowed >= LEVELS.index("location") else (),
        evidence=tuple(one.up_to(most) for one in outcome.evidence),
    )


def _may_be_told(feedback: Feedback, allowed: int) -> bool:
    return feedback.audience == "staff" or LEVELS.index(feedback.level) <= allowed
