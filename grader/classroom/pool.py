"""Worker processes of this machine, as an `Executor`: one that dies takes nothing with it."""

from __future__ import annotations

import contextlib
import os
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

from grader.classroom.worker import OK, receive, send
from grader.errors import GraderError

T = TypeVar("T")

QUIT_S = 2.0
"""For a worker to end by itself, and its sandbox with it, before it is killed."""


# Through `rnngrade`: a folder called `grader` may stand first on the path.
PROGRAM = "import rnngrade; rnngrade.load_own(); from grader.classroom.worker import main; main()"


class WorkerLost(GraderError):
    """A worker died, hung or failed while it marked something."""


class Worker:
    """One worker process.

    Args:
        program: What it runs.
    """

    def __init__(self, program: str = PROGRAM) -> None:
        self.channel, theirs = socket.socketpair()
        with theirs:
            # A session of its own: Ctrl-C in the terminal is for the parent, which then ends the workers.
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", program, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )

    def call(self, task: bytes, limit_s: float) -> bytes:
        """Have a task marked.

        Args:
            task: For `mark_bytes`.
            limit_s: Wall seconds; a worker that takes longer hangs.

        Raises:
            WorkerLost: If it died, hung or failed; it is not to be used again.
        """
        self.channel.settimeout(limit_s)
        try:
            send(self.channel, task)
            reply = receive(self.channel)
        except TimeoutError:
            raise WorkerLost(f"the worker process gave no answer within {limit_s:g} s") from None
        except (OSError, EOFError):
            raise WorkerLost("the worker process died") from None
        if not reply.startswith(OK):
            raise WorkerLost(reply[1:].decode("utf-8", "replace"))
        return reply[1:]

    def stop(self, *, wait_s: float = 0.0) -> None:
        """End it.

        Args:
            wait_s: How long it may take to end by itself.
        """
        # Shut down, not only closed: a thread may be reading.
        with contextlib.suppress(OSError):
            self.channel.shutdown(socket.SHUT_RDWR)
        self.channel.close()
        try:
            self.process.wait(wait_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class LocalPool(Executor):
    """Worker processes of this machine, each led by a thread.

    Args:
        jobs: How many.
        limit_s: Wall seconds for one task; a worker that takes longer is replaced.
    """

    def __init__(self, jobs: int, limit_s: float) -> None:
        self.limit_s = limit_s
        self._waiting: queue.SimpleQueue[tuple[Future[bytes], bytes] | None] = queue.SimpleQueue()
        self._workers: dict[int, Worker] = {}
        self._is_closed = False
        self._is_given_up = False
        self._threads = [
            threading.Thread(target=self._serve, args=(slot,), daemon=True) for slot in range(jobs)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Have a task marked; the workers know `mark_bytes` and nothing else.

        Args:
            fn: `mark_bytes`.
            args: The task.
            kwargs: None.
        """
        if self._is_closed:
            raise RuntimeError("the pool is shut down")
        future: Future[Any] = Future()
        (task,) = args
        self._waiting.put((future, task))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers.

        Args:
            wait: Until all tasks are done; otherwise they are given up.
            cancel_futures: Give up tasks that no worker has begun.
        """
        if not wait or cancel_futures:
            self._give_up_waiting()
        self._is_closed = True
        for _ in self._threads:
            self._waiting.put(None)
        if not wait:
            self._is_given_up = True
            for worker in list(self._workers.values()):
                worker.stop()
        for thread in self._threads:
            thread.join()

    def _give_up_waiting(self) -> None:
        with contextlib.suppress(queue.Empty):
            while item := self._waiting.get_nowait():
                item[0].cancel()

    def _serve(self, slot: int) -> None:
        """Hand tasks to one worker after the other, until there are no more."""
        # Started before there is a task: they all warm up while the class folder is being read.
        self._start(slot)
        while (item := self._waiting.get()) is not None:
            future, task = item
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(self._call(slot, task))
            except Exception as error:
                if worker := self._workers.pop(slot, None):
                    worker.stop()
                future.set_exception(error)
        if worker := self._workers.pop(slot, None):
            worker.stop(wait_s=QUIT_S)

    def _start(self, slot: int) -> None:
        # Where it cannot be started, the first task tells why.
        with contextlib.suppress(OSError):
            self._workers[slot] = Worker()

    def _call(self, slot: int, task: bytes) -> bytes:
        if slot not in self._workers:
            self._workers[slot] = Worker()
        if self._is_given_up:
            raise WorkerLost("the pool was shut down")
        return self._workers[slot].call(task, self.limit_s)
