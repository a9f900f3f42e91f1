"""How many days late a submission is, counting each day that has begun, and what that costs. Pure."""

from __future__ import annotations

import datetime
import math
from fractions import Fraction

import msgspec

DAY = datetime.timedelta(days=1)
NOTHING = Fraction(0)
MIDDLE_OF_CALENDAR = 5000
"""Only the years 1 and 9999 can leave the calendar when a zone is applied."""


class LatePenalty(msgspec.Struct, frozen=True, kw_only=True):
    """The rule for what is taken off the points of late submissions.

    Args:
        grace: Nothing is taken off within this time; after it, days count from the due time.
        per_day: Share for each day that has begun; a day ends at the due time on the course's clocks, also
            where it has 23 or 25 hours.
        cap: The largest share that is taken off.
    """

    grace: datetime.timedelta = datetime.timedelta(0)
    per_day: Fraction = NOTHING
    cap: Fraction = Fraction(1)


def penalty(
    late: LatePenalty, due: datetime.datetime | None, submitted_at: datetime.datetime | None
) -> Fraction:
    """The share of the points that is taken off for being late.

    Args:
        late: What the course takes off.
        due: In the course's zone; nothing is taken off where there is none.
        submitted_at: With offset; nothing is taken off where it is not known.
    """
    if due is None or submitted_at is None:
        return NOTHING
    # In UTC: Python subtracts two times of one zone by the wall clock, wrong where clocks change in between.
    late_by = in_utc(submitted_at) - in_utc(due)
    if late_by <= late.grace or late_by <= datetime.timedelta(0):
        return NOTHING
    return min(late.per_day * days_late(due, submitted_at), late.cap)


def days_late(due: datetime.datetime, submitted_at: datetime.datetime) -> int:
    """How many days have begun since the due time; each ends when the clock shows the due time again.

    Args:
        due: In the course's zone.
        submitted_at: With offset, later.
    """
    at = in_utc(submitted_at)
    # A lower bound to start from: a day has 23 or 25 hours where clocks change.
    days = max(math.floor((at - in_utc(due)) / DAY) - 1, 0)
    while in_utc(days_after(due, days)) < at:
        days += 1
    return days


def days_after(due: datetime.datetime, days: float) -> datetime.datetime:
    """The due time so many days later: 23:59 stays 23:59 when clocks change in between.

    Args:
        due: In the course's zone.
        days: From 0 on.
    """
    try:
        return due + datetime.timedelta(days=days)
    except OverflowError:
        return datetime.datetime.max.replace(tzinfo=datetime.UTC)


def in_utc(at: datetime.datetime) -> datetime.datetime:
    """The moment in UTC; where a clock's time comes twice or never, the later of its two readings.

    Args:
        at: With a zone. Never an error: beyond the calendar it is the calendar's end.
    """
    return max(_in_utc(at.replace(fold=0)), _in_utc(at.replace(fold=1)))


def _in_utc(at: datetime.datetime) -> datetime.datetime:
    try:
        return at.astimezone(datetime.UTC)
    except OverflowError:
        edge = datetime.datetime.min if at.year < MIDDLE_OF_CALENDAR else datetime.datetime.max
        return edge.replace(tzinfo=datetime.UTC)
