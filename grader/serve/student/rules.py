"""What holds for a student in an exercise now: due time, attempts that are left, and why nothing is taken."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from grader.gradebook.computing import OverridesByQuestion, overridden, scored_attempt
from grader.gradebook.course import Course
from grader.gradebook.extensions import policy_of
from grader.gradebook.policy import Allowance, Policy, ScoredAttempt, allowance
from grader.gradebook.read_records import overrides, stored_attempts
from grader.gradebook.records import StoredAttempt
from grader.gradebook.submission_times import when
from grader.model.text import counted
from grader.reports.html.elements import Child, element
from grader.reports.wording import percent_text
from grader.serve import inbox
from grader.serve.tables import HAND_INS, of_person

COUNTS = {
    "last": "Your last submission counts, with all that you answered before.",
    "best": "The best of your submissions counts, each with all that you had answered by then.",
    "first": "Your first submission of each question counts.",
}
COUNTS_SHORT = {"last": "your last", "best": "your best", "first": "your first of each question"}


def allowed_now(
    connection: Connection, course: Course, person: str, exercise: str, question: str
) -> Allowance:
    """Whether a student may submit a question now; empty for a file for the whole exercise."""
    return allowed_each(connection, course, person, exercise, [question])[question]


def allowed_each(
    connection: Connection,
    course: Course,
    person: str,
    exercise: str,
    questions: Iterable[str],
    attempts: Sequence[StoredAttempt] | None = None,
) -> dict[str, Allowance]:
    """Whether a student may submit each of several questions now.

    Args:
        connection: To the database.
        course: The policies, as their file has them.
        person: The student's id.
        exercise: The exercise's id.
        questions: Their ids; "" for a file for the whole exercise.
        attempts: The student's, of the exercise, that are marked, where they are read already.
    """
    if attempts is None:
        attempts = stored_attempts(connection, exercise, person)
    overrides_by_question = {one.question: one for one in overrides(connection, exercise, person)}
    marked = [_marked(one, overrides_by_question, course.time_zone) for one in attempts]
    policy = policy_of(connection, course, person, exercise)
    waiting = _not_marked_yet(connection, person, exercise)
    at = datetime.datetime.now(datetime.UTC)
    found = {}
    for question in questions:
        # One of the same question that is not begun gives way to the new one.
        stay = [one for one, state in waiting if state == inbox.RUNNING or one.question != question]
        numbered = [msgspec.structs.replace(one, number=n) for n, one in enumerate(stay, len(marked) + 1)]
        found[question] = allowance(policy, [*marked, *numbered], question, at)
    return found


def _marked(one: StoredAttempt, overrides_by_question: OverridesByQuestion, time_zone: str) -> ScoredAttempt:
    """A marked attempt, as the gradebook counts it."""
    marks = overridden(one.marks, overrides_by_question)
    return scored_attempt(one, marks, when(one.submitted_at, time_zone))


def _not_marked_yet(connection: Connection, person: str, exercise: str) -> list[tuple[ScoredAttempt, str]]:
    """Hand-ins that wait or are being marked, each with its state; they count against limits, too."""
    found = select(HAND_INS.c.question, HAND_INS.c.received_at, HAND_INS.c.state).where(
        of_person(HAND_INS, person, exercise), HAND_INS.c.state.in_((inbox.WAITING, inbox.RUNNING))
    )
    rows: list[Row[Any]] = list(connection.execute(found.order_by(HAND_INS.c.id)))
    return [(_unmarked(row), row.state) for row in rows]


def _unmarked(row: Row[Any]) -> ScoredAttempt:
    at = datetime.datetime.fromisoformat(row.received_at)
    return ScoredAttempt(number=0, points=Fraction(0), submitted_at=at, question=row.question)


def moment(at: datetime.datetime, time_zone: str, *, with_seconds: bool = False) -> Child:
    """A time on the course's clocks; a script adds that of the reader's where it is another.

    Args:
        at: With offset.
        time_zone: The course's.
        with_seconds: For what happens several times in a minute.
    """
    own = at.astimezone(zoneinfo.ZoneInfo(time_zone))
    text = f"{own:%a %d %b %Y}, {own:%H:%M:%S}" if with_seconds else f"{own:%a %d %b %Y}, {own:%H:%M}"
    # With the course's offset: the script compares it with the reader's.
    return element("time", {"datetime": own.isoformat(timespec="seconds")}, f"{text} {_zone_text(own)}")


def _zone_text(at: datetime.datetime) -> str:
    """As "CEST (UTC+2)"; a zone whose name is its offset has no other name."""
    minutes = int((at.utcoffset() or datetime.timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    offset = f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}" if minutes else "UTC"
    name = at.tzname() or ""
    return f"{name} ({offset})" if name.isalpha() and name != "UTC" else offset


def rules_of(policy: Policy, time_zone: str) -> Iterator[list[Child]]:
    """What one must know before pressing, a line each."""
    if policy.due is not None:
        yield ["Due ", moment(policy.due, time_zone), "."]
    if policy.due is not None and policy.late.per_day:
        yield [_late(policy)]
    if policy.cutoff is not None:
        yield ["Nothing is accepted after ", moment(policy.cutoff, time_zone), "."]
    rule = policy.attempts
    if rule.limit is not None and rule.counts != "first":
        yield [f"Each question can be submitted {_times(rule.limit)}; what cannot be read is not counted."]
    if rule.per_hour is not None:
        yield [f"Each question can be submitted {_times(rule.per_hour)} within an hour."]
    yield [COUNTS[rule.counts]]


def _late(policy: Policy) -> str:
    late = policy.late
    minutes = int(late.grace.total_seconds() // 60)
    grace = f" Up to {counted(minutes, 'minute')} late cost nothing." if minutes else ""
    cap = f", {percent_text(late.cap)} at most" if late.cap < 1 else ""
    return f"For each day late that has begun, {percent_text(late.per_day)} is taken off{cap}.{grace}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def refusal(allowed: Allowance, time_zone: str) -> list[Child]:
    """Why nothing can be submitted; empty where it can."""
    match allowed.why:
        case "opens" if allowed.until is not None:
            return ["It opens ", moment(allowed.until, time_zone), "."]
        case "cutoff":
            return ["The time to submit is over. What you saved stays here."]
        case "limit":
            return ["No attempts are left."]
        case "per-hour" if allowed.until is not None:
            return [
                "Enough attempts within an hour. The next is possible ",
                moment(allowed.until, time_zone),
                ".",
            ]
        case _:
            return []


def left_text(allowed: Allowance) -> str:
    """How many attempts are left; empty where any number is allowed."""
    return "" if allowed.left is None else f"{counted(allowed.left, 'attempt')} left."
