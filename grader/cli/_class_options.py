"""Options that several commands for a class share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def cores() -> int:
    """Cores that this process may use."""
    from grader.sandbox.host.sandbox import processors

    return processors()


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
    command = click.option(
        "--unsafe-ok", is_flag=True, help="Run answers with code even where they cannot be shut in."
    )(command)
    command = click.option("--executor", help="Other machines: dask://HOST:PORT of a Dask scheduler.")(
        command
    )
    return click.option(
        "--jobs", type=click.IntRange(min=1), help="Worker processes; one a core if left out."
    )(command)
