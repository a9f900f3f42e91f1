"""Marks what waits in the inbox: each hand-in once in effect, whatever is killed meanwhile."""

from __future__ import annotations

import contextlib
import logging
import secrets
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

import msgspec

from grader.classroom.machines import Machines
from grader.classroom.pending import MOST_SENT, undecided
from grader.classroom.task import ExerciseText
from grader.classroom.whose import ClassVariants, Whose, unmarked, with_messages
from grader.gradebook.gradebook import Gradebook
from grader.gradebook.kept_files import submission
from grader.gradebook.read_records import next_number
from grader.gradebook.records import Attempt, StoredResult
from grader.gradebook.write_records import NewResult, keep_exercise, keep_results
from grader.model.exercise import Exercise
from grader.model.submission import Submission
from grader.serve import inbox, people
from grader.serve.courses import CourseFolder
from grader.serve.database_access import GONE
from grader.serve.inbox import Claimed
from grader.serve.marking_thread import MarkingThread

LOG = logging.getLogger("rnngrade.serve")

RENEW_S = inbox.LEASE_S / 4
"""Seconds after which a server renews the leases of what it marks."""

OVERDUE_S = 2.0
"""Seconds after which a worker with one hand-in gives its turn to a spare one, and goes on beside it."""

SLOW_CPU_S = 4.0
"""CPU seconds; code that computes for longer is slow, though no limit ended it."""

SLOW_WALL_S, LEAST_SHARE = 4.0, 0.1
"""Code that takes longer and computes for a smaller share of that time sleeps: what computes gets a larger
share even where several others compute beside it."""

MOST_TRIES = 10
"""A hand-in begun this often and never finished has ended its markers; no further one is risked."""

TIMED_OUT = "does-not-run-timeout"

WEIGHT = 0.05
"""Weight of the last hand-in in the mean time that one takes."""

GUESS_S = 0.5
"""Seconds that one is taken to need before any was marked."""


@dataclass
class Marking:
    """One hand-in that is with a worker, the exercise as it was then, and the variant it is marked as."""

    claimed: Claimed
    submission: Submission
    exercise: Exercise
    whose: Whose = field(default_factory=Whose)
    times_sent: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def attempt(self) -> Attempt:
        """The attempt as the gradebook keeps it; its number is not known yet."""
        return Attempt(
            student=self.claimed.person,
            exercise=self.claimed.exercise,
            number=0,
            submission=self.submission,
            submitted_at=self.claimed.received_at,
            source=(f"in the browser, hand-in {self.claimed.id}",),
            question=self.claimed.question,
        )


