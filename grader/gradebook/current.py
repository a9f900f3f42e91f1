"""The standings of a gradebook as they are now, and whose may have changed since the last look."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from grader.gradebook.computing import compute_standings
from grader.gradebook.course import Course
from grader.gradebook.extensions import with_extensions
from grader.gradebook.queue import hand_marks
from grader.gradebook.read_records import overrides, stored_attempts
from grader.gradebook.records import StoredAttempt
from grader.gradebook.shown_hints import shown_hints
from grader.gradebook.standing import Standing, UnreadableRecords
from grader.gradebook.tables import (
    ATTEMPTS,
    EXTENSIONS,
    HAND_MARKS,
    OVERRIDES,
    RESULTS,
    SHOWN_HINTS,
    Students,
    last_id,
)

OF_STUDENTS = (ATTEMPTS, OVERRIDES, SHOWN_HINTS, EXTENSIONS)
OF_ATTEMPTS = (RESULTS, HAND_MARKS)
"""Tables of which a new row may change what counts for one student. Rows are added only: whatever changed has
a row of a higher number than any seen before."""

MOST_ONE_BY_ONE = 30
"""Of more students than this all are read at once, which is then quicker."""


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


class ClassStandings:
    """The standings of everybody, kept: computed anew only for students with something new.

    It is safe for several threads, and for several servers on one database. In a transaction that writes it
    is asked before anything is written: what is rolled back must not be kept here.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._course: Course | None = None
        self._seen: dict[str, int] = {}
        self._standings: dict[str, list[Standing]] = {}
        self._failed: list[UnreadableRecords] = []

    def now(
        self,
        connection: Connection,
        course: Course,
        exercise: str | None = None,
        failed: list[UnreadableRecords] | None = None,
    ) -> list[Standing]:
        """The standing of each student in each exercise; see `current_standings`."""
        with self._lock:
            newest = last_rows(connection)
            if course != self._course or not self._update(connection, course):
                self._failed = []
                self._standings = {}
                for one in current_standings(connection, course, failed=self._failed):
                    self._standings.setdefault(one.student, []).append(one)
            self._course, self._seen = course, newest
            every = [one for name in sorted(self._standings) for one in self._standings[name]]
            unread = [one for one in self._failed if exercise in (None, one.exercise)]
        if failed is not None:
            failed += unread
        return [one for one in every if exercise in (None, one.exercise)]

    def _update(self, connection: Connection, course: Course) -> bool:
        """Compute the standings of students with something new; False if that is most of the class."""
        changed = changed_since(connection, self._seen)
        if len(changed) > MOST_ONE_BY_ONE:
            return False
        self._failed = [one for one in self._failed if one.student not in changed]
        for student in changed:
            self._standings[student] = current_standings(connection, course, None, student, self._failed)
        return True


def last_rows(connection: Connection) -> dict[str, int]:
    """The number of the last row that may change what counts for a student, by table."""
    return {one.name: last_id(connection, one) for one in (*OF_STUDENTS, *OF_ATTEMPTS)}


def changed_since(connection: Connection, seen: Mapping[str, int]) -> set[str]:
    """Students of whom a row was added since.

    Args:
        connection: To the gradebook.
        seen: From `last_rows`; empty where nothing was.
    """
    found: set[str] = set()
    for table in (*OF_STUDENTS, *OF_ATTEMPTS):
        rows = select(ATTEMPTS.c.student if table in OF_ATTEMPTS else table.c.student)
        if table in OF_ATTEMPTS:
            rows = rows.join(table, table.c.attempt == ATTEMPTS.c.id)
        is_new = table.c.id > seen.get(table.name, 0)
        found.update(connection.execute(rows.where(is_new).distinct()).scalars())
    return found
