"""Which attempts of an exercise the gradebook has results for, kept in memory during a run."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from grader.gradebook.reading import latest_results
from grader.gradebook.records import Attempt, StoredResult
from grader.gradebook.writing import RowIds, plain
from grader.model.exercise import Exercise


class LatestResult(NamedTuple):
    """The last attempt that came under one number of the class folder, and its result.

    Args:
        attempt: Its id.
        submission: Digest of what was submitted.
        is_current: Whether it was marked with today's exercise and grader.
        is_undecided: Whether a question is undecided.
        variant: The code of the variant that was marked; empty where it has none.
    """

    attempt: int
    submission: str
    is_current: bool
    is_undecided: bool
    variant: str = ""


class ReusableResult(NamedTuple):
    """Id of a result that holds for every identical submission, and whose it is."""

    result: int
    student: str


class AlreadyMarked:
    """The attempts and results that the gradebook has of one exercise.

    Attributes:
        attempts: The last result of each, by student and number in the class folder.
        reusable: Decided results of today's exercise and grader, by digest of the submission and variant.
        numbers: The numbers that each student's attempts have in the gradebook.
    """

    def __init__(self) -> None:
        self.attempts: dict[tuple[str, int], LatestResult] = {}
        self.reusable: dict[tuple[str, str], ReusableResult] = {}
        self.numbers: dict[str, set[int]] = {}

    @classmethod
    def read(cls, connection: Connection, exercise: Exercise, version: str) -> AlreadyMarked:
        """Read the attempts and results of an exercise; `version` is that of this grader."""
        found = cls()
        for row in latest_results(connection, exercise.id):
            is_current = row.exercise_digest == exercise.digest and row.grader_version == version
            is_undecided = bool(row.is_undecided)
            # In the order of attempts: the last under a number is the one that stands.
            found.attempts[row.student, row.given_number] = LatestResult(
                row.attempt, row.submission, is_current, is_undecided, row.variant
            )
            found.numbers.setdefault(row.student, set()).add(row.number)
            if is_current and not is_undecided:
                found.reusable.setdefault(
                    (row.submission, row.variant), ReusableResult(row.result, row.student)
                )
        return found

    def latest(self, attempt: Attempt) -> LatestResult | None:
        """The result of this attempt; None where the attempt is a new one.

        Args:
            attempt: As the class folder has it.
        """
        found = self.attempts.get((plain(attempt.student), attempt.number))
        return found if found is not None and found.submission == attempt.submission.digest else None

    def is_decided(self, attempt: Attempt, variant: str = "") -> bool:
        """Whether it is marked already with this exercise, variant and grader, and nothing is undecided.

        Args:
            attempt: As the class folder has it.
            variant: The code of the variant that it is to be marked as.
        """
        found = self.latest(attempt)
        if found is None or found.variant != variant:
            return False
        return found.is_current and not found.is_undecided

    def free_number(self, attempt: Attempt) -> int:
        """The attempt's own number; the next free one where its file was exchanged under the same number.

        Args:
            attempt: A new one.
        """
        taken = self.numbers.setdefault(plain(attempt.student), set())
        number = attempt.number if attempt.number not in taken else max(taken) + 1
        taken.add(number)
        return number

    def add(self, attempt: Attempt, ids: RowIds, result: StoredResult) -> None:
        """Remember what has just been kept."""
        digest = attempt.submission.digest
        latest = LatestResult(
            ids.attempt, digest, is_current=True, is_undecided=result.is_undecided, variant=result.variant
        )
        self.attempts[plain(attempt.student), attempt.number] = latest
        if not result.is_undecided:
            self.reusable.setdefault((digest, result.variant), ReusableResult(ids.result, attempt.student))
