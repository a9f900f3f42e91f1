"""The standings of everybody, computed anew only for students with something new."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from sqlalchemy import Column, Connection, Table, func, select

from grader.gradebook.course import Course
from grader.gradebook.current import current_standings
from grader.gradebook.standing import Standing, UnreadableRecords
from grader.gradebook.tables import ATTEMPTS, EXTENSIONS, HAND_MARKS, OVERRIDES, RESULTS, SHOWN_HINTS

OF_STUDENTS = (ATTEMPTS, OVERRIDES, SHOWN_HINTS, EXTENSIONS)
OF_ATTEMPTS = (RESULTS, HAND_MARKS)
"""Rows are added only: whatever changed has a row of a higher number than any seen before."""

MOST_ONE_BY_ONE = 30
"""Students; from more on all are read at once, which is quicker then."""


class ClassStandings:
    """The standings of a course, kept between pages; it asks the database each time what is new.

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
        """The standing of each student in each exercise.

        Args:
            connection: To the database, in one transaction.
            course: As its file has it.
            exercise: Of this exercise only.
            failed: Gets those whose records cannot be read.
        """
        with self._lock:
            newest = {one.name: _newest(connection, one) for one in (*OF_STUDENTS, *OF_ATTEMPTS)}
            if course != self._course or not self._update(connection, course):
                self._failed = []
                self._standings = _by_student(current_standings(connection, course, failed=self._failed))
            self._course, self._seen = course, newest
            every = [one for name in sorted(self._standings) for one in self._standings[name]]
            unread = [one for one in self._failed if exercise in (None, one.exercise)]
        if failed is not None:
            failed += unread
        return [one for one in every if exercise in (None, one.exercise)]

    def _update(self, connection: Connection, course: Course) -> bool:
        """Compute the standings of students with something new; False if that is most of the class."""
        changed = _changed(connection, self._seen)
        if len(changed) > MOST_ONE_BY_ONE:
            return False
        self._failed = [one for one in self._failed if one.student not in changed]
        for student in changed:
            self._standings[student] = current_standings(connection, course, None, student, self._failed)
        return True


def _newest(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.max(table.c.id))).scalar() or 0)


def _changed(connection: Connection, seen: Mapping[str, int]) -> set[str]:
    """Students with a row that was not seen yet."""
    found: set[str] = set()
    for table in (*OF_STUDENTS, *OF_ATTEMPTS):
        student: Column[str] = ATTEMPTS.c.student if table in OF_ATTEMPTS else table.c.student
        rows = select(student).where(table.c.id > seen[table.name])
        if table in OF_ATTEMPTS:
            rows = rows.join(ATTEMPTS, ATTEMPTS.c.id == table.c.attempt)
        found.update(connection.execute(rows.distinct()).scalars())
    return found


def _by_student(standings: list[Standing]) -> dict[str, list[Standing]]:
    found: dict[str, list[Standing]] = {}
    for one in standings:
        found.setdefault(one.student, []).append(one)
    return found
