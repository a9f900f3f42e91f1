"""The attempt and the points that count for a student in an exercise, and what they come to. Pure."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

import msgspec

from grader.gradebook.hint_costs import HintCost
from grader.gradebook.policy import Policy, Why
from grader.gradebook.records import Override, StoredAttempt, StoredMark, total
from grader.gradebook.submission_times import SubmissionTime
from grader.model.outcome import Verdict


class UnreadableRecords(NamedTuple):
    """A student whose records in an exercise cannot be made sense of."""

    student: str
    exercise: str
    reason: str


class RefusedAttempt(NamedTuple):
    """An attempt that is kept and not accepted.

    Args:
        number: Of the attempt.
        why: The rule that it breaks.
        when: It was submitted, and what staff must know of that.
    """

    number: int
    why: Why
    when: SubmissionTime


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The attempt and the points that count for one student in one exercise.

    Args:
        student: The student's id.
        exercise: The exercise's id.
        attempt: The attempt that counts.
        attempts: How many there are.
        marks: One entry a question, overrides in place.
        penalty: Share that is taken off for being late; all of it where the attempt is not accepted.
        given_total: Points that a person gave for the whole, which stand as they are.
        overrides: What a person gave, for questions and for the whole; what was taken back is not among them.
        due: In the course's zone, extensions included.
        when: It was submitted, and what staff must know of that.
        refused: Attempts that are not accepted, in the order of handing in.
        policy: What holds for the student.
        untimed: Of how many attempts no time is known, so that they are accepted whenever they came.
        hints: What hints cost the attempt that counts, by question.
    """

    student: str
    exercise: str
    attempt: StoredAttempt
    attempts: int
    marks: tuple[StoredMark, ...]
    penalty: Fraction = Fraction(0)
    given_total: Fraction | None = None
    overrides: tuple[Override, ...] = ()
    due: datetime.datetime | None = None
    when: SubmissionTime = SubmissionTime()
    refused: tuple[RefusedAttempt, ...] = ()
    policy: Policy = Policy()
    untimed: int = 0
    hints: tuple[HintCost, ...] = ()

    @property
    def is_accepted(self) -> bool:
        """Whether the attempt that counts is accepted; one that is not counts nothing."""
        return all(one.number != self.attempt.number for one in self.refused)

    @property
    def points(self) -> Fraction:
        """Points that count, exact."""
        if self.given_total is not None:
            return self.given_total
        return self.earned * (1 - self.penalty) if self.penalty else self.earned

    @property
    def earned(self) -> Fraction:
        """Points of all questions, less what hints cost, before anything is taken off for being late."""
        return less_hints(sums_of(self.marks).points, self.hints)

    @property
    def max_points(self) -> Fraction:
        """Points that could be earned."""
        return sums_of(self.marks).max_points

    @property
    def fraction(self) -> Fraction:
        """Share of the points; 1 where nothing could be earned."""
        return share(self.points, self.max_points)

    @property
    def is_undecided(self) -> bool:
        """Whether a question is still undecided."""
        return self._has(Verdict.UNDECIDED)

    @property
    def is_pending(self) -> bool:
        """Whether a question still waits for a person's mark."""
        return self._has(Verdict.PENDING)

    def _has(self, verdict: Verdict) -> bool:
        if verdict.value not in sums_of(self.marks).verdicts:
            return False
        return self.given_total is None and self.is_accepted


def share(points: Fraction, most: Fraction) -> Fraction:
    """The share of the points that could be earned; 1 where nothing could be."""
    return points / most if most else Fraction(1)


class Sums(NamedTuple):
    """The sums of some marks.

    Args:
        points: Of all together.
        max_points: That could be earned.
        verdicts: Each that is there.
    """

    points: Fraction
    max_points: Fraction
    verdicts: frozenset[str]


@functools.lru_cache(maxsize=4096)
def sums_of(marks: tuple[StoredMark, ...]) -> Sums:
    """The sums of marks; added up once, as most of a class have the same few."""
    return Sums(
        total(mark.points for mark in marks),
        total(mark.max_points for mark in marks),
        frozenset(mark.verdict for mark in marks),
    )


def taken_for(hints: Iterable[HintCost]) -> Fraction:
    """The points that are taken off for hints."""
    return sum((one.taken for one in hints), Fraction(0))


def less_hints(points: Fraction, hints: Sequence[HintCost]) -> Fraction:
    """The points without what is taken off for hints."""
    return points - taken_for(hints) if hints else points
