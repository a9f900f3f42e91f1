"""Write to the terminal and to files, and show the progress of a run."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import click

from grader.cli import _waiting
from grader.model.text import disarmed

if TYPE_CHECKING:
    from pathlib import Path

    from grader.model.outcome import Audience
    from grader.reports import View

FILE_WIDTH = 100
NO_PAGER = "grader.cli.no_pager"
# Paths below these lead to what is open already, such as a pipe: it is written to and never replaced.
DEVICES = ("/dev/", "/proc/")


def note(message: str) -> None:
    """One line beside the result, on stderr.

    Args:
        message: What there is to say; may hold a name that was handed in.
    """
    # A line that says what takes long may stand where the note begins.
    erased = _waiting.ERASED if _waiting.is_shown() else ""
    click.echo(f"{erased}note: {one_line(message)}", err=True)


def one_line(message: str) -> str:
    """The message without line ends, escape codes or commands to a log, which a typed name may hold."""
    if not message.isprintable():
        message = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in message)
    return disarmed(message)


def own_lines(message: str) -> str:
    """A message of ours that may have several lines, such as a caret under its place; each is cleaned.

    Args:
        message: Nothing of a student's, and no name of a file.
    """
    # A tab is one column to the caret: its escape would be two.
    return "\n".join(one_line(line.replace("\t", " ")) for line in message.splitlines())


def width() -> int:
    """Columns of the terminal; 80 where there is none."""
    return shutil.get_terminal_size((80, 24)).columns


def view(hints: int, output: Path | None, audience: Audience = "student") -> View:
    """How the report is to be shown where it goes.

    Args:
        hints: How many hints to show.
        output: The file that it goes to, or None for the terminal.
        audience: Who reads it.
    """
    from grader.reports import View

    if output is not None:
        return View(hints=hints, width=FILE_WIDTH, audience=audience)
    return View(
        hints=hints, width=width(), color=wants_color(), unicode=can_show("✓█░→⋮·─"), audience=audience
    )


def wants_color() -> bool:
    """Whether standard output gets colours.

    NO_COLOR forbids them; else FORCE_COLOR or CLICOLOR_FORCE wants them, in a pipe too (0 is as if it was not
    set); else they are for a terminal that can, unless CLICOLOR is 0.
    Source: no-color.org, force-color.org, bixense.com/clicolors.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if any(os.environ.get(name) not in (None, "", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    can = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    return can and os.environ.get("CLICOLOR") != "0"


def show(text: str, *, in_pages: bool = False) -> None:
    """A text on stdout; what its encoding cannot say is replaced, never an error.

    Args:
        text: Complete with its last line end.
        in_pages: Whether a pager may show it, where it is longer than the terminal.

    Raises:
        click.ClickException: If it cannot be written, as when a disk is full.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if in_pages and _may_page() and sys.stdout.isatty():
        from grader.cli._pager import shown_in_pager

        if shown_in_pager(text):
            return
    try:
        click.echo(text.encode(encoding, "replace").decode(encoding), nl=False, color=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise click.ClickException(f"standard output cannot be written: {error.strerror}") from None


def _may_page() -> bool:
    context = click.get_current_context(silent=True)
    return context is None or not context.meta.get(NO_PAGER)


def deliver(text: str, output: Path | None, gradebook: str | None = None) -> None:
    """A text to the file of `-o`, or to the terminal.

    Args:
        text: Complete with its last line end.
        output: The file; None for the terminal.
        gradebook: The one that is read, as typed.

    Raises:
        click.UsageError: If the file may be an answer, an exercise, or belongs to the gradebook.
    """
    if output is None:
        show(text, in_pages=True)
        return
    from grader.cli import _replacing

    _replacing.require_no_work(output)
    if gradebook is not None:
        _replacing.require_not_gradebook(output, gradebook)
    write(output, text, is_private=gradebook is not None)


def write(path: Path, text: str, *, overwrite: bool = True, is_private: bool = False) -> None:
    """A text into a file, all of it or nothing.

    Args:
        path: As typed; a link is followed.
        text: What to write.
        overwrite: Whether a file that is there may be replaced.
        is_private: Whether a new file is for its owner only, since it holds marks.

    Raises:
        click.ClickException: If it is there and may not be replaced, or cannot be written.
    """
    write_bytes(path, text.encode("utf-8", "replace"), overwrite=overwrite, is_private=is_private)


def write_bytes(path: Path, data: bytes, *, overwrite: bool = True, is_private: bool = False) -> None:
    """Bytes into a file, all of them or nothing.

    Args:
        path: As typed; a link is followed.
        data: What to write.
        overwrite: Whether a file that is there may be replaced.
        is_private: Whether a new file is for its owner only, since it holds marks.

    Raises:
        click.ClickException: If it is there and may not be replaced, or cannot be written.
    """
    from pathlib import Path

    from grader.reports.whole_file import write_whole

    try:
        if overwrite and os.path.abspath(path).startswith(DEVICES):
            path.write_bytes(data)
        else:
            real = Path(os.path.realpath(path)) if overwrite else path
            write_whole(real, data, replaces=overwrite, is_private=is_private)
    except FileExistsError:
        raise click.UsageError(f"{path} is already there; --force replaces it") from None
    except FileNotFoundError:
        raise click.UsageError(f"{path} cannot be written: the folder {path.parent} is not there") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise click.ClickException(f"{path} cannot be written: {reason}") from None


def write_in_new_folder(path: Path, text: str) -> None:
    """Text into a file of a folder that is made for it, or is empty.

    Args:
        path: As typed.
        text: What to write.

    Raises:
        click.ClickException: If something is in the folder, or it cannot be made or written to.
    """
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise click.UsageError(f"{folder} has files in it; name a new folder")
    except FileExistsError:
        raise click.UsageError(f"{folder} is a file; name a new folder") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise click.ClickException(f"{folder} cannot be made: {reason}") from None
    write(path, text, overwrite=False)


def can_show(text: str) -> bool:
    """Whether standard output can say it.

    Args:
        text: Signs that are not ASCII.
    """
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
