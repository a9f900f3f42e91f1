"""Where tasks are marked: worker processes here, a Dask cluster, or any other `Executor`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any
from weakref import WeakSet

from grader.classroom import task
from grader.classroom.memory import free_mib
from grader.classroom.pool import LocalPool
from grader.errors import CannotDo, GraderError
from grader.extras import install_command
from grader.model.exercise import Exercise
from grader.sandbox import Sandbox
from grader.sandbox.host.sandbox import processors
from grader.version import VERSION

JUDGE_S = 60.0
"""Seconds for reading, judging and starting a worker, beside the student's program."""

RUNS = 3
"""Wall times of one submission: once more where the machine was busy, and a part of one before a crash."""

LONG_CALLS = 20
"""Calls that are allowed for of a question with a time limit of its own: more than any makes."""

MOST_WAITING = 128
"""Programs that may wait for something, for each worker, beside what it computes."""

WAITING_MIB = 16
"""What a waiting program and what watches over it take at least."""

FREE_SHARE = 0.5
"""This share of the memory that is free at the start stays free; else no program is added."""

AHEAD = 16
"""Tasks for each worker: one is marked, the next are at hand, and what comes back is kept together."""

CODE_TOGETHER = 8
"""Submissions with code in one task of Dask, whose client and scheduler take 5 ms of CPU for each task."""

DASK = "dask://"

CONNECT_S = 20.0
"""Wall seconds for a scheduler to answer."""

CLOSE_S = 5.0


@dataclass(frozen=True)
class Machines:
    """An executor and how much it can be given at once.

    Args:
        executor: Marks tasks.
        window: How many tasks it is given before the first comes back.
        give_up: Ends it without waiting.
        n_alive: How many workers there are now; an error where that cannot be known.
        code_together: How many submissions with code are sent in one task.
    """

    executor: Executor
    window: int
    give_up: Callable[[], None]
    n_alive: Callable[[], int] = lambda: 1
    code_together: int = 1


@contextlib.contextmanager
def machines_for(
    executor: str | None, jobs: int | None, exercise: Exercise, *, needs_isolation: bool
) -> Iterator[Machines]:
    """The workers that were asked for: of this machine, or of a Dask cluster.

    Args:
        executor: dask://HOST:PORT of a Dask scheduler; this machine if left out.
        jobs: Worker processes of this machine; one a core if left out.
        exercise: What is marked.
        needs_isolation: Whether an answer may have code that strangers wrote.

    Raises:
        CannotDo: If there is no such cluster, or one of its workers must not mark.
    """
    if executor is None:
        jobs = jobs or processors()
        chosen = local(jobs, longest_s(exercise), most_waiting(jobs))
    else:
        chosen = dask(executor, VERSION, needs_isolation=needs_isolation)
    with chosen as machines:
        yield machines


def require_isolation_here() -> None:
    """Refuse to run strangers' code on this machine where it cannot be shut in.

    Raises:
        CannotMark: If it cannot be.
    """
    with Sandbox() as sandbox:
        task.require_isolation(sandbox.protection())


@contextlib.contextmanager
def local(jobs: int, limit_s: float, most_waiting: int = 0) -> Iterator[Machines]:
    """Worker processes of this machine.

    Args:
        jobs: How many.
        limit_s: Wall seconds for one submission; a worker that takes longer hangs.
        most_waiting: How many programs of each may wait for something meanwhile.
    """
    pool = LocalPool(jobs, limit_s, most_waiting, int(FREE_SHARE * free_mib()))
    try:
        # A worker that died is replaced when there is something for it.
        yield Machines(pool, jobs * (AHEAD + most_waiting), lambda: pool.shutdown(wait=False), lambda: jobs)
    except BaseException:
        pool.shutdown(wait=False)
        raise
    pool.shutdown()


