"""What stands in a gradebook, as every command reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from grader.cli import _output

if TYPE_CHECKING:
    from grader.gradebook.course import Course
    from grader.gradebook.gradebook import Gradebook
    from grader.gradebook.records import StoredAttempt
    from grader.gradebook.standing import Failure, Standing


def read(
    book: Gradebook,
    course: Course,
    exercise: str | None = None,
    student: str | None = None,
    failed: list[Failure] | None = None,
) -> list[Standing]:
    """What stands; a student whose records cannot be made sense of is named and costs nobody else anything.

    Args:
        book: The gradebook.
        course: The policies.
        exercise: Of this exercise only.
        student: Of this student only.
        failed: Gets those who are left out.
    """
    from grader.gradebook.reading import stored_attempts

    with book.reading() as connection:
        attempts = stored_attempts(connection, exercise, student)
    return of_attempts(book, course, attempts, exercise, student, failed)


def of_attempts(
    book: Gradebook,
    course: Course,
    attempts: Sequence[StoredAttempt],
    exercise: str | None = None,
    student: str | None = None,
    failed: list[Failure] | None = None,
) -> list[Standing]:
    """As `read`, for attempts that are at hand.

    Args:
        book: The gradebook.
        course: The policies.
        attempts: By student, exercise and number.
        exercise: Of this exercise only.
        student: Of this student only.
        failed: Gets those who are left out.
    """
    from grader.gradebook.reading import overrides
    from grader.gradebook.standing import standings

    failed = [] if failed is None else failed
    with book.reading() as connection:
        found = standings(attempts, overrides(connection, exercise, student), course, failed)
    for one in failed:
        _output.note(
            f"{one.student} is left out of {one.exercise}: its records cannot be read ({one.reason})"
        )
    return found


def reasons(book: Gradebook, found: Sequence[Standing]) -> dict[tuple[str, str], dict[str, str]]:
    """What students wrote in fields that are not marked, by student and exercise.

    Args:
        book: The gradebook.
        found: What stands.
    """
    from grader.gradebook.reading import reasons as said

    with book.reading() as connection:
        return {(one.student, one.exercise): said(connection, one.attempt.result) for one in found}


def note_times(found: Sequence[Standing]) -> None:
    """Say whose time of handing in cannot be used or cannot be true, and of how many that holds.

    Args:
        found: What stands.
    """
    doubtful = [one for one in found if one.when.problem]
    for one in doubtful:
        what = "" if one.when.at is not None else "; nothing is taken off for being late"
        _output.note(f"{one.student}: {one.when.problem}{what}")
    if doubtful:
        times = "1 time" if len(doubtful) == 1 else f"{len(doubtful)} times"
        _output.note(f"{times} of handing in to be looked at: see above")
