"""Where tasks are marked: worker processes here, a Dask cluster, or any other `Executor`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from grader.classroom.pool import LocalPool
from grader.errors import CannotDo, GraderError
from grader.extras import install_command
from grader.model.exercise import Limits

JUDGE_S = 60.0
"""For what is not the student's program: reading, judging, and starting a worker."""

RUNS = 3
"""Wall times of one submission: once more where the machine was busy, and a part of one before a crash."""

AHEAD = 16
"""Tasks for each worker: one is marked, the next are at hand, and what comes back is kept together."""

DASK = "dask://"

CONNECT_S = 20.0
"""For a scheduler to answer."""


@dataclass(frozen=True)
class Machines:
    """An executor and how much it can be given at once.

    Args:
        executor: Marks tasks.
        window: How many tasks it is given before the first comes back.
        give_up: Ends it without waiting.
    """

    executor: Executor
    window: int
    give_up: Callable[[], None]


@contextlib.contextmanager
def local(jobs: int, limits: Limits) -> Iterator[Machines]:
    """Worker processes of this machine.

    Args:
        jobs: How many.
        limits: Of the exercise; a worker that takes much longer hangs.
    """
    pool = LocalPool(jobs, RUNS * limits.wall_s + JUDGE_S)
    try:
        yield Machines(pool, jobs * AHEAD, lambda: pool.shutdown(wait=False))
    except BaseException:
        pool.shutdown(wait=False)
        raise
    pool.shutdown()


@contextlib.contextmanager
def dask(address: str, version: str, *, needs_wall: bool = True) -> Iterator[Machines]:
    """A Dask cluster that is running.

    Args:
        address: dask://HOST:PORT of its scheduler.
        version: Of this grader; the workers must have the same.
        needs_wall: Refuse a worker on which strangers' code would not be shut in.

    Raises:
        CannotDo: If it is not there, or a worker must not mark.
    """
    try:
        import distributed
    except ImportError:
        raise CannotDo("--executor dask:// needs Dask", install_command("dask")) from None
    where = address.removeprefix(DASK)
    # Its types are half written: what is untyped there would be an error here.
    client_for: Any = distributed.Client
    try:
        client = client_for(f"tcp://{where}", timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CannotDo("no Dask scheduler answers there", str(error) or None, address) from None
    try:
        workers = client.run(_worker_told, needs_wall)
        if not workers:
            raise CannotDo("it has no workers", "dask worker HOST:PORT starts some", address)
        for worker, told in workers.items():
            _require_same(worker, told, version)
        threads = sum(client.nthreads().values())
        # Not pure: equal tasks are ours to notice, and a task that is asked for again must run again.
        executor = client.get_executor(pure=False, retries=1)
        yield Machines(executor, max(threads, 1) * AHEAD, lambda: executor.shutdown(wait=False))
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=5)


def _worker_told(needs_wall: bool) -> tuple[str, str]:
    """A worker's version, and why it must not mark, if so."""
    from grader.classroom import task

    problem = ""
    if needs_wall:
        try:
            task.require_wall(task.protection())
        except GraderError as error:
            problem = str(error)
    return task.own_version(), problem


def _require_same(worker: str, told: tuple[str, str], version: str) -> None:
    other, problem = told
    if other != version:
        raise CannotDo(f"this worker has rnngrade {other}, not {version}", where=worker)
    if problem:
        raise CannotDo(problem, where=worker)
