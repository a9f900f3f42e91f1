"""The rules of a course for attempts, and which attempt counts by them. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Literal, TypeAlias, TypeVar

import msgspec

from grader.gradebook.late_days import DAY, LatePenalty, in_utc, penalty
from grader.gradebook.submission_times import SubmissionTime
from grader.specs.hint_policy import HintPolicy

T = TypeVar("T")

Counts: TypeAlias = Literal["last", "best", "first"]

Why: TypeAlias = Literal["cutoff", "per-hour"]
"""Why an attempt is not accepted: it came after the cutoff, or when there were enough within an hour."""

HOUR = datetime.timedelta(hours=1)

LONGEST_BEFORE = 366 * DAY
"""A time that is earlier than this before the due time is doubted."""


class AttemptRule(msgspec.Struct, frozen=True, kw_only=True):
    """Which attempt counts.

    Args:
        counts: The last, the best after penalties, or the first.
        limit: How many may be made; None for any number.
        per_hour: How many are accepted within any 60 minutes; None for any number.
    """

    counts: Counts = "last"
    limit: int | None = None
    per_hour: int | None = None


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The due time, penalty and attempt rule of one student in one exercise.

    Args:
        opens: From when on something can be submitted; None where that is not known.
        due: In the course's zone; None where nothing is ever late. Extensions are already in it.
        cutoff: Nothing is accepted after it; None where everything is. Never before `due`.
        late: What is taken off.
        attempts: Which counts.
        hints: What the course says of hints, in place of what the exercise does.
    """

    opens: datetime.datetime | None = None
    due: datetime.datetime | None = None
    cutoff: datetime.datetime | None = None
    late: LatePenalty = LatePenalty()
    attempts: AttemptRule = AttemptRule()
    hints: HintPolicy | None = None


class ScoredAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """The properties of an attempt that policies look at.

    Args:
        number: Counts the student's attempts.
        points: Earned, before any penalty.
        submitted_at: With offset; None where it is not known.
        costs: Whether it counts against the limit; one in which no question was decided does not.
        is_undecided: Whether no question was decided, and the grader failed at one at least.
        question: The one that was submitted alone, the others as they stood before: the attempt then takes
            one of that question's attempts only. Empty for the whole exercise: one of every question's.
        is_free: Whether the question that was submitted alone could not be read or decided: it takes none.
    """

    number: int
    points: Fraction
    submitted_at: datetime.datetime | None = None
    costs: bool = True
    is_undecided: bool = False
    question: str = ""
    is_free: bool = False

    @property
    def takes_one(self) -> bool:
        """Whether it is counted against the limits."""
        return self.costs and not self.is_undecided and not self.is_free


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The attempt that counts.

    Args:
        number: Of the attempt.
        penalty: Share that is taken off it; all of it where no attempt is accepted.
        refused: The attempts that are not accepted, by number.
    """

    number: int
    penalty: Fraction
    refused: dict[int, Why] = {}


def checked_time(time: SubmissionTime, policy: Policy, received_at: str) -> SubmissionTime:
    """The time, with a note for staff where it cannot be true: a student may have chosen it.

    Args:
        time: As the export has it.
        policy: What holds for the student.
        received_at: When the gradebook got it, ISO 8601 with offset; may be empty.
    """
    if time.at is None or time.problem:
        return time
    at = in_utc(time.at)
    problem = ""
    # Differences and no sums: a sum may lie beyond the calendar.
    if received_at and at - in_utc(datetime.datetime.fromisoformat(received_at)) > DAY:
        problem = "is later than when it came here"
    elif policy.opens is not None and at < in_utc(policy.opens):
        problem = "is before the exercise was opened"
    elif policy.due is not None and in_utc(policy.due) - at > LONGEST_BEFORE:
        problem = "is more than a year before it was due"
    message = f"the time of handing in {problem}: {time.at.isoformat(sep=' ')}"
    return time._replace(problem=message) if problem else time


def choose(policy: Policy, attempts: Sequence[ScoredAttempt]) -> Choice | None:
    """The attempt that counts; None where there is none.

    Args:
        policy: What holds for the student.
        attempts: All of the student, first to last.
    """
    refused = refusals(policy, attempts)
    accepted = [one for one in attempts if one.number not in refused]
    chosen = _choose(policy, accepted or attempts)
    if chosen is None:
        return None
    taken_off = chosen.penalty if accepted else Fraction(1)
    return Choice(number=chosen.number, penalty=taken_off, refused=refused)


def _choose(policy: Policy, attempts: Sequence[ScoredAttempt]) -> Choice | None:
    counts, limit = policy.attempts.counts, policy.attempts.limit
    if counts == "first" and any(one.question for one in attempts):
        # The first of each question: they came one after the other, and the last paper holds them all.
        counts, limit = "last", 1
    allowed = _best_founded(_within_limit(attempts, limit))
    if not allowed:
        return None
    penalties = {one.number: penalty(policy.late, policy.due, one.submitted_at) for one in allowed}
    match counts:
        case "last":
            chosen = allowed[-1]
        case "first":
            chosen = allowed[0]
        case "best":
            # Of equal ones the first: a later copy of the same answer is no better.
            chosen = max(allowed, key=lambda one: (one.points * (1 - penalties[one.number]), -one.number))
    return Choice(number=chosen.number, penalty=penalties[chosen.number])


def refusals(policy: Policy, attempts: Sequence[ScoredAttempt]) -> dict[int, Why]:
    """The attempts that are not accepted; an attempt without a known time is always accepted.

    Args:
        policy: What holds for the student.
        attempts: All of the student. One that costs nothing takes no place of an hour.
    """
    times = {one.number: in_utc(one.submitted_at) for one in attempts if one.submitted_at is not None}
    cutoff = None if policy.cutoff is None else in_utc(policy.cutoff)
    refused: dict[int, Why] = {}
    taken: list[tuple[str, datetime.datetime]] = []
    # By time and not by number: files need not come into the gradebook in the order of handing in.
    for one in sorted((one for one in attempts if one.number in times), key=lambda one: times[one.number]):
        at = times[one.number]
        if cutoff is not None and at > cutoff:
            refused[one.number] = "cutoff"
        elif policy.attempts.per_hour is not None and _is_full(
            taken, one.question, at, policy.attempts.per_hour
        ):
            refused[one.number] = "per-hour"
        elif one.takes_one:
            taken.append((one.question, at))
    return refused


def _is_full(
    taken: Sequence[tuple[str, datetime.datetime]], question: str, at: datetime.datetime, per_hour: int
) -> bool:
    """Whether the hour before a moment already has as many attempts as are accepted in one."""
    # A difference and no sum: a sum may lie beyond the calendar.
    return any(len(own) >= per_hour and at - own[-per_hour] < HOUR for own in _of_question(taken, question))


def _of_question(taken: Iterable[tuple[str, T]], question: str) -> Iterator[list[T]]:
    """What was taken of a question's attempts; for the whole exercise, this of each question."""
    taken = list(taken)
    questions = {question} if question else {"", *(of for of, _ in taken)}
    for name in questions:
        yield [one for of, one in taken if of in ("", name)]


