"""`rnngrade stats`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from grader.cli._class_options import course_to_try_option, gradebook_option

if TYPE_CHECKING:
    from grader.gradebook.course import Course
    from grader.gradebook.gradebook import Gradebook


@click.command()
@gradebook_option
@course_to_try_option
@click.option("--exercise", help="This exercise only: its id, or its .toml file.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["terminal", "json"]),
    default="terminal",
    show_default=True,
    help="How it is shown.",
)
@click.option("--similar/--no-similar", default=True, show_default=True, help="Look for similar hand-ins.")
def command(
    gradebook: str, course: str | None, exercise: str | None, format_name: str, similar: bool
) -> None:
    """Show how a class did: each question, known mistakes, and hand-ins with something rare in common."""
    from grader.cli import _extra

    _extra.require_instructor()
    from grader.cli import _course_file, _kept, _output, _stats_text
    from grader.gradebook.gradebook import open_gradebook
    from grader.gradebook.reading import exercise_ids

    with open_gradebook(gradebook, must_exist=True, only_reads=True) as book:
        exercise = _kept.exercise_of(book, exercise)
        with book.reading() as connection:
            kept = exercise_ids(connection)
        policies = _course_file.standing_course(book, course)
        _course_file.note_unknown(book, policies)
        chosen = [one for one in kept if exercise in (None, one)]
        records = [_record(book, policies, one, is_similar=similar) for one in chosen]
    if format_name == "json":
        _output.show(json.dumps(records, indent=2, ensure_ascii=False) + "\n")
    else:
        _output.show("\n".join(_stats_text.text(record) for record in records))


def _record(book: Gradebook, policies: Course, exercise: str, *, is_similar: bool) -> dict[str, Any]:
    import msgspec

    from grader.classroom.similarity import similarities, traces_of
    from grader.classroom.statistics import diagnoses_of, statistics
    from grader.cli import _standings

    found = _standings.read(book, policies, exercise)
    with book.reading() as connection:
        diagnoses = diagnoses_of(connection, found)
        record: dict[str, Any] = msgspec.to_builtins(statistics(exercise, found, diagnoses))
        if is_similar:
            alike = similarities(traces_of(connection, found, diagnoses))
            record["similar"] = msgspec.to_builtins(alike)
    return record
