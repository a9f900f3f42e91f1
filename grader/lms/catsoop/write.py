"""The result that CAT-SOOP takes from a question type: a score from 0 to 1, and a message in HTML.

Source: catsoop 19, __QTYPES__/smallbox/smallbox.py (handle_submission).
"""

from __future__ import annotations

from typing import Any

from grader.lms.result_file import ResultFile
from grader.model.report import Report
from grader.reports import View
from grader.reports.html.notebook import notebook_html

PLACES = 6


def results(report: Report, hints: int = 0) -> dict[str, Any]:
    """The whole file as JSON-ready values."""
    return {"score": round(float(report.fraction), PLACES), "msg": notebook_html(report, View(hints=hints))}


RESULT_FILE = ResultFile(
    command="catsoop",
    help="Write score and message for the question type that `rnngrade harness catsoop init` makes.",
    submission="answer",
    results="result.json",
    values=results,
)
