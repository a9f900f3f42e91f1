"""A report read back from its JSON, to be shown again in another format."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from grader.errors import GraderError
from grader.model.outcome import Diagnosis, Feedback, Outcome, Verdict
from grader.model.report import SCHEMA, QuestionReport, Report
from grader.model.run import Protection, Usage

# The JSON has six decimals; points and shares are fractions with small denominators.
LARGEST_DENOMINATOR = 5000


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
            questions=tuple(map(_question, record["questions"])),
            protection=Protection(
                level=record["sandbox"]["level"], layers=tuple(record["sandbox"].get("layers", ()))
            ),
            usage=Usage(**record["usage"]),
            notes=tuple(record.get("notes", ())),
            title=title,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise GraderError(f"the report cannot be read back ({type(error).__name__}: {error})") from None


def _question(record: dict[str, Any]) -> QuestionReport:
    return QuestionReport(
        id=record["id"],
        label=record["label"],
        max_points=_exact(record["max_points"]),
        outcome=Outcome(
            verdict=Verdict(record["verdict"]),
            fraction=_exact(record["fraction"]),
            basis=record["basis"],
            feedback=tuple(Feedback(**one) for one in record["feedback"]),
            diagnoses=tuple(Diagnosis(**one) for one in record["diagnoses"]),
            evidence=record["evidence"],
        ),
    )


def _exact(number: float) -> Fraction:
    return Fraction(str(number)).limit_denominator(LARGEST_DENOMINATOR)
