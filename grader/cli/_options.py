"""Options that several commands have, and finding an exercise, question or format by what was typed."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from grader.cli import _output
from grader.cli._command import Group
from grader.errors import SpecError

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    from grader.model.exercise import Exercise, Question
    from grader.reports import Format

F = TypeVar("F", bound=Callable[..., Any])


class PlatformCommands(Group):
    """A group that also has a command for each platform; platforms are looked for on use.

    Args:
        find: Gives their commands by name.
    """

    def __init__(self, *given: Any, find: Callable[[], dict[str, click.Command]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.find = find

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands."""
        return sorted({*super().list_commands(ctx), *self.find()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name, or None.

        Args:
            ctx: Given by click.
            cmd_name: As typed.
        """
        return super().get_command(ctx, cmd_name) or self.find().get(cmd_name)


class FilePath(click.Path):
    """A path that becomes a `pathlib.Path`, which is imported only then: --help needs none."""

    def coerce_path_result(self, value: str | os.PathLike[str]) -> Any:
        """The path."""
        from pathlib import Path

        return Path(value)


def output_option(command: F) -> F:
    """Add `-o`, `--output` of a command that shows something, None for the terminal; and `--no-pager`."""
    command = click.option(
        "--no-pager",
        is_flag=True,
        expose_value=False,
        callback=_keep_no_pager,
        help="Use no pager: write all at once, however long it is.",
    )(command)
    return click.option(
        "-o",
        "--output",
        type=FilePath(),
        callback=_none_for_terminal,
        help="Write it to this file; - for the terminal.",
    )(command)


def _keep_no_pager(context: click.Context, parameter: click.Parameter, is_wanted: bool) -> None:
    context.meta[_output.NO_PAGER] = is_wanted


def _none_for_terminal(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    return None if value is None or str(value) == "-" else value


def gradebook_option(command: F) -> F:
    """Add `--gradebook`."""
    return click.option(
        "--gradebook",
        default="gradebook.db",
        show_default=True,
        help="File or postgresql:// URL where results are kept.",
    )(command)


def course_option(command: F) -> F:
    """Add `--course` of `batch`, which keeps it."""
    return _course_option(command, "it is kept in the gradebook")


def course_to_try_option(command: F) -> F:
    """Add `--course` of commands that only look."""
    return _course_option(command, "for this time, in place of the one that the gradebook keeps")


def _course_option(command: F, what_becomes_of_it: str) -> F:
    what = "TOML file with due times, penalties, attempts and extensions"
    return click.option("--course", type=click.Path(dir_okay=False), help=f"{what}; {what_becomes_of_it}.")(
        command
    )


def machine_options(command: F) -> F:
    """Add `--jobs`, `--executor` and `--unsafe-ok`."""
    options = (
        click.option("--jobs", type=click.IntRange(min=1), help="Worker processes; one a core if left out."),
        click.option(
            "--executor",
            callback=_require_executor,
            help="Other machines: dask://HOST:PORT of a Dask scheduler.",
        ),
        click.option(
            "--unsafe-ok", is_flag=True, help="Run answers with code even where they cannot be shut in."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _require_executor(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.startswith("dask://"):
        raise click.UsageError(f"no executor is called {value!r}; there is dask://HOST:PORT", context)
    return value


def force_option(command: F) -> F:
    """Add `--force`."""
    return click.option("--force", is_flag=True, help="Replace what is there, whatever was typed into it.")(
        command
    )


def nearest(word: str, known: list[str] | tuple[str, ...]) -> str:
    """The end of an error message that offers the nearest match: " (did you mean 'x'?)", or "".

    Args:
        word: What was typed.
        known: What could have been meant.
    """
    import difflib

    # Addresses that end alike resemble each other more than one does in other letters.
    near = [one for one in known if one.casefold() == word.casefold()]
    near = near or difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f" (did you mean {near[0]!r}?)" if near else ""


def load_exercise(name: str, *, with_examples: bool = False, variant: str | None = None) -> Exercise:
    """An exercise with its questions' kinds.

    Args:
        name: Id of an installed exercise, or path of a .toml file or of a folder with an exercise.toml.
        with_examples: Whether to read the example answers in files beside it.
        variant: The code of the variant that is wanted; the sample of one that draws if left out.

    Raises:
        SpecError: If there is none, or its file is broken.
    """
    from grader import kinds, specs

    found = specs.find_exercise(name)
    known = specs.Kinds(kinds.kind_names(), kinds.find_kind)
    return specs.load_exercise(
        found.path, known, shown_as=found.shown_as, with_examples=with_examples, variant=variant
    )


def load_question(name: str, question_id: str | None) -> tuple[Exercise, str | None]:
    """An exercise and the id of one of its questions; None if no question is named.

    Args:
        name: As for `load_exercise`.
        question_id: As typed.

    Raises:
        SpecError: If there is no such exercise or question, or the file is broken.
    """
    exercise = load_exercise(name)
    return exercise, find_question(exercise, question_id).id if question_id else None


def find_question(exercise: Exercise, question_id: str) -> Question:
    """A question by its id or its label.

    Args:
        exercise: Where to look.
        question_id: As typed.

    Raises:
        SpecError: If there is none; offers the nearest.
    """
    for question in exercise.questions:
        if question_id in (question.id, question.label):
            return question
    ids = [question.id for question in exercise.questions]
    near = nearest(question_id, ids) or f" (its questions are {', '.join(ids)})"
    raise SpecError(f"{exercise.id} has no question {question_id!r}{near}")


def format_named(name: str) -> Format:
    """The report format of a name.

    Raises:
        click.UsageError: If there is none; names them all.
    """
    from grader.reports import find_format, format_names

    names = format_names()
    if name not in names:
        near = nearest(name, names)
        raise click.UsageError(f"no report format is called {name!r}{near}; there are {', '.join(names)}")
    return find_format(name)


def format_of_file(output: Path) -> Format:
    """The format of a file's suffix; plain text, with a note, where the suffix is of none."""
    from grader.reports import find_format, format_names

    formats = [find_format(one) for one in format_names()]
    suffix = output.suffix.lower()
    found = next((one for one in formats if suffix == one.SUFFIX), None)
    if found is None and suffix:
        known = ", ".join(sorted(one.SUFFIX for one in formats))
        _output.note(f"no report format has the suffix {suffix}: {output} gets plain text; there are {known}")
    return found or format_named("terminal")


def read_fail_under(context: click.Context, parameter: click.Parameter, value: str) -> Fraction:
    """The exact share of the points that was typed: 0.8, 4/5 or 80%; a callback of click.

    Args:
        context: Not used.
        parameter: Not used.
        value: As typed.

    Raises:
        click.BadParameter: If it is no share, or more than all.
    """
    from grader.model.share import read_share

    try:
        return read_share(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def require_instructor() -> None:
    """Refuse a command for a class where its packages are not installed, and say how to install them.

    Raises:
        click.UsageError: If the extra `instructor` is not installed.
    """
    import importlib.util

    missing = [name for name in ("sqlalchemy", "alembic") if importlib.util.find_spec(name) is None]
    if missing:
        from grader.extras import install_command

        raise click.UsageError(
            f"{' and '.join(missing)} must be installed, which students do without: "
            f"{install_command('instructor')}"
        )
