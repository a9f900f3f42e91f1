"""Worker processes of this machine, as an `Executor`: one that dies takes nothing with it."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

from grader.classroom.led_worker import PROGRAM, READ_BYTES, LedWorker, PoolTask, Worker, WorkerLost
from grader.networks.mutants import handed_on

T = TypeVar("T")

LOOK_S = 0.5
"""Seconds between two looks whether a worker hangs."""

QUIT_S = 2.0
"""Seconds that a worker and its sandbox have to end by themselves before they are killed."""


class LocalPool(Executor):
    """Worker processes of this machine, led by one thread.

    A worker says when it has room for a task: when it is done with one, and when the program of one waits for
    something, so that it marks another meanwhile.

    Args:
        jobs: How many workers.
        limit_s: Wall seconds without a word from one that has tasks; it is replaced.
        most_waiting: How many more tasks each may have while programs wait.
        kept_free_mib: Memory that is to stay free: with less, no task is added.
    """

    def __init__(self, jobs: int, limit_s: float, most_waiting: int = 0, kept_free_mib: int = 0) -> None:
        self.limit_s = limit_s
        self._arguments = (str(1 + most_waiting), str(kept_free_mib))
        self._tables = handed_on.new_file()
        self._waiting: deque[PoolTask] = deque()
        self._alone: deque[PoolTask] = deque()
        self._workers: dict[int, LedWorker] = {}
        self._jobs = jobs
        self._is_closed = False
        self._is_given_up = False
        self._awake, self._wake = socket.socketpair()
        self._awake.setblocking(False)
        self._wake.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._awake, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._lead, daemon=True)
        self._thread.start()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Have a task marked; the workers know these two functions and nothing else.

        Args:
            fn: `mark_bytes`, or `mark_alone` for a task that failed: it takes no other with it.
            args: The task.
            kwargs: None.
        """
        if self._is_closed:
            raise RuntimeError("the pool is shut down")
        future: Future[Any] = Future()
        (data,) = args
        # Only here: it brings all with it that marks, and a worker of another program is started without.
        from grader.classroom.task import mark_alone

        is_alone = fn is mark_alone
        (self._alone if is_alone else self._waiting).append(PoolTask(future, data, is_alone))
        # Looked at after it was put there: who finds room later finds the task, too.
        workers = list(self._workers.values())
        if len(workers) < self._jobs or any(led.has_room for led in workers):
            self._wake_up()
        return future

    def _wake_up(self) -> None:
        # Full means that it will wake up in any case, closed that it has ended.
        with contextlib.suppress(OSError):
            self._wake.send(b"\0")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers.

        Args:
            wait: Until all tasks are done; otherwise they are given up.
            cancel_futures: Give up tasks that no worker has begun.
        """
        self._is_closed = True
        if not wait or cancel_futures:
            for waiting in (self._waiting, self._alone):
                with contextlib.suppress(IndexError):
                    while True:
                        waiting.popleft().future.cancel()
        self._is_given_up = self._is_given_up or not wait
        self._wake_up()
        self._thread.join()

    def _lead(self) -> None:
        """Hand tasks to the workers and take their results, until there are no more."""
        # Started before there is a task: they all warm up while the class folder is being read.
        for slot in range(self._jobs):
            self._start(slot)
        while not self._is_given_up and not (self._is_closed and self._is_done()):
            for key, _ in self._selector.select(LOOK_S):
                if key.data is None:
                    with contextlib.suppress(BlockingIOError):
                        self._awake.recv(READ_BYTES)
                else:
                    self._take(key.data)
            for slot in range(self._jobs):
                self._serve(slot)
        self._end_workers()

    def _is_done(self) -> bool:
        has_tasks = any(one.tasks for one in self._workers.values())
        return not (has_tasks or self._waiting or self._alone)

    def _start(self, slot: int) -> None:
        try:
            led = LedWorker(Worker(PROGRAM, self._arguments, self._tables))
        except OSError as error:
            # What waits for it tells why.
            if (task := self._next(None)) is not None:
                task.future.set_exception(error)
            return
        self._workers[slot] = led
        self._selector.register(led.worker.channel, selectors.EVENT_READ, slot)

    def _take(self, slot: int) -> None:
        led = self._workers.get(slot)
        if led is not None:
            try:
                led.take()
            except WorkerLost as error:
                self._lose(slot, error)

    def _serve(self, slot: int) -> None:
        """Give a worker what it has room for; one that hangs is lost."""
        led = self._workers.get(slot)
        if led is None:
            if self._waiting or self._alone:
                self._start(slot)
        elif led.tasks and time.monotonic() - led.heard > self.limit_s:
            self._lose(slot, WorkerLost(f"the worker process gave no answer within {self.limit_s:g} s"))
        elif led.has_room and (task := self._next(led)) is not None:
            try:
                led.give(task)
            except OSError:
                self._lose(slot, WorkerLost("the worker process died"))

    def _next(self, led: LedWorker | None) -> PoolTask | None:
        """The next task for a worker."""
        tasks = led.tasks.values() if led else ()
        if any(task.is_alone for task in tasks):
            return None
        for waiting in (self._waiting,) if tasks else (self._alone, self._waiting):
            with contextlib.suppress(IndexError):
                while True:
                    task = waiting.popleft()
                    if task.future.set_running_or_notify_cancel():
                        return task
        return None

    def _lose(self, slot: int, error: WorkerLost) -> None:
        led = self._workers.pop(slot)
        self._selector.unregister(led.worker.channel)
        led.lose(error)

    def _end_workers(self) -> None:
        """End those that have nothing to do, and those that are given up."""
        for slot, led in list(self._workers.items()):
            if led.tasks:
                self._lose(slot, WorkerLost("the pool was shut down"))
        for led in self._workers.values():
            with contextlib.suppress(OSError):
                led.worker.channel.shutdown(socket.SHUT_RDWR)
        for led in self._workers.values():
            led.worker.stop(wait_s=QUIT_S)
        if self._tables is not None:
            os.close(self._tables)
        self._selector.close()
        self._awake.close()
        self._wake.close()
