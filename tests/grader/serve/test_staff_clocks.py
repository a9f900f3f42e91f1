"""Staff read times on the course's clocks, which are named once, beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from grader.serve.moments import on_clocks
from grader.serve.people import Role
from tests.grader.serve.conftest import signed_in, text_of
from tests.grader.serve.sums_course import mark_sums, sums_server

AT = "2026-07-01T10:30:15.123456+00:00"
"""In Berlin, two hours ahead of UTC in summer, that is half past twelve."""

PAGES = (
    "/staff/log",
    "/staff/complaints",
    "/staff/complaints/1",
    "/staff/people/ada",
    "/staff/exercises/sums/regrade",
)


@pytest.mark.parametrize(
    ("at", "zone", "told"),
    [
        (AT, "Europe/Berlin", "2026-07-01 12:30"),
        ("2026-01-01T10:30:15+00:00", "Europe/Berlin", "2026-01-01 11:30"),
        ("2026-07-01T23:10:00+00:00", "Asia/Kolkata", "2026-07-02 04:40"),
        ("2026-07-01T10:30:00+02:00", "UTC", "2026-07-01 08:30"),
        ("2026-07-01T10:30:00", "Asia/Kolkata", "2026-07-01 10:30"),
        ("once", "Asia/Kolkata", "once"),
    ],
)
def test_a_kept_moment_is_told_on_the_courses_clocks(at: str, zone: str, told: str) -> None:
    assert on_clocks(at, zone) == told


@pytest.fixture(scope="module")
def staff(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """An instructor of a course in which everything was done at one moment."""
    with sums_server(tmp_path_factory.mktemp("clocks")) as server:
        number = mark_sums(server, "ada", 4, 5)
        ada, zoe = signed_in(server, "ada"), signed_in(server, "zoe", Role.INSTRUCTOR)
        ada.post(f"/hand-in/{number}/wrong", data={"words": "It is 4."})
        zoe.post("/staff/complaints/1", data={"answer": "Yes.", "seen": ""})
        given = {"exercise": "sums", "question": "a", "points": "2", "why": "It is 4.", "do": "give"}
        zoe.post("/staff/people/ada/points", data=given)
        time = {"exercise": "sums", "until": "2026-07-08T12:00", "why": "ill", "do": "give"}
        zoe.post("/staff/people/ada/time", data=time)
        zoe.post("/staff/exercises/sums/regrade", data={"question": "", "why": "The key was wrong."})
        columns = {
            "actions": ("made_at",),
            "complaints": ("made_at", "answered_at"),
            "hand_ins": ("received_at",),
            "attempts": ("submitted_at", "received_at"),
            "overrides": ("made_at",),
            "extensions": ("made_at",),
            "regrades": ("made_at",),
        }
        with server.book.writing_durably() as connection:
            for table, names in columns.items():
                of = ", ".join(f"{name} = '{AT}'" for name in names)
                connection.exec_driver_sql(f"UPDATE {table} SET {of}")
        yield zoe


@pytest.mark.parametrize("path", PAGES)
def test_staff_read_times_on_the_courses_clocks(staff: TestClient, path: str) -> None:
    page = text_of(staff.get(path).text)
    assert "2026-07-01 12:30" in page
    assert "10:30" not in page
    assert "UTC" not in page.replace("(UTC+2)", "")
    assert "(Europe/Berlin)" in page
    assert not re.search(r"2026-07-01T", page)
