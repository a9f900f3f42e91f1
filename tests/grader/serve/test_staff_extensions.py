"""More time that an instructor gives a student: on the student's page, in lateness and in exports."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

from grader.gradebook.course import CourseExtension, read_course
from grader.gradebook.extensions import read_until, with_extensions
from grader.gradebook.late_days import in_utc
from grader.serve.people import Role
from grader.serve.server import Server
from tests.grader.serve.conftest import signed_in
from tests.grader.serve.sums_course import mark_sums, points, sums_server
from tests.grader.serve.test_staff_student import logged

# 5 of 3 points are right by the key as it is: a = 5, b = 5. Due at noon in Berlin in summer, 10:00 UTC.
RULES = """
[exercise.sums]
due = 2026-07-01T12:00:00
cutoff = 2026-07-02T12:00:00
late = { per_day = "50%" }
[[extension]]
student = "cy"
exercise = "sums"
until = 2026-07-03T12:00:00
why = "in the file"
"""
TIME = "/staff/people/ada/time"
GIVEN = {"exercise": "sums", "until": "2026-07-04T12:00", "why": "ill", "do": "give"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """All three hand in an hour late in Berlin, at 11:00 UTC; ada once more after the cutoff."""
    with sums_server(tmp_path, RULES) as made:
        for student in ("ada", "bo", "cy"):
            mark_sums(made, student, 5, 5, "2026-07-01T11:00:00+00:00")
        mark_sums(made, "ada", 5, 4, "2026-07-04T09:59:00+00:00")
        yield made


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_more_time_holds_for_one_student_until_it_is_taken_back(server: Server) -> None:
    zoe = signed_in(server, "zoe", Role.INSTRUCTOR)
    ada = signed_in(server, "ada")
    before = {"ada": Fraction(3, 2), "bo": Fraction(3, 2), "cy": Fraction(3)}
    assert points(server) == before
    assert "Due Wed 01 Jul 2026, 12:00 CEST" in text_of(ada.get("/exercise/sums").text)
    for _ in range(2):  # pressed twice
        assert zoe.post(TIME, data=GIVEN).status_code == 303
    # The last attempt is accepted now, a minute before its time is over in Berlin, and counts.
    assert points(server) == {**before, "ada": Fraction(2)}
    for page in ("/", "/exercise/sums"):
        assert "Sat 04 Jul 2026, 12:00 CEST" in text_of(ada.get(page).text)
    page = text_of(zoe.get("/staff/people/ada").text)
    assert "2026-07-04 12:00 ill" in page
    records = json.loads(zoe.get("/staff/export/json").text)
    assert {one["student"]: one["points"] for one in records} == {"ada": 2, "bo": 1.5, "cy": 3}
    rows = list(csv.DictReader(io.StringIO(zoe.get("/staff/export/csv").text)))
    assert float(next(row for row in rows if row["student"] == "ada")["points"]) == 2
    sent = zoe.post(TIME, data={**GIVEN, "until": "", "do": "withdraw", "why": "a slip"})
    assert sent.status_code == 303
    assert points(server) == before
    assert [(who, action) for who, action, _ in logged(server)] == [("zoe", "more-time")] * 2
    assert "ill" in logged(server)[0][2]


def test_what_the_course_file_gives_is_shown_beside_it(server: Server) -> None:
    xenia = signed_in(server, "xenia", Role.ASSISTANT)
    page = xenia.get("/staff/people/cy").text
    assert "the course file" in page
    assert "in the file" in page
    assert "Fri 03 Jul 2026, 12:00 CEST" in text_of(page)
    assert "Give more time" not in page


def test_only_instructors_give_time(server: Server) -> None:
    for name, role in (("xenia", Role.ASSISTANT), ("bo", Role.STUDENT), ("ada", Role.STUDENT)):
        assert signed_in(server, name, role).post(TIME, data=GIVEN).status_code == 404
    assert points(server)["ada"] == Fraction(3, 2)


def test_what_cannot_be_given_is_told_and_what_was_typed_stays(server: Server) -> None:
    zoe = signed_in(server, "zoe", Role.INSTRUCTOR)
    for typed, told in (
        ({"until": "2026-07-01T12:00"}, "not later than what the course file gives this student"),
        ({"until": "2026-07-01T11:59+02:00"}, "not later than"),
        ({"until": "2026-02-30T12:00"}, "is not a day and a time"),
        ({"until": "2026-07-04"}, "is not a day and a time"),
        ({"until": "9999-07-04T12:00"}, "is not a year from 2000 to 2100"),
        ({"until": ""}, "is not a day and a time"),
        ({"why": " "}, "Say why"),
        ({"exercise": "others"}, "no such exercise"),
        ({"do": "withdraw"}, "Nothing was given"),
    ):
        sent = zoe.post(TIME, data={**GIVEN, **typed})
        assert (sent.status_code, told in sent.text) == (409, True), (typed, text_of(sent.text)[:300])
    assert 'value="2026-07-04T12:00"' in zoe.post(TIME, data={**GIVEN, "why": ""}).text
    assert zoe.post("/staff/people/nobody/time", data=GIVEN).status_code == 404
    assert logged(server) == []


@pytest.mark.parametrize(
    ("written", "in_a_file", "moment"),
    [
        ("2026-07-04T12:00", "2026-07-04T12:00:00", "2026-07-04T10:00:00+00:00"),
        ("2026-12-04T12:00", "2026-12-04T12:00:00", "2026-12-04T11:00:00+00:00"),
        ("2026-07-04 12:00:30", "2026-07-04 12:00:30", "2026-07-04T10:00:30+00:00"),
        ("2026-07-04T12:00Z", "2026-07-04T12:00:00Z", "2026-07-04T12:00:00+00:00"),
        ("2026-07-04T12:00-05:00", "2026-07-04T12:00:00-05:00", "2026-07-04T17:00:00+00:00"),
    ],
)
def test_a_time_means_what_it_means_in_a_course_file(written: str, in_a_file: str, moment: str) -> None:
    text = 'time_zone = "Europe/Berlin"\n[exercise.x]\ndue = 2026-01-01T00:00:00\n'
    told = read_course(f'{text}[[extension]]\nstudent = "a"\nuntil = {in_a_file}\n', "course.toml")
    extension = CourseExtension(student="a", until=read_until(written))
    given = msgspec.structs.replace(told, extension=(extension,))
    for course in (told, given):
        due = course.policy("a", "x").due
        assert due is not None
        assert in_utc(due).isoformat() == moment


def test_given_twice_it_is_the_same(server: Server) -> None:
    signed_in(server, "zoe", Role.INSTRUCTOR).post(TIME, data=GIVEN)
    with server.book.reading() as connection:
        once = with_extensions(connection, server.course.course)
        assert with_extensions(connection, once) == once
        assert len(once.extension) == 2
