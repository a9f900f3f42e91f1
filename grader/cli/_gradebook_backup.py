"""`rnngrade gradebook backup` and `restore`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._options import FilePath, gradebook_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    cls=Command,
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


@click.command(
    cls=Command,
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
