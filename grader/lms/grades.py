"""Reads the gradebook's JSON export: the points that count for each student."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grader.errors import SubmissionError
from grader.model.outcome import Verdict
from grader.model.text import composed


@dataclass(frozen=True)
class Grade:
    """The points that count for one student.

    Args:
        student: The student's id.
        points: Points that count.
        max_points: Points that could be earned.
        verdicts: Of each question.
        is_given: Whether a person gave points for the whole, or nothing was handed in in time, so that no
            question is open.
    """

    student: str
    points: Fraction
    max_points: Fraction
    verdicts: dict[str, str]
    is_given: bool = False

    @property
    def is_undecided(self) -> bool:
        """Whether a question is still undecided."""
        return not self.is_given and Verdict.UNDECIDED.value in self.verdicts.values()

    @property
    def is_pending(self) -> bool:
        """Whether a question waits for a person's mark."""
        return not self.is_given and Verdict.PENDING.value in self.verdicts.values()


def read_grades(text: str, where: str, exercise: str | None = None) -> tuple[Grade, ...]:
    """The records of one exercise.

    Args:
        text: From `rnngrade gradebook export --format json`.
        where: Its name in errors.
        exercise: Which one; may be left out where the export holds one only.

    Raises:
        SubmissionError: If it is no such export, or of several exercises.
    """
    try:
        records = json.loads(text)
        ids = sorted({record["exercise"] for record in records})
    except (ValueError, TypeError, KeyError, RecursionError):
        hint = "write it with: rnngrade gradebook export --format json"
        raise SubmissionError("is not the gradebook's JSON export", hint, where) from None
    if exercise is None and len(ids) > 1:
        raise SubmissionError(f"holds {len(ids)} exercises: {', '.join(ids)}", "choose by --exercise", where)
    if exercise is not None and exercise not in ids:
        raise SubmissionError(
            f"holds nothing of {exercise}", f"it holds {', '.join(ids) or 'no records'}", where
        )
    try:
        return tuple(_grade(record) for record in records if exercise in (None, record["exercise"]))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        raise SubmissionError("has a record that is not the gradebook's", where=where) from None


def _grade(record: dict[str, Any]) -> Grade:
    verdicts = {question: str(one["verdict"]) for question, one in record["questions"].items()}
    return Grade(
        composed(str(record["student"])),
        Fraction(str(record["points"])),
        Fraction(str(record["max_points"])),
        verdicts,
        bool(record.get("override")) or not _is_accepted(record),
    )


def _is_accepted(record: dict[str, Any]) -> bool:
    return all(one["attempt"] != record.get("attempt") for one in record.get("not_accepted", ()))
