"""No result file is written where the grader itself failed: each platform then shows an error, not a zero."""

from __future__ import annotations

from grader.errors import GraderError
from grader.model.outcome import Verdict
from grader.model.report import Report


class Undecided(GraderError):
    """Something could not be decided, so no mark may be given by this run."""


def require_decided(report: Report) -> None:
    """Refuse a report that is not complete.

    Args:
        report: The report.

    Raises:
        Undecided: If a question is undecided; names them.
    """
    still_open = [q.id for q in report.questions if q.outcome.verdict is Verdict.UNDECIDED]
    if still_open:
        raise Undecided(
            f"the grader could not decide {', '.join(still_open)}; no result was written",
            "nothing counts as wrong; run it again, or mark these by hand",
        )


def staff_lines(report: Report) -> tuple[str, ...]:
    """What is told to staff only, one line each.

    Args:
        report: The report.
    """
    return tuple(
        f"{question.id}: {feedback.code}: {feedback.message}"
        for question in report.questions
        for feedback in question.outcome.feedback
        if feedback.audience == "staff"
    )
