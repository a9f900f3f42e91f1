"""Options that several commands for a class share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def cores() -> int:
    """Cores that this process may use."""
    from grader.sandbox.box import processors

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
    """Add `--course`."""
    return click.option(
        "--course",
        type=click.Path(dir_okay=False),
        help="TOML file with due times, penalties, attempts and extensions; it is kept in the gradebook.",
    )(command)


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
