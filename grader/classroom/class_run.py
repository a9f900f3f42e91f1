"""Marking a class into the gradebook: what is there already stays, the rest is marked, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from grader.classroom.hand_ins import Unread
from grader.classroom.known import Known, Latest
from grader.classroom.machines import Machines
from grader.classroom.runner import Asked, Flight
from grader.classroom.undecided import undecided
from grader.gradebook.gradebook import Gradebook
from grader.gradebook.reading import stored_result
from grader.gradebook.records import Attempt, StoredResult, for_student
from grader.gradebook.writing import NewResult, keep_exercise, keep_results

How: TypeAlias = Literal["marked", "same", "there"]


@dataclass(frozen=True)
class Event:
    """One hand-in is done.

    Args:
        kept: The hand-in.
        how: It was marked, an identical one was, or its result was there already.
        marked: Its result; None where it was there already.
        same_as: The student whose identical hand-in was judged.
        is_remarked: Whether it had been marked with another version of the exercise or the grader.
        reason: Why it could not be read; empty where it could.
    """

    kept: Attempt
    how: How
    marked: StoredResult | None = None
    same_as: str | None = None
    is_remarked: bool = False
    reason: str = ""


Watch: TypeAlias = Callable[[Event], None]

Landed: TypeAlias = tuple[Attempt, StoredResult, str | None]
"""A hand-in, its result, and the student whose identical hand-in was judged."""


@dataclass
class _Waiting:
    """A hand-in that is being marked, and those that are identical to it."""

    first: Attempt
    others: list[Attempt] = field(default_factory=list)

    def __iter__(self) -> Iterator[Attempt]:
        yield self.first
        yield from self.others


def run_class(
    asked: Asked, handed_in: Iterable[Attempt | Unread], book: Gradebook, machines: Machines, watch: Watch
) -> None:
    """Mark what has no result yet; every result is kept as it comes.

    Args:
        asked: What is marked.
        handed_in: The class, one at a time.
        book: Where results are kept.
        machines: What marks.
        watch: Told of every hand-in, in the order they are done.

    Raises:
        ExecutorLost: If what marks is gone; what has come back is kept.
    """
    ClassRun(asked, book, machines, watch).run(handed_in)


class ClassRun:
    """One run over a class.

    Args:
        asked: What is marked.
        book: Where results are kept.
        machines: What marks.
        watch: Told of every hand-in.
    """

    def __init__(self, asked: Asked, book: Gradebook, machines: Machines, watch: Watch) -> None:
        self.asked = asked
        self.book = book
        self.watch = watch
        self.flight: Flight[_Waiting] = Flight(asked, machines)
        self.waiting: dict[str, _Waiting] = {}
        with book.writing() as connection:
            keep_exercise(connection, asked.exercise, asked.text)
        with book.reading() as connection:
            self.known = Known.read(connection, asked.exercise, self.flight.version)

    def run(self, handed_in: Iterable[Attempt | Unread]) -> None:
        """Go through the class."""
        for one in handed_in:
            while self.flight.is_full:
                self.land()
            self.take(one)
        while self.flight:
            self.land()

    def take(self, one: Attempt | Unread) -> None:
        """Have one hand-in marked, unless it need not be."""
        if isinstance(one, Unread):
            result = undecided(self.asked.exercise, one.kept.submission, self.flight.version, one.reason)
            # Not kept: with nothing in it, it would be another attempt than the file once that can be read.
            self.watch(Event(one.kept, "marked", result, reason=one.reason))
            return
        digest = one.submission.digest
        if self.known.is_decided(one):
            self.watch(Event(one, "there"))
        elif waiting := self.waiting.get(digest):
            waiting.others.append(one)
        elif judged := self.known.judged.get(digest):
            with self.book.reading() as connection:
                result = for_student(stored_result(connection, judged.result), one.student)
            self.keep([(one, result, judged.student)])
        else:
            self.waiting[digest] = _Waiting(one)
            self.flight.send(self.waiting[digest], one.submission)

    def land(self) -> None:
        """Wait for results and keep them, one transaction for all that have come together."""
        entries: list[Landed] = []
        try:
            for waiting, marked in self.flight.landed():
                del self.waiting[waiting.first.submission.digest]
                entries.append((waiting.first, marked, None))
                for other in waiting.others:
                    entries.append((other, for_student(marked, other.student), waiting.first.student))
        finally:
            # What had come back when the executor was lost is kept, too.
            self.keep(entries)

    def keep(self, landed: list[Landed]) -> None:
        """Keep results, then tell of them."""
        if not landed:
            return
        before = [self.known.latest(kept) for kept, _, _ in landed]
        entries = [self._entry(*one, old) for one, old in zip(landed, before, strict=True)]
        with self.book.writing() as connection:
            ids = keep_results(connection, entries)
        for (kept, marked, _), old, entry, id_ in zip(landed, before, entries, ids, strict=True):
            self.known.add(kept, id_.attempt, id_.result, marked)
            how: How = "same" if entry.same_as else "marked"
            self.watch(Event(kept, how, marked, entry.same_as, _was_decided(old)))

    def _entry(
        self, kept: Attempt, marked: StoredResult, same_as: str | None, before: Latest | None
    ) -> NewResult:
        return NewResult(
            result=marked,
            reason="batch",
            attempt_id=None if before is None else before.attempt,
            attempt=kept,
            number=self.known.free_number(kept) if before is None else kept.number,
            # Many hand in nothing; that they are all the same says nothing.
            same_as=same_as if kept.submission.files else None,
            # A mark that was decided is never taken back because the grader failed since.
            is_counted=not (_was_decided(before) and marked.is_undecided),
        )


def _was_decided(before: Latest | None) -> bool:
    return before is not None and not before.is_undecided
