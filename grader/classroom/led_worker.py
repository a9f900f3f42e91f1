"""One worker process, and the tasks that it has."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import Future
from typing import NamedTuple

from grader.classroom.worker import LENGTH, NUMBER, OK, send
from grader.errors import GraderError

SEND_S = 10.0
"""Seconds for a task to be taken: a worker has a thread for nothing else."""


READ_BYTES = 1 << 18


# Through `rnngrade`: a folder called `grader` may stand first on the path.
PROGRAM = "import rnngrade; rnngrade.load_own(); from grader.classroom.worker import main; main()"


class WorkerLost(GraderError):
    """A worker died, hung or failed while it marked something."""


class Worker:
    """One worker process.

    Args:
        program: What it runs.
        arguments: For it, behind the number of its socket.
        tables: What it shares with other workers, from `handed_on.new_file`; it is the last argument.
    """

    def __init__(
        self, program: str = PROGRAM, arguments: tuple[str, ...] = (), tables: int | None = None
    ) -> None:
        given = [] if tables is None else [tables]
        self.channel, theirs = socket.socketpair()
        with theirs:
            # A session of its own: Ctrl-C in the terminal is for the parent, which then ends the workers.
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", program, str(theirs.fileno()), *arguments, *map(str, given)],
                pass_fds=[theirs.fileno(), *given],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, **ENVIRONMENT},
            )

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


ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",  # mallopt(3): each thread would keep memory of its own, and one runs at a time
}


class PoolTask(NamedTuple):
    """A task that waits for a worker or is being marked by one.

    Args:
        future: Of its result.
        data: What the worker gets.
        is_alone: Whether it needs a worker that has no other task.
    """

    future: Future[bytes]
    data: bytes
    is_alone: bool


class LedWorker:
    """A worker, the tasks that it has, and the bytes received from it.

    Args:
        worker: Just started.
    """

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.tasks: dict[int, PoolTask] = {}
        self.has_room = False
        self.heard = time.monotonic()
        self._number = 0
        self._came = bytearray()

    def give(self, task: PoolTask) -> None:
        """Send it a task.

        Raises:
            OSError: If it is gone or hangs.
        """
        self._number += 1
        self.tasks[self._number] = task
        self.has_room = False
        self.heard = time.monotonic()
        self.worker.channel.settimeout(SEND_S)
        send(self.worker.channel, NUMBER.pack(self._number) + task.data)

    def take(self) -> None:
        """Take what has come.

        Raises:
            WorkerLost: If it has ended.
        """
        try:
            part = self.worker.channel.recv(READ_BYTES)
        except OSError:
            part = b""
        if not part:
            raise WorkerLost("the worker process died")
        self.heard = time.monotonic()
        self._came += part
        while len(self._came) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._came)[0]
            if len(self._came) < end:
                return
            frame = bytes(self._came[LENGTH.size : end])
            del self._came[:end]
            self._take_frame(frame)

    def _take_frame(self, frame: bytes) -> None:
        if not frame:
            self.has_room = True
            return
        task = self.tasks.pop(NUMBER.unpack_from(frame)[0])
        reply = frame[NUMBER.size :]
        if reply.startswith(OK):
            task.future.set_result(reply[1:])
        else:
            task.future.set_exception(WorkerLost(reply[1:].decode("utf-8", "replace")))

    def lose(self, error: WorkerLost) -> None:
        """End the worker; its tasks fail with this error."""
        self.worker.stop()
        for task in self.tasks.values():
            task.future.set_exception(error)
