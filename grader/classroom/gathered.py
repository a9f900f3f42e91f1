"""Submissions waiting to be sent in one task, and finished tasks waiting to be taken."""

from __future__ import annotations

import functools
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from grader.gradebook.records import StoredResult
from grader.model.submission import Submission

A = TypeVar("A")

FIRST_TOGETHER = 8
"""Submissions in the first task, before it is known how long one takes."""


@dataclass
class PendingTask(Generic[A]):
    """A submission that is being marked, and the attempts that get its result."""

    submission: Submission
    attempts: list[A]
    variant: str = ""
    before: StoredResult | None = None
    times_sent: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Equal for submissions that get the same result."""
        return self.submission.digest, self.variant

    @functools.cached_property
    def size(self) -> int:
        """Bytes of its files, and of its result before."""
        before = 0 if self.before is None else len(self.before.report)
        return before + sum(len(file.data) for file in self.submission.files)


class Gathered(Generic[A]):
    """Submissions of one sort, with code or without, that are to be sent in one task.

    Args:
        most: How many.
    """

    def __init__(self, most: int) -> None:
        self.tasks: list[PendingTask[A]] = []
        self._most = most
        self._so_many = min(FIRST_TOGETHER, most)

    @property
    def is_enough(self) -> bool:
        """Whether there are enough attempts for a task."""
        return len(self.tasks) >= self._so_many

    def take(self) -> list[PendingTask[A]]:
        """Take the attempts of the next task away."""
        together = self.tasks[: self._so_many]
        del self.tasks[: self._so_many]
        return together

    def learn(self, sent: int, done: int) -> None:
        """Set how many the next task gets: as many as there was time for, or some more."""
        if done < sent:
            self._so_many = done
        elif sent == self._so_many:
            self._so_many = min(2 * self._so_many, self._most)


class DoneTasks:
    """Finished tasks that nobody has taken yet, in order; a waiting thread is woken once for many."""

    def __init__(self) -> None:
        self._done: deque[Future[bytes]] = deque()
        self._wanted = 1
        self._is_enough = threading.Event()

    def add(self, future: Future[bytes]) -> None:
        """Add a finished task; called in any thread."""
        self._done.append(future)
        if len(self._done) >= self._wanted:
            self._is_enough.set()

    def wait(self, wanted: int, seconds: float | None = None) -> None:
        """Wait until so many finished tasks are there.

        Args:
            wanted: How many.
            seconds: At most so long; None for as long as it takes.
        """
        self._wanted = wanted
        self._is_enough.clear()
        # Looked at last: one that came meanwhile is seen here, or sets it again.
        if len(self._done) < wanted:
            self._is_enough.wait(seconds)

    def take(self) -> Iterator[Future[bytes]]:
        """Those that are there, each only once."""
        while self._done:
            yield self._done.popleft()
