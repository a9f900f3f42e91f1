"""The result of a submission that is not marked: one outcome for every question."""

from __future__ import annotations

from grader.gradebook.records import StoredResult, stored_result
from grader.model.exercise import Exercise
from grader.model.outcome import Outcome
from grader.model.report import QuestionReport, Report
from grader.model.run import Protection, Usage
from grader.model.submission import Submission
from grader.reports.json_report import as_record
from grader.version import VERSION


def not_marked(exercise: Exercise, submission: Submission, outcome: Outcome) -> StoredResult:
    """A result that says the same of every question."""
    report = Report(
        exercise=exercise.id,
        exercise_digest=exercise.digest,
        student=submission.student,
        submission_digest=submission.digest,
        grader_version=VERSION,
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
