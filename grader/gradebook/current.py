"""The standings of a gradebook as they are now, from all that it keeps of attempts, people and hints."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from grader.gradebook.computing import compute_standings
from grader.gradebook.course import Course
from grader.gradebook.extensions import with_extensions
from grader.gradebook.queue import hand_marks
from grader.gradebook.reading import overrides, stored_attempts
from grader.gradebook.records import StoredAttempt
from grader.gradebook.rows import Students
from grader.gradebook.shown_hints import shown_hints
from grader.gradebook.standing import Standing, UnreadableRecords


def current_standings(
    connection: Connection,
    course: Course,
    exercise: str | None = None,
    student: Students = None,
    failed: list[UnreadableRecords] | None = None,
    attempts: Sequence[StoredAttempt] | None = None,
) -> list[Standing]:
    """The standing of each student in each exercise.

    Args:
        connection: To the gradebook.
        course: The policies, as their file has them; more time given beside it is added.
        exercise: Of this exercise only.
        student: Of this student, or of these students only.
        failed: Gets those whose records cannot be read.
        attempts: By student, exercise and number, where they are read already.
    """
    if attempts is None:
        attempts = stored_attempts(connection, exercise, student)
    given = overrides(connection, exercise, student)
    hints = shown_hints(connection, exercise, student)
    failed = [] if failed is None else failed
    course = with_extensions(connection, course, student, exercise)
    return compute_standings(attempts, given, course, failed, hand_marks(connection, student), hints)