class Allowance(msgspec.Struct, frozen=True):
    """Whether a question may be submitted now, and how often still.

    Args:
        left: How many attempts are left; None for any number.
        why: Why it may not be; empty where it may.
        until: When it may be, where waiting helps.
    """

    left: int | None = None
    why: Literal["", "opens", "cutoff", "limit", "per-hour"] = ""
    until: datetime.datetime | None = None


def allowance(
    policy: Policy, attempts: Sequence[ScoredAttempt], question: str, at: datetime.datetime
) -> Allowance:
    """Whether a question may be submitted at a moment: an attempt then counts by `choose`.

    Args:
        policy: What holds for the student.
        attempts: All of the student; what is not marked yet as if it took one.
        question: Its id; empty for the whole exercise.
        at: With offset.
    """
    at, rule = in_utc(at), policy.attempts
    limit = 1 if rule.counts == "first" else rule.limit
    refused = refusals(policy, attempts)
    taking = [one for one in attempts if one.takes_one and one.number not in refused]
    counted = ((one.question, one) for one in _within_limit(taking, limit))
    used = max(map(len, _of_question(counted, question)))
    left = None if limit is None else max(limit - used, 0)
    if policy.opens is not None and at < in_utc(policy.opens):
        return Allowance(left, "opens", policy.opens)
    if policy.cutoff is not None and at > in_utc(policy.cutoff):
        return Allowance(left, "cutoff")
    if left == 0:
        return Allowance(left, "limit")
    times = sorted((in_utc(one.submitted_at), one.question) for one in taking if one.submitted_at is not None)
    taken = [(of, moment) for moment, of in times]
    if rule.per_hour is not None and _is_full(taken, question, at, rule.per_hour):
        full = [own for own in _of_question(taken, question) if len(own) >= rule.per_hour]
        return Allowance(left, "per-hour", max(own[-rule.per_hour] for own in full) + HOUR)
    return Allowance(left)


def _best_founded(attempts: Sequence[ScoredAttempt]) -> Sequence[ScoredAttempt]:
    """The attempts with a decided question, else those that are not undecided, else all."""
    return (
        [one for one in attempts if one.costs and not one.is_undecided]
        or [one for one in attempts if not one.is_undecided]
        or attempts
    )


def _within_limit(attempts: Sequence[ScoredAttempt], limit: int | None) -> list[ScoredAttempt]:
    """The attempts up to the last one that the limit allows; those after it do not count."""
    if limit is None:
        return list(attempts)
    allowed: list[ScoredAttempt] = []
    taken: list[tuple[str, ScoredAttempt]] = []
    for one in attempts:
        if all(len(own) < limit for own in _of_question(taken, one.question)):
            allowed.append(one)
            taken += [(one.question, one)] if one.takes_one else []
    return allowed
