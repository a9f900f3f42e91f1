"""A student's page for staff, and points that are given by hand with a reason."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from grader.gradebook.current import current_standings
from grader.serve.people import Role
from grader.serve.server import Server
from tests.grader.serve.conftest import signed_in
from tests.grader.serve.words_course import words_server, write_words

GIVEN = {"exercise": "words", "question": "w", "points": "5/2", "why": "said aloud", "do": "give"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with words_server(tmp_path, ada="Many factors.", bo="<script>alert(1)</script>") as made:
        yield made


def points(server: Server, student: str = "ada") -> Fraction:
    with server.book.reading() as connection:
        (found,) = current_standings(connection, server.course.course, "words", student)
    return found.points


def logged(server: Server) -> list[tuple[str, str, str]]:
    with server.book.reading() as connection:
        rows = connection.exec_driver_sql("select who, action, detail from actions order by id").all()
    return [(row[0], row[1], row[2]) for row in rows]


def test_points_by_hand_stand_with_their_reason_until_they_are_taken_back(server: Server) -> None:
    staff = signed_in(server, "zoe", Role.INSTRUCTOR)
    for _ in range(2):
        assert staff.post("/staff/people/ada/points", data=GIVEN).status_code == 303
    assert points(server) == Fraction(5, 2)
    assert points(server, "bo") == 0
    page = staff.get("/staff/people/ada").text
    assert "said aloud" in page
    assert "2.5 of 3 points stand" in page
    taken = {**GIVEN, "points": "", "do": "withdraw", "why": "a slip"}
    assert staff.post("/staff/people/ada/points", data=taken).status_code == 303
    assert points(server) == 0
    assert [(who, action) for who, action, _ in logged(server)] == [("zoe", "override")] * 2
    assert "said aloud" in logged(server)[0][2]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"why": " "}, "say why"),
        ({"points": "3.01"}, "not between 0 and 3 points"),
        ({"points": "-0.1"}, "not between 0 and 3 points"),
        ({"points": ""}, "is no number of points"),
        ({"points": "inf"}, "is no number of points"),
        ({"question": "x"}, "no such question"),
        ({"exercise": "elsewhere"}, "nothing of the student stands"),
        ({"why": "x" * 2001}, "more than 2000 characters"),
    ],
)
def test_what_cannot_be_given_is_told_and_not_kept(server: Server, typed: dict[str, str], told: str) -> None:
    staff = signed_in(server, "zoe", Role.INSTRUCTOR)
    sent = staff.post("/staff/people/ada/points", data={**GIVEN, **typed})
    assert (sent.status_code, told in sent.text) == (409, True)
    assert points(server) == 0
    assert logged(server) == []


@pytest.mark.parametrize(("name", "role"), [("xenia", Role.ASSISTANT), ("ada", Role.STUDENT)])
def test_only_instructors_give_points_by_hand(server: Server, name: str, role: Role) -> None:
    client = signed_in(server, name, role)
    assert client.post("/staff/people/ada/points", data=GIVEN).status_code == 404
    assert "Give points by hand" not in client.get("/staff/people/ada").text
    assert points(server) == 0


def test_staff_read_each_report_as_its_student_does_and_as_staff_do(server: Server) -> None:
    staff = signed_in(server, "xenia", Role.ASSISTANT)
    own, whole = staff.get("/staff/attempts/1?as=student").text, staff.get("/staff/attempts/1").text
    # The words themselves are a message for staff.
    assert "Many factors." in whole
    assert "Many factors." not in own
    assert "<script>alert" not in staff.get("/staff/attempts/2").text
    assert "&lt;script&gt;alert" in staff.get("/staff/attempts/2").text


@pytest.mark.parametrize(
    "path", ["people/nobody", "people/%2e%2e%2fada", "attempts/99", f"attempts/{10**40}", "attempts/0"]
)
def test_who_and_what_is_not_there_has_no_page(server: Server, path: str) -> None:
    assert signed_in(server, "zoe", Role.INSTRUCTOR).get(f"/staff/{path}").status_code == 404


@pytest.mark.parametrize("name", ["a b?c#d", "<script>alert(1)<script>", "émile", "\u202eevil", "ö&=1;,+"])
def test_a_student_of_any_name_has_a_page_that_is_found_from_the_list(server: Server, name: str) -> None:
    write_words(server, name, "words")
    signed_in(server, name)
    staff = signed_in(server, "zoe", Role.INSTRUCTOR)
    listed = staff.get("/staff").text
    assert "<script>alert" not in listed
    assert "\u202e" not in listed
    paths = {html.unescape(one) for one in re.findall(r'href="(/staff/people/[^"]+)"', listed)}
    assert len(paths) == 5
    assert all(staff.get(path).status_code == 200 for path in paths)
