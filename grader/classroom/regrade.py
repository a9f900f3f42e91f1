"""Mark all kept attempts again, with the exercise as it is now; the old results stay in the gradebook."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

import msgspec

from grader.classroom.machines import Machines
from grader.classroom.pending import Assignment, PendingTasks
from grader.gradebook.gradebook import Gradebook
from grader.gradebook.kept_files import submission
from grader.gradebook.read_records import stored_attempts, stored_results
from grader.gradebook.records import StoredAttempt, StoredResult, for_student, total
from grader.gradebook.standing import Standing
from grader.gradebook.write_records import NewResult, keep_exercise, keep_results
from grader.model.exercise import Exercise
from grader.model.submission import Submission


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What a regrade may change.

    Args:
        is_dry: Keep nothing, only say what would change.
        never_lower: An attempt that would get fewer points keeps its mark, whatever the most is now.
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


class ChangedStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A student whose standing changed.

    Args:
        before: What stood.
        after: What stands now.
        questions: Ids of the questions whose verdict, points or maximum changed.
    """

    before: Standing
    after: Standing
    questions: tuple[str, ...]


def regrade(
    assignment: Assignment, book: Gradebook, machines: Machines, rules: Rules, watch: Callable[[], None]
) -> Regraded:
    """Mark all kept attempts of an exercise again.

    Args:
        assignment: What is marked, with today's exercise.
        book: Where they are kept.
        machines: Where they are marked.
        rules: What may change.
        watch: Called for each attempt that is done.

    Raises:
        ExecutorLost: If the executor is gone; the results that have come back are kept.
    """
    with book.reading() as connection:
        before = stored_attempts(connection, assignment.exercise.id)
    if not rules.is_dry:
        with book.writing() as connection:
            keep_exercise(connection, assignment.exercise, assignment.text)
    run = _Regrade(book, rules, before)
    pending: PendingTasks[StoredAttempt] = PendingTasks(assignment, machines)
    for same, kept in _with_results(book, assignment.exercise, identical(before)):
        while pending.is_full:
            run.keep_finished(pending, watch)
        with book.reading() as connection:
            found = submission(connection, same[0].submission, same[0].student)
        if attempts := to_mark_anew(same, found, assignment.exercise):
            own = msgspec.structs.replace(found, student=attempts[0].student)
            pending.send(own, attempts, attempts[0].variant, kept)
    while pending:
        run.keep_finished(pending, watch)
    after = [run.after[one.attempt] for one in before]
    return Regraded(before=before, after=after, undecided=tuple(sorted(run.undecided)))


RESULTS_AT_ONCE = 64
"""Results that are read together: to ask for one takes longer than to read it."""


def _with_results(
    book: Gradebook, exercise: Exercise, groups: Iterable[list[StoredAttempt]]
) -> Iterator[tuple[list[StoredAttempt], StoredResult | None]]:
    """Identical attempts, with a result that stands for one of them; without it where variants differ."""
    groups = iter(groups)
    while some := list(itertools.islice(groups, RESULTS_AT_ONCE)):
        results: dict[int, StoredResult] = {}
        if not exercise.varies:
            with book.reading() as connection:
                results = stored_results(connection, [same[0].result for same in some])
        yield from ((same, results.get(same[0].result)) for same in some)


class _Regrade:
    """The results that have come back, and those that stand after them."""

    def __init__(self, book: Gradebook, rules: Rules, before: list[StoredAttempt]) -> None:
        self.book = book
        self.rules = rules
        self.after = {one.attempt: one for one in before}
        self.undecided: set[str] = set()

    def keep_finished(self, pending: PendingTasks[StoredAttempt], watch: Callable[[], None]) -> None:
        """Keep the results that have come back, also if the executor is lost meanwhile."""
        new: list[NewResult] = []
        try:
            for attempts, result in pending.finished():
                for old in attempts:
                    own = result if old is attempts[0] else for_student(result, old.student)
                    is_counted = counts(self.rules, old, own)
                    self._remember(old, own, is_counted=is_counted)
                    if not (self.rules.is_dry or is_same(old, own)):
                        new.append(
                            NewResult(own, "regrade", old.attempt, same_as=old.same_as, is_counted=is_counted)
                        )
                    watch()
        finally:
            if new:
                with self.book.writing() as connection:
                    keep_results(connection, new)

    def _remember(self, old: StoredAttempt, new: StoredResult, *, is_counted: bool) -> None:
        if new.is_undecided:
            self.undecided.add(old.student)
        if is_counted:
            self.after[old.attempt] = msgspec.structs.replace(
                old, marks=new.marks, is_undecided=new.is_undecided
            )


def changes(before: Iterable[Standing], after: Iterable[Standing]) -> list[ChangedStanding]:
    """The students whose points, verdicts or maxima changed from one list of standings to the other."""
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
            found.append(ChangedStanding(before=old, after=now, questions=others))
    return found


def _worth(one: Standing) -> dict[str, tuple[str, Fraction, Fraction]]:
    """The verdict, the points and what could be earned, by question."""
    return {
        mark.question: (mark.verdict, Fraction(mark.points), Fraction(mark.max_points)) for mark in one.marks
    }


def identical(attempts: Iterable[StoredAttempt]) -> Iterator[list[StoredAttempt]]:
    """Attempts with the same submission and variant, which are judged once."""
    ordered = sorted(attempts, key=lambda one: (one.submission, one.variant, one.attempt))
    for _, same in itertools.groupby(ordered, key=lambda one: (one.submission, one.variant)):
        yield list(same)


def to_mark_anew(same: list[StoredAttempt], found: Submission, exercise: Exercise) -> list[StoredAttempt]:
    """Those of some identical attempts that can be marked anew.

    Args:
        same: From `identical`.
        found: What was submitted.
        exercise: As it is now.
    """
    if not found.files:
        # Undecided without a file: it could not be read from the disk. There is nothing to mark anew.
        same = [one for one in same if not one.is_undecided]
    if exercise.values:
        # One that was for nobody's own variant was not marked; what it is marked as, a person says.
        same = [one for one in same if one.variant]
    return same


def counts(rules: Rules, old: StoredAttempt, new: StoredResult) -> bool:
    """Whether a new result stands from now on.

    Args:
        rules: Of the regrade.
        old: The attempt with the result that stands.
        new: Of marking it anew.
    """
    if new.is_undecided and not old.is_undecided:
        return False
    return not (rules.never_lower and _points(new) < _points(old) and not old.is_undecided)


def is_same(old: StoredAttempt, new: StoredResult) -> bool:
    """Whether the new result equals the old one, by the same exercise and grader."""
    of_old = (old.exercise_digest, old.grader_version, old.marks)
    return of_old == (new.exercise_digest, new.grader_version, new.marks)


def _points(one: StoredResult | StoredAttempt) -> Fraction:
    return total(mark.points for mark in one.marks)
