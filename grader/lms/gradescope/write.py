"""Gradescope's `results.json`.

Source: gradescope/autograder_samples, docs/specs.md.
"""

from __future__ import annotations

from typing import Any

from grader.lms.result_file import ResultFile
from grader.model.outcome import Verdict
from grader.model.report import QuestionReport, Report
from grader.reports.printable import one_line
from grader.reports.question_text import printed_text, question_text
from grader.reports.wording import verdict_counts, what_next

PLACES = 6


def results(report: Report, hints: int = 0) -> dict[str, Any]:
    """The whole file as JSON-ready values."""
    output = f"{report.title or report.exercise}: {verdict_counts(report)}"
    if advice := what_next(report):
        output += f"\n{one_line(advice)}"
    output += "".join(f"\n{one_line(note)}" for note in report.notes)
    if printed := printed_text(report):
        output += f"\n\nWhat your code printed:\n{printed}"
    return {
        "score": round(float(report.points), PLACES),
        "execution_time": round(report.usage.wall_s, 3),
        "output": output,
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        # Standard output and error hold what is for staff; the platform's default hides them as well.
        "stdout_visibility": "hidden",
        "tests": [_test(question, hints) for question in report.questions],
    }


def _test(question: QuestionReport, hints: int) -> dict[str, Any]:
    verdict = question.outcome.verdict
    # Without a status the platform shows neither a tick nor a cross.
    status = (
        {} if verdict is Verdict.PENDING else {"status": "passed" if verdict is Verdict.CORRECT else "failed"}
    )
    return {
        "number": one_line(question.label),
        "name": f"{one_line(question.id)}: {verdict.value}",
        "score": round(float(question.points), PLACES),
        "max_score": round(float(question.max_points), PLACES),
        **status,
        "output": question_text(question, hints),
    }


RESULT_FILE = ResultFile(
    command="gradescope",
    help="""Write results.json for Gradescope.

    What is for staff goes to standard error, which Gradescope shows to instructors only.
    """,
    submission="/autograder/submission",
    results="/autograder/results/results.json",
    values=results,
    has_staff_errors=True,
)
