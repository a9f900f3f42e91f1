"""Words marked in the browser: given to one marker at a time, marked once, written over by nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from grader.gradebook.current import current_standings
from grader.serve.people import Role
from grader.serve.server import Server
from tests.grader.serve.conftest import signed_in
from tests.grader.serve.words_course import words_server

EVIL = "<script>alert(1)</script> \u202egnp.exe"
NEXT = {"exercise": "words", "question": "w", "seeks": "first"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with words_server(tmp_path, ada="Many factors below one are multiplied.", bo=EVIL) as made:
        yield made


def given(client: TestClient, **seeks: str) -> str:
    """The path of the next answer for a marker."""
    sent = client.post("/staff/words/next", data={**NEXT, **seeks})
    assert sent.status_code == 303
    return str(sent.headers["location"])


def points(server: Server) -> dict[str, float]:
    with server.book.reading() as connection:
        found = current_standings(connection, server.course.course)
    return {one.student: float(one.points) for one in found if not one.is_pending}


def actions(server: Server) -> list[tuple[str, str]]:
    with server.book.reading() as connection:
        rows = connection.exec_driver_sql("select who, action from actions order by id").all()
    return [(row[0], row[1]) for row in rows]


def test_two_markers_are_never_given_the_same_answer(server: Server) -> None:
    xenia, yuri = (signed_in(server, name, Role.ASSISTANT) for name in ("xenia", "yuri"))
    first, second = given(xenia), given(yuri)
    assert {first, second} == {"/staff/words/w-1", "/staff/words/w-2"}
    assert given(xenia) == first
    zoe = signed_in(server, "zoe", Role.ASSISTANT)
    assert given(zoe) == "/staff/words?nothing=1"
    assert ("xenia", "claim-words") in actions(server)


def test_items_and_a_comment_become_points_that_stand_and_a_line_in_the_log(server: Server) -> None:
    marker = signed_in(server, "xenia", Role.ASSISTANT)
    page = marker.get("/staff/words/w-1").text
    assert "names the product" in page
    sent = marker.post(
        "/staff/words/w-1", data={"mark": "first:0", "item": ["product"], "comment": "Which?", "then": "next"}
    )
    assert (sent.status_code, sent.headers["location"]) == (303, "/staff/words/w-2")
    assert points(server) == {"ada": 2}
    assert "A product, yes. Which?" in marker.get("/staff/words/w-1").text
    assert ("xenia", "mark-words") in actions(server)


def test_pressing_twice_is_one_mark(server: Server) -> None:
    marker = signed_in(server, "xenia", Role.ASSISTANT)
    data = {"mark": "first:0", "points": "1,5"}
    assert [marker.post("/staff/words/w-1", data=data).status_code for _ in range(2)] == [303, 303]
    with server.book.reading() as connection:
        assert connection.exec_driver_sql("select count(*), min(points) from hand_marks").one() == (1, "3/2")


def test_a_mark_that_came_meanwhile_is_not_written_over_and_nothing_typed_is_lost(server: Server) -> None:
    xenia, yuri = (signed_in(server, name, Role.ASSISTANT) for name in ("xenia", "yuri"))
    assert xenia.post("/staff/words/w-1", data={"mark": "first:0", "points": "1"}).status_code == 303
    late = yuri.post("/staff/words/w-1", data={"mark": "first:0", "points": "3", "comment": "long thought"})
    assert late.status_code == 409
    assert "1 points by xenia" in late.text
    assert "long thought" in late.text
    # Nor does one's own older tab.
    again = {"mark": "first:1", "points": "2"}
    assert xenia.post("/staff/words/w-1", data=again).status_code == 303
    assert xenia.post("/staff/words/w-1", data={**again, "points": "0"}).status_code == 409
    assert points(server) == {"ada": 2}


def test_two_markers_who_differ_wait_for_an_instructor(server: Server) -> None:
    xenia, yuri = (signed_in(server, name, Role.ASSISTANT) for name in ("xenia", "yuri"))
    xenia.post("/staff/words/w-1", data={"mark": "first:0", "points": "1"})
    assert given(xenia, seeks="second") == "/staff/words?nothing=1"
    assert given(yuri, seeks="second") == "/staff/words/w-1"
    yuri.post("/staff/words/w-1", data={"mark": "second:0", "points": "3"})
    assert points(server) == {}
    settled = {"mark": "settled:0", "points": "2"}
    assert yuri.post("/staff/words/w-1", data=settled).status_code == 409
    instructor = signed_in(server, "zoe", Role.INSTRUCTOR)
    assert instructor.post("/staff/words/w-1", data=settled).status_code == 303
    assert points(server) == {"ada": 2}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"mark": "first:0"}, "give points, or items of the rubric"),
        ({"mark": "first:0", "points": "3.5"}, "not between 0 and 3 points"),
        ({"mark": "first:0", "points": "-1"}, "not between 0 and 3 points"),
        ({"mark": "first:0", "points": "nan"}, "is no number of points"),
        ({"mark": "first:0", "points": "1e999999999"}, "is no number of points"),
        ({"mark": "first:0", "points": "1/0"}, "is no number of points"),
        ({"mark": "first:0", "item": "elsewhere"}, "the rubric has no such item"),
        ({"mark": "third:0", "points": "1"}, "choose which mark it is"),
        ({"points": "1"}, "choose which mark it is"),
        ({"mark": "first:9", "points": "1"}, "what you saw is not there any more"),
        ({"mark": "first:0", "points": "1", "comment": "x" * 10_001}, "more than 10000 characters"),
    ],
)
def test_what_is_no_mark_is_told_and_not_kept(server: Server, typed: dict[str, str], told: str) -> None:
    marker = signed_in(server, "xenia", Role.ASSISTANT)
    sent = marker.post("/staff/words/w-1", data=typed)
    assert (sent.status_code, told in sent.text) == (409, True)
    assert points(server) == {}
    assert "mark-words" not in str(actions(server))


@pytest.mark.parametrize("path", ["w-99", "w-1e3", "w-", "w", "-1", "w-1' or '1'='1", "other-1", "w-١"])
def test_an_answer_that_is_not_there_is_no_page(server: Server, path: str) -> None:
    marker = signed_in(server, "xenia", Role.ASSISTANT)
    assert marker.get(f"/staff/words/{path}").status_code == 404


def test_words_are_shown_as_text_and_unnamed_where_that_is_asked_for(server: Server) -> None:
    marker = signed_in(server, "xenia", Role.ASSISTANT)
    named, unnamed = (marker.get(f"/staff/words/w-2{query}").text for query in ("", "?anonymous=1"))
    for page in (named, unnamed, marker.get("/staff/words").text):
        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert not re.search(r"\sstyle=|\son\w+=", page)
    assert "/staff/people/bo" in named
    assert "/staff/people" not in unnamed


def test_students_have_no_queue(server: Server) -> None:
    student = signed_in(server, "ada")
    assert student.get("/staff/words/w-1").status_code == 404
    assert student.post("/staff/words/w-1", data={"mark": "first:0", "points": "3"}).status_code == 404
    assert student.post("/staff/words/next", data=NEXT).status_code == 404
    assert points(server) == {}
