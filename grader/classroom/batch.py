"""Mark a class into the gradebook: results already there stay, and equal submissions are marked once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from grader.classroom.already_marked import AlreadyMarked, LatestResult, ReusableResult
from grader.classroom.class_files import UnreadableAttempt
from grader.classroom.machines import Machines
from grader.classroom.pending import Assignment, PendingTasks, undecided
from grader.classroom.whose import ClassVariants, Whose, unmarked, with_messages
from grader.gradebook.gradebook import Gradebook
from grader.gradebook.read_records import stored_results
from grader.gradebook.records import Attempt, StoredResult, for_student
from grader.gradebook.write_records import NewResult, keep_exercise, keep_results, keep_stamps
from grader.model.outcome import Feedback
from grader.version import VERSION

How: TypeAlias = Literal["marked", "same", "there"]

MOST_IN_TURN = 256
MOST_BYTES_IN_TURN = 4 * 2**20
"""Bytes of attempts in memory before any is sent: the first must not wait for many large ones."""


@dataclass(frozen=True)
class Event:
    """One attempt is done.

    Args:
        attempt: The attempt.
        how: "marked"; "same" where an identical submission was marked; "there" where the gradebook had it.
        result: Its result; None where it was there already.
        same_as: The student whose identical submission was judged.
        is_remarked: Whether it had been marked with another version of the exercise or the grader.
        reason: Why it could not be read; empty where it could.
    """

    attempt: Attempt
    how: How
    result: StoredResult | None = None
    same_as: str | None = None
    is_remarked: bool = False
    reason: str = ""


class FinishedAttempt(NamedTuple):
    """An attempt, its result, and the student whose identical submission was judged."""

    attempt: Attempt
    result: StoredResult
    same_as: str | None = None


def run_class(
    assignment: Assignment,
    attempts: Iterable[Attempt | UnreadableAttempt],
    book: Gradebook,
    machines: Machines,
    watch: Callable[[Event], None],
    variants: ClassVariants | None = None,
) -> None:
    """Mark what has no result yet; every result is kept as it comes.

    Args:
        assignment: What is marked.
        attempts: Of the class, one at a time.
        book: Where results are kept.
        machines: Where submissions are marked.
        watch: Called with each attempt that is done, in that order.
        variants: Which variant each is marked as; None for what the answers say.

    Raises:
        ExecutorLost: If the executor is gone; the results that have come back are kept.
    """
    known = variants or ClassVariants(assignment.exercise, b"")
    run = _ClassRun(assignment, book, machines, watch, known)
    for some in in_turns(attempts):
        run.turn_to(some)
        for attempt in some:
            while run.pending.is_full:
                run.keep_finished()
            run.take(attempt)
    while run.pending:
        run.keep_finished()
    run.keep_rest()


def in_turns(
    attempts: Iterable[Attempt | UnreadableAttempt],
) -> Iterator[list[Attempt | UnreadableAttempt]]:
    """The attempts in parts, large enough that one query of the gradebook for each part costs little."""
    some: list[Attempt | UnreadableAttempt] = []
    size = 0
    for attempt in attempts:
        some.append(attempt)
        if isinstance(attempt, Attempt):
            size += sum(len(file.data) for file in attempt.submission.files)
        if len(some) >= MOST_IN_TURN or size >= MOST_BYTES_IN_TURN:
            yield some
            some, size = [], 0
    if some:
        yield some


class _ClassRun:
    """One run over a class; its arguments are those of `run_class`."""

    def __init__(
        self,
        assignment: Assignment,
        book: Gradebook,
        machines: Machines,
        watch: Callable[[Event], None],
        variants: ClassVariants,
    ) -> None:
        self.assignment = assignment
        self.variants = variants
        self.book = book
        self.watch = watch
        self.feedback: dict[tuple[str, int], tuple[Feedback, ...]] = {}
        self.pending: PendingTasks[Attempt] = PendingTasks(assignment, machines)
        with book.writing() as connection:
            keep_exercise(connection, assignment.exercise, assignment.text)
        self.already_marked = AlreadyMarked(assignment.exercise, VERSION)
        self._stamps: list[tuple[int, int, bytes]] = []
        self._reused: dict[tuple[str, int], tuple[Attempt, ReusableResult]] = {}

    def turn_to(self, some: Sequence[Attempt | UnreadableAttempt]) -> None:
        """Read what the gradebook has of the attempts that are taken next."""
        readable = [one for one in some if isinstance(one, Attempt)]
        self.keep_rest()
        with self.book.reading() as connection:
            self.already_marked.turn_to(connection, readable, self.pending.attempts())

    def take(self, attempt: Attempt | UnreadableAttempt) -> None:
        """Have an attempt marked, unless it need not be."""
        if isinstance(attempt, UnreadableAttempt):
            result = undecided(self.assignment.exercise, attempt.attempt.submission, attempt.reason)
            # Not kept: the file, once it can be read, would count as a further attempt.
            self.watch(Event(attempt.attempt, "marked", result, reason=attempt.reason))
        else:
            if (attempt.student, attempt.number) in self._reused:
                self.keep_reused()
            self._take(attempt, self._whose(attempt))

    def _take(self, attempt: Attempt, whose: Whose) -> None:
        if self.already_marked.is_decided(attempt, whose.variant):
            self._know_again(attempt)
            self.watch(Event(attempt, "there"))
        elif not whose.is_marked:
            result = unmarked(self.assignment.exercise, attempt.submission, whose.feedback)
            self.keep([FinishedAttempt(attempt, result, None)])
        elif not whose.feedback and (found := self.already_marked.same_as(attempt, whose.variant)):
            self._reused[attempt.student, attempt.number] = attempt, found
        else:
            self.feedback[attempt.student, attempt.number] = whose.feedback
            self.pending.send(attempt.submission, [self._light(attempt, whose.variant)], whose.variant)

    def _light(self, attempt: Attempt, variant: str) -> Attempt:
        """The attempt with the same bytes in memory as an identical one that is being marked."""
        same = self.pending.same(attempt.submission, variant)
        if same is None:
            return attempt
        submission = msgspec.structs.replace(attempt.submission, files=same.files)
        return msgspec.structs.replace(attempt, submission=submission)

    def _know_again(self, attempt: Attempt) -> None:
        """Note the stamp of an attempt that has a result, so that the next run need not read it."""
        kept = self.already_marked.latest(attempt)
        if kept is not None and (stamp := self._lasting_stamp(attempt, kept.variant)):
            self._stamps.append((kept.attempt, kept.result, stamp))

    def _lasting_stamp(self, attempt: Attempt, variant: str) -> bytes:
        """The stamp of an attempt; empty where its variant must be read from the answer each time."""
        return attempt.stamp if variant or not self.assignment.exercise.varies else b""

    def keep_rest(self) -> None:
        """Keep what needs no marking: reused results, and stamps of attempts that have a result."""
        self.keep_reused()
        if self._stamps:
            with self.book.writing() as connection:
                keep_stamps(connection, self._stamps)
            self._stamps = []

    def keep_reused(self) -> None:
        """Keep results that the gradebook has of identical submissions, one transaction for all."""
        if not self._reused:
            return
        reused, self._reused = list(self._reused.values()), {}
        with self.book.reading() as connection:
            results = stored_results(connection, {found.result for _, found in reused})
        self._keep(
            [
                FinishedAttempt(one, for_student(results[found.result], one.student), found.student)
                for one, found in reused
            ]
        )

    def _whose(self, attempt: Attempt) -> Whose:
        """Its variant: as it was marked before, even if the secret changed since; else as the answer says."""
        before = self.already_marked.latest(attempt)
        whose = self.variants.of(attempt)
        return whose if before is None or not before.variant else Whose(before.variant, whose.feedback)

    def keep_finished(self) -> None:
        """Wait for results and keep them; those that arrive together in one transaction, or in a few."""
        finished: list[FinishedAttempt] = []
        try:
            for attempts, result in self.pending.finished():
                for one in self._of_each(attempts, result):
                    finished.append(one)
                    if len(finished) >= MOST_IN_TURN:
                        # Where thousands handed in the same each has a report of its own.
                        some, finished = finished, []
                        self.keep(some)
        finally:
            # What had come back when the executor was lost is kept, too.
            self.keep(finished)

    def _of_each(self, attempts: Sequence[Attempt], result: StoredResult) -> Iterator[FinishedAttempt]:
        """The attempts with an identical submission, each with its own result."""
        first, *others = attempts
        yield FinishedAttempt(first, self._with_messages(first, result), None)
        for other in others:
            copy = self._with_messages(other, for_student(result, other.student))
            yield FinishedAttempt(other, copy, first.student)

    def _with_messages(self, attempt: Attempt, result: StoredResult) -> StoredResult:
        return with_messages(result, self.feedback.pop((attempt.student, attempt.number), ()))

    def keep(self, finished: list[FinishedAttempt]) -> None:
        """Write results into the gradebook, then call `watch` for each."""
        # In the order in which their attempts were taken, as far as nothing had to be waited for.
        self.keep_reused()
        if finished:
            self._keep(finished)

    def _keep(self, finished: list[FinishedAttempt]) -> None:
        before = [self.already_marked.latest(one.attempt) for one in finished]
        new = [self._new_result(one, old) for one, old in zip(finished, before, strict=True)]
        with self.book.writing() as connection:
            ids = keep_results(connection, new)
        for one, old, kept, row in zip(finished, before, new, ids, strict=True):
            self.already_marked.add(one.attempt, row, one.result)
            how: How = "same" if kept.same_as else "marked"
            self.watch(Event(one.attempt, how, one.result, kept.same_as, _was_decided(old)))

    def _new_result(self, finished: FinishedAttempt, before: LatestResult | None) -> NewResult:
        attempt, result, same_as = finished
        return NewResult(
            result=result,
            reason="batch",
            attempt_id=None if before is None else before.attempt,
            attempt=attempt,
            number=self.already_marked.free_number(attempt) if before is None else attempt.number,
            # Empty submissions are all identical, which says nothing.
            same_as=same_as if attempt.submission.files else None,
            # A mark that was decided is never taken back because the grader failed since.
            is_counted=not (_was_decided(before) and result.is_undecided),
            stamp=b"" if result.is_undecided else self._lasting_stamp(attempt, result.variant),
        )


def _was_decided(before: LatestResult | None) -> bool:
    return before is not None and not before.is_undecided
