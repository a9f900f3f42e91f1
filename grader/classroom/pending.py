"""Send submissions to an executor: each once, again where that failed, and then it is undecided."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

import msgspec

from grader.classroom.machines import Machines
from grader.classroom.not_marked import not_marked
from grader.classroom.task import ExerciseText, MarkTask, mark_bytes
from grader.errors import GraderError
from grader.gradebook.records import StoredResult
from grader.model.exercise import Exercise
from grader.model.outcome import Feedback, Outcome, Verdict
from grader.model.submission import Submission
from grader.model.text import could_not_decide
from grader.version import VERSION

A = TypeVar("A")

MOST_SENT = 2
"""Times that one submission is sent."""

MOST_PENDING_BYTES = 48 * 2**20
"""Of submissions that are with the executor; a class of large files must not fill the memory."""

GATHER_S = 0.01
"""For more results to come after the first: a transaction costs as much as marking an answer without code."""

AGAIN = "what has come back is kept; give the same command again to go on"


class ExecutorLost(GraderError):
    """The executor is gone; all results that have come back are kept."""


class Assignment(msgspec.Struct, frozen=True):
    """What a class is marked with.

    Args:
        exercise: The exercise.
        text: Its file.
        is_unsafe_ok: Run code in a sandbox that strangers can get out of.
    """

    exercise: Exercise
    text: bytes
    is_unsafe_ok: bool = False


@dataclass
class PendingTask(Generic[A]):
    """A submission that is being marked, and the attempts that get its result."""

    submission: Submission
    attempts: list[A]
    variant: str = ""
    times_sent: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """What is the same of submissions that get one result."""
        return self.submission.digest, self.variant

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(len(file.data) for file in self.submission.files)


class PendingTasks(Generic[A]):
    """The submissions that are being marked.

    Args:
        assignment: What they are marked with.
        machines: Where they are marked.
    """

    def __init__(self, assignment: Assignment, machines: Machines) -> None:
        self.assignment = assignment
        self._executor: Executor = machines.executor
        self._window = machines.window
        exercise = assignment.exercise
        self._exercise = ExerciseText(exercise.id, exercise.digest, assignment.text)
        self._done: queue.SimpleQueue[Future[bytes]] = queue.SimpleQueue()
        self._tasks: dict[Future[bytes], PendingTask[A]] = {}
        self._by_key: dict[tuple[str, str], PendingTask[A]] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def is_full(self) -> bool:
        """Whether something must come back before more is sent."""
        size = sum(task.size for task in self._tasks.values())
        return len(self) >= self._window or (bool(self) and size >= MOST_PENDING_BYTES)

    def send(self, submission: Submission, attempts: Iterable[A], variant: str = "") -> None:
        """Have a submission marked, unless an identical one is being marked as the same variant.

        Args:
            submission: What was submitted.
            attempts: Those that get the result.
            variant: The code of the variant; empty for the exercise as it is declared.

        Raises:
            ExecutorLost: If nothing can be sent any more.
        """
        task = PendingTask(submission, list(attempts), variant)
        if same := self._by_key.get(task.key):
            same.attempts.extend(task.attempts)
        else:
            self._by_key[task.key] = task
            self._send(task)

    def _send(self, pending: PendingTask[A]) -> None:
        task = MarkTask(
            exercise=msgspec.structs.replace(self._exercise, variant=pending.variant),
            submission=pending.submission,
            grader_version=VERSION,
            is_unsafe_ok=self.assignment.is_unsafe_ok,
        )
        try:
            future = self._executor.submit(mark_bytes, msgspec.msgpack.encode(task))
        except RuntimeError as error:
            raise ExecutorLost(f"no more can be marked: {error}", AGAIN) from None
        pending.times_sent += 1
        self._tasks[future] = pending
        future.add_done_callback(self._done.put)

    def finished(self) -> Iterator[tuple[list[A], StoredResult]]:
        """Wait for one result, and take those that come soon after; what failed once is sent again.

        Raises:
            ExecutorLost: If the executor itself is gone.
        """
        if not self:
            return
        future = self._done.get()
        until = time.monotonic() + GATHER_S
        while True:
            pending = self._tasks.pop(future)
            result = self._result(future, pending)
            if result is None:
                self._send(pending)
            else:
                del self._by_key[pending.key]
                yield pending.attempts, result
            if not self:
                return
            try:
                future = self._done.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                return

    def _result(self, future: Future[bytes], pending: PendingTask[A]) -> StoredResult | None:
        """What came back; None where it is to be sent again."""
        try:
            return msgspec.msgpack.decode(future.result(), type=StoredResult)
        except (BrokenExecutor, CancelledError) as error:
            raise ExecutorLost(f"what marks is gone ({type(error).__name__})", AGAIN) from None
        except Exception as error:
            if pending.times_sent < MOST_SENT:
                return None
            return undecided(self.assignment.exercise, pending.submission, str(error) or repr(error))


def undecided(exercise: Exercise, submission: Submission, reason: str) -> StoredResult:
    """A result in which every question is undecided: never a zero in silence.

    Args:
        exercise: The exercise.
        submission: What was submitted.
        reason: What failed, for staff.
    """
    feedback = (
        Feedback("grader-failed", could_not_decide("this answer")),
        Feedback("grader-failed", reason, "staff"),
    )
    outcome = Outcome(verdict=Verdict.UNDECIDED, fraction=Fraction(0), feedback=feedback)
    return not_marked(exercise, submission, outcome)
