"""What goes into the gradebook and what comes out of it. Exact numbers are text: "7/2"."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

import msgspec

from grader.model.outcome import IN_WORDS, Verdict
from grader.model.report import Report
from grader.model.submission import Submission

Fingerprints: TypeAlias = dict[str, dict[str, str]]
"""For each question what may be the same in another answer: {"b_i": {"values": "9f..", "basis": "03.."}}."""


class Mark(msgspec.Struct, frozen=True):
    """One question of a result; its numbers are exact, as text."""

    question: str
    verdict: str
    fraction: str
    points: str
    max_points: str


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    """One report, ready to be kept.

    Args:
        exercise_digest: Of the exercise that it was marked with.
        grader_version: Of the grader that marked it.
        seed: That instances were drawn from.
        report: The whole report, schema `rnngrade/report/1`, as JSON text.
        marks: One entry a question, in the exercise's order.
        fingerprints: What may be the same in another answer.
    """

    exercise_digest: str
    grader_version: str
    seed: int
    report: str
    marks: tuple[Mark, ...]
    fingerprints: Fingerprints = {}

    @property
    def is_undecided(self) -> bool:
        """Whether the grader itself failed or could not decide somewhere."""
        return any(mark.verdict == Verdict.UNDECIDED for mark in self.marks)

    @property
    def staff_messages(self) -> tuple[str, ...]:
        """What the report tells staff only, each message once."""
        return staff_messages(msgspec.json.decode(self.report)) if '"staff"' in self.report else ()


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt as it is handed to the gradebook.

    Args:
        student: Whose it is.
        exercise: The exercise's id.
        number: Of the attempt, as the class folder tells it.
        submission: The bytes.
        name: A person's name, where it is known.
        group: The group's id, where it was handed in by one.
        submitted_at: As `times.kept_time` keeps it; None where it is not told.
        is_late: As the learning-management system says.
        source: Paths relative to the class folder.
    """

    student: str
    exercise: str
    number: int
    submission: Submission
    name: str = ""
    group: str = ""
    submitted_at: str | None = None
    is_late: bool | None = None
    source: tuple[str, ...] = ()


def marked(
    report: Report, as_record: Callable[[Report], dict[str, Any]], fingerprints: Fingerprints | None = None
) -> Marked:
    """A report, ready to be kept.

    Args:
        report: The report.
        as_record: How it is made JSON-ready.
        fingerprints: What may be the same in another answer.
    """
    return Marked(
        exercise_digest=report.exercise_digest,
        grader_version=report.grader_version,
        seed=report.seed,
        report=msgspec.json.encode(as_record(report)).decode(),
        marks=tuple(
            Mark(
                question=question.id,
                verdict=question.outcome.verdict.value,
                fraction=str(question.outcome.fraction),
                points=str(question.points),
                max_points=str(question.max_points),
            )
            for question in report.questions
        ),
        fingerprints=fingerprints or {},
    )


def for_student(one: Marked, student: str) -> Marked:
    """The result of an identical hand-in, under the name of another student.

    Args:
        one: What was marked.
        student: Whose it becomes.
    """
    record = msgspec.json.decode(one.report)
    record["student"] = student
    return msgspec.structs.replace(one, report=msgspec.json.encode(record).decode())


def staff_messages(record: dict[str, Any]) -> tuple[str, ...]:
    """What a report tells staff only, each message once, but for what the student wrote in words.

    Args:
        record: Of schema `rnngrade/report/1`, as it is kept; empty where it cannot be read.
    """
    told = (one for question in record.get("questions", ()) for one in question["feedback"])
    staff = (one for one in told if one["audience"] == "staff" and one.get("code") != IN_WORDS)
    return tuple(dict.fromkeys(one["message"] for one in staff))


def total(numbers: tuple[str, ...]) -> Fraction:
    """The exact sum of numbers kept as text.

    Args:
        numbers: Such as "7/2".
    """
    return sum(map(Fraction, numbers), Fraction(0))
