"""A thread that has submissions marked by workers: sends them, and takes back what was marked."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Generic, TypeVar

import msgspec

from grader.classroom.machines import Machines
from grader.classroom.task import ExerciseText, MarkTask, mark_bytes
from grader.model.submission import Submission
from grader.version import VERSION

LOG = logging.getLogger("rnngrade.serve")

LOOK_AGAIN_S = 0.5
"""Seconds between looks for work: another server may have left some, or have died."""

T = TypeVar("T")


class MarkingThread(Generic[T]):
    """Looks for work again and again, and knows what it has sent to workers.

    Args:
        name: What it does, such as "marking".
        look: Called for each look; if it fails, the next look comes as usual.
        machines: Where submissions are marked.
        is_unsafe_ok: Run code in a sandbox that strangers can get out of.
    """

    def __init__(
        self, name: str, look: Callable[[], None], machines: Machines, *, is_unsafe_ok: bool = False
    ) -> None:
        self.name = name
        self.look = look
        self.machines = machines
        self.is_unsafe_ok = is_unsafe_ok
        self.is_ending = False
        self.running: dict[Future[bytes], T] = {}
        """What is with a worker."""
        self._finished: list[Future[bytes]] = []
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Have it look now."""
        self._wake.set()

    def stop(self) -> None:
        """End, once the look that is under way is over; what is with workers is not waited for."""
        self.is_ending = True
        self._wake.set()
        self._thread.join()

    def send(self, one: T, exercise: ExerciseText, submission: Submission) -> None:
        """Send a submission to a worker.

        Args:
            one: What is sent; it comes back with the result.
            exercise: The exercise's text, in the variant that the submission is marked as.
            submission: The submission.
        """
        task = MarkTask(
            exercise=exercise,
            submission=submission,
            grader_version=VERSION,
            is_unsafe_ok=self.is_unsafe_ok,
        )
        future = self.machines.executor.submit(mark_bytes, msgspec.msgpack.encode(task))
        self.running[future] = one
        future.add_done_callback(self._note_finished)

    def finished(self) -> Iterator[tuple[T, Future[bytes]]]:
        """The results that came back: if settling one fails, the others stay for the next look."""
        while self._finished:
            with self._lock:
                future = self._finished.pop(0)
            yield self.running.pop(future), future

    def _note_finished(self, future: Future[bytes]) -> None:
        with self._lock:
            self._finished.append(future)
        self._wake.set()

    def _run(self) -> None:
        while not self.is_ending:
            self._wake.wait(LOOK_AGAIN_S)
            self._wake.clear()
            # The database may be gone for a while: all work is in it, and leases end by themselves.
            try:
                self.look()
            except Exception:
                LOG.exception("%s goes on in %s s", self.name, LOOK_AGAIN_S)
