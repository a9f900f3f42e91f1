"""Output of commands: to the terminal, through a pager where it is long, or into a file."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import click

from grader.cli._progress import ERASED, is_shown
from grader.model.text import disarmed

if TYPE_CHECKING:
    from pathlib import Path

    from grader.model.outcome import Audience
    from grader.reports import View

FILE_WIDTH = 100
NO_PAGER = "grader.cli.no_pager"
OWN_PAGER = "RNNGRADE_PAGER"
LESS = "less"
# Colours as they are, nothing where it fits after all, and the text stays on the screen.
LESS_OPTIONS = "FRX"
# Paths below these lead to what is open already, such as a pipe: it is written to and never replaced.
DEVICES = ("/dev/", "/proc/")


def note(message: str) -> None:
    """One line beside the result, on stderr.

    Args:
        message: May hold a name that a student chose.
    """
    # A line that says what takes long may stand where the note begins.
    erased = ERASED if is_shown() else ""
    click.echo(f"{erased}note: {one_line(message)}", err=True)


def one_line(message: str) -> str:
    """The message without line ends, escape codes or commands to a log, which a typed name may hold."""
    if not message.isprintable():
        message = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in message)
    return disarmed(message)


def own_lines(message: str) -> str:
    """A message of ours that may have several lines, such as a caret under its place; each is cleaned.

    Args:
        message: Without any text of a student's and without file names.
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
    """Print a text on stdout; characters that its encoding lacks are replaced, never an error.

    Args:
        text: Complete with its last line end.
        in_pages: Whether a pager may show it, where it is longer than the terminal.

    Raises:
        click.ClickException: If it cannot be written, as when a disk is full.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if in_pages and _may_page() and _has_pager_shown(text):
        return
    try:
        click.echo(text.encode(encoding, "replace").decode(encoding), nl=False, color=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise click.ClickException(f"standard output cannot be written: {error.strerror}") from None


def _may_page() -> bool:
    if not sys.stdout.isatty() or os.environ.get("CI") or os.environ.get("TERM", "dumb") == "dumb":
        return False
    context = click.get_current_context(silent=True)
    return context is None or not context.meta.get(NO_PAGER)


def _has_pager_shown(text: str) -> bool:
    """Show the text in a pager; False where there is none, the text fits, or the pager fails."""
    if text.count("\n") < shutil.get_terminal_size((80, 24)).lines or not (command := _pager()):
        return False
    import signal
    import subprocess

    sys.stdout.flush()
    environment = {"LESS": LESS_OPTIONS, **os.environ}
    encoding = sys.stdout.encoding or "utf-8"
    # Ctrl-C is the pager's own affair.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        done = subprocess.run(command, input=text.encode(encoding, "replace"), env=environment, check=False)
    except OSError:
        return False
    finally:
        signal.signal(signal.SIGINT, before)
    # Below 0 it was ended by a signal, above by a failure of its own, with nothing shown.
    return done.returncode <= 0


def _pager() -> list[str]:
    """The command of RNNGRADE_PAGER, else of PAGER, else less; empty where there is none or it is cat."""
    import shlex

    named = os.environ.get(OWN_PAGER, os.environ.get("PAGER"))
    if named is None:
        named = LESS if shutil.which(LESS) else ""
    try:
        words = shlex.split(named)
    except ValueError:
        return []
    return [] if words == ["cat"] else words


def deliver(text: str, output: Path | None, gradebook: str | None = None) -> None:
    """Write a text into the file of `-o`, or print it.

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
    """Write a text into a file; `path`, `text`, `overwrite` and `is_private` as in `write_bytes`."""
    write_bytes(path, text.encode("utf-8", "replace"), overwrite=overwrite, is_private=is_private)


def write_bytes(path: Path, data: bytes, *, overwrite: bool = True, is_private: bool = False) -> None:
    """Write bytes into a file, all of them or none.

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


def can_show(text: str) -> bool:
    """Whether standard output can encode a text."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
