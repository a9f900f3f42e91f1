"""What a course takes off for being late, and which attempts count. Pure."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, TypeAlias

import msgspec

from grader.gradebook.times import When, in_utc

Counts: TypeAlias = Literal["last", "best", "first"]

DAY = datetime.timedelta(days=1)
LONGEST_BEFORE = 366 * DAY
"""Nobody hands in earlier than that before the due time."""
NOTHING = Fraction(0)


class LatePenalty(msgspec.Struct, frozen=True, kw_only=True):
    """What is taken off the points that were earned.

    Args:
        grace: Nothing is taken off within this time; after it, days count from the due time.
        per_day: Share for each day that has begun; a day ends at the due time on the course's clocks, also
            where it has 23 or 25 hours.
        cap: The largest share that is taken off.
    """

    grace: datetime.timedelta = datetime.timedelta(0)
    per_day: Fraction = NOTHING
    cap: Fraction = Fraction(1)


class Attempts(msgspec.Struct, frozen=True, kw_only=True):
    """Which attempt counts.

    Args:
        counts: The last, the best after penalties, or the first.
        limit: How many may be made; None for any number.
    """

    counts: Counts = "last"
    limit: int | None = None


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for one student and one exercise.

    Args:
        opens: From when on something can be handed in; None where that is not told.
        due: In the course's zone; None where nothing is ever late. Extensions are already in it.
        late: What is taken off.
        attempts: Which counts.
    """

    opens: datetime.datetime | None = None
    due: datetime.datetime | None = None
    late: LatePenalty = LatePenalty()
    attempts: Attempts = Attempts()


class Try(msgspec.Struct, frozen=True, kw_only=True):
    """What policies look at in an attempt.

    Args:
        number: Counts the student's attempts.
        points: Earned, before any penalty.
        submitted_at: With offset; None where it is not known.
        costs: Whether it uses up a try; one of which nothing could be read or decided does not.
        is_undecided: Whether the grader or the machine failed at all that could be read of it.
    """

    number: int
    points: Fraction
    submitted_at: datetime.datetime | None = None
    costs: bool = True
    is_undecided: bool = False


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The attempt that counts.

    Args:
        number: Of the attempt.
        penalty: Share that is taken off it.
    """

    number: int
    penalty: Fraction


def penalty(policy: Policy, submitted_at: datetime.datetime | None) -> Fraction:
    """The share that is taken off for being late.

    Args:
        policy: What holds for the student.
        submitted_at: With offset; nothing is taken off where it is not known.
    """
    if policy.due is None or submitted_at is None:
        return NOTHING
    # In UTC: Python subtracts two times of one zone by the wall clock, wrong where clocks change in between.
    late_by = in_utc(submitted_at) - in_utc(policy.due)
    if late_by <= policy.late.grace or late_by <= datetime.timedelta(0):
        return NOTHING
    return min(policy.late.per_day * days_late(policy.due, submitted_at), policy.late.cap)


def days_late(due: datetime.datetime, submitted_at: datetime.datetime) -> int:
    """How many days after the due time have begun, each from that time of the clock to the next.

    Args:
        due: In the course's zone.
        submitted_at: With offset, later.
    """
    at = in_utc(submitted_at)
    # A day has 23 to 25 hours where clocks change, so that this is at most the number or one less.
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


def checked(time: When, policy: Policy, received_at: str) -> When:
    """The time with what staff should know of it: one that cannot be true may have been chosen by a student.

    Args:
        time: As it is told.
        policy: What holds for the student.
        received_at: When the gradebook got it, ISO 8601 with offset; may be empty.
    """
    if time.at is None or time.problem:
        return time
    at = in_utc(time.at)
    problem = ""
    # Differences, which are there for any two times; a sum may lie beyond the calendar.
    if received_at and at - in_utc(datetime.datetime.fromisoformat(received_at)) > DAY:
        problem = "is later than when it came here"
    elif policy.opens is not None and at < in_utc(policy.opens):
        problem = "is before the exercise was opened"
    elif policy.due is not None and in_utc(policy.due) - at > LONGEST_BEFORE:
        problem = "is more than a year before it was due"
    told = f"the time of handing in {problem}: {time.at.isoformat(sep=' ')}"
    return time._replace(problem=told) if problem else time


def choose(policy: Policy, tries: Sequence[Try]) -> Choice | None:
    """The attempt that counts; None where there is none.

    Args:
        policy: What holds for the student.
        tries: All attempts, first to last.
    """
    allowed = _best_founded(_within_limit(tries, policy.attempts.limit))
    if not allowed:
        return None
    penalties = {one.number: penalty(policy, one.submitted_at) for one in allowed}
    match policy.attempts.counts:
        case "last":
            chosen = allowed[-1]
        case "first":
            chosen = allowed[0]
        case "best":
            # Of equal ones the first: a later copy of the same answer is no better.
            chosen = max(allowed, key=lambda one: (one.points * (1 - penalties[one.number]), -one.number))
    return Choice(number=chosen.number, penalty=penalties[chosen.number])


def _best_founded(tries: Sequence[Try]) -> Sequence[Try]:
    """Those that cost a try; else those of which nothing could be read; undecided ones only where all are."""
    return (
        [one for one in tries if one.costs and not one.is_undecided]
        or [one for one in tries if not one.is_undecided]
        or tries
    )


def _within_limit(tries: Sequence[Try], limit: int | None) -> list[Try]:
    """Those up to the last try that is allowed; once tries are used up, nothing more counts."""
    allowed: list[Try] = []
    used = 0
    for one in tries:
        if limit is not None and used >= limit:
            break
        allowed.append(one)
        used += one.costs and not one.is_undecided
    return allowed
