from __future__ import annotations

import datetime
from fractions import Fraction

import pytest

from grader.gradebook.course import read_course
from grader.gradebook.late_days import LatePenalty, penalty
from grader.gradebook.policy import Policy

DUE = datetime.datetime(2026, 11, 20, 23, 59, tzinfo=datetime.UTC)


LATE = Policy(
    due=DUE,
    late=LatePenalty(grace=datetime.timedelta(minutes=15), per_day=Fraction(1, 10), cap=Fraction(1, 2)),
)


def taken_off(policy: Policy, submitted_at: datetime.datetime | None) -> Fraction:
    return penalty(policy.late, policy.due, submitted_at)


@pytest.mark.parametrize(
    ("late_by", "expected"),
    [
        (datetime.timedelta(minutes=-1), 0),
        (datetime.timedelta(minutes=15), 0),
        (datetime.timedelta(minutes=16), Fraction(1, 10)),
        (datetime.timedelta(days=1), Fraction(1, 10)),
        (datetime.timedelta(days=1, seconds=1), Fraction(2, 10)),
        (datetime.timedelta(days=30), Fraction(1, 2)),
    ],
)
def test_penalty_grows_with_each_day_that_has_begun(late_by: datetime.timedelta, expected: Fraction):
    assert taken_off(LATE, DUE + late_by) == expected


def test_nothing_is_taken_off_where_the_time_is_not_known():
    assert taken_off(LATE, None) == 0
    assert taken_off(Policy(), DUE) == 0


def berlin(day: int, hour: int, minute: int = 0, *, month: int, winter: bool) -> datetime.datetime:
    """A moment in Berlin by its offset, which people there know: UTC+1 in winter, UTC+2 in summer."""
    offset = datetime.timezone(datetime.timedelta(hours=1 if winter else 2))
    return datetime.datetime(2026, month, day, hour, minute, tzinfo=offset)


@pytest.mark.parametrize(
    ("due", "submitted_at", "days"),
    [
        ("2026-10-24T20:00:00", berlin(25, 20, 0, month=10, winter=True), 1),
        ("2026-10-24T20:00:00", berlin(25, 20, 1, month=10, winter=True), 2),
        ("2026-10-24T20:00:00", berlin(26, 20, 0, month=10, winter=True), 2),
        ("2026-10-24T20:00:00", berlin(24, 20, 1, month=10, winter=False), 1),
        ("2026-03-28T20:00:00", berlin(29, 20, 0, month=3, winter=False), 1),
        ("2026-03-28T20:00:00", berlin(29, 20, 1, month=3, winter=False), 2),
        ("2026-03-28T20:00:00", berlin(30, 20, 0, month=3, winter=False), 2),
        ("2026-03-28T20:00:00", berlin(28, 20, 0, month=3, winter=True), 0),
        # Half past two comes twice on 25 October, and on 29 March not at all: the later end of it counts.
        ("2026-10-25T02:30:00", berlin(25, 2, 30, month=10, winter=True), 0),
        ("2026-10-25T02:30:00", berlin(25, 2, 31, month=10, winter=True), 1),
        ("2026-03-28T02:30:00", berlin(29, 3, 30, month=3, winter=False), 1),
        ("2026-03-28T02:30:00", berlin(29, 3, 31, month=3, winter=False), 2),
        # What is due at an offset has the course's days, too.
        ("2026-10-24T18:00:00+00:00", berlin(25, 20, 0, month=10, winter=True), 1),
        ("2026-03-28T19:00:00+00:00", berlin(29, 20, 1, month=3, winter=False), 2),
    ],
)
def test_a_day_late_ends_at_the_due_time_on_the_courses_clocks(due: str, submitted_at, days: int):
    text = f'time_zone = "Europe/Berlin"\n[late]\nper_day = "1/100"\n[exercise.sums]\ndue = {due}\n'
    assert taken_off(read_course(text, "").policy("ada", "sums"), submitted_at) == Fraction(days, 100)


@pytest.mark.parametrize("days", range(5))
@pytest.mark.parametrize("due", ["2026-10-23T20:00:00", "2026-03-27T20:00:00", "2026-03-27T19:00:00+00:00"])
def test_whoever_has_days_more_is_late_so_many_days_later(due: str, days: int):
    text = f'time_zone = "Europe/Berlin"\n[late]\nper_day = "1/100"\n[exercise.sums]\ndue = {due}\n'
    extended = text + f'[[extension]]\nstudent = "ada"\ndays = {days}\n'
    general, own = (read_course(one, "").policy("ada", "sums") for one in (text, extended))
    assert own.due is not None
    at = own.due.astimezone(datetime.UTC)
    assert (taken_off(own, at), taken_off(general, at)) == (0, Fraction(days, 100))
    assert taken_off(own, at + datetime.timedelta(seconds=1)) == Fraction(1, 100)
