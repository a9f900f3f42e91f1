"""`rnngrade queue list|show|next|mark|export|import`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._command import Group
from grader.cli._main import ExitCode
from grader.cli._options import (
    FilePath,
    force_option,
    gradebook_option,
    output_option,
    require_instructor,
)
from grader.cli._output import one_line
from grader.model.text import counted

if TYPE_CHECKING:
    from pathlib import Path

    from grader.cli._queue import Queue
    from grader.gradebook.hand_marks import Role

LONGEST_TEXT = 60
exercise_option = click.option("--exercise", help="This exercise only: its id, or its .toml file.")
question_option = click.option("--question", help="This question only.")
reasons_option = click.option(
    "--reasons", is_flag=True, help="Also reasons that stand beside answers which are marked already."
)
anonymous_option = click.option("--anonymous", is_flag=True, help="Do not tell who wrote it.")
who_option = click.option("--who", help="The marker; the name you are logged in as if left out.")


@click.group(
    cls=Group,
    examples=(
        "rnngrade queue list",
        "rnngrade queue next",
    ),
)
def command() -> None:
    """Mark words by hand: what waits, question by question, and points that are given once."""
    require_instructor()


@command.command(
    "list",
    examples=(
        "rnngrade queue list",
        "rnngrade queue list --exercise words --question w --anonymous",
    ),
)
@gradebook_option
@exercise_option
@question_option
@reasons_option
@click.option("--all", "shows_all", is_flag=True, help="Also what is marked already.")
@anonymous_option
@output_option
def list_(
    gradebook: str,
    exercise: str | None,
    question: str | None,
    reasons: bool,
    shows_all: bool,
    anonymous: bool,
    output: Path | None,
) -> None:
    """List what waits for a mark, and what two markers see differently; one line an answer."""
    from grader.gradebook.queue import state_of

    with _opened(gradebook, exercise, question) as queue:
        found = [one for one in queue.entries if one.is_pending or reasons or one.marks]
        shown = [one for one in found if shows_all or one.is_open]
    marked = sum(not one.is_open for one in found)
    lines = [f"{len(found) - marked} wait, {marked} marked"]
    for one in shown:
        start = one_line(one.text)
        start = f"{start[:LONGEST_TEXT]}..." if len(start) > LONGEST_TEXT else start
        name = "" if anonymous else f"{one.student}  "
        lines.append(one_line(f"{one.id}  {name}{state_of(one.marks)}  {start}"))
    _output.deliver("".join(f"{line}\n" for line in lines), output, gradebook)


@command.command(
    examples=(
        "rnngrade queue show w-17",
        "rnngrade queue show w-17 --anonymous",
    ),
)
@click.argument("entry")
@gradebook_option
@anonymous_option
@output_option
def show(entry: str, gradebook: str, anonymous: bool, output: Path | None) -> None:
    """Show ENTRY whole: the words, what a marker looks for, marks so far, and texts like it."""
    with _opened(gradebook) as queue:
        text = queue.whole(queue.entry(entry), is_anonymous=anonymous)
    _output.deliver(text, output, gradebook)


@command.command(
    "next",
    examples=(
        "rnngrade queue next",
        "rnngrade queue next --question w --second --anonymous",
    ),
)
@gradebook_option
@exercise_option
@question_option
@reasons_option
@click.option("--second", is_flag=True, help="One that somebody else has marked, for a second mark.")
@click.option(
    "--minutes",
    type=click.FloatRange(0, 1440),
    default=20.0,
    show_default=True,
    help="For so long nobody else is given it.",
)
@who_option
@anonymous_option
@output_option
def next_(
    gradebook: str,
    exercise: str | None,
    question: str | None,
    reasons: bool,
    second: bool,
    minutes: float,
    who: str | None,
    anonymous: bool,
    output: Path | None,
) -> None:
    """Show the next answer that nobody has marked and nobody else looks at."""
    from grader.cli._class import marker_name
    from grader.gradebook.queue import claim_next

    with _opened(gradebook, exercise, question) as queue:
        waiting = [one for one in queue.entries if one.is_pending or reasons]
        with queue.book.writing_durably() as connection:
            found = claim_next(
                connection, waiting, marker_name(who), minutes, "second" if second else "first"
            )
        text = "Nothing waits for you.\n" if found is None else queue.whole(found, is_anonymous=anonymous)
    _output.deliver(text, output, gradebook)


@command.command(
    examples=(
        "rnngrade queue mark w-17 --item names-the-gate --item says-why",
        'rnngrade queue mark w-17 --points 1.5 --comment "Which gate?"',
    ),
)
@click.argument("entry")
@click.option("--item", "items", multiple=True, help="An item of the rubric that is given; any number.")
@click.option("--points", help="Points to give, such as 1.5 or 3/2; those of the items if left out.")
@click.option("--comment", default="", help="For the student, after the comments of the items.")
@click.option("--second", "role", flag_value="second", help="A second mark, by another marker.")
@click.option("--settle", "role", flag_value="settled", help="The mark that stands where two differ.")
@click.option("--correct", is_flag=True, help="Put right what you gave before; that is kept, too.")
@who_option
@gradebook_option
def mark(
    entry: str,
    items: tuple[str, ...],
    points: str | None,
    comment: str,
    role: Role | None,
    correct: bool,
    who: str | None,
    gradebook: str,
) -> None:
    """Give ENTRY its points. What is marked already stays as it is, unless --correct says otherwise."""
    from grader.cli._class import marker_name
    from grader.cli._queue import mark_text
    from grader.gradebook.queue import keep_mark

    if points is None and not items:
        raise click.UsageError("give --points, or --item of the rubric")
    with _opened(gradebook) as queue:
        found = queue.entry(entry)
        new = queue.typed_mark(found, items, points, comment, role or "first", marker_name(who))
        with queue.book.writing_durably() as connection:
            kept = keep_mark(connection, new, corrects=correct)
    click.echo(one_line(f"{found.id}: {mark_text(kept)}"))


@command.command(
    examples=(
        "rnngrade queue export -o words.csv",
        "rnngrade queue export --question w --anonymous -o words.csv",
    ),
)
@gradebook_option
@exercise_option
@question_option
@reasons_option
@anonymous_option
@output_option
@force_option
def export(
    gradebook: str,
    exercise: str | None,
    question: str | None,
    reasons: bool,
    anonymous: bool,
    output: Path | None,
    force: bool,
) -> None:
    """Write the queue as CSV, to be marked in a spreadsheet: fill in points or items, and a comment."""
    from grader.cli import _replacing
    from grader.gradebook.sheets import as_sheet

    if output is not None:
        _replacing.require_not_gradebook(output, gradebook)
    with _opened(gradebook, exercise, question) as queue:
        found = [one for one in queue.entries if one.is_pending or reasons]
    text = as_sheet(found, is_anonymous=anonymous)
    if output is None:
        _output.show(text, in_pages=True)
    else:
        _replacing.require_kept(output, text.encode("utf-8", "replace"), force=force)
        _output.write(output, text, is_private=True)


@command.command(
    "import",
    examples=(
        "rnngrade queue import words.csv",
        "rnngrade queue import words.csv --second --who bo",
    ),
)
@click.argument("sheet", type=FilePath())
@click.option("--second", "role", flag_value="second", help="Second marks, by another marker.")
@click.option("--correct", is_flag=True, help="Put right what you gave before.")
@who_option
@gradebook_option
def import_(sheet: Path, role: Role | None, correct: bool, who: str | None, gradebook: str) -> int:
    """Take marks from SHEET, a CSV of `queue export`. What is marked already stays, and is told.

    A row that cannot be read stops all of it, and nothing is taken.
    """
    from grader.cli._class import marker_name
    from grader.cli._queue import keep_sheet

    with _opened(gradebook) as queue:
        kept, same, refused = keep_sheet(queue, sheet, role or "first", marker_name(who), corrects=correct)
    for line in refused:
        _output.note(line)
    click.echo(f"{counted(kept, 'mark')} kept, {same} there already, {len(refused)} not taken")
    return ExitCode.USAGE if refused else ExitCode.FULL_MARKS


def _opened(gradebook: str, exercise: str | None = None, question: str | None = None) -> Queue:
    from grader.cli._queue import Queue

    return Queue(gradebook, exercise, question)
