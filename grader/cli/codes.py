"""`rnngrade codes EXERCISE`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._options import FilePath, load_exercise, output_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    cls=Command,
    examples=(
        "rnngrade codes rnn-paper --roster class.csv --course course.toml -o codes.csv",
        "rnngrade codes rnn-paper --student amara --student bo",
    ),
)
@click.argument("exercise")
@click.option("--roster", type=FilePath(), help="CSV file of the class, as for `rnngrade batch`.")
@click.option("--student", "students", multiple=True, help="A student's id, may be repeated.")
@click.option("--course", type=click.Path(dir_okay=False), help="Course file with the secret.")
@output_option
def command(
    exercise: str, roster: Path | None, students: tuple[str, ...], course: str | None, output: Path | None
) -> None:
    """List whose variant of EXERCISE has which code, as CSV, to be handed out.

    Each student gets the one that is his or her own; who sees all of them knows whose answer is whose. The
    secret is the course file's, or that of the environment.
    """
    import csv
    import io

    from grader.cli._class import read_course_file, require_secret, secret_of
    from grader.gradebook.course import NO_POLICIES
    from grader.gradebook.export import defused
    from grader.lms.roster import read_roster
    from grader.variants.code import code_of

    loaded = load_exercise(exercise)
    if not loaded.varies:
        raise click.UsageError(f"{loaded.id} is the same for all students: it needs no codes")
    secret = secret_of(NO_POLICIES if course is None else read_course_file(course)[1])
    require_secret(loaded, secret)
    people = [(one, "") for one in students]
    people += [(one.id, one.name) for one in (() if roster is None else read_roster(roster))]
    if not people:
        raise click.UsageError("whose codes? Give --roster or --student")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("student", "name", "variant"))
    for student, name in dict(people).items():
        writer.writerow((defused(student), defused(name), code_of(student, loaded.id, secret)))
    _output.deliver(text.getvalue(), output)
