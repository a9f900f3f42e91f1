"""`rnngrade report DIR`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli._command import Command
from grader.cli._main import ExitCode
from grader.cli._options import (
    FilePath,
    course_to_try_option,
    force_option,
    gradebook_option,
    require_instructor,
)

if TYPE_CHECKING:
    from pathlib import Path

    from grader.gradebook.gradebook import Gradebook


@click.command(
    cls=Command,
    examples=(
        "rnngrade report class-pages/",
        "rnngrade report class-pages.zip --exercise rnn-by-formula --hints 1",
    ),
)
@click.argument("place", metavar="DIR", type=FilePath())
@click.option("--exercise", help="Its id, or its .toml file; may be left out where there is only one.")
@click.option("--hints", type=click.IntRange(min=0), default=0, help="Hints for what is not solved.")
@force_option
@gradebook_option
@course_to_try_option
def command(
    place: Path, exercise: str | None, hints: int, force: bool, gradebook: str, course: str | None
) -> int:
    """Write a class as pages into the folder DIR: index.html for staff, and in students/ a page each.

    The index has figures, known mistakes, similar submissions and who is to be looked at. A student's page
    has nothing of others and may be handed out by itself. Pages of an earlier run are replaced; what somebody
    else wrote or changed there is not, unless --force is given. DIR may be a .zip file, too.
    """
    require_instructor()
    from grader.cli import _class, _replacing
    from grader.cli._class_pages import ClassPages, write_pages
    from grader.gradebook.gradebook import open_gradebook

    _replacing.require_not_gradebook(place, gradebook)
    with open_gradebook(gradebook, must_exist=True, only_reads=True) as book:
        chosen = _class.exercise_of(book, exercise) or _only_exercise(book)
        policies = _class.checked_course_of(book, course)
        pages = ClassPages(book, policies, chosen, hints)
        write_pages(pages, place, force=force)
    return ExitCode.FULL_MARKS if pages.is_complete else ExitCode.OUR_FAILURE


def _only_exercise(book: Gradebook) -> str:
    from grader.gradebook.reading import exercise_ids

    with book.reading() as connection:
        kept = exercise_ids(connection)
    if len(kept) == 1:
        return kept[0]
    has = f"results of {', '.join(kept)}: name one with --exercise" if kept else "no results"
    raise click.UsageError(f"the gradebook has {has}")
