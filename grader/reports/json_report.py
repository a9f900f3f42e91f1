"""The report as JSON for scripts, and JSON read back as a report: schema `rnngrade/report/1`."""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

import msgspec

from grader.errors import GraderError
from grader.model.evidence import (
    PROVED,
    PROVED_FOR_ALL_INPUTS,
    Basis,
    RecordedFacts,
    points_of_code,
    tried_on,
)
from grader.model.outcome import Audience, Diagnosis, Feedback, Outcome, Verdict
from grader.model.report import SCHEMA, QuestionReport, Report
from grader.model.run import Protection, Usage
from grader.reports import PLAIN, View
from grader.reports.wording import addressed_to

FORMAT = "json"
SUFFIX = ".json"
BEYOND_ASCII = re.compile(r"[^\x00-\x7e]")

PLACES = 6
LARGEST_DENOMINATOR = 5000
"""Up to here a fraction that was written with six decimals is the same again when it is read back."""
LARGEST_WHOLE = 2**63
"""From here on a whole number is written as text: most readers of JSON, the gradebook's too, refuse it."""
DEEPEST = 64
"""Lists in lists; readers of JSON give up somewhere, and nothing that is asked for is nested so."""


class FeedbackRecord(msgspec.Struct):
    """One thing that is told; the code is a stable word, the message is for people and may change."""

    code: str
    message: str
    audience: Audience


class QuestionRecord(msgspec.Struct):
    """One question; what `evidence` holds depends on its kind."""

    id: str
    label: str
    verdict: Verdict
    points: float
    max_points: float
    fraction: float
    basis: str | None
    feedback: list[FeedbackRecord]
    diagnoses: list[Diagnosis]
    evidence: dict[str, Any]


class ReportRecord(msgspec.Struct):
    """A whole report. Keys may be added; those that are here stay."""

    schema: Literal["rnngrade/report/1"]
    exercise: str
    exercise_digest: str
    student: str
    submission_digest: str
    grader_version: str
    seed: int
    points: float
    max_points: float
    fraction: float
    questions: list[QuestionRecord]
    sandbox: Protection
    usage: Usage
    notes: list[str] = []
    variant: str | msgspec.UnsetType = msgspec.UNSET


def report_schema() -> dict[str, Any]:
    """The JSON Schema of a report."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(ReportRecord)}


def render(report: Report, view: View = PLAIN) -> str:
    """The report as one JSON object.

    Args:
        report: The report.
        view: Who reads it; all else is of no concern to a script.
    """
    text = json.dumps(as_record(report, view.audience), indent=2, ensure_ascii=False, allow_nan=False)
    return BEYOND_ASCII.sub(_kept_or_escaped, text) + "\n"


def _kept_or_escaped(found: re.Match[str]) -> str:
    """Escape a character that would steer a terminal or reverse a line; the JSON value stays the same."""
    sign = found[0]
    return sign if sign.isprintable() else json.dumps(sign)[1:-1]


def as_record(
    report: Report, audience: Audience = "staff", questions: Sequence[msgspec.Raw] | None = None
) -> dict[str, Any]:
    """The report as JSON-ready values, numbers rounded once, here.

    Args:
        report: The report.
        audience: Who reads it; the gradebook keeps what is for staff, too.
        questions: The records of its questions, where they are there already.
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
        "questions": [],
        "sandbox": {},
        "usage": {key: _rounded(value) for key, value in msgspec.to_builtins(report.usage).items()},
        "notes": list(report.notes),
    }
    if report.variant:
        record["variant"] = report.variant
    if report.counted is not None:
        record |= {**report.counted.facts, "reasons": list(report.counted.reasons)}
    ready = _json_ready(record)
    assert isinstance(ready, dict)
    sandbox = _protection_record(report.protection)
    ready["sandbox"] = {**sandbox, "layers": [*sandbox["layers"]]}
    ready["questions"] = (
        list(questions)
        if questions is not None
        else [question_record(question, audience) for question in report.questions]
    )
    return ready


@functools.lru_cache(maxsize=8)
def _protection_record(protection: Protection) -> dict[str, Any]:
    """The protection as JSON-ready values; cached, as it is the same from answer to answer."""
    ready = _json_ready(msgspec.to_builtins(protection), 1)
    assert isinstance(ready, dict)
    return ready


