"""The report of a hand-in that the grader could not mark: never a zero in silence."""

from __future__ import annotations

from fractions import Fraction

from grader.gradebook.records import StoredResult, stored_result
from grader.model.exercise import Exercise
from grader.model.outcome import Feedback, Outcome, Verdict
from grader.model.report import QuestionReport, Report
from grader.model.run import Protection, Usage
from grader.model.submission import Submission
from grader.reports.json_report import as_record

TO_STUDENT = "The grader could not decide this answer; your instructor is told. It does not count as wrong."


def undecided(exercise: Exercise, submission: Submission, version: str, reason: str) -> StoredResult:
    """A report in which every question is undecided.

    Args:
        exercise: The exercise.
        submission: What was handed in.
        version: Of this grader.
        reason: What failed, for staff.
    """
    feedback = (Feedback("grader-failed", TO_STUDENT), Feedback("grader-failed", reason, "staff"))
    outcome = Outcome(verdict=Verdict.UNDECIDED, fraction=Fraction(0), feedback=feedback)
    report = Report(
        exercise=exercise.id,
        exercise_digest=exercise.digest,
        student=submission.student,
        submission_digest=submission.digest,
        grader_version=version,
        seed=exercise.seed,
        questions=tuple(
            QuestionReport(id=one.id, label=one.label, max_points=one.points, outcome=outcome)
            for one in exercise.questions
        ),
        protection=Protection(level="no-code"),
        usage=Usage(),
        title=exercise.title,
    )
    return stored_result(report, as_record(report))
