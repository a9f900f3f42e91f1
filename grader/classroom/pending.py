"""Send submissions to an executor, several in a task; after a failure once more alone, then undecided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from fractions import Fraction
from typing import Generic, TypeVar

import msgspec

from grader.classroom.gathered import DoneTasks, Gathered, PendingTask
from grader.classroom.machines import Machines
from grader.classroom.task import ExerciseText, MarkTogether, mark_alone, mark_bytes
from grader.errors import GraderError
from grader.gradebook.records import StoredResult, stored_result
from grader.model.exercise import Exercise
from grader.model.outcome import Feedback, Outcome, Verdict
from grader.model.report import QuestionReport, Report
from grader.model.run import Protection, Usage
from grader.model.submission import Submission
from grader.model.text import could_not_decide
from grader.reports.json_report import as_record
from grader.version import VERSION

A = TypeVar("A")

MOST_SENT = 2
"""Times that one submission is sent, the second time alone."""

MOST_TOGETHER = 64
"""Submissions without code in one task; to send one takes as long as to mark it. Of those with code the
machines say how many: here each is sent by itself, as a program that waits would hold up the others."""

MOST_PENDING_BYTES = 48 * 2**20
"""Bytes of submissions with the executor: a class of large files must not fill the memory."""

MOST_PENDING = 2048
"""Submissions that are with the executor, where many are in a task; they take two or three KiB each. And
attempts that wait for them, as thousands may have handed in the same."""

GATHER_S = 0.25
"""For more results to come after the first: a transaction costs as much as marking an answer without code.
Shorter where half of what was out is back, so that no worker is without a task."""

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
        self._done = DoneTasks()
        self._tasks: dict[Future[bytes], list[PendingTask[A]]] = {}
        self._gathered = {False: Gathered[A](MOST_TOGETHER), True: Gathered[A](machines.code_together)}
        self._by_key: dict[tuple[str, str], PendingTask[A]] = {}
        self._bytes = 0
        self._n_attempts = 0

    def __len__(self) -> int:
        return len(self._by_key)

    def attempts(self) -> Iterator[A]:
        """The attempts whose submissions are being marked."""
        for task in self._by_key.values():
            yield from task.attempts

    @property
    def is_full(self) -> bool:
        """Whether a result must come back before more is sent."""
        most = max(self._window, MOST_PENDING)
        # As many attempts as there are submissions, or more.
        is_long = self._n_attempts >= most
        return is_long or len(self._tasks) >= self._window or self._bytes >= MOST_PENDING_BYTES

    def same(self, submission: Submission, variant: str = "") -> Submission | None:
        """An identical submission that is being marked as the same variant; None where there is none."""
        task = self._by_key.get((submission.digest, variant))
        return None if task is None else task.submission

    def send(
        self,
        submission: Submission,
        attempts: Iterable[A],
        variant: str = "",
        before: StoredResult | None = None,
    ) -> None:
        """Have a submission marked, unless an identical one is being marked as the same variant.

        Args:
            submission: What was submitted.
            attempts: Those that get the result.
            variant: The code of the variant; empty for the exercise as it is declared.
            before: Its result by another version of the exercise, where there is one.

        Raises:
            ExecutorLost: If nothing can be sent any more.
        """
        # It stands for all that are the same, while it waits to be sent and until its result is there.
        task = PendingTask(submission, list(attempts), variant, before)
        self._n_attempts += len(task.attempts)
        if same := self._by_key.get(task.key):
            same.attempts.extend(task.attempts)
        else:
            self._by_key[task.key] = task
            self._bytes += task.size
            self._gather(task)

    def _gather(self, task: PendingTask[A]) -> None:
        """Send a submission with others of its sort and variant, or by itself."""
        if task.times_sent > 0:
            self._send([task])
            return
        gathered = self._gathered[task.submission.has_code]
        if gathered.tasks and gathered.tasks[0].variant != task.variant:
            self._send_gathered()
        gathered.tasks.append(task)
        if gathered.is_enough or self._bytes >= MOST_PENDING_BYTES:
            self._send_gathered(task.submission.has_code)

    def _send_gathered(self, *sorts: bool) -> None:
        for has_code in sorts or (False, True):
            while together := self._gathered[has_code].take():
                self._send(together)

    def _send(self, together: list[PendingTask[A]]) -> None:
        task = MarkTogether(
            exercise=msgspec.structs.replace(self._exercise, variant=together[0].variant),
            submissions=tuple(one.submission for one in together),
            grader_version=VERSION,
            is_unsafe_ok=self.assignment.is_unsafe_ok,
            before={one.submission.digest: one.before for one in together if one.before is not None},
        )
        mark = mark_alone if together[0].times_sent else mark_bytes
        try:
            future = self._executor.submit(mark, msgspec.msgpack.encode(task))
        except RuntimeError as error:
            raise ExecutorLost(f"no more can be marked: {error}", AGAIN) from None
        for one in together:
            one.times_sent += 1
        self._tasks[future] = together
        future.add_done_callback(self._done.add)

    def finished(self) -> Iterator[tuple[list[A], StoredResult]]:
        """Wait for results, and take those that come soon after; a submission that failed once is sent again.

        Raises:
            ExecutorLost: If the executor itself is gone.
        """
        self._send_gathered()
        if not self:
            return
        half = len(self._tasks) // 2
        self._done.wait(1)
        self._done.wait(len(self._tasks) - half, GATHER_S)
        for future in self._done.take():
            together = self._tasks.pop(future)
            results = self._results(future, together)
            for pending, result in zip(together, results, strict=False):
                del self._by_key[pending.key]
                self._bytes -= pending.size
                self._n_attempts -= len(pending.attempts)
                yield pending.attempts, result
            self._send_rest(together[len(results) :], has_failed=not results)
            if len(self._tasks) <= half:
                return

    def _send_rest(self, rest: list[PendingTask[A]], *, has_failed: bool) -> None:
        """Send submissions without a result again: alone if marking failed, else as many as time allows."""
        for one in rest:
            if not has_failed:
                one.times_sent -= 1
            self._gather(one)

    def _results(self, future: Future[bytes], together: list[PendingTask[A]]) -> list[StoredResult]:
        """The results that came back, those of the first submissions; none where all are to be sent again."""
        try:
            results = msgspec.msgpack.decode(future.result(), type=list[StoredResult])
            if not 1 <= len(results) <= len(together):
                raise GraderError(f"{len(results)} results came back of {len(together)} submissions")
        except (BrokenExecutor, CancelledError) as error:
            raise ExecutorLost(f"what marks is gone ({type(error).__name__})", AGAIN) from None
        except Exception as error:
            first = together[0]
            if first.times_sent < MOST_SENT:
                return []
            return [undecided(self.assignment.exercise, first.submission, str(error) or repr(error))]
        self._gathered[together[0].submission.has_code].learn(len(together), len(results))
        return results


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


def not_marked(exercise: Exercise, submission: Submission, outcome: Outcome) -> StoredResult:
    """A result that says the same of every question."""
    report = Report(
        exercise=exercise.id,
        exercise_digest=exercise.digest,
        student=submission.student,
        submission_digest=submission.digest,
        grader_version=VERSION,
        seed=exercise.seed,
        questions=tuple(
            QuestionReport(id=one.id, label=one.label, max_points=one.points, outcome=outcome)
            for one in exercise.questions
        ),
        protection=Protection(level="no-code"),
        usage=Usage(),
        title=exercise.title,
    )
    return stored_result(report, as_record(report))
