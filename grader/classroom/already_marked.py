"""Results that the gradebook already has of an exercise, read for a few students at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from grader.gradebook.read_records import latest_of_submissions, latest_results
from grader.gradebook.records import Attempt, StoredResult
from grader.gradebook.write_records import RowIds, plain
from grader.model.exercise import Exercise


class LatestResult(NamedTuple):
    """The last attempt that came under one number of the class folder, and its result.

    Args:
        attempt: Its id.
        result: The id of its result.
        submission: Digest of what was submitted.
        is_current: Whether it was marked with today's exercise and grader.
        is_undecided: Whether a question is undecided.
        variant: The code of the variant that was marked; empty where it has none.
    """

    attempt: int
    result: int
    submission: str
    is_current: bool
    is_undecided: bool
    variant: str = ""


class ReusableResult(NamedTuple):
    """Id of a result that holds for every identical submission, and whose it is."""

    result: int
    student: str


MOST_SHARED = 4096
"""Submissions handed in by several students that are remembered; any other is looked up each time."""


class AlreadyMarked:
    """The attempts and results that the gradebook has of the students whose turn it is.

    A class of a hundred thousand is never in memory: `turn_to` forgets students and reads others.

    Args:
        exercise: Today's.
        version: Of this grader.

    Attributes:
        attempts: The last result of each, by student and number in the class folder.
        reusable: Decided results of today's exercise and grader, by digest of the submission and variant.
        numbers: The numbers that each student's attempts have in the gradebook.
    """

    def __init__(self, exercise: Exercise, version: str) -> None:
        self.exercise = exercise
        self.version = version
        self.attempts: dict[tuple[str, int], LatestResult] = {}
        self.reusable: dict[tuple[str, str], ReusableResult] = {}
        self.numbers: dict[str, set[int]] = {}
        self._shared: dict[tuple[str, str], ReusableResult] = {}

    def turn_to(
        self, connection: Connection, attempts: Sequence[Attempt], waiting: Iterable[Attempt]
    ) -> None:
        """Read the records of the students of some attempts, and forget those of students not needed now.

        Args:
            connection: To the gradebook.
            attempts: Which are to be taken next.
            waiting: Attempts being marked; their students' records are not touched.
        """
        kept = {plain(one.student) for one in waiting}
        self.attempts = {key: one for key, one in self.attempts.items() if key[0] in kept}
        self.numbers = {student: one for student, one in self.numbers.items() if student in kept}
        self._read_students(connection, {plain(one.student) for one in attempts} - self.numbers.keys())
        self.reusable = dict(self._shared)
        digests = {one.submission.digest for one in attempts if not self._is_there(one)}
        # A remembered one may have been handed in as another variant, too.
        known = set() if self.exercise.varies else {digest for digest, _ in self._shared}
        self._read_submissions(connection, digests - known)

    def _read_students(self, connection: Connection, students: set[str]) -> None:
        if not students:
            return
        for row in latest_results(connection, self.exercise.id, students):
            # In the order of attempts: the last under a number is the one that stands.
            self.attempts[row.student, row.given_number] = LatestResult(
                row.attempt,
                row.result,
                row.submission,
                self._is_current(row),
                bool(row.is_undecided),
                row.variant,
            )
            self.numbers.setdefault(row.student, set()).add(row.number)

    def _read_submissions(self, connection: Connection, digests: set[str]) -> None:
        if not digests:
            return
        for row in latest_of_submissions(connection, self.exercise.id, digests):
            if self._is_current(row) and not row.is_undecided:
                found = ReusableResult(row.result, row.student)
                self.reusable.setdefault((row.submission, row.variant), found)

    def _is_current(self, row: Row[Any]) -> bool:
        return (row.exercise_digest, row.grader_version) == (self.exercise.digest, self.version)

    def _is_there(self, attempt: Attempt) -> bool:
        """Whether a decided result is known; never with variants, as the attempt's own is not known yet."""
        return not self.exercise.varies and self.is_decided(attempt)

    def same_as(self, attempt: Attempt, variant: str) -> ReusableResult | None:
        """The result of an identical submission; None where there is none."""
        key = (attempt.submission.digest, variant)
        found = self.reusable.get(key)
        # What two students handed in, many will: remembered, as looking it up may meet thousands of results.
        if found is not None and len(self._shared) < MOST_SHARED:
            self._shared.setdefault(key, found)
        return found

    def latest(self, attempt: Attempt) -> LatestResult | None:
        """The result of this attempt; None where the attempt is a new one.

        Args:
            attempt: As the class folder has it.
        """
        found = self.attempts.get((plain(attempt.student), attempt.number))
        return found if found is not None and found.submission == attempt.submission.digest else None

    def is_decided(self, attempt: Attempt, variant: str = "") -> bool:
        """Whether it is marked already with this exercise, variant and grader, and nothing is undecided."""
        found = self.latest(attempt)
        if found is None or found.variant != variant:
            return False
        return found.is_current and not found.is_undecided

    def free_number(self, attempt: Attempt) -> int:
        """The attempt's own number; the next free one where its file was exchanged under the same number."""
        taken = self.numbers.setdefault(plain(attempt.student), set())
        number = attempt.number if attempt.number not in taken else max(taken) + 1
        taken.add(number)
        return number

    def add(self, attempt: Attempt, ids: RowIds, result: StoredResult) -> None:
        """Remember what has just been kept."""
        digest = attempt.submission.digest
        latest = LatestResult(
            *ids, digest, is_current=True, is_undecided=result.is_undecided, variant=result.variant
        )
        self.attempts[plain(attempt.student), attempt.number] = latest
        if not result.is_undecided:
            self.reusable.setdefault((digest, result.variant), ReusableResult(ids.result, attempt.student))
