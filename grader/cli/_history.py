"""Everything that is kept of one student, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli._output import one_line

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from grader.gradebook.gradebook import Gradebook
    from grader.gradebook.records import Override, PastResult, StoredAttempt


def text(book: Gradebook, student: str, exercise: str | None) -> str:
    """The history of a student, oldest first.

    Args:
        book: The gradebook.
        student: The student's id.
        exercise: Of this exercise only.

    Raises:
        click.UsageError: If there is nothing of the student.
    """
    from grader.cli import _course_file
    from grader.gradebook.reading import overrides, stored_attempts

    time_zone = _course_file.standing_course(book, None).time_zone
    with book.reading() as connection:
        attempts = stored_attempts(connection, exercise, student)
        lines = [line for one in attempts for line in _attempt(connection, one, time_zone)]
        lines += [_override(one) for one in overrides(connection, exercise, student)]
    if not lines:
        of = f" in {exercise}" if exercise is not None else ""
        raise click.UsageError(f"the gradebook has nothing of {student!r}{of}")
    return "".join(f"{one_line(line)}\n" for line in lines)


def _attempt(connection: Connection, attempt: StoredAttempt, time_zone: str) -> list[str]:
    from grader.cli._standing_table import in_words
    from grader.gradebook.reading import past_results, reasons
    from grader.gradebook.submission_times import when

    told = f", submitted {attempt.submitted_at}" if attempt.submitted_at else ""
    late = ", late" if attempt.is_late else ""
    first = f"{attempt.exercise}, attempt {attempt.number}: {attempt.submission[:19]}"
    problem = when(attempt.submitted_at, time_zone).problem
    results = past_results(connection, attempt.attempt)
    said = reasons(connection, results[-1].id) if results else {}
    return [
        f"{first}{told}{late}, kept {attempt.received_at}",
        *([f"  {problem}"] if problem else []),
        *(line for one in results for line in _result(connection, one)),
        *in_words(said),
    ]


def _result(connection: Connection, result: PastResult) -> list[str]:
    from grader.gradebook.reading import staff_messages
    from grader.gradebook.records import total
    from grader.reports.wording import points_text

    points = total(mark.points for mark in result.marks)
    most = total(mark.max_points for mark in result.marks)
    told = f"  {result.marked_at} {result.reason}: {points_text(points)} / {points_text(most)}"
    told += f", rnngrade {result.grader_version}, exercise {result.exercise_digest[:19]}"
    told += "" if result.is_counted else ", does not count: the mark before stands"
    told += f", identical to {result.same_as}" if result.same_as else ""
    told += ", undecided" if result.is_undecided else ""
    return [told, *(f"    {line}" for line in staff_messages(connection, result.id))]


def _override(one: Override) -> str:
    what = one.question or "the total"
    given = f"{one.points} points for {what}" if one.points is not None else f"took back {what}"
    return f"{one.exercise}, {one.made_at}: {one.who}: {given}: {one.why}"
