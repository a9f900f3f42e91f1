"""Who would have what if a regrade were applied: the table of old and new."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import msgspec
from sqlalchemy import Connection, Row

from grader.classroom.regrade import changes
from grader.gradebook.course import Course
from grader.gradebook.current import current_standings
from grader.gradebook.reading import stored_attempts
from grader.gradebook.records import StoredAttempt, StoredMark
from grader.gradebook.standing import Standing
from grader.model.share import points_text
from grader.serve.regrading import trial
from grader.serve.regrading.one_question import marks_with


class Changed(msgspec.Struct, frozen=True):
    """One student whose standing changes.

    Args:
        student: The id.
        points: Before and after, as text.
        questions: Each that changes: its id, and what it was and becomes.
    """

    student: str
    points: tuple[str, str]
    questions: tuple[tuple[str, str, str], ...]


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What a regrade changes.

    Args:
        changed: Who changes.
        unchanged: How many do not.
        undecided: Whose mark stays, as the grader could not decide anew.
        kept_lower: Whose mark stays, as it would have got fewer points.
        newer: How many attempts have another result since it began, and keep that one.
        by_hand: In how many places points given by hand stand over what changed.
        came_since: How many attempts were marked since by another version of the exercise.
    """

    changed: tuple[Changed, ...]
    unchanged: int
    undecided: tuple[str, ...] = ()
    kept_lower: tuple[str, ...] = ()
    newer: int = 0
    by_hand: int = 0
    came_since: int = 0


def propose(connection: Connection, course: Course, row: Row[Any]) -> Proposal:
    """What a regrade that is marked would change now.

    Args:
        connection: To the database.
        course: The policies.
        row: The regrade.
    """
    attempts = stored_attempts(connection, row.exercise)
    trials = trial.found_so_far(connection, row.id)
    after = [trial.as_if_applied(row, one, trials.get(one.attempt)) for one in attempts]
    before = current_standings(connection, course, row.exercise, failed=[], attempts=attempts)
    standings = current_standings(connection, course, row.exercise, failed=[], attempts=after)
    found = changes(before, standings)
    still = [one for one in attempts if one.attempt in trials and trials[one.attempt].held == one.result]
    kept = [
        one
        for one, new in zip(attempts, after, strict=True)
        if new is one and one in still and _marks(row, one, trials[one.attempt]) != one.marks
    ]
    undecided = {one.student for one in kept if _is_undecided(_marks(row, one, trials[one.attempt]))}
    return Proposal(
        changed=tuple(_changed(one.before, one.after, one.questions) for one in found),
        unchanged=len(before) - len(found),
        undecided=tuple(sorted(undecided)),
        kept_lower=tuple(sorted({one.student for one in kept} - undecided)),
        newer=sum(one.attempt in trials and trials[one.attempt].held != one.result for one in attempts),
        by_hand=_by_hand(standings, attempts, after),
        came_since=sum(one.attempt not in trials and one.exercise_digest != row.digest for one in attempts),
    )


def _marks(row: Row[Any], old: StoredAttempt, found: trial.Trial) -> tuple[StoredMark, ...]:
    return marks_with(row.question, old.marks, found.marks)


def _is_undecided(marks: Sequence[StoredMark]) -> bool:
    return any(one.verdict == "undecided" for one in marks)


def _by_hand(
    standings: Sequence[Standing], before: Sequence[StoredAttempt], after: Sequence[StoredAttempt]
) -> int:
    """Points that people gave where the grader now says something else than before."""
    other = {
        (one.attempt, mark.question)
        for one, new in zip(before, after, strict=True)
        for mark in new.marks
        if mark not in one.marks
    }
    return sum((one.attempt.attempt, given.question) in other for one in standings for given in one.overrides)


def _changed(before: Standing, after: Standing, questions: Sequence[str]) -> Changed:
    old, new = ({mark.question: mark for mark in one.marks} for one in (before, after))
    return Changed(
        student=before.student,
        points=(_of(before.points, before.max_points), _of(after.points, after.max_points)),
        questions=tuple((name, _told(old.get(name)), _told(new.get(name))) for name in questions),
    )


def _told(mark: StoredMark | None) -> str:
    if mark is None:
        return "not there"
    return f"{mark.verdict}, {_of(Fraction(mark.points), Fraction(mark.max_points))}"


def _of(points: Fraction, most: Fraction) -> str:
    return f"{points_text(points)} of {points_text(most)}"
