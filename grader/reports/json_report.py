"""The report for scripts: schema rnngrade/report/1."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

import msgspec

from grader.model.outcome import Audience
from grader.model.report import SCHEMA, QuestionReport, Report
from grader.reports.view import PLAIN, View
from grader.reports.wording import told_to

FORMAT = "json"
SUFFIX = ".json"

PLACES = 6
LARGEST_WHOLE = 2**63
"""Beyond it a whole number is written as text: most readers of JSON, the gradebook's too, take no other."""
DEEPEST = 64
"""Lists in lists; readers of JSON give up somewhere, and nothing that is asked for is nested so."""


def render(report: Report, view: View = PLAIN) -> str:
    """The report as one JSON object.

    Args:
        report: The report.
        view: Who reads it; all else is of no concern to a script.
    """
    return json.dumps(as_record(report, view.audience), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def as_record(report: Report, audience: Audience = "staff") -> dict[str, Any]:
    """The report as JSON-ready values, numbers rounded once, here.

    Args:
        report: The report.
        audience: Who reads it; the gradebook keeps what is for staff, too.
    """
    record = {
        "schema": SCHEMA,
        "exercise": report.exercise,
        "exercise_digest": report.exercise_digest,
        "student": report.student,
        "submission_digest": report.submission_digest,
        "grader_version": report.grader_version,
        "seed": report.seed,
        "points": report.points,
        "max_points": report.max_points,
        "fraction": report.fraction,
        "questions": [_question(question, audience) for question in report.questions],
        "sandbox": msgspec.to_builtins(report.protection),
        "usage": {key: _rounded(value) for key, value in msgspec.to_builtins(report.usage).items()},
        "notes": list(report.notes),
    }
    if report.counted is not None:
        record |= {**report.counted.facts, "reasons": list(report.counted.reasons)}
    ready = _json_ready(record)
    assert isinstance(ready, dict)
    return ready


def _question(question: QuestionReport, audience: Audience) -> dict[str, Any]:
    outcome = question.outcome
    return {
        "id": question.id,
        "label": question.label,
        "verdict": outcome.verdict.value,
        "points": question.points,
        "max_points": question.max_points,
        "fraction": outcome.fraction,
        "basis": outcome.basis,
        "feedback": [
            {"code": feedback.code, "message": feedback.message, "audience": feedback.audience}
            for feedback in told_to(audience, outcome.feedback)
        ],
        "diagnoses": [msgspec.to_builtins(diagnosis) for diagnosis in outcome.diagnoses],
        "evidence": outcome.evidence,
    }


def _rounded(value: Fraction | float) -> float | str:
    try:
        number = round(float(value), PLACES)
    except OverflowError:
        return f"about {'-' if value < 0 else ''}10^{_power_of_ten(value)}"
    return number if math.isfinite(number) else str(number)


def _power_of_ten(value: Fraction | float) -> int:
    exact = abs(Fraction(value))
    return round((exact.numerator.bit_length() - exact.denominator.bit_length()) * math.log10(2))


def _json_ready(value: object, depth: int = 0) -> object:
    """Evidence may hold a student's numbers and text: NaN and lone surrogates are not JSON."""
    # Most of it is numbers, and to ask for a Fraction is slow: it is an abstract class.
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < LARGEST_WHOLE else _as_text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if depth >= DEEPEST:
        return "(nested more deeply than is shown)"
    if isinstance(value, dict):
        return {str(_json_ready(str(key))): _json_ready(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json_ready(item, depth + 1) for item in value]
    return _rounded(value) if isinstance(value, Fraction) else _json_ready(str(value))


def _as_text(number: int) -> str:
    try:
        return str(number)
    except ValueError:
        return f"a number of about {round(number.bit_length() * math.log10(2))} digits"
