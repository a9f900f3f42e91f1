"""The contents of the page for staff, gathered before any of it is laid out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import msgspec
from sqlalchemy import Connection, Row

from grader.classroom.similarity import Similarities
from grader.classroom.statistics import Diagnoses, Statistics
from grader.gradebook.kept_reports import reports
from grader.gradebook.records import StoredAttempt, staff_messages
from grader.gradebook.standing import Standing
from grader.model.outcome import Diagnosis, Verdict
from grader.model.text import joined


class Concern(msgspec.Struct, frozen=True):
    """Something that staff should look at.

    Args:
        student: Whose it is.
        what: In words.
    """

    student: str
    what: str


class KnownMistake(msgspec.Struct, frozen=True, kw_only=True):
    """A known mistake in one question.

    Args:
        question: Its id.
        diagnosis: As in the report of the first student who made it.
        students: Who made it.
    """

    question: str
    diagnosis: Diagnosis
    students: tuple[str, ...]


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """A class in one exercise.

    Args:
        title: The exercise's.
        labels: Of its questions, by id.
        figures: The statistics.
        standings: One for each student.
        mistakes: The known mistakes, those that most made first.
        concerns: What staff should look at.
        pages: The address of each student's page, seen from the page for staff.
        similar: Submissions with something rare in common; None where it could not be found out.
    """

    title: str
    labels: Mapping[str, str]
    figures: Statistics
    standings: Sequence[Standing]
    mistakes: Sequence[KnownMistake]
    concerns: Sequence[Concern]
    pages: Mapping[str, str]
    similar: Similarities | None


def is_sound(standing: Standing) -> bool:
    """Whether its marks can be read, so that they count in the figures of the class."""
    try:
        for mark in standing.marks:
            Verdict(mark.verdict), Fraction(mark.fraction), Fraction(mark.points), Fraction(mark.max_points)
        return True
    except (ValueError, ZeroDivisionError):
        return False


def known_mistakes(
    connection: Connection, standings: Sequence[Standing], diagnoses: Diagnoses
) -> tuple[KnownMistake, ...]:
    """Who made which known mistake, those that most made first.

    Args:
        connection: To the gradebook.
        standings: One for each student.
        diagnoses: The known mistakes in it.
    """
    makers: dict[tuple[str, str], list[str]] = {}
    for student, of_student in diagnoses.items():
        for question, ids in of_student.items():
            for one in dict.fromkeys(ids):
                makers.setdefault((question, one), []).append(student)
    messages = _messages(connection, [one for one in standings if diagnoses.get(one.student)])
    found = (
        KnownMistake(
            question=question,
            diagnosis=Diagnosis(id_, messages.get((question, id_), "")),
            students=tuple(by),
        )
        for (question, id_), by in makers.items()
    )
    return tuple(sorted(found, key=lambda one: (-len(one.students), one.question, one.diagnosis.id)))


def _messages(connection: Connection, standings: Sequence[Standing]) -> dict[tuple[str, str], str]:
    messages: dict[tuple[str, str], str] = {}
    for _, record in reports(connection, [one.attempt.result for one in standings]):
        for question in record["questions"]:
            for one in question["diagnoses"]:
                messages.setdefault((question["id"], one["id"]), str(one.get("message", "")))
    return messages


def concerns_of(
    connection: Connection, standings: Sequence[Standing], attempts: Sequence[StoredAttempt | Row[Any]]
) -> Iterator[Concern]:
    """Undecided questions, times that cannot be true, and feedback for staff alone.

    Args:
        connection: To the gradebook.
        standings: One for each student.
        attempts: All of them: one that counts for nothing yet may be undecided.
    """
    counts = {one.student: one.attempt.number for one in standings}
    for each in attempts:
        if each.is_undecided and counts.get(each.student) not in (None, each.number):
            what = f"attempt {each.number} is undecided; attempt {counts[each.student]} counts until then"
            yield Concern(each.student, what)
    results = [one.attempt.result for one in standings]
    for one, (_, record) in zip(standings, reports(connection, results), strict=True):
        if one.is_undecided:
            open_ = [mark.question for mark in one.marks if mark.verdict == Verdict.UNDECIDED]
            yield Concern(one.student, f"undecided: {joined(open_)}")
        if one.is_pending:
            waiting = [mark.question for mark in one.marks if mark.verdict == Verdict.PENDING]
            yield Concern(one.student, f"waits for a person's mark: {joined(waiting)}")
        if one.when.problem:
            yield Concern(one.student, one.when.problem)
        for refused in one.refused:
            if refused.when.problem and refused.number != one.attempt.number:
                yield Concern(one.student, f"attempt {refused.number}, not accepted: {refused.when.problem}")
        for message in _for_staff(record):
            yield Concern(one.student, f"for staff: {message}")


def _for_staff(record: dict[str, object]) -> tuple[str, ...]:
    try:
        return staff_messages(record)
    except (KeyError, TypeError, AttributeError):
        # An unreadable record: its student gets no page, and staff are told.
        return ()
