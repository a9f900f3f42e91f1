"""The text of `rnngrade gradebook history`: a student's attempts, markings, points by hand and hints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli._output import one_line

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from grader.gradebook.course import Course
    from grader.gradebook.gradebook import Gradebook
    from grader.gradebook.hint_costs import ShownHint
    from grader.gradebook.records import Override, PastResult, StoredAttempt
    from grader.gradebook.standing import Standing


def history_text(book: Gradebook, student: str, exercise: str | None) -> str:
    """All records of a student, oldest first.

    Args:
        book: Where it is kept.
        student: Whose.
        exercise: Of this exercise only.
    """
    from grader.cli._class import course_of
    from grader.cli._standings import read_standings
    from grader.gradebook.read_records import overrides, stored_attempts
    from grader.gradebook.shown_hints import shown_hints

    course = course_of(book, None)
    standing = {one.exercise: one for one in read_standings(book, course, exercise, student)}
    with book.reading() as connection:
        attempts = stored_attempts(connection, exercise, student)
        lines = [
            line for one in attempts for line in _attempt(connection, one, course, standing.get(one.exercise))
        ]
        lines += [_override(one) for one in overrides(connection, exercise, student)]
        lines += [_hint(one) for one in shown_hints(connection, exercise, student)]
    if not lines:
        of = f" in {exercise}" if exercise is not None else ""
        raise click.UsageError(f"the gradebook has nothing of {student!r}{of}")
    return "".join(f"{one_line(line)}\n" for line in lines)


def _attempt(
    connection: Connection, attempt: StoredAttempt, course: Course, standing: Standing | None
) -> list[str]:
    from grader.classroom.remarks import BREAKS
    from grader.cli._standings import reason_lines
    from grader.gradebook.kept_reports import reasons
    from grader.gradebook.read_records import past_results
    from grader.gradebook.submission_times import when

    submitted = f", submitted {attempt.submitted_at}" if attempt.submitted_at else ""
    late = ", late" if attempt.is_late else ""
    first = f"{attempt.exercise}, attempt {attempt.number}: {attempt.submission[:19]}"
    problem = when(attempt.submitted_at, course.time_zone).problem
    refused = [each for each in (standing.refused if standing else ()) if each.number == attempt.number]
    results = past_results(connection, attempt.attempt)
    texts = reasons(connection, results[-1].id) if results else {}
    return [
        f"{first}{submitted}{late}, kept {attempt.received_at}",
        *([f"  {problem}"] if problem else []),
        *(f"  not accepted: {BREAKS[each.why]}" for each in refused),
        *(line for one in results for line in _result(connection, one)),
        *(f"  {line}" for line in _hand_mark_lines(connection, attempt.attempt)),
        *reason_lines(texts),
    ]


def _result(connection: Connection, result: PastResult) -> list[str]:
    from grader.gradebook.kept_reports import staff_messages
    from grader.gradebook.records import total
    from grader.model.share import points_text

    points = total(mark.points for mark in result.marks)
    most = total(mark.max_points for mark in result.marks)
    line = f"  {result.marked_at} {result.reason}: {points_text(points)} / {points_text(most)}"
    line += f", rnngrade {result.grader_version}, exercise {result.exercise_digest[:19]}"
    line += "" if result.is_counted else ", does not count: the mark before stands"
    line += f", identical to {result.same_as}" if result.same_as else ""
    line += ", undecided" if result.is_undecided else ""
    return [line, *(f"    {message}" for message in staff_messages(connection, result.id))]


def _hand_mark_lines(connection: Connection, attempt: int) -> list[str]:
    """Marks that people gave for an attempt's answers in words, oldest first."""
    from grader.gradebook.queue import hand_marks
    from grader.model.share import points_text

    return [
        f"{one.made_at} {one.question}: {one.role} mark, {points_text(one.points)} points by {one.who}: "
        f"{one.comment}"
        for (of, _), marks in hand_marks(connection).items()
        if of == attempt
        for one in marks
    ]


def _override(one: Override) -> str:
    from grader.model.share import points_text

    what = one.question or "the total"
    given = f"{points_text(one.points)} points for {what}" if one.points is not None else f"took back {what}"
    return f"{one.exercise}, {one.made_at}: {one.who}: {given}: {one.why}"


def _hint(one: ShownHint) -> str:
    what = f"hint {one.number} of {one.question}"
    if one.is_withdrawn:
        return f"{one.exercise}, {one.kept_at}: {one.who}: took back {what}"
    at = f" at {one.shown_at}" if one.shown_at else ""
    return f"{one.exercise}, {one.kept_at}: {one.who}: was shown {what}{at}, said to cost {one.cost}"
