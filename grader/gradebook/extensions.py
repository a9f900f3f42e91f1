"""More time that was given to students beside the course file, and the course with both."""

from __future__ import annotations

import datetime
import re

import msgspec
from sqlalchemy import Connection, insert, select

from grader.gradebook.course import Course, CourseExtension
from grader.gradebook.policy import Policy
from grader.gradebook.records import now
from grader.gradebook.submission_times import EARLIEST, LATEST
from grader.gradebook.tables import EXTENSIONS, Students, of_student
from grader.gradebook.write_records import plain_row

WRITTEN = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?( ?(Z|[+-]\d\d:\d\d))?", re.ASCII)


class Extension(msgspec.Struct, frozen=True, kw_only=True):
    """More time for one student in one exercise; None for `until` takes back what was given before.

    Args:
        student: Whose.
        exercise: The exercise's id.
        until: As in a course file: ISO 8601, on the course's clocks where it has no offset.
        who: Gave it.
        why: In words.
        made_at: ISO 8601 in UTC.
    """

    student: str
    exercise: str
    until: str | None
    who: str
    why: str
    made_at: str = msgspec.field(default_factory=now)


def read_until(text: str) -> datetime.datetime:
    """A time as a course file has it: "2026-12-01T23:59", or with an offset.

    Raises:
        ValueError: If it is none; says what is wanted.
    """
    wanted = "a day and a time, such as 2026-12-01T23:59"
    if not WRITTEN.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not {wanted}")
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text[:40]!r} is not {wanted}") from None
    if not EARLIEST <= found.year <= LATEST:
        raise ValueError(f"{text[:40]!r} is not a year from {EARLIEST} to {LATEST}")
    return found


def keep_extension(connection: Connection, extension: Extension) -> None:
    """Keep more time that somebody gives, or takes back; of a student and an exercise the last one stands."""
    connection.execute(insert(EXTENSIONS), plain_row(extension))


def extensions(
    connection: Connection, student: Students = None, exercise: str | None = None
) -> list[Extension]:
    """All extensions that were given or taken back, oldest first."""
    found = of_student(select(EXTENSIONS).order_by(EXTENSIONS.c.id), EXTENSIONS, exercise, student)
    columns = [EXTENSIONS.c[name] for name in Extension.__struct_fields__]
    return [Extension(**row._mapping) for row in connection.execute(found.with_only_columns(*columns))]


def with_extensions(
    connection: Connection, course: Course, student: Students = None, exercise: str | None = None
) -> Course:
    """The course with extensions given beside its file; adding them twice changes nothing."""
    last = {(one.student, one.exercise): one for one in extensions(connection, student, exercise)}
    given = (_as_in_a_file(one, one.until) for one in last.values() if one.until is not None)
    new = tuple(one for one in given if one not in course.extension)
    return msgspec.structs.replace(course, extension=(*course.extension, *new)) if new else course


def policy_of(connection: Connection, course: Course, student: str, exercise: str) -> Policy:
    """The policy of a student in an exercise, all extensions included."""
    return with_extensions(connection, course, student, exercise).policy(student, exercise)


def _as_in_a_file(one: Extension, until: str) -> CourseExtension:
    return CourseExtension(
        student=one.student, exercise=one.exercise, until=read_until(until), why=f"{one.why} ({one.who})"
    )
