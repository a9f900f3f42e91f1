"""Tasks that an executor is done with, gathered for who keeps them: woken once for many, not for each."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future


class DoneTasks:
    """Those that nobody has taken yet, in the order in which they were done."""

    def __init__(self) -> None:
        self._done: deque[Future[bytes]] = deque()
        self._wanted = 1
        self._is_enough = threading.Event()

    def add(self, future: Future[bytes]) -> None:
        """One more is done; called in any thread."""
        self._done.append(future)
        if len(self._done) >= self._wanted:
            self._is_enough.set()

    def wait(self, wanted: int, seconds: float | None = None) -> None:
        """Wait until so many are there that nobody has taken.

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
