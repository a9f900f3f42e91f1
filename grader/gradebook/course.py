"""The course file: due times, penalties, attempts and extensions, in TOML."""

from __future__ import annotations

import datetime
import re
import zoneinfo
from fractions import Fraction
from typing import TypeVar

import msgspec

from grader.gradebook.policy import Attempts, Counts, LatePenalty, Policy, days_after
from grader.gradebook.times import in_utc
from grader.model.spelling import composed

T = TypeVar("T")

WRITTEN_NUMBER = re.compile(
    r"[+-]?(\d{1,20}/\d{1,20}|(\d{1,20}(\.\d{0,40})?|\.\d{1,40})(e[+-]?\d{1,3})?)", re.I | re.A
)
"""Fraction itself takes "1e-999999999" and works on it for ever."""


class WrittenLate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[late]`; shares as "10%", "1/10" or 0.1. What is left out is None."""

    grace_minutes: float | None = None
    per_day: str | float | None = None
    cap: str | float | None = None

    def with_rest(self, general: WrittenLate) -> WrittenLate:
        """The same, with what is left out taken from a more general table.

        Args:
            general: That table.
        """
        return WrittenLate(
            grace_minutes=_first(self.grace_minutes, general.grace_minutes),
            per_day=_first(self.per_day, general.per_day),
            cap=_first(self.cap, general.cap),
        )

    def penalty(self) -> LatePenalty:
        """What is taken off."""
        return LatePenalty(
            grace=datetime.timedelta(minutes=self.grace_minutes or 0),
            per_day=read_share(_first(self.per_day, "0%")),
            cap=read_share(_first(self.cap, "100%")),
        )


class WrittenAttempts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[attempts]`. What is left out is None."""

    counts: Counts | None = None
    limit: int | None = None

    def with_rest(self, general: WrittenAttempts) -> WrittenAttempts:
        """The same, with what is left out taken from a more general table.

        Args:
            general: That table.
        """
        return WrittenAttempts(
            counts=_first(self.counts, general.counts), limit=_first(self.limit, general.limit)
        )


class WrittenExercise(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table `[exercise.ID]`: what is different for this exercise."""

    opens: datetime.datetime | None = None
    due: datetime.datetime | None = None
    late: WrittenLate | None = None
    attempts: WrittenAttempts | None = None


class WrittenExtension(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry `[[extension]]`: more time for one student, in one exercise or in all."""

    student: str
    exercise: str | None = None
    days: float | None = None
    until: datetime.datetime | None = None
    limit: int | None = None
    why: str = ""


class Course(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A course file, as written."""

    time_zone: str = "UTC"
    late: WrittenLate = WrittenLate()
    attempts: WrittenAttempts = WrittenAttempts()
    exercise: dict[str, WrittenExercise] = {}
    extension: tuple[WrittenExtension, ...] = ()

    def policy(self, student: str, exercise: str) -> Policy:
        """What holds for one student and one exercise.

        Args:
            student: The student's id.
            exercise: The exercise's id.
        """
        own = self.exercise.get(exercise, WrittenExercise())
        late = (own.late or WrittenLate()).with_rest(self.late)
        attempts = (own.attempts or WrittenAttempts()).with_rest(self.attempts)
        due, limit = _local(own.due, self.time_zone), attempts.limit
        for one in self.extension:
            if composed(one.student) == composed(student) and one.exercise in (None, exercise):
                due = self._extended(due, one)
                limit = max(limit, one.limit) if limit is not None and one.limit is not None else limit
        return Policy(
            opens=_local(own.opens, self.time_zone),
            due=due,
            late=late.penalty(),
            attempts=Attempts(counts=attempts.counts or "last", limit=limit),
        )

    def _extended(self, due: datetime.datetime | None, one: WrittenExtension) -> datetime.datetime | None:
        if due is None:
            return None
        later = days_after(due, one.days or 0)
        until = _local(one.until, self.time_zone)
        return later if until is None else max(later, until, key=in_utc)


NO_POLICIES = Course()
"""Nothing is late, the last attempt counts."""


def _local(at: datetime.datetime | None, time_zone: str) -> datetime.datetime | None:
    """A time on the course's clocks: its days begin and end there, whatever offset it is written with."""
    if at is None:
        return None
    zone = zoneinfo.ZoneInfo(time_zone)
    try:
        return at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)
    except OverflowError:
        return at


def _first(own: T, general: T) -> T:
    # Not "own or general": 0 is said, too.
    return general if own is None else own


def read_share(written: str | float | None) -> Fraction:
    """The exact share that is written: "10%", "1/10" or 0.1.

    Args:
        written: As it stands in the file.

    Raises:
        ValueError: If it is no number, or one that nobody means.
    """
    text = str(written).replace(" ", "")
    return read_exact(text.removesuffix("%")) / (100 if text.endswith("%") else 1)


def read_exact(text: str) -> Fraction:
    """A number that a person writes: "3", "2.5", "7/2".

    Args:
        text: As typed.

    Raises:
        ValueError: If it is none, or of a size that would take for ever to work with.
    """
    if not WRITTEN_NUMBER.fullmatch(text):
        raise ValueError(f"{text[:50]!r} is no number")
    return Fraction(text)
