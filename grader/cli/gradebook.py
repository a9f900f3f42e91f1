"""`rnngrade gradebook show|history|override|export|hint|import-hints|backup|restore`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from grader.cli import _output
from grader.cli._command import Group
from grader.cli._gradebook_override import override
from grader.cli._main import ExitCode
from grader.cli._options import (
    FilePath,
    course_to_try_option,
    force_option,
    gradebook_option,
    output_option,
    require_instructor,
)

if TYPE_CHECKING:
    from pathlib import Path

    from grader.gradebook.gradebook import Gradebook
    from grader.gradebook.standing import UnreadableRecords

EXERCISE_HELP = "This exercise only: its id, or its .toml file."
STUDENT_HELP = "This student only."


@click.group(
    cls=Group,
    examples=(
        "rnngrade gradebook show",
        "rnngrade gradebook history amara",
    ),
)
def command() -> None:
    """Look at what is kept of a class, give points by hand, export it, copy it."""
    require_instructor()


command.add_command(override)


@command.command(
    examples=(
        "rnngrade gradebook show",
        "rnngrade gradebook show --exercise rnn-by-formula --student amara",
    ),
)
@gradebook_option
@course_to_try_option
@click.option("--exercise", help=EXERCISE_HELP)
@click.option("--student", help=STUDENT_HELP)
@output_option
def show(
    gradebook: str, course: str | None, exercise: str | None, student: str | None, output: Path | None
) -> int:
    """Show what stands, one line a student."""
    from grader.cli import _class, _standings

    with _opened(gradebook) as book:
        exercise = _class.exercise_of(book, exercise)
        student = _class.student_of(book, student)
        failed: list[UnreadableRecords] = []
        policies = _class.checked_course_of(book, course)
        found = _standings.read_standings(book, policies, exercise, student, failed)
        reasons = _standings.reasons_of(book, found)
    tables = []
    for one in sorted({one.exercise for one in found}):
        texts = {name: text for (name, of), text in reasons.items() if of == one}
        text = _standings.standing_table([each for each in found if each.exercise == one], texts)
        tables.append(f"{one}\n{text}")
    _output.deliver("".join(tables), output, gradebook)
    _standings.note_times(found)
    return ExitCode.OUR_FAILURE if failed else ExitCode.FULL_MARKS


@command.command(
    examples=(
        "rnngrade gradebook history amara",
        "rnngrade gradebook history amara --exercise rnn-by-formula",
    ),
)
@click.argument("student")
@gradebook_option
@click.option("--exercise", help=EXERCISE_HELP)
@output_option
def history(student: str, gradebook: str, exercise: str | None, output: Path | None) -> None:
    """Show everything that is kept of STUDENT: attempts, every marking, points given by hand and why."""
    from grader.cli import _class
    from grader.cli._gradebook_history import history_text

    with _opened(gradebook) as book:
        exercise = _class.exercise_of(book, exercise)
        text = history_text(book, _class.student_of(book, student) or student, exercise)
    _output.deliver(text, output, gradebook)


@command.command(
    examples=(
        "rnngrade gradebook export -o marks.csv --format csv",
        "rnngrade gradebook export --exercise rnn-by-formula -o grades.json",
    ),
)
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
@output_option
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
    from grader.cli import _class, _replacing, _standings
    from grader.gradebook.export import as_csv, as_json
    from grader.model.text import counted

    if output is not None:
        _replacing.require_not_gradebook(output, gradebook)
    with _opened(gradebook) as book:
        exercise = _class.exercise_of(book, exercise)
        failed: list[UnreadableRecords] = []
        policies = _class.checked_course_of(book, course)
        found = _standings.read_standings(book, policies, exercise, failed=failed)
        reasons = _standings.reasons_of(book, found)
    text = (as_json if format_name == "json" else as_csv)(found, reasons)
    if output is None:
        _output.show(text, in_pages=True)
    else:
        _replacing.require_kept(output, text.encode("utf-8", "replace"), force=force)
        _output.write(output, text, is_private=True)
        click.echo(f"{counted(len(found), 'record')} written into {output}")
    return ExitCode.OUR_FAILURE if failed else ExitCode.FULL_MARKS


@command.command(
    examples=(
        "rnngrade gradebook hint amara --exercise week3.toml --question b_i --number 2",
        'rnngrade gradebook hint amara --exercise mine.toml --question b_i --number 2 --at "2026-11-20 9:00"',
    ),
)
@click.argument("student")
@click.option("--exercise", required=True, help="The exercise's id, or its .toml file.")
@click.option("--question", required=True, help="Whose hint.")
@click.option("--number", type=click.IntRange(min=1), required=True, help="Which of its hints.")
@click.option("--at", help="When it was shown; what was handed in before that is not charged.")
@click.option("--cost", help="Points that it was said to cost; by the policy if left out.")
@click.option("--withdraw", is_flag=True, help="Take it back, as if it had not been shown.")
@click.option("--who", help="Who records it; the name you are logged in as if left out.")
@gradebook_option
def hint(student: str, exercise: str, gradebook: str, withdraw: bool, who: str | None, **given: Any) -> None:
    """Record that STUDENT was shown a hint. To be shown it again costs nothing."""
    from grader.cli import _class, _shown_hints

    row = {name: "" if value is None else str(value) for name, value in given.items()}
    row = {**row, "student": student, "exercise": exercise, "shown_at": row.pop("at")}
    with _opened(gradebook, only_reads=False) as book:
        records = _shown_hints.Records(book, _class.marker_name(who))
        new = records.keep([records.read(row, is_withdrawn=withdraw)])
    what = f"hint {given['number']} of {given['question']}"
    if withdraw:
        click.echo(f"{what} is taken back" if new else f"{student} was not shown {what}: nothing is changed")
    else:
        cost = "" if new else ", as was recorded before: nothing is changed"
        click.echo(f"{student} was shown {what}{cost}")


@command.command(
    "import-hints",
    examples=(
        "rnngrade gradebook import-hints hints.csv",
        "rnngrade gradebook import-hints hints.csv --exercise week3.toml",
    ),
)
@click.argument("sheet", type=FilePath())
@click.option("--exercise", help="Of which exercise, where the sheet has no column for it.")
@click.option("--who", help="Who records it; the name you are logged in as if left out.")
@gradebook_option
def import_hints(sheet: Path, exercise: str | None, who: str | None, gradebook: str) -> None:
    """Record hints that were shown, from a CSV: student, question and number, shown_at and cost if known."""
    from grader.cli import _class, _shown_hints
    from grader.model.text import counted

    with _opened(gradebook, only_reads=False) as book:
        records = _shown_hints.Records(book, _class.marker_name(who))
        rows = records.read_sheet(sheet, exercise)
        new = records.keep(rows)
    click.echo(f"{counted(len(new), 'hint')} recorded, {len(rows) - len(new)} there already")


@command.command(
    examples=(
        "rnngrade gradebook backup monday.db",
        "rnngrade gradebook backup /backups/monday.db --gradebook course/course.db",
    ),
)
@click.argument("file", type=FilePath(dir_okay=False))
@gradebook_option
@click.option("--force", is_flag=True, help="Replace the file.")
def backup(file: Path, gradebook: str, force: bool) -> None:
    """Copy the gradebook into FILE, while a server or a batch writes to it or not.

    All that was acknowledged before is in the copy. Of a PostgreSQL server pg_dump makes copies.
    """
    from grader.cli import _replacing
    from grader.gradebook.backup import back_up
    from grader.model.text import counted

    _replacing.require_not_gradebook(file, gradebook)
    kept = back_up(gradebook, file, replaces=force)
    in_browser = f", {counted(kept.hand_ins, 'hand-in')} in the browser" if kept.hand_ins else ""
    click.echo(f"{file} has {counted(kept.attempts, 'attempt')}{in_browser}")


@command.command(
    examples=(
        "rnngrade gradebook restore monday.db",
        "rnngrade gradebook restore /backups/monday.db --gradebook course/course.db",
    ),
)
@click.argument("file", type=FilePath(dir_okay=False))
@gradebook_option
@click.option("--force", is_flag=True, help="Even where the gradebook has what FILE has not.")
def restore(file: Path, gradebook: str, force: bool) -> None:
    """Put FILE, a backup, in the place of the gradebook, which is kept under another name.

    No server may run meanwhile. A gradebook that has what FILE has not stays, unless --force is given.
    """
    from grader.cli import _replacing
    from grader.gradebook.backup import restore as put_back

    _replacing.require_not_gradebook(file, gradebook)
    aside = put_back(file, gradebook, loses=force)
    click.echo(f"{gradebook} is {file} now")
    if aside is not None:
        click.echo(f"what was there is {aside}")
    _output.note("links and roles are those of the backup: revoke again what was revoked since")


def _opened(place: str, *, only_reads: bool = True) -> Gradebook:
    from grader.gradebook.gradebook import open_gradebook

    return open_gradebook(place, must_exist=True, only_reads=only_reads)