class Marker:
    """A thread that gives hand-ins to workers and keeps their results.

    Args:
        book: Where everything is kept.
        course: Read anew for each hand-in, as exercises may be exchanged.
        machines: Where submissions are marked.
        n_workers: How many are marked at once.
        n_spare: Workers more, which take the turns of those that have been at one hand-in for long: nobody
            can know before what never ends.
        is_unsafe_ok: Run code in a sandbox that strangers can get out of.
    """

    def __init__(
        self,
        book: Gradebook,
        course: Callable[[], CourseFolder],
        machines: Machines,
        n_workers: int,
        *,
        n_spare: int = 0,
        is_unsafe_ok: bool = False,
    ) -> None:
        self.book = book
        self.course = course
        self.machines = machines
        self.n_workers = n_workers
        self.n_spare = n_spare
        self.is_unsafe_ok = is_unsafe_ok
        self.name = secrets.token_hex(8)
        self.thread: MarkingThread[Marking] = MarkingThread(
            "marking", self._look, machines, is_unsafe_ok=is_unsafe_ok
        )
        self._unsettled: list[tuple[Marking, StoredResult]] = []
        self._mean_s = GUESS_S
        self._looked = self._renewed = time.monotonic()

    def start(self) -> None:
        """Begin to mark."""
        self.thread.start()

    def wake(self) -> None:
        """Say that something new waits."""
        self.thread.wake()

    def stop(self) -> None:
        """End; what is not settled goes back into the inbox."""
        self.thread.stop()
        with contextlib.suppress(Exception), self.book.writing() as connection:
            inbox.release(connection, self.name)

    @property
    def looked_s_ago(self) -> float:
        """Seconds since the inbox was last looked into; many where the thread does not work any more."""
        return time.monotonic() - self._looked

    @property
    def pace_s(self) -> float:
        """After how many seconds one more hand-in is marked, in the mean, while many wait."""
        return self._mean_s / self.n_workers

    def _look(self) -> None:
        self._renew()
        self._settle_finished()
        self._fill()
        self._looked = time.monotonic()

    def _renew(self) -> None:
        mine = [*self.thread.running.values(), *(one for one, _ in self._unsettled)]
        if mine and time.monotonic() - self._renewed > RENEW_S:
            with self.book.writing() as connection:
                inbox.renew(connection, self.name, [one.claimed.id for one in mine])
            self._renewed = time.monotonic()

    def _has_room(self) -> bool:
        """Whether one more may be begun: one overdue hand-in gives up its turn, or all if all are overdue."""
        since = time.monotonic() - OVERDUE_S
        n_running = len(self.thread.running)
        n_overdue = sum(one.began < since for one in self.thread.running.values())
        if n_running >= self.n_workers + self.n_spare:
            return False
        # More at once than there are processors make all of them slower.
        return n_overdue == n_running or n_running - min(n_overdue, 1) < self.n_workers

    def _fill(self) -> None:
        while self._has_room() and not self.thread.is_ending:
            n_slow = sum(one.claimed.lane == inbox.InboxLane.SLOW for one in self.thread.running.values())
            is_slow_welcome = n_slow < max(self.n_workers - 1, 1)
            course = self.course()
            # At once: what is claimed and cannot be read would wait for its lease to end.
            with self.book.writing() as connection:
                claimed = inbox.claim(
                    connection, self.name, course.exercises, is_slow_welcome=is_slow_welcome
                )
                if claimed is None:
                    return
                found = submission(connection, claimed.submission, claimed.person)
                varies = course.exercises[claimed.exercise].varies
                students = [one.id for one in people.everybody(connection)] if varies else []
            exercise = course.exercises[claimed.exercise]
            whose = ClassVariants(exercise, course.secret, students, ids=course.ids_of(students))
            self._begin(Marking(claimed, found, exercise), whose)

    def _begin(self, marking: Marking, variants: ClassVariants) -> None:
        """Send a hand-in to a worker, or settle one that is kept but not to be marked."""
        marking.whose = variants.of(marking.attempt)
        result = _not_to_be_marked(marking)
        if result is None:
            self._send(marking)
        else:
            self._unsettled.append((marking, result))
            self._settle_all()

    def _send(self, marking: Marking) -> None:
        exercise = marking.exercise
        text = ExerciseText(exercise.id, exercise.digest, exercise.text, marking.whose.variant)
        marking.times_sent += 1
        self.thread.send(marking, text, marking.submission)

    def _settle_finished(self) -> None:
        for marking, future in self.thread.finished():
            result = self._result(future, marking)
            if result is None:
                self._send(marking)
            else:
                self._note_pace(marking)
                self._unsettled.append((marking, with_messages(result, marking.whose.feedback)))
        self._settle_all()

    def _note_pace(self, marking: Marking) -> None:
        if marking.claimed.lane == inbox.InboxLane.USUAL:
            self._mean_s += WEIGHT * (time.monotonic() - marking.began - self._mean_s)

    def _settle_all(self) -> None:
        """Keep what came back; where the database is gone, it is kept when it is there again."""
        while self._unsettled:
            try:
                self._settle(*self._unsettled[0])
            except GONE:
                raise
            except Exception:
                # It is of this one only: its lease ends, and it is marked again.
                LOG.exception("hand-in %s could not be settled", self._unsettled[0][0].claimed.id)
            self._unsettled.pop(0)

    def _result(self, future: Future[bytes], marking: Marking) -> StoredResult | None:
        """The result that a worker sent back; None where the hand-in is to be sent again."""
        try:
            return msgspec.msgpack.decode(future.result(), type=StoredResult)
        except Exception as error:
            LOG.warning("hand-in %s came back unmarked", marking.claimed.id, exc_info=error)
            if marking.times_sent < MOST_SENT:
                return None
            return undecided(marking.exercise, marking.submission, str(error) or repr(error))

    def _settle(self, marking: Marking, result: StoredResult) -> None:
        """Keep a result and close its hand-in, both or neither."""
        claimed, exercise = marking.claimed, marking.exercise
        with self.book.writing() as connection:
            if not inbox.is_open(connection, claimed.id):
                return
            keep_exercise(connection, exercise, exercise.text)
            number = next_number(connection, claimed.person, claimed.exercise)
            person = people.find_person(connection, claimed.person)
            name = person.name if person else ""
            attempt = msgspec.structs.replace(marking.attempt, number=number, name=name)
            new = NewResult(result=result, reason="browser", attempt=attempt, number=number)
            (rows,) = keep_results(connection, [new])
            inbox.settle(connection, claimed.id, rows.attempt, was_slow=_was_slow(result))


def _not_to_be_marked(marking: Marking) -> StoredResult | None:
    """The result for a variant of somebody else, or after too many tries; None for what is marked."""
    if not marking.whose.is_marked:
        return unmarked(marking.exercise, marking.submission, marking.whose.feedback)
    if marking.claimed.tries > MOST_TRIES:
        reason = f"it was begun {MOST_TRIES} times, and no server that did so settled it"
        return undecided(marking.exercise, marking.submission, reason)
    return None


def _was_slow(result: StoredResult) -> bool:
    """Whether code ran out of time, took nearly as much, or slept."""
    report = msgspec.json.decode(result.report)
    codes = (one.get("code") for question in report["questions"] for one in question["feedback"])
    cpu_s, wall_s = report["usage"]["cpu_s"], report["usage"]["wall_s"]
    has_slept = wall_s > SLOW_WALL_S and cpu_s < LEAST_SHARE * wall_s
    return cpu_s > SLOW_CPU_S or has_slept or TIMED_OUT in codes
