"""What a student has in an exercise once attempts, overrides and policies are taken together. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from fractions import Fraction

import msgspec

from grader.gradebook.course import Course, moment
from grader.gradebook.marked import Mark, total
from grader.gradebook.policy import Try, choose
from grader.gradebook.stored import AttemptMarks, Override
from grader.model.outcome import Verdict, verdict_for

READ_NOTHING = frozenset({Verdict.MISSING.value, Verdict.INVALID.value, Verdict.SKIPPED.value})
"""Verdicts that cost no attempt."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What stands for one student and one exercise.

    Args:
        student: The student's id.
        exercise: The exercise's id.
        attempt: The attempt that counts.
        attempts: How many there are.
        marks: One entry a question, overrides in place.
        penalty: Share that is taken off for being late.
        given_total: Points that a person gave for the whole, which stand as they are.
    """

    student: str
    exercise: str
    attempt: AttemptMarks
    attempts: int
    marks: tuple[Mark, ...]
    penalty: Fraction = Fraction(0)
    given_total: Fraction | None = None

    @property
    def points(self) -> Fraction:
        """Points that count, exact."""
        if self.given_total is not None:
            return self.given_total
        return total(tuple(mark.points for mark in self.marks)) * (1 - self.penalty)

    @property
    def max_points(self) -> Fraction:
        """Points that could be earned."""
        return total(tuple(mark.max_points for mark in self.marks))

    @property
    def fraction(self) -> Fraction:
        """Share of the points; 1 where nothing could be earned."""
        return self.points / self.max_points if self.max_points else Fraction(1)

    @property
    def is_undecided(self) -> bool:
        """Whether a question is still undecided."""
        return self.given_total is None and any(mark.verdict == Verdict.UNDECIDED for mark in self.marks)


def standings(
    attempts: Sequence[AttemptMarks], overrides: Iterable[Override], course: Course
) -> list[Standing]:
    """What stands for every student and exercise, in their order.

    Args:
        attempts: By student, exercise and number.
        overrides: Oldest first.
        course: The policies.
    """
    given: dict[tuple[str, str], dict[str | None, str | None]] = {}
    for one in overrides:
        given.setdefault((one.student, one.exercise), {})[one.question] = one.points
    found = []
    for (student, exercise), group in itertools.groupby(attempts, lambda one: (one.student, one.exercise)):
        standing = _standing(list(group), given.get((student, exercise), {}), course)
        found += [standing] if standing is not None else []
    return found


def _standing(
    attempts: Sequence[AttemptMarks], given: dict[str | None, str | None], course: Course
) -> Standing | None:
    first = attempts[0]
    marks = {one.number: overridden(one.marks, given) for one in attempts}
    tries = [_try(one, marks[one.number], course) for one in attempts]
    choice = choose(course.policy(first.student, first.exercise), tries)
    if choice is None:
        return None
    whole = given.get(None)
    return Standing(
        student=first.student,
        exercise=first.exercise,
        attempt=next(one for one in attempts if one.number == choice.number),
        attempts=len(attempts),
        marks=marks[choice.number],
        penalty=choice.penalty,
        given_total=None if whole is None else Fraction(whole),
    )


def overridden(marks: Sequence[Mark], given: dict[str | None, str | None]) -> tuple[Mark, ...]:
    """The marks with the points that a person gave.

    Args:
        marks: As the grader found them.
        given: Points by question; None for points that were taken back.
    """
    return tuple(_overridden(mark, given.get(mark.question)) for mark in marks)


def _overridden(mark: Mark, points: str | None) -> Mark:
    if points is None:
        return mark
    most = Fraction(mark.max_points)
    fraction = Fraction(points) / most if most else Fraction(1)
    return msgspec.structs.replace(
        mark, points=points, fraction=str(fraction), verdict=verdict_for(fraction).value
    )


def _try(attempt: AttemptMarks, marks: tuple[Mark, ...], course: Course) -> Try:
    # One question that nobody can decide does not make the attempt free: an answer could ask for that.
    is_decided = any(mark.verdict not in (*READ_NOTHING, Verdict.UNDECIDED) for mark in marks)
    return Try(
        number=attempt.number,
        points=total(tuple(mark.points for mark in marks)),
        submitted_at=moment(attempt.submitted_at, course.time_zone),
        costs=is_decided,
        is_undecided=not is_decided and any(mark.verdict == Verdict.UNDECIDED for mark in marks),
    )
