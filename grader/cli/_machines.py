"""From options to what marks, after making sure that it may."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.classroom.machines import Machines
    from grader.model.exercise import Exercise


@contextlib.contextmanager
def machines(
    executor: str | None, jobs: int | None, exercise: Exercise, *, needs_isolation: bool
) -> Iterator[Machines]:
    """What marks.

    Args:
        executor: As typed.
        jobs: As typed.
        exercise: What is marked.
        needs_isolation: Whether other machines must shut code in; `require_isolation` is for this one.

    Raises:
        click.UsageError: If there is no such executor.
    """
    from grader.classroom.machines import machines_for

    if executor is not None and not executor.startswith("dask://"):
        raise click.UsageError(f"no executor is called {executor!r}; there is dask://HOST:PORT")
    with machines_for(executor, jobs, exercise, needs_isolation=needs_isolation) as found:
        yield found


def require_isolation(*, needs_isolation: bool, executor: str | None) -> None:
    """Refuse to run strangers' code here where it cannot be shut in.

    Args:
        needs_isolation: Whether any answer has code, and the person in charge has not allowed it.
        executor: Other machines look for themselves.

    Raises:
        click.UsageError: If it cannot be.
    """
    if not needs_isolation or executor is not None:
        return
    from grader.classroom.machines import require_isolation_here
    from grader.classroom.task import CannotMark

    try:
        require_isolation_here()
    except CannotMark as error:
        raise click.UsageError(str(error)) from None
