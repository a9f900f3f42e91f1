"""`rnngrade gradebook show|history|override|export`."""

from __future__ import annotations

import getpass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli._class_options import course_to_try_option, gradebook_option
from grader.cli._exit import ExitCode
from grader.cli._typed import force_option

if TYPE_CHECKING:
    from grader.gradebook.course import Course
    from grader.gradebook.gradebook import Gradebook
    from grader.gradebook.standing import Failure, Standing

EXERCISE_HELP = "This exercise only: its id, or its .toml file."
STUDENT_HELP = "This student only."


@click.group()
def command() -> None:
    """Look at what is kept of a class, give points by hand, export it."""
    from grader.cli import _extra

    _extra.require_instructor()


@command.command()
@gradebook_option
@course_to_try_option
@click.option("--exercise", help=EXERCISE_HELP)
@click.option("--student", help=STUDENT_HELP)
def show(gradebook: str, course: str | None, exercise: str | None, student: str | None) -> int:
    """Show what stands, one line a student."""
    from grader.cli import _kept, _output, _standing_table, _standings

    with _opened(gradebook) as book:
        exercise = _kept.exercise_of(book, exercise)
        student = _kept.student_of(book, student)
        failed: list[Failure] = []
        found = _standings.read(book, _policies(book, course), exercise, student, failed)
        reasons = _standings.reasons(book, found)
    for one in sorted({one.exercise for one in found}):
        said = {name: text for (name, of), text in reasons.items() if of == one}
        text = _standing_table.lines([each for each in found if each.exercise == one], said)
        _output.show(f"{one}\n{text}")
    _standings.note_times(found)
    return ExitCode.OUR_FAILURE if failed else ExitCode.FULL_MARKS


@command.command()
@click.argument("student")
@gradebook_option
@click.option("--exercise", help=EXERCISE_HELP)
def history(student: str, gradebook: str, exercise: str | None) -> None:
    """Show everything that is kept of STUDENT: attempts, every marking, points given by hand and why."""
    from grader.cli import _history, _kept, _output

    with _opened(gradebook) as book:
        exercise = _kept.exercise_of(book, exercise)
        _output.show(_history.text(book, _kept.student_of(book, student) or student, exercise))


@command.command()
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
    from grader.cli import _kept, _output, _standings
    from grader.gradebook.reading import overrides
    from grader.gradebook.records import Override
    from grader.gradebook.writing import keep_override
    from grader.reports.wording import points_text

    if (points is None) != withdraw:
        raise click.UsageError("give either --points or --withdraw")
    if not why.strip():
        raise click.UsageError("--why must say something")
    with _opened(gradebook, only_reads=False) as book:
        exercise = _kept.exercise_of(book, exercise) or exercise
        student = _kept.student_name(book, student)
        policies = _policies(book, None)
        most = _most_points(_standings.read(book, policies, exercise), student, exercise, question)
        new = Override(
            student=student,
            exercise=exercise,
            question=question,
            points=None if points is None else str(_read_points(points, most)),
            who=who or _user(),
            why=why,
        )
        with book.reading() as connection:
            given = overrides(connection, exercise, student)
        with book.signing() as connection:
            keep_override(connection, new)
        (now,) = _standings.read(book, policies, exercise, student)
    before = next((one for one in reversed(given) if one.question == question), None)
    if not withdraw and before is not None and before.points not in (None, new.points):
        of = question or "the total"
        _output.note(f"this replaces {before.points} points for {of}, given by {before.who}: {before.why}")
    standing = f"{points_text(now.points)} of {points_text(now.max_points)}"
    click.echo(f"{student} now has {standing} points in {exercise}")


@command.command()
@gradebook_option
@course_to_try_option
@click.option("--exercise", help=EXERCISE_HELP)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["json", "csv"]),
    default="json",
    show_default=True,
    help="How it is written.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write it to this file.")
@force_option
def export(
    gradebook: str,
    course: str | None,
    exercise: str | None,
    format_name: str,
    output: Path | None,
    force: bool,
) -> int:
    """Export what stands, one record a student and exercise."""
    from grader.cli import _kept, _output, _standings, _target, _typed
    from grader.gradebook.export import as_csv, as_json

    if output is not None:
        _target.require_not_gradebook(output, gradebook)
    with _opened(gradebook) as book:
        exercise = _kept.exercise_of(book, exercise)
        failed: list[Failure] = []
        found = _standings.read(book, _policies(book, course), exercise, failed=failed)
        reasons = _standings.reasons(book, found)
    text = (as_json if format_name == "json" else as_csv)(found, reasons)
    if output is None:
        _output.show(text)
    else:
        _typed.require_kept(output, text.encode("utf-8", "replace"), force=force)
        _output.write(output, text, is_private=True)
    return ExitCode.OUR_FAILURE if failed else ExitCode.FULL_MARKS


def _opened(place: str, *, only_reads: bool = True) -> Gradebook:
    from grader.gradebook.gradebook import open_gradebook

    return open_gradebook(place, must_exist=True, only_reads=only_reads)


def _policies(book: Gradebook, path: str | None) -> Course:
    from grader.cli import _course_file

    course = _course_file.standing_course(book, path)
    _course_file.note_unknown(book, course)
    return course


def _most_points(found: list[Standing], student: str, exercise: str, question: str | None) -> Fraction:
    """What can be given at most; an error where there is no such student, exercise or question."""
    from grader.cli._group import nearest

    one = next((each for each in found if each.student == student), None)
    if one is None:
        near = nearest(student, [each.student for each in found])
        raise click.UsageError(f"the gradebook has nothing of {student!r} in {exercise}{near}")
    if question is None:
        return one.max_points
    points = {mark.question: Fraction(mark.max_points) for mark in one.marks}
    if question not in points:
        near = nearest(question, list(points)) or f"; it has {', '.join(points)}"
        raise click.UsageError(f"{exercise} has no question {question!r}{near}")
    return points[question]


def _user() -> str:
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        raise click.UsageError("nobody is logged in by name: say by --who who gives the points") from None


def _read_points(text: str, most: Fraction) -> Fraction:
    from grader.gradebook.course import read_exact

    try:
        points = read_exact(text.replace(" ", ""))
    except (ValueError, ZeroDivisionError):
        raise click.UsageError(f"{text!r} is no number of points; write 3, 2.5 or 7/2") from None
    if not 0 <= points <= most:
        raise click.UsageError(f"{text} is not between 0 and {most} points")
    return points
