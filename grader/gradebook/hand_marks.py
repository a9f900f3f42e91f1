"""Points that people give for words, of one question of one attempt: two markers, which mark stands. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, TypeAlias

import msgspec

from grader.gradebook.records import Override, now

Role: TypeAlias = Literal["first", "second", "settled"]


class HandMark(msgspec.Struct, frozen=True, kw_only=True):
    """What one marker gave for one question of one attempt.

    Args:
        attempt: The attempt's id in the gradebook.
        question: The question's id.
        role: Whether it is the first mark, a second marker's, or the one that settles their difference.
        revision: Counts from 1 how often this mark was put right.
        who: The marker.
        points: Exact, as text.
        items: Ids of the rubric's items that were given.
        comment: For the student.
        made_at: ISO 8601 in UTC.
    """

    attempt: int
    question: str
    role: Role
    who: str
    points: str
    revision: int = 1
    items: tuple[str, ...] = ()
    comment: str = ""
    made_at: str = msgspec.field(default_factory=now)


def last_of(role: Role, marks: Sequence[HandMark]) -> HandMark | None:
    """The mark of a role as it was put right last; None where there is none."""
    return max((one for one in marks if one.role == role), key=lambda one: one.revision, default=None)


def difference(marks: Sequence[HandMark]) -> Fraction | None:
    """How many points the second marker gave more than the first; None unless both have marked."""
    first, second = last_of("first", marks), last_of("second", marks)
    return None if first is None or second is None else Fraction(second.points) - Fraction(first.points)


def mark_that_counts(marks: Sequence[HandMark]) -> HandMark | None:
    """The mark that counts: what was settled, else the first, unless a second marker gave other points."""
    if (settled := last_of("settled", marks)) is not None:
        return settled
    return None if difference(marks) else last_of("first", marks)


def as_override(mark: HandMark, student: str, exercise: str) -> Override:
    """A mark as points that a person gave."""
    why = mark.comment or "read by a person"
    return Override(
        student=student,
        exercise=exercise,
        question=mark.question,
        points=mark.points,
        who=mark.who,
        why=why,
        made_at=mark.made_at,
    )
