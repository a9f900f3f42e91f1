"""Classroom 50's `result.json`. Its scores are whole numbers, so points are multiplied by one factor.

Source: foundation50/classroom50, wiki/Advanced-Autograding.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from grader.lms.result_file import ResultFile
from grader.model.outcome import Verdict
from grader.model.report import QuestionReport, Report
from grader.reports.printable import one_line
from grader.reports.question_text import question_text

SCHEMA = "classroom50/result/v1"
PARTS = 120
"""Parts of a point: halves, thirds, quarters, fifths, sixths, eighths, tenths and twelfths are whole."""
FROM_ENVIRONMENT = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
    "review": "REVIEW_URL",
}


def results(
    report: Report, hints: int = 0, environment: Mapping[str, str] = os.environ, now: datetime | None = None
) -> dict[str, Any]:
    """The whole file as JSON-ready values.

    Args:
        report: The report.
        hints: How many hints to show of each question that is not solved.
        environment: What the runner tells of the submission.
        now: The time to write; the clock's if left out.
    """
    scale = whole_number_scale(report)
    tests = [_test(question, scale, hints) for question in report.questions]
    return {
        "schema": SCHEMA,
        **{key: environment.get(name, "") for key, name in FROM_ENVIRONMENT.items()},
        "datetime": (now or datetime.now(UTC)).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }


def whole_number_scale(report: Report) -> int:
    """The factor that makes all points whole: from the exercise alone, so that all have one maximum."""
    return math.lcm(PARTS, *(question.max_points.denominator for question in report.questions))


def _test(question: QuestionReport, scale: int, hints: int) -> dict[str, Any]:
    return {
        "test-name": f"{one_line(question.label)} ({one_line(question.id)})",
        "passed": question.outcome.verdict is Verdict.CORRECT,
        "score": _whole(question.points * scale),
        "max-score": _whole(question.max_points * scale),
        "message": question_text(question, hints),
    }


def _whole(number: Fraction) -> int:
    return math.floor(number)


RESULT_FILE = ResultFile(
    command="classroom50",
    help="Write result.json for Classroom 50; points become whole numbers by a common factor.",
    submission=".",
    results="result.json",
    values=results,
)
