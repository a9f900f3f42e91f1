"""`rnngrade gradebook override`: points that a person gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._options import (
    gradebook_option,
    nearest,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from grader.gradebook.gradebook import Gradebook
    from grader.gradebook.records import Override
    from grader.gradebook.standing import Standing


@click.command(
    cls=Command,
    examples=(
        'rnngrade gradebook override amara --exercise rnn-by-formula --points 9 --why "by hand"',
        'rnngrade gradebook override amara --exercise rnn-by-formula --withdraw --why "a slip"',
    ),
)
@click.argument("student")
@click.option("--exercise", required=True, help="The exercise's id, or its .toml file.")
@click.option("--question", help="The question; the total of the exercise if left out.")
@click.option("--points", help="Points to give: 3, 2.5 or 7/2.")
@click.option("--withdraw", is_flag=True, help="Take back what was given; the grader's points stand again.")
@click.option("--why", required=True, help="The reason; it is kept.")
@click.option("--who", help="Who gives them; the name you are logged in as if left out.")
@gradebook_option
def override(
    student: str,
    exercise: str,
    question: str | None,
    points: str | None,
    withdraw: bool,
    why: str,
    who: str | None,
    gradebook: str,
) -> None:
    """Give STUDENT points by hand. The grader's own are kept, and come back with --withdraw."""
    from grader.cli import _class, _standings
    from grader.gradebook.gradebook import open_gradebook
    from grader.gradebook.records import Override
    from grader.model.share import points_text

    if (points is None) != withdraw:
        raise click.UsageError("give either --points or --withdraw")
    if not why.strip():
        raise click.UsageError("--why must say something")
    with open_gradebook(gradebook, must_exist=True, only_reads=False) as book:
        exercise = _class.exercise_of(book, exercise) or exercise
        student = _class.student_name(book, student)
        policies = _class.checked_course_of(book, None)
        most = _most_points(_standings.read_standings(book, policies, exercise), student, exercise, question)
        new = Override(
            student=student,
            exercise=exercise,
            question=question,
            points=None if points is None else str(_read_points(points, most)),
            who=_class.marker_name(who),
            why=why,
        )
        before = _keep(book, new)
        (now,) = _standings.read_standings(book, policies, exercise, student)
    if not withdraw:
        _note_replaced(before, new)
    standing = f"{points_text(now.points)} of {points_text(now.max_points)}"
    click.echo(f"{student} now has {standing} points in {exercise}")


def _keep(book: Gradebook, new: Override) -> list[Override]:
    """Keep the new points; returns all that were given before to the student in the exercise."""
    from grader.gradebook.read_records import overrides
    from grader.gradebook.write_records import keep_override

    with book.reading() as connection:
        before = overrides(connection, new.exercise, new.student)
    with book.writing_durably() as connection:
        keep_override(connection, new)
    return before


def _note_replaced(before: Sequence[Override], new: Override) -> None:
    """Say which other points somebody gave before for the same."""
    from grader.model.share import points_text

    last = next((one for one in reversed(before) if one.question == new.question), None)
    if last is not None and last.points not in (None, new.points):
        of = new.question or "the total"
        _output.note(
            f"this replaces {points_text(last.points)} points for {of}, given by {last.who}: {last.why}"
        )


def _most_points(found: list[Standing], student: str, exercise: str, question: str | None) -> Fraction:
    """The most points that can be given; an error where there is no such student, exercise or question."""
    one = next((each for each in found if each.student == student), None)
    if one is None:
        near = nearest(student, [each.student for each in found])
        raise click.UsageError(f"the gradebook has nothing of {student!r} in {exercise}{near}")
    if question is None:
        return one.max_points
    from fractions import Fraction

    points = {mark.question: Fraction(mark.max_points) for mark in one.marks}
    if question not in points:
        near = nearest(question, list(points)) or f"; it has {', '.join(points)}"
        raise click.UsageError(f"{exercise} has no question {question!r}{near}")
    return points[question]


def _read_points(text: str, most: Fraction) -> Fraction:
    from grader.classroom.hand_marking import CannotGive, points_typed

    try:
        return points_typed(text, most)
    except CannotGive as error:
        raise click.UsageError(error.message) from None
