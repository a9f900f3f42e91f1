"""Times as platforms write them. What each is in UTC is worked out by hand."""

from __future__ import annotations

import datetime

import pytest

from grader.gradebook.policy import Policy, checked_time
from grader.gradebook.submission_times import LONGEST, SubmissionTime, kept_time, when

HALF_PAST_SIX = datetime.datetime(2026, 10, 30, 18, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-30 18:30:00.000000 UTC",  # nbgrader
        "2026-10-30 19:30:00.000000 CET",  # nbgrader with a zone of its own
        "2026-10-30 19:30:00 Europe/Berlin",
        "2026-10-30 19:30:00 (CET)",
        "2026-10-30T18:30:00Z",
        "2026-10-30T19:30:00.123+01:00",
        "2026-10-30 10:30:00.123456789 -0800",  # Gradescope: nanoseconds
        "2026-10-30-19-30-00",  # Blackboard
        "Friday, October 30, 2026 7:30:00 PM CET",
        "Friday, 30 October 2026, 7:30 PM",  # Moodle
        "Fri, 30 Oct 2026 19:30:00 +0100",  # mail
        "Fri Oct 30 19:30:00 CET 2026",  # date
        "Fri Oct 30 2026 19:30:00 GMT+0100 (Central European Standard Time)",  # browsers
        "Oct 30, 2026 at 7:30pm",  # Canvas
        "2026-10-30 10:30:00 -0800 PST",  # Go, time.String
        "2026-10-31 00:00:00 +0530 +0530",  # the same where a zone has no letters
        "2026-10-30T19:30:00+01:00[Europe/Berlin]",  # Java, ZonedDateTime.toString
        "10/30/2026 7:30 PM",
        "10/30/2026 14:30:00 EDT",
        "30/10/2026 19:30",
        "30.10.2026 19:30",
        "2026/10/30 19:30:00",
        "20261030T183000Z",
        " 2026-10-30  19:30:00\r\n",
    ],
)
def test_every_form_is_the_same_moment(text: str):
    found = when(kept_time(text), "Europe/Berlin")
    assert found.problem == ""
    assert found.at is not None
    assert found.at.astimezone(datetime.UTC) == HALF_PAST_SIX


@pytest.mark.parametrize(
    ("zone", "time_zone", "hours"),
    [
        # Abbreviations that stand for several offsets, of which the course's zone tells one.
        ("IST", "Asia/Kolkata", 5.5),
        ("IST", "Europe/Dublin", 1),
        ("IST", "Asia/Jerusalem", 2),
        ("CST", "Asia/Shanghai", 8),
        ("CST", "America/Chicago", -6),
        ("PST", "Asia/Manila", 8),
        ("PST", "America/Los_Angeles", -8),
        # One of a neighbour of the course's zone.
        ("CST", "Asia/Singapore", 8),
        ("PST", "America/New_York", -8),
        # What mail makes of them (RFC 2822, 4.3) where the course is far away.
        ("EST", "Europe/Zurich", -5),
        ("CST", "Europe/Zurich", -6),
        ("PDT", "UTC", -7),
        # An abbreviation is what it says, also out of its season.
        ("CEST", "Europe/Berlin", 2),
        ("CET", "Europe/Berlin", 1),
        ("CET", "America/New_York", 1),
        ("BST", "UTC", 1),
        ("AEDT", "Europe/Zurich", 11),
        ("Z", "Asia/Kolkata", 0),
        ("GMT+2", "Asia/Kolkata", 2),
        ("-03:30", "Asia/Kolkata", -3.5),
        ("America/St_Johns", "UTC", -2.5),
    ],
)
def test_the_zone_that_is_meant(zone: str, time_zone: str, hours: float):
    found = when(kept_time(f"2026-07-01 12:00:00 {zone}"), time_zone)
    assert found.at is not None
    assert found.at.utcoffset() == datetime.timedelta(hours=hours)


def test_an_hour_that_comes_twice_is_told_apart_by_its_zone():
    summer, winter, unsaid = (
        when(kept_time(f"2026-10-25 02:30:00 {zone}"), "Europe/Berlin").at for zone in ("CEST", "CET", "")
    )
    assert summer is not None
    assert winter is not None
    assert winter - summer == datetime.timedelta(hours=1)
    assert unsaid == summer


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2026-10-30",
        "2026-02-30 10:00:00",
        "2026-13-01 10:00:00",
        "2026-10-30 25:00",
        "2026-10-30 13:00 PM",
        "2026-10-30 19:30:00 XYZ",
        "2026-10-30 19:30:00 Europe/Nowhere",
        "2026-10-30 19:30:00 ../../etc/passwd",
        "2026-10-30 19:30:00 +9999",
        "2026-10-30 19:30:00 +",
        "2026-10-30 19:30:00 -07:00 or so",
        "2026-10-30 19:30:00 +1/2",
        "2026-10-30T19:30:00-",
        "2026-10-30 19:30:00 IST",  # India, Ireland or Israel
        "0001-01-01 00:00:00.000000 +1400",
        "9999-12-31 23:59:59 -1400",
        "1969-12-31 23:59:59 UTC",
        "1" * 5000,
        "2026-10-30 19:30:00\x1b[2J",
        "\u0662\u0660\u0662\u0666-10-30 19:30",
    ],
)
def test_what_is_no_time_is_told_and_not_taken_for_no_time_at_all(text: str):
    kept = kept_time(text)
    assert kept is not None
    assert kept.isprintable()
    assert len(kept) <= LONGEST
    found = when(kept, "America/New_York")
    assert found.at is None
    assert "time of handing in" in found.problem


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_is_no_time(text: str):
    assert kept_time(text) is None
    assert when(None, "UTC") == SubmissionTime()


DUE = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
POLICY = Policy(due=DUE, opens=DUE - datetime.timedelta(days=14))
DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("at", "policy", "word"),
    [
        (DUE - 13 * DAY, POLICY, ""),
        (DUE - 15 * DAY, POLICY, "before the exercise was opened"),
        (DUE - 15 * DAY, Policy(due=DUE), ""),
        (DUE - 400 * DAY, Policy(due=DUE), "more than a year before"),
        (DUE - 4000 * DAY, Policy(), ""),
        (DUE + 3 * DAY, POLICY, "later than when it came here"),
        # Machines' clocks differ, and a time without an offset may be in another zone.
        (DUE + 2 * DAY, POLICY, ""),
    ],
)
def test_a_time_that_cannot_be_true_is_told(at, policy: Policy, word: str):
    found = checked_time(
        SubmissionTime(at), policy, (DUE + 2 * DAY - datetime.timedelta(hours=1)).isoformat()
    )
    assert found.at == at
    assert word in found.problem
    assert bool(found.problem) == bool(word)
