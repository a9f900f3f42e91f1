"""What the gradebook already has of an exercise, in memory: a few numbers a hand-in."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from grader.gradebook.reading import latest_results
from grader.gradebook.records import Attempt, StoredResult
from grader.gradebook.writing import plain
from grader.model.exercise import Exercise


class Latest(NamedTuple):
    """The attempt that stands under a number of the class folder.

    Args:
        attempt: Its id.
        submission: Digest of what was handed in.
        is_current: Whether it was marked with today's exercise and grader.
        is_undecided: Whether a question is undecided.
    """

    attempt: int
    submission: str
    is_current: bool
    is_undecided: bool


class Judged(NamedTuple):
    """A result that holds for every identical hand-in."""

    result: int
    student: str


class Known:
    """What is there of one exercise.

    Args:
        exercise: The exercise.
        version: Of this grader.
    """

    def __init__(self, exercise: Exercise, version: str) -> None:
        self.exercise = exercise
        self.version = version
        self.attempts: dict[tuple[str, int], Latest] = {}
        self.judged: dict[str, Judged] = {}
        self.numbers: dict[str, set[int]] = {}

    @classmethod
    def read(cls, connection: Connection, exercise: Exercise, version: str) -> Known:
        """What the gradebook has.

        Args:
            connection: To the gradebook.
            exercise: The exercise.
            version: Of this grader.
        """
        known = cls(exercise, version)
        for row in latest_results(connection, exercise.id):
            is_current = row.exercise_digest == exercise.digest and row.grader_version == version
            is_undecided = bool(row.is_undecided)
            # In the order of attempts: the last under a number is the one that stands.
            known.attempts[row.student, row.given_number] = Latest(
                row.attempt, row.submission, is_current, is_undecided
            )
            known.numbers.setdefault(row.student, set()).add(row.number)
            if is_current and not is_undecided:
                known.judged.setdefault(row.submission, Judged(row.result, row.student))
        return known

    def latest(self, kept: Attempt) -> Latest | None:
        """The attempt that this hand-in is; None where it is a new one.

        Args:
            kept: The hand-in.
        """
        found = self.attempts.get((plain(kept.student), kept.number))
        return found if found is not None and found.submission == kept.submission.digest else None

    def is_decided(self, kept: Attempt) -> bool:
        """Whether today's result is there and nothing in it is undecided.

        Args:
            kept: The hand-in.
        """
        found = self.latest(kept)
        return found is not None and found.is_current and not found.is_undecided

    def free_number(self, kept: Attempt) -> int:
        """The hand-in's own number; the next free one where its file was exchanged under the same number.

        Args:
            kept: A new hand-in.
        """
        taken = self.numbers.setdefault(plain(kept.student), set())
        number = kept.number if kept.number not in taken else max(taken) + 1
        taken.add(number)
        return number

    def add(self, kept: Attempt, attempt: int, result: int, marked: StoredResult) -> None:
        """Remember what has just been kept.

        Args:
            kept: The hand-in.
            attempt: Its attempt's id.
            result: Its result's id.
            marked: Its result.
        """
        digest = kept.submission.digest
        self.attempts[plain(kept.student), kept.number] = Latest(attempt, digest, True, marked.is_undecided)
        if not marked.is_undecided:
            self.judged.setdefault(digest, Judged(result, kept.student))
