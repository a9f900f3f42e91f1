"""Marking everything that is kept anew, with today's exercise; the old results stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import groupby

import msgspec

from grader.classroom.machines import Machines
from grader.classroom.runner import Asked, Flight
from grader.gradebook.gradebook import Gradebook
from grader.gradebook.reading import stored_attempts, submission
from grader.gradebook.records import StoredAttempt, StoredResult, for_student, total
from grader.gradebook.standing import Standing
from grader.gradebook.writing import NewResult, keep_exercise, keep_results


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What a regrade may change.

    Args:
        is_dry: Keep nothing, only say what would change.
        never_lower: An attempt that would get fewer points keeps its mark; of how many does not matter.
    """

    is_dry: bool = False
    never_lower: bool = False


class Regraded(msgspec.Struct, frozen=True, kw_only=True):
    """The attempts of an exercise, before and after.

    Args:
        before: As they stood.
        after: As they stand now, or would.
        undecided: Students whose mark stays because the grader could not decide anew.
    """

    before: list[StoredAttempt]
    after: list[StoredAttempt]
    undecided: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One student who is affected.

    Args:
        before: What stood.
        after: What stands now.
        questions: Ids of the questions whose mark is another, or what can be earned.
    """

    before: Standing
    after: Standing
    questions: tuple[str, ...]


def regrade(
    asked: Asked, book: Gradebook, machines: Machines, rules: Rules, watch: Callable[[], None]
) -> Regraded:
    """Mark everything that is kept of an exercise anew.

    Args:
        asked: What is marked, with today's exercise.
        book: Where it is kept.
        machines: What marks.
        rules: What may change.
        watch: Called for each attempt that is done.

    Raises:
        ExecutorLost: If what marks is gone; what has come back is kept.
    """
    with book.reading() as connection:
        before = stored_attempts(connection, asked.exercise.id)
    if not rules.is_dry:
        with book.writing() as connection:
            keep_exercise(connection, asked.exercise, asked.text)
    run = _Run(book, rules, before)
    flight: Flight[list[StoredAttempt]] = Flight(asked, machines)
    for same in _identical(before):
        while flight.is_full:
            run.take(flight.landed(), watch)
        with book.reading() as connection:
            handed_in = submission(connection, same[0].submission, same[0].student)
        if not handed_in.files:
            # Undecided without a file: it could not be read from the disk. There is nothing to mark anew.
            same = [one for one in same if not one.is_undecided]
        if same:
            flight.send(same, handed_in)
    while flight:
        run.take(flight.landed(), watch)
    after = [run.after[one.attempt] for one in before]
    return Regraded(before=before, after=after, undecided=tuple(sorted(run.undecided)))


class _Run:
    """What has come back so far."""

    def __init__(self, book: Gradebook, rules: Rules, before: list[StoredAttempt]) -> None:
        self.book = book
        self.rules = rules
        self.after = {one.attempt: one for one in before}
        self.undecided: set[str] = set()

    def take(
        self, landed: Iterable[tuple[list[StoredAttempt], StoredResult]], watch: Callable[[], None]
    ) -> None:
        """Keep what has come back, also that which had when the executor was lost."""
        entries: list[NewResult] = []
        try:
            for same, marked in landed:
                for old in same:
                    entry = self.entry(old, marked if old is same[0] else for_student(marked, old.student))
                    if not (self.rules.is_dry or _is_same(old, entry.result)):
                        entries.append(entry)
                    watch()
        finally:
            if entries:
                with self.book.writing() as connection:
                    keep_results(connection, entries)

    def entry(self, old: StoredAttempt, new: StoredResult) -> NewResult:
        """A new result as it is kept; the attempt has it from now on if it counts."""
        entry = NewResult(new, "regrade", old.attempt, same_as=old.same_as, is_counted=self.counts(old, new))
        self.remember(old, entry)
        return entry

    def remember(self, old: StoredAttempt, entry: NewResult) -> None:
        """What the attempt has from now on."""
        new = entry.result
        if new.is_undecided:
            self.undecided.add(old.student)
        if entry.is_counted:
            self.after[old.attempt] = msgspec.structs.replace(
                old, marks=new.marks, is_undecided=new.is_undecided
            )

    def counts(self, old: StoredAttempt, new: StoredResult) -> bool:
        """Whether the new result stands from now on."""
        if new.is_undecided and not old.is_undecided:
            return False
        return not (self.rules.never_lower and _points(new) < _points(old) and not old.is_undecided)


def changes(before: Iterable[Standing], after: Iterable[Standing]) -> list[Change]:
    """Exactly those students whose points or marks are others than before.

    Args:
        before: What stood.
        after: What stands now, for the same students.
    """
    new = {(one.student, one.exercise): one for one in after}
    found = []
    for old in before:
        now = new.get((old.student, old.exercise))
        if now is None:
            continue
        marks, marks_now = _worth(old), _worth(now)
        names = dict.fromkeys((*marks, *marks_now))
        others = tuple(name for name in names if marks.get(name) != marks_now.get(name))
        if others or (old.points, old.max_points) != (now.points, now.max_points):
            found.append(Change(before=old, after=now, questions=others))
    return found


def _worth(one: Standing) -> dict[str, tuple[str, Fraction, Fraction]]:
    """The verdict, the points and what could be earned, by question."""
    return {
        mark.question: (mark.verdict, Fraction(mark.points), Fraction(mark.max_points)) for mark in one.marks
    }


def _identical(attempts: Iterable[StoredAttempt]) -> Iterator[list[StoredAttempt]]:
    """Attempts in which the same was handed in: it is judged once."""
    ordered = sorted(attempts, key=lambda one: (one.submission, one.attempt))
    for _, same in groupby(ordered, key=lambda one: one.submission):
        yield list(same)


def _points(one: StoredResult | StoredAttempt) -> Fraction:
    return total(mark.points for mark in one.marks)


def _is_same(old: StoredAttempt, new: StoredResult) -> bool:
    of_old = (old.exercise_digest, old.grader_version, old.marks)
    return of_old == (new.exercise_digest, new.grader_version, new.marks)
