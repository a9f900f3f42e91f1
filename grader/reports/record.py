"""What a JSON report holds, as types: the schema `rnngrade/report/1` is made from them."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from grader.model.outcome import Audience, Diagnosis, Verdict
from grader.model.run import Protection, Usage


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


def report_schema() -> dict[str, Any]:
    """The JSON Schema of a report."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(ReportRecord)}
