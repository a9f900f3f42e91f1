"""Worker processes of this machine, as an `Executor`: one that dies takes nothing with it."""

from __future__ import annotations

import contextlib
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

from grader.classroom.processes import cpu_s_while_waiting
from grader.classroom.worker import OK, receive, send
from grader.errors import GraderError

T = TypeVar("T")

OVERDUE_S = 0.04
"""For one task before it is looked at: most take less, on an idle machine."""

LOOK_S = 0.02
"""Between two looks. Where one in twenty sleeps, a tenth of a second for each costs a third of the rate."""

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

    The worker of a program that sleeps, or waits for something, leaves its turn to a spare one, and waits for
    a turn when it is done: so there are always as many at work as there are turns.

    Args:
        jobs: How many are at work at once.
        limit_s: Wall seconds for one task; a worker that takes longer is replaced.
        most_spare: How many more workers there may be.
    """

    def __init__(self, jobs: int, limit_s: float, most_spare: int = 0) -> None:
        self.limit_s = limit_s
        self.most = jobs + most_spare
        self._waiting: queue.SimpleQueue[tuple[Future[bytes], bytes] | None] = queue.SimpleQueue()
        self._workers: dict[int, Worker] = {}
        self._is_closed = False
        self._is_given_up = False
        self._lock = threading.Lock()
        self._began: dict[int, float] = {}
        self._seen: dict[int, float | None] = {}
        self._asleep: set[int] = set()
        self._without_turn = 0
        self._turns = threading.Semaphore(0)
        self._has_ended = threading.Event()
        self._threads: list[threading.Thread] = []
        for _ in range(jobs):
            self._add_thread()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        if most_spare:
            self._watcher.start()

    def _add_thread(self) -> None:
        thread = threading.Thread(target=self._serve, args=(len(self._threads),), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _watch(self) -> None:
        """Pass on the turns of what sleeps, while anything waits."""
        while not self._has_ended.wait(LOOK_S):
            with self._lock:
                since = time.monotonic() - OVERDUE_S
                late = [slot for slot, began in self._began.items() if began < since]
                for slot in set(late) - self._asleep:
                    if self._sleeps(slot) and not self._waiting.empty():
                        self._pass_on_turn(slot)

    def _sleeps(self, slot: int) -> bool:
        """Whether a worker and what it runs wait, and have done nothing since the last look."""
        worker = self._workers.get(slot)
        used_s = None if worker is None else cpu_s_while_waiting(worker.process.pid)
        before = self._seen.get(slot)
        self._seen[slot] = used_s
        return used_s is not None and used_s == before

    def _pass_on_turn(self, slot: int) -> None:
        if self._without_turn:
            self._without_turn -= 1
            self._turns.release()
        elif len(self._threads) < self.most:
            self._add_thread()
        else:
            return
        self._asleep.add(slot)

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
        self._has_ended.set()
        with self._lock:
            for _ in self._threads:
                self._waiting.put(None)
                # Those that wait for a turn have to see that there is nothing more to do.
                self._turns.release()
            self.most = len(self._threads)
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
            self._began[slot] = time.monotonic()
            try:
                future.set_result(self._call(slot, task))
            except Exception as error:
                if worker := self._workers.pop(slot, None):
                    worker.stop()
                future.set_exception(error)
            self._take_turn(slot)
        if worker := self._workers.pop(slot, None):
            worker.stop(wait_s=QUIT_S)

    def _take_turn(self, slot: int) -> None:
        """Go on at once; where the turn was passed on meanwhile, wait for another one."""
        with self._lock:
            del self._began[slot]
            self._seen.pop(slot, None)
            if slot not in self._asleep:
                return
            self._asleep.remove(slot)
            self._without_turn += 1
        self._turns.acquire()

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
