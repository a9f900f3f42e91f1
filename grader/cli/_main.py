"""The program: its commands, found by file name and imported on use; errors become lines and exit codes."""

from __future__ import annotations

import enum
import errno
import importlib
import os
import re
import sys
from collections.abc import Sequence

import click

from grader.cli._command import Group
from grader.cli._options import nearest
from grader.cli._output import one_line, own_lines
from grader.errors import CannotDo, GraderError, SpecError, SubmissionError

DEBUG = "RNNGRADE_DEBUG"

POSTGRESQL_DISK_FULL = "53100"
"""`disk_full` of PostgreSQL's documentation, appendix A: Error Codes."""


class ExitCode(enum.IntEnum):
    """Exit codes of all commands."""

    FULL_MARKS = 0
    BELOW = 1
    USAGE = 2
    OUR_FAILURE = 3
    INTERRUPTED = 130


class CommandFolder(Group):
    """A group whose commands are the modules beside this one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands; nothing is imported."""
        files = os.listdir(os.path.dirname(__file__))
        names = [file.removesuffix(".py") for file in files if file.endswith(".py")]
        return sorted(name.replace("_", "-") for name in names if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name, or None.

        Args:
            ctx: Given by click.
            cmd_name: As typed.
        """
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"grader.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        command.name = cmd_name
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was typed, or an error that offers the nearest.

        Args:
            ctx: Given by click.
            args: What stands after the options of the group.
        """
        names = self.list_commands(ctx)
        if args and args[0] not in names and not args[0].startswith("-"):
            ctx.fail(f"no command is called {args[0]!r}{nearest(args[0], names)}")
        return super().resolve_command(ctx, args)


def _show_version(ctx: click.Context, parameter: click.Parameter, is_wanted: bool) -> None:
    if not is_wanted or ctx.resilient_parsing:
        return
    from grader.version import VERSION

    click.echo(f"rnngrade {VERSION}")
    ctx.exit()


@click.group(
    cls=CommandFolder,
    context_settings={"help_option_names": ["-h", "--help"]},
    examples=(
        "rnngrade list",
        "rnngrade start rnn-by-formula",
        "rnngrade submit answer.py",
    ),
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version.",
)
def group() -> None:
    """Mark answers to exercises on recurrent neural networks."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: Those after the program's name; from the process if left out.

    Returns:
        The exit code: 0 full marks, 1 below, 2 usage or a broken exercise file, 3 the grader's own failure,
        130 interrupted.
    """
    try:
        code = group.main(arguments, prog_name="rnngrade", standalone_mode=False)
        return code if isinstance(code, int) else ExitCode.FULL_MARKS
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return ExitCode.USAGE
    except click.ClickException as error:
        return _ended(_with_help(error), ExitCode.USAGE)
    except SpecError as error:
        return _ended_with(_author_lines(error), ExitCode.USAGE)
    except (CannotDo, SubmissionError) as error:
        return _ended(str(error), ExitCode.USAGE)
    except GraderError as error:
        return _ended(str(error), ExitCode.OUR_FAILURE)
    except (click.Abort, KeyboardInterrupt):
        return _ended("interrupted", ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # The reader has gone; without this the interpreter complains once more on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OUR_FAILURE
    except Exception as error:
        return _ended(_unexpected(error), ExitCode.OUR_FAILURE)


def _ended(message: str, code: ExitCode) -> ExitCode:
    return _ended_with(one_line(message), code)


def _ended_with(lines: str, code: ExitCode) -> ExitCode:
    if os.environ.get(DEBUG) and sys.exc_info()[0] is not None:
        import traceback

        traceback.print_exc()
    click.echo(f"rnngrade: {lines}", err=True)
    return code


def _author_lines(error: SpecError) -> str:
    """The error in an exercise file; its message may have a line with a caret below it."""
    place = f"{one_line(error.where)}: " if error.where else ""
    message = own_lines(error.message)
    gap = "\n" if "\n" in message else " "
    hint = f"{gap}({one_line(error.hint)})" if error.hint else ""
    return f"{place}{message}{hint}"


def _with_help(error: click.ClickException) -> str:
    # Not rstrip: a message may end in a command to type, and its " ." is a folder.
    message = re.sub(r"(?<=\S)\.$", "", error.format_message())
    context = getattr(error, "ctx", None)
    return f"{message}; see '{context.command_path} --help'" if context else message


def _unexpected(error: Exception) -> str:
    if _is_full(error):
        reason = str(error).splitlines()[0]
        return f"no space is left on the disk ({reason}); what was kept is there: make room and try again"
    return (
        f"the grader itself failed ({type(error).__name__}: {error}); "
        f"set {DEBUG}=1 to see where, and please report it"
    )


def _is_full(error: Exception) -> bool:
    """Whether a file or a gradebook could not be written because its disk is full."""
    # By itself while a connection is made; else SQLAlchemy, which is not loaded for this, hands it on.
    cause = getattr(error, "orig", None) or error
    return (
        (isinstance(error, OSError) and error.errno == errno.ENOSPC)
        or getattr(cause, "sqlite_errorname", None) == "SQLITE_FULL"
        or getattr(cause, "sqlstate", None) == POSTGRESQL_DISK_FULL
    )
