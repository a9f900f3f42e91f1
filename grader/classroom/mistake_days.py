"""Which known mistakes a class made on which day, in all attempts and not only in those that count."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, func, select

from grader.gradebook.submission_times import when
from grader.gradebook.tables import ATTEMPTS, RESULTS
from grader.model.outcome import Diagnosis


class Made(msgspec.Struct, frozen=True):
    """A known mistake that a student made on a day, on the course's clocks."""

    student: str
    question: str
    diagnosis: Diagnosis
    day: datetime.date


class MistakeDays(msgspec.Struct, frozen=True):
    """One known mistake over time.

    Args:
        question: Of the exercise.
        diagnosis: As in the report of the last student who made it.
        students: Who made it, by id.
        days: How many students made it on each day.
    """

    question: str
    diagnosis: Diagnosis
    students: tuple[str, ...]
    days: Mapping[datetime.date, int]


class _MadeDiagnosis(Diagnosis, frozen=True):
    """What is read of a diagnosis in a kept report, which may be of another version; no message."""

    message: str = ""


class _MadeQuestion(msgspec.Struct):
    id: str
    diagnoses: list[_MadeDiagnosis] = []


class _MadeReport(msgspec.Struct):
    """What is read of a kept report; the rest is skipped, which is quick."""

    questions: list[_MadeQuestion] = []


READER = msgspec.json.Decoder(_MadeReport)


def mistakes_made(connection: Connection, exercise: str, time_zone: str) -> list[Made]:
    """Every known mistake of every attempt, in the order of handing in."""
    stands = (
        select(func.max(RESULTS.c.id).label("result"))
        .join(ATTEMPTS, ATTEMPTS.c.id == RESULTS.c.attempt)
        .where(RESULTS.c.is_counted == 1, ATTEMPTS.c.exercise == exercise)
        .group_by(RESULTS.c.attempt)
        .subquery()
    )
    names = ("id", "student", "question", "submitted_at", "received_at")
    rows = connection.execute(
        select(*(ATTEMPTS.c[name] for name in names), RESULTS.c.report)
        .join(stands, stands.c.result == RESULTS.c.id)
        .join(ATTEMPTS, ATTEMPTS.c.id == RESULTS.c.attempt)
        .order_by(ATTEMPTS.c.id)
    )
    found: list[Made] = []
    for row in rows:
        try:
            report = READER.decode(row.report)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            continue  # whose it is stands on the page of the class
        # Handed in one by one, the others stand in the report as they were before.
        questions = [one for one in report.questions if row.question in ("", one.id) and one.diagnoses]
        if questions:
            day = _day(row.submitted_at, row.received_at, time_zone)
            named = ((one.id, each) for one in questions for each in one.diagnoses)
            found += [Made(row.student, question, each, day) for question, each in named]
    return found


def _day(submitted_at: str | None, received_at: str, time_zone: str) -> datetime.date:
    """The day of handing in; where that is not known, the day on which the gradebook received it."""
    at = when(submitted_at, time_zone).at or datetime.datetime.fromisoformat(received_at)
    return at.astimezone(zoneinfo.ZoneInfo(time_zone)).date()


def by_mistake(made: Iterable[Made]) -> list[MistakeDays]:
    """Each known mistake with its days, those that most students made first."""
    students: dict[tuple[str, str], set[tuple[str, datetime.date]]] = {}
    diagnoses: dict[tuple[str, str], Diagnosis] = {}
    for one in made:
        key = (one.question, one.diagnosis.id)
        students.setdefault(key, set()).add((one.student, one.day))
        diagnoses[key] = one.diagnosis
    found = [
        MistakeDays(
            question=question,
            diagnosis=diagnoses[question, id],
            students=tuple(sorted({who for who, _ in pairs})),
            days=_counts(day for _, day in pairs),
        )
        for (question, id), pairs in students.items()
    ]
    return sorted(found, key=lambda one: (-len(one.students), one.question, one.diagnosis.id))


def students_by_day(made: Iterable[Made]) -> dict[datetime.date, int]:
    """How many students made any known mistake on each day."""
    return _counts(day for _, day in {(one.student, one.day) for one in made})


def _counts(days: Iterable[datetime.date]) -> dict[datetime.date, int]:
    found: dict[datetime.date, int] = {}
    for day in days:
        found[day] = found.get(day, 0) + 1
    return dict(sorted(found.items()))


MOST_BARS = 31
WEEK = 7


def spans(days: Sequence[datetime.date]) -> list[tuple[datetime.date, datetime.date]]:
    """The days of a chart's bars, first and last of each: every day, or every week where that is too many.

    Args:
        days: On which something was; sorted, not empty.
    """
    first, last = days[0], days[-1]
    step = 1
    while (last - first).days // step >= MOST_BARS:
        step = WEEK if step == 1 else step * 2
    made = []
    while first <= last:
        made.append((first, min(first + datetime.timedelta(days=step - 1), last)))
        first += datetime.timedelta(days=step)
    return made
