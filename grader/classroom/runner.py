"""Marking with an executor: each task once, a second time where it failed, then undecided."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from typing import Generic, TypeVar

import msgspec

from grader.classroom.machines import Machines
from grader.classroom.task import ExerciseText, Task, mark_bytes, own_version
from grader.classroom.undecided import undecided
from grader.errors import GraderError
from grader.gradebook.records import StoredResult
from grader.model.exercise import Exercise
from grader.model.submission import Submission

K = TypeVar("K")

TRIES = 2

MOST_WAITING_BYTES = 48 * 2**20
"""Of submissions that are with the executor; a class of large files must not fill the memory."""


class ExecutorLost(GraderError):
    """What marks is gone; all that has come back is kept."""


class Asked(msgspec.Struct, frozen=True):
    """What is marked, and with what rules.

    Args:
        exercise: The exercise.
        text: Its file.
        is_unsafe_ok: Run code in a sandbox that strangers can get out of.
    """

    exercise: Exercise
    text: bytes
    is_unsafe_ok: bool = False


class Flight(Generic[K]):
    """The tasks that are being marked.

    Args:
        asked: What is marked.
        machines: What marks.
    """

    def __init__(self, asked: Asked, machines: Machines) -> None:
        self.asked = asked
        self.version = own_version()
        self._executor: Executor = machines.executor
        self._window = machines.window
        self._exercise = ExerciseText(asked.exercise.id, asked.exercise.digest, asked.text)
        self._done: queue.SimpleQueue[Future[bytes]] = queue.SimpleQueue()
        self._asked_for: dict[Future[bytes], tuple[K, Submission, int]] = {}
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._asked_for)

    @property
    def is_full(self) -> bool:
        """Whether something must come back before more is sent."""
        return len(self) >= self._window or (bool(self) and self._bytes >= MOST_WAITING_BYTES)

    def send(self, key: K, submission: Submission, tries: int = 1) -> None:
        """Have a submission marked.

        Args:
            key: What it comes back with.
            submission: What was handed in.
            tries: How often it has been sent, this time included.

        Raises:
            ExecutorLost: If nothing can be sent any more.
        """
        task = Task(
            exercise=self._exercise,
            submission=submission,
            grader_version=self.version,
            is_unsafe_ok=self.asked.is_unsafe_ok,
        )
        try:
            future = self._executor.submit(mark_bytes, msgspec.msgpack.encode(task))
        except RuntimeError as error:
            raise ExecutorLost(f"no more can be marked: {error}", AGAIN) from None
        self._asked_for[future] = (key, submission, tries)
        self._bytes += _size(submission)
        future.add_done_callback(self._done.put)

    def landed(self) -> Iterator[tuple[K, StoredResult]]:
        """Wait for one, and take all that come back soon; what failed once is sent again.

        Raises:
            ExecutorLost: If the executor itself is gone.
        """
        if not self:
            return
        future = self._done.get()
        until = time.monotonic() + GATHER_S
        while True:
            key, submission, tries = self._asked_for.pop(future)
            self._bytes -= _size(submission)
            marked = self._marked(future, submission, tries)
            if marked is None:
                self.send(key, submission, tries + 1)
            else:
                yield key, marked
            if not self:
                return
            try:
                future = self._done.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                return

    def _marked(self, future: Future[bytes], submission: Submission, tries: int) -> StoredResult | None:
        try:
            return msgspec.msgpack.decode(future.result(), type=StoredResult)
        except (BrokenExecutor, CancelledError) as error:
            raise ExecutorLost(f"what marks is gone ({type(error).__name__})", AGAIN) from None
        except Exception as error:
            if tries < TRIES:
                return None
            return undecided(self.asked.exercise, submission, self.version, str(error) or repr(error))


GATHER_S = 0.01
"""For more results to come after the first: a transaction costs as much as marking an answer without code."""

AGAIN = "what has come back is kept; give the same command again to go on"


def _size(submission: Submission) -> int:
    return sum(len(file.data) for file in submission.files)
