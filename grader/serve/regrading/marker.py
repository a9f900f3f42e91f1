"""Marks what regrades wait for, while no student waits and with one worker kept free."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import dataclass

import msgspec

from grader.classroom.machines import Machines
from grader.classroom.pending import MOST_SENT, undecided
from grader.classroom.task import ExerciseText, exercise_of
from grader.gradebook.gradebook import Gradebook
from grader.gradebook.kept_files import submission
from grader.gradebook.records import StoredResult
from grader.model.submission import Submission
from grader.serve import inbox
from grader.serve.marking_thread import MarkingThread
from grader.serve.regrading import trial
from grader.serve.regrading.trial import TrialTask


@dataclass
class Sent:
    """A task that is with a worker."""

    task: TrialTask
    exercise: ExerciseText
    submission: Submission
    times: int = 0


class RegradeMarker:
    """A thread that marks regrades below students' hand-ins.

    Args:
        book: Where everything is kept.
        machines: Where submissions are marked, students' too.
        n_workers: Of the machines; one of them is left to students.
        exercises: Gives the ids of those that the course has; nobody waits for another's to be marked.
        is_unsafe_ok: Run code in a sandbox that strangers can get out of.
    """

    def __init__(
        self,
        book: Gradebook,
        machines: Machines,
        n_workers: int,
        exercises: Callable[[], Collection[str]],
        *,
        is_unsafe_ok: bool = False,
    ) -> None:
        self.exercises = exercises
        self.book = book
        self.most_at_once = max(n_workers - 1, 1)
        self.name = secrets.token_hex(8)
        self.thread: MarkingThread[Sent] = MarkingThread(
            "regrading", self._look, machines, is_unsafe_ok=is_unsafe_ok
        )

    def start(self) -> None:
        """Begin to mark."""
        self.thread.start()

    def stop(self) -> None:
        """End; what is not done is marked by the next server."""
        self.thread.stop()
        with contextlib.suppress(Exception), self.book.writing() as connection:
            trial.release(connection, self.name)

    def _look(self) -> None:
        self._keep_finished()
        self._fill()

    def _fill(self) -> None:
        while len(self.thread.running) < self.most_at_once and not self.thread.is_ending:
            with self.book.reading() as connection:
                load = inbox.load_of(connection, self.exercises())
                # What a slow student has running takes from the workers that regrades may have.
                is_free = not load.waiting and load.running + len(self.thread.running) < self.most_at_once
                if not is_free or not trial.is_wanted(connection):
                    return
            with self.book.writing() as connection:
                task = trial.claim(connection, self.name)
            if task is None:
                return
            with self.book.reading() as connection:
                found = trial.text_of(connection, task.regrade)
                handed_in = submission(connection, task.submission, task.student)
            assert found is not None
            self._send(Sent(task, ExerciseText(*found, task.variant), handed_in))

    def _send(self, sent: Sent) -> None:
        sent.times += 1
        self.thread.send(sent, sent.exercise, sent.submission)

    def _keep_finished(self) -> None:
        for sent, future in self.thread.finished():
            result = self._result(future, sent)
            if result is None:
                self._send(sent)
                continue
            with self.book.writing() as connection:
                trial.keep(connection, sent.task, result)

    def _result(self, future: Future[bytes], sent: Sent) -> StoredResult | None:
        """The result that a worker sent back; None where the task is to be sent again."""
        try:
            return msgspec.msgpack.decode(future.result(), type=StoredResult)
        except Exception as error:
            if sent.times < MOST_SENT:
                return None
            exercise = exercise_of(sent.exercise)
            return undecided(exercise, sent.submission, str(error) or repr(error))