def report_from_record(record: dict[str, Any], title: str = "") -> Report:
    """The report that a record of schema `rnngrade/report/1` was made from.

    Args:
        record: From a JSON report or the gradebook.
        title: The exercise's title, which the record does not hold.

    Raises:
        GraderError: If it is no such record.
    """
    if record.get("schema") != SCHEMA:
        raise GraderError(f"the report is of schema {record.get('schema')!r}, wanted {SCHEMA!r}")
    try:
        return Report(
            exercise=record["exercise"],
            exercise_digest=record["exercise_digest"],
            student=record["student"],
            submission_digest=record["submission_digest"],
            grader_version=record["grader_version"],
            seed=record["seed"],
            questions=tuple(map(_question_from_record, record["questions"])),
            protection=Protection(
                level=record["sandbox"]["level"], layers=tuple(record["sandbox"].get("layers", ()))
            ),
            usage=Usage(**record["usage"]),
            notes=tuple(record.get("notes", ())),
            title=title,
            variant=record.get("variant", ""),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise GraderError(f"the report cannot be read back ({type(error).__name__}: {error})") from None


def question_record(question: QuestionReport, audience: Audience = "staff") -> dict[str, Any]:
    """One question of a report as JSON-ready values.

    Args:
        question: The question.
        audience: Who reads it.
    """
    outcome = question.outcome
    record = {
        "id": question.id,
        "label": question.label,
        "verdict": outcome.verdict.value,
        "points": question.points,
        "max_points": question.max_points,
        "fraction": outcome.fraction,
        "basis": None if outcome.basis is None else outcome.basis.code,
        "feedback": [
            {"code": feedback.code, "message": feedback.message, "audience": feedback.audience}
            for feedback in addressed_to(audience, outcome.feedback)
        ],
        "diagnoses": [msgspec.to_builtins(diagnosis) for diagnosis in outcome.diagnoses],
        "evidence": outcome.facts,
    }
    # Two deep in the report: that far from what may still be nested in it.
    ready = _json_ready(record, 2)
    assert isinstance(ready, dict)
    return ready


def _rounded(value: Fraction | float) -> float | str:
    try:
        number = round(float(value), PLACES)
    except OverflowError:
        exact = Fraction(value)
        power = (abs(exact.numerator).bit_length() - exact.denominator.bit_length()) * math.log10(2)
        return f"about {'-' if value < 0 else ''}10^{round(power)}"
    return number if math.isfinite(number) else str(number)


def _json_ready(value: object, depth: int = 0) -> object:
    """The value as JSON can hold it: evidence may have a student's NaN or lone surrogates."""
    # Most of it is numbers, and to ask for a Fraction is slow: it is an abstract class.
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < LARGEST_WHOLE else _as_text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode("utf-8")
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


def _question_from_record(record: dict[str, Any]) -> QuestionReport:
    return QuestionReport(
        id=record["id"],
        label=record["label"],
        max_points=_exact(record["max_points"]),
        outcome=Outcome(
            verdict=Verdict(record["verdict"]),
            fraction=_exact(record["fraction"]),
            basis=_basis(record["basis"], record["evidence"]),
            feedback=tuple(Feedback(**one) for one in record["feedback"]),
            diagnoses=tuple(Diagnosis(**one) for one in record["diagnoses"]),
            evidence=(RecordedFacts(plain=record["evidence"]),),
            is_withheld="marked_by" in record["evidence"],
        ),
    )


def _basis(code: str | None, facts: dict[str, Any]) -> Basis | None:
    """The basis: its code says how many were tested, the facts show whether steps, curves or instances."""
    is_linear = "deciding_steps" in facts
    if code is None:
        return None
    points = points_of_code(code)
    if points is None:
        return PROVED_FOR_ALL_INPUTS if is_linear or "boxes" in facts else PROVED
    if "words_up_to" in facts:
        return tried_on(points, "length")
    return tried_on(points, "step" if is_linear else "curve" if "every" in facts else "instance")


def _exact(number: float) -> Fraction:
    return Fraction(str(number)).limit_denominator(LARGEST_DENOMINATOR)