def most_waiting(jobs: int) -> int:
    """How many waiting programs this machine has the memory for, for each worker."""
    return min(MOST_WAITING, int(FREE_SHARE * free_mib() / WAITING_MIB / jobs))


def longest_s(exercise: Exercise) -> float:
    """Wall seconds after which a worker hangs, with room for calls that a question gives more time."""
    limits = exercise.limits
    longest_call_s = max((question.call_cpu_s or 0.0 for question in exercise.questions), default=0.0)
    return RUNS * (limits.wall_s + limits.load_cpu_s + LONG_CALLS * longest_call_s) + JUDGE_S


@contextlib.contextmanager
def dask(
    address: str, version: str, *, needs_isolation: bool = True, patience_s: float = CONNECT_S
) -> Iterator[Machines]:
    """A Dask cluster that is running.

    Args:
        address: dask://HOST:PORT of its scheduler.
        version: Of this grader; the workers must have the same.
        needs_isolation: Refuse a worker on which strangers' code would not be shut in.
        patience_s: How long its scheduler may be away later, before it is given up.

    Raises:
        CannotDo: If it is not there, or a worker must not mark.
    """
    try:
        import distributed
    except ImportError:
        raise CannotDo("--executor dask:// needs Dask", install_command("dask")) from None
    where = address.removeprefix(DASK)
    # Dask is only partly typed, which mypy would report here as errors.
    client_for: Any = distributed.Client
    try:
        client = client_for(f"tcp://{where}", timeout=CONNECT_S, set_as_default=False)
        if patience_s > CONNECT_S:
            # For a client it is one and the same how long it waits at first and later.
            client.close(timeout=CLOSE_S)
            client = client_for(f"tcp://{where}", timeout=patience_s, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CannotDo("no Dask scheduler answers there", str(error) or None, address) from None
    try:
        workers = client.run(_state_of_worker, needs_isolation)
        if not workers:
            raise CannotDo("it has no workers", "dask worker HOST:PORT starts some", address)
        for worker, state in workers.items():
            _require_same(worker, state, version)
        threads = sum(client.nthreads().values())
        executor = DaskExecutor(client)
        yield Machines(
            executor,
            max(threads, 1) * AHEAD,
            lambda: executor.shutdown(wait=False),
            # Asked while it looks for its scheduler, it would not answer.
            lambda: len(client.nthreads()) if client.status == "running" else 0,
            CODE_TOGETHER,
        )
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=CLOSE_S)


class DaskExecutor(Executor):
    """Hands tasks to a Dask cluster.

    Dask's own executor loses an error that comes up while a result is fetched, as where the worker that has
    it dies and so does each that computes it anew: its future never ends, nor would the class.

    Args:
        client: Of the cluster.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._sent: WeakSet[Any] = WeakSet()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Send a task; the future ends with its result, or with the error of the task or of the cluster."""
        # Not pure: Dask would give equal tasks one result, and a task that is sent again must run again.
        sent = self._client.submit(fn, *args, pure=False, retries=1, **kwargs)
        self._sent.add(sent)
        return asyncio.run_coroutine_threadsafe(_result_of(sent), self._client.loop.asyncio_loop)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Cancel the tasks that have not come back, unless they are to be waited for."""
        if not wait or cancel_futures:
            self._client.cancel(list(self._sent))


async def _result_of(sent: Any) -> Any:
    return await sent


def _state_of_worker(needs_isolation: bool) -> tuple[str, str]:
    """The version of rnngrade on a worker, and why that worker must not mark; "" where it may."""
    problem = ""
    if needs_isolation:
        try:
            task.require_isolation(task.protection())
        except GraderError as error:
            problem = str(error)
    return VERSION, problem


def _require_same(worker: str, state: tuple[str, str], version: str) -> None:
    other, problem = state
    if other != version:
        raise CannotDo(f"this worker has rnngrade {other}, not {version}", where=worker)
    if problem:
        raise CannotDo(problem, where=worker)
