"""From options to what marks, after making sure that it may."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from grader.cli._class_options import cores

if TYPE_CHECKING:
    from grader.classroom.machines import Machines
    from grader.model.exercise import Exercise, Limits

LONG_CALLS = 20
"""Of a question with a limit of its own: more than any makes."""


@contextlib.contextmanager
def machines(
    executor: str | None, jobs: int | None, exercise: Exercise, *, needs_wall: bool
) -> Iterator[Machines]:
    """What marks.

    Args:
        executor: As typed.
        jobs: As typed.
        exercise: What is marked.
        needs_wall: Whether other machines must shut code in; `require_wall` is for this one.

    Raises:
        click.UsageError: If there is no such executor.
    """
    from grader.classroom import machines as kinds
    from grader.classroom.task import own_version

    if executor is None:
        with kinds.local(jobs or cores(), generous(exercise)) as found:
            yield found
    elif executor.startswith(kinds.DASK):
        with kinds.dask(executor, own_version(), needs_wall=needs_wall) as found:
            yield found
    else:
        raise click.UsageError(f"no executor is called {executor!r}; there is dask://HOST:PORT")


def generous(exercise: Exercise) -> Limits:
    """Limits after which a worker hangs, with room for calls that a question gives more time."""
    import msgspec

    limits = exercise.limits
    longest_s = max((question.call_cpu_s or 0.0 for question in exercise.questions), default=0.0)
    more_s = limits.load_cpu_s + LONG_CALLS * longest_s
    return msgspec.structs.replace(limits, wall_s=limits.wall_s + more_s)


def require_wall(*, needs_wall: bool, executor: str | None) -> None:
    """Refuse to run strangers' code here where it cannot be shut in.

    Args:
        needs_wall: Whether any answer has code, and the person in charge has not allowed it.
        executor: Other machines look for themselves.

    Raises:
        click.UsageError: If it cannot be.
    """
    if not needs_wall or executor is not None:
        return
    from grader.classroom import task
    from grader.sandbox import Sandbox

    try:
        with Sandbox() as sandbox:
            task.require_wall(sandbox.protection())
    except task.CannotMark as error:
        raise click.UsageError(str(error)) from None
