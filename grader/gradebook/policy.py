"""What a course takes off for being late, and which attempts count. Pure."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, TypeAlias

import msgspec

Counts: TypeAlias = Literal["last", "best", "first"]

DAY = datetime.timedelta(days=1)
NOTHING = Fraction(0)


class LatePenalty(msgspec.Struct, frozen=True, kw_only=True):
    """What is taken off the points that were earned.

    Args:
        grace: Nothing is taken off within this time; after it, days count from the due time.
        per_day: Share for each day that has begun.
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
        due: With its offset from UTC; None where nothing is ever late. Extensions are already in it.
        late: What is taken off.
        attempts: Which counts.
    """

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
    late_by = submitted_at.astimezone(datetime.UTC) - policy.due.astimezone(datetime.UTC)
    if late_by <= policy.late.grace or late_by <= datetime.timedelta(0):
        return NOTHING
    return min(policy.late.per_day * math.ceil(late_by / DAY), policy.late.cap)


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
