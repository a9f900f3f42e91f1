"""The types of what the gradebook keeps. Exact numbers are text: "7/2"."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, TypeAlias

import msgspec

from grader.model.outcome import IN_WORDS, Verdict
from grader.model.report import QuestionReport, Report
from grader.model.submission import Submission

Fingerprints: TypeAlias = dict[str, dict[str, str]]
"""Of each question, hashes that a copied answer would share: {"b_i": {"values": "9f..", "basis": "03.."}}."""

INPUTS = ""
"""The key, beside the ids of questions, of the digests of all that the marks follow from."""


class StoredMark(msgspec.Struct, frozen=True, cache_hash=True):
    """One question of a result; its numbers are exact, as text."""

    question: str
    verdict: str
    fraction: str
    points: str
    max_points: str


class StoredResult(msgspec.Struct, frozen=True, kw_only=True):
    """One marking of an attempt: its report and, read from that, its marks.

    Args:
        exercise_digest: Of the exercise that it was marked with.
        grader_version: Of the grader that marked it.
        seed: That instances were drawn from.
        report: The whole report, schema `rnngrade/report/1`, as JSON text.
        marks: One a question, in the exercise's order.
        fingerprints: Hashes that a copied answer would share.
        variant: The code of the variant that was marked; empty where it has none.
        inputs: Of each question a digest of all that its mark follows from; none where it may not be reused.
    """

    exercise_digest: str
    grader_version: str
    seed: int
    report: str
    marks: tuple[StoredMark, ...]
    fingerprints: Fingerprints = {}
    variant: str = ""
    inputs: dict[str, str] = {}

    @property
    def is_undecided(self) -> bool:
        """Whether the grader itself failed or could not decide somewhere."""
        return any(mark.verdict == Verdict.UNDECIDED for mark in self.marks)

    @property
    def staff_messages(self) -> tuple[str, ...]:
        """What the report tells staff only, each message once."""
        return staff_messages(msgspec.json.decode(self.report)) if '"staff"' in self.report else ()


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt of a student, as a class folder has it.

    Args:
        student: Whose it is.
        exercise: The exercise's id.
        number: As the class folder counts the student's attempts.
        submission: The bytes that were submitted.
        name: A person's name, where it is known.
        group: The group's id, where a group submitted it.
        submitted_at: As `submission_times.kept_time` keeps it; None where the export has none.
        is_late: As the learning-management system says.
        source: Paths relative to the class folder.
        question: The one that was submitted alone; empty for the whole exercise.
        stamp: What its files were known by before they were read; empty where that is nothing.
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
    question: str = ""
    stamp: bytes = b""


def stored_result(
    report: Report,
    record: dict[str, Any],
    fingerprints: Fingerprints | None = None,
    marks: tuple[StoredMark, ...] | None = None,
    inputs: dict[str, str] | None = None,
) -> StoredResult:
    """A report in the form that the gradebook keeps.

    Args:
        report: The report.
        record: The same, JSON-ready, of schema `rnngrade/report/1`.
        fingerprints: Hashes that a copied answer would share.
        marks: Of its questions, where they are there already.
        inputs: Of each question a digest of all that its mark follows from.
    """
    return StoredResult(
        exercise_digest=report.exercise_digest,
        grader_version=report.grader_version,
        seed=report.seed,
        report=msgspec.json.encode(record).decode(),
        marks=tuple(map(stored_mark, report.questions)) if marks is None else marks,
        fingerprints=fingerprints or {},
        variant=report.variant,
        inputs=inputs or {},
    )


def stored_mark(question: QuestionReport) -> StoredMark:
    """One question in the form that the gradebook keeps."""
    return StoredMark(
        question=question.id,
        verdict=question.outcome.verdict.value,
        fraction=str(question.outcome.fraction),
        points=str(question.points),
        max_points=str(question.max_points),
    )


def for_student(result: StoredResult, student: str) -> StoredResult:
    """The result of an identical submission, under the name of another student."""
    record = msgspec.json.decode(result.report)
    record["student"] = student
    return msgspec.structs.replace(result, report=msgspec.json.encode(record).decode())


def staff_messages(record: dict[str, Any]) -> tuple[str, ...]:
    """What a report tells staff only, each message once, but for what the student wrote in words.

    Args:
        record: Of schema `rnngrade/report/1`, as it is kept; empty where it cannot be read.
    """
    feedback = (one for question in record.get("questions", ()) for one in question["feedback"])
    staff = (one for one in feedback if one["audience"] == "staff" and one.get("code") != IN_WORDS)
    return tuple(dict.fromkeys(one["message"] for one in staff))


def total(numbers: Iterable[str]) -> Fraction:
    """The exact sum of numbers kept as text."""
    return sum(map(exact, numbers), Fraction(0))


@functools.lru_cache(maxsize=4096)
def exact(number: str) -> Fraction:
    """A number kept as text; a class has few that differ, and reading each takes longer than adding it."""
    return Fraction(number)


class StoredAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt with the result that stands for it.

    Args:
        attempt: Its id.
        student: Whose it is.
        exercise: The exercise's id.
        number: Counts the student's attempts.
        submission: Digest of what was submitted.
        submitted_at: As `submission_times.kept_time` keeps it; None where the export has none.
        is_late: As the learning-management system says.
        result: The result's id.
        exercise_digest: Of the exercise that it was marked with.
        grader_version: Of the grader that marked it.
        is_undecided: Whether a question is undecided.
        same_as: The student whose identical submission was judged.
        marks: One a question.
        name: A person's name, where it is known.
        received_at: When it came into the gradebook, ISO 8601 in UTC.
        variant: The code of the variant that was marked; empty where it has none.
        question: The one that was submitted alone, the others as they stood; empty for the whole exercise.
    """

    attempt: int
    student: str
    exercise: str
    number: int
    submission: str
    submitted_at: str | None
    is_late: bool | None
    result: int
    exercise_digest: str
    grader_version: str
    is_undecided: bool
    same_as: str | None
    marks: tuple[StoredMark, ...] = ()
    name: str = ""
    received_at: str = ""
    variant: str = ""
    question: str = ""


class PastResult(msgspec.Struct, frozen=True, kw_only=True):
    """One marking of an attempt, as the history tells of it.

    Args:
        id: The result's id.
        exercise_digest: Of the exercise that it was marked with.
        grader_version: Of the grader that marked it.
        is_undecided: Whether a question is undecided.
        is_counted: Whether it stood from then on.
        same_as: The student whose identical submission was judged.
        reason: Why it was marked: "batch", "browser" or "regrade".
        marked_at: ISO 8601 in UTC.
        marks: One a question.
    """

    id: int
    exercise_digest: str
    grader_version: str
    is_undecided: bool
    is_counted: bool
    same_as: str | None
    reason: str
    marked_at: str
    marks: tuple[StoredMark, ...]


def now() -> str:
    """This moment, ISO 8601 in UTC."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """Points that a person gave; None for points takes back what was given before.

    Args:
        student: Whose points.
        exercise: The exercise's id.
        question: The question's id; None for the total.
        points: Exact, as text.
        who: Gave them.
        why: In words.
        made_at: ISO 8601 in UTC.
    """

    student: str
    exercise: str
    question: str | None
    points: str | None
    who: str
    why: str
    made_at: str = msgspec.field(default_factory=now)
