"""Marks the newest answer in a warm process: an older one that is still running gives way to it."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec

from grader.classroom.led_worker import Worker, WorkerLost
from grader.classroom.worker import OK, receive, send
from grader.model.submission import Submission
from grader.watching.marking import MarkedSave, WatchedAnswer

PROGRAM = "import rnngrade; rnngrade.load_own(); from grader.watching.marking import main; main()"

PATIENCE_S = 0.3
"""Seconds for an outdated marking to end by itself: starting a new process takes longer."""

TAKE_S = 10.0
"""Seconds to send and to receive; both sides are our own."""


class WatchMarker:
    """Marks one answer after the other; gives back the result of the newest only.

    Args:
        limit_s: Wall seconds for one marking; a process that takes longer hangs.
        clock: In seconds.
    """

    def __init__(self, limit_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit_s, self._clock = limit_s, clock
        self._worker = Worker(PROGRAM)
        self._waiting: WatchedAnswer | None = None
        self._running: WatchedAnswer | None = None
        self._waiting_since = self._running_since = 0.0

    @property
    def is_running(self) -> bool:
        """Whether its channel is to be looked at."""
        return self._running is not None

    @property
    def running_s(self) -> float:
        """How many seconds the marking has taken already; 0 if none is under way."""
        return self._clock() - self._running_since if self._running else 0.0

    def fileno(self) -> int:
        """The descriptor of the channel, for `select`."""
        return self._worker.channel.fileno()

    def put(self, answer: WatchedAnswer) -> None:
        """Have an answer marked, in place of any that came before."""
        self._waiting, self._waiting_since = answer, self._clock()

    def drop(self) -> None:
        """Forget what waits and what is being marked: the answer is not there any more."""
        self._waiting = None
        if self._running is not None:
            self._replace()

    def advance(self, *, is_readable: bool) -> tuple[Submission, MarkedSave] | None:
        """Go on with what is to be done.

        Args:
            is_readable: Whether there is something in the channel.

        Returns:
            The result of the newest answer, once.

        Raises:
            WorkerLost: If the process died, hung or failed; the next answer gets a new one.
        """
        found = None
        if self._running is not None:
            if is_readable:
                found = self._taken()
            elif self._waiting is not None and self._clock() - self._waiting_since >= PATIENCE_S:
                self._replace()
            elif self.running_s >= self._limit_s:
                self._replace()
                raise WorkerLost(f"the marking gave no answer within {self._limit_s:g} s")
        if self._running is None and self._waiting is not None:
            self._send(self._waiting)
            self._waiting = None
        return found

    def close(self) -> None:
        """End the process, and with it the student's program."""
        self._worker.stop()

    def _send(self, answer: WatchedAnswer) -> None:
        data = msgspec.msgpack.encode(answer)
        try:
            self._worker.channel.settimeout(TAKE_S)
            send(self._worker.channel, data)
        except OSError:
            # It died while it waited; what a new one dies of is told.
            self._replace()
            try:
                send(self._worker.channel, data)
            except OSError:
                raise WorkerLost("the process that marks does not start") from None
        self._running, self._running_since = answer, self._clock()

    def _taken(self) -> tuple[Submission, MarkedSave] | None:
        assert self._running is not None
        done = self._running.submission
        self._running = None
        try:
            self._worker.channel.settimeout(TAKE_S)
            reply = receive(self._worker.channel)
        except (OSError, EOFError):
            self._replace()
            raise WorkerLost("the process that marks has died") from None
        if self._waiting is not None:
            return None
        if not reply.startswith(OK):
            raise WorkerLost(reply[1:].decode("utf-8", "replace"))
        return done, msgspec.msgpack.decode(reply[1:], type=MarkedSave)

    def _replace(self) -> None:
        self._running = None
        self._worker.stop()
        self._worker = Worker(PROGRAM)
