"""PrairieLearn's `results.json` of an external grader.

Points are given for all tests or for none; a submission that is not gradable costs no attempt.

Source: PrairieLearn, docs/externalGrading.md.
"""

from __future__ import annotations

import json
from typing import Any

from grader.lms.result_file import ResultFile
from grader.model.outcome import Verdict
from grader.model.report import QuestionReport, Report
from grader.reports.printable import one_line
from grader.reports.question_text import printed_text, question_text
from grader.reports.wording import verdict_counts, what_next

PLACES = 6
LIMIT_BYTES = 1_000_000
SHORT_CHARACTERS = 2000
NOTHING_READ = (Verdict.MISSING, Verdict.INVALID, Verdict.SKIPPED)


def results(report: Report, hints: int = 0) -> dict[str, Any]:
    """The whole file as JSON-ready values."""
    if errors := format_errors(report):
        return {"gradable": False, "format_errors": errors, "output": printed_text(report)}
    found: dict[str, Any] = {
        "gradable": True,
        "score": round(float(report.fraction), PLACES),
        "message": "\n".join(
            filter(None, [verdict_counts(report), what_next(report), *map(one_line, report.notes)])
        ),
        "output": printed_text(report),
        "tests": [_test(question, hints) for question in report.questions],
    }
    if len(json.dumps(found)) > LIMIT_BYTES:
        for test in found["tests"]:
            test["output"] = test["output"][:SHORT_CHARACTERS]
    return found


def format_errors(report: Report) -> list[str]:
    """Why nothing could be marked, where answers were given and none could be read; else nothing."""
    verdicts = [question.outcome.verdict for question in report.questions]
    if Verdict.INVALID not in verdicts or not set(verdicts) <= set(NOTHING_READ):
        return []
    return [
        f"{one_line(question.id)}: {question_text(question)}"[:SHORT_CHARACTERS]
        for question in report.questions
        if question.outcome.verdict is Verdict.INVALID
    ]


def _test(question: QuestionReport, hints: int) -> dict[str, Any]:
    return {
        "name": one_line(question.id),
        "description": one_line(question.label),
        "points": round(float(question.points), PLACES),
        "max_points": round(float(question.max_points), PLACES),
        "message": question.outcome.verdict.value,
        "output": question_text(question, hints),
    }


RESULT_FILE = ResultFile(
    command="prairielearn",
    help="""Write results.json for PrairieLearn.

    Where answers were given and none could be read, it is not gradable and costs no attempt.
    """,
    submission="/grade/student",
    results="/grade/results/results.json",
    values=results,
)
