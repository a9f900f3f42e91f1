"""A regrade in the browser: looked at while nothing stands, then applied or discarded."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from grader.gradebook.read_records import stored_attempts
from grader.gradebook.records import Override
from grader.gradebook.write_records import keep_override
from grader.serve import inbox
from grader.serve.inbox import NewHandIn
from grader.serve.people import Role
from grader.serve.regrading import trial
from grader.serve.regrading.marker import RegradeMarker
from grader.serve.server import Server
from grader.submissions import build_submission
from tests.grader.serve.conftest import signed_in
from tests.grader.serve.sums_course import mark_sums, points, sums_server, write_sums
from tests.grader.serve.test_staff_class import rows_of
from tests.grader.serve.test_staff_student import logged

BEGIN = "/staff/exercises/sums/regrade"
WHY = {"why": "the key was wrong"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The key says that 2 + 2 is 5: ada said so, bo and cy were right."""
    with sums_server(tmp_path) as made:
        mark_sums(made, "ada", 5, 5)
        mark_sums(made, "bo", 4, 5)
        mark_sums(made, "cy", 4, 0)
        yield made


def corrected(server: Server, a: int = 4, b: int = 5) -> None:
    time.sleep(0.01)
    write_sums(server.course.folder, a, b)


def begun(client: TestClient, **more: str) -> str:
    """Begin a regrade; its page."""
    sent = client.post(BEGIN, data={**WHY, **more})
    assert sent.status_code == 303, sent.text
    return str(sent.headers["location"])


def marked(client: TestClient, place: str) -> str:
    """The regrade's page once all is marked; the client's server runs."""
    for _ in range(300):
        page = client.get(place)
        if "refresh" not in page.headers:
            return page.text
        time.sleep(0.1)
    raise AssertionError("it was not marked within 30 s")


def test_nothing_stands_until_it_is_applied_and_then_the_table_stays(server: Server) -> None:
    corrected(server)
    with server.book.writing_durably() as connection:
        given = Override(student="cy", exercise="sums", question="a", points="1", who="zoe", why="a slip")
        keep_override(connection, given)
    with signed_in(server, "zoe", Role.INSTRUCTOR) as zoe:
        assert "3 of 3 marked attempts had another version" in zoe.get(BEGIN).text
        place = begun(zoe)
        page = marked(zoe, place)
        assert points(server) == {"ada": 3, "bo": 1, "cy": 1}
        assert "2 of 3 students would change; 1 stay as they are" in page
        told = ["1 of 3", "3 of 3"]
        assert [row[0] for row in rows_of(page, "Old and new")] == ["ada", "bo"]
        assert rows_of(page, "Old and new")[1][1:3] == told
        assert "a: incorrect, 0 of 2 → correct, 2 of 2" in rows_of(page, "Old and new")[1][3]
        assert "Points given by hand stand in 1 place" in page
        assert zoe.post(place, data={"do": "apply", "why": ""}).status_code == 409
        assert zoe.post(place, data={**WHY, "do": "apply"}).status_code == 303
        assert points(server) == {"ada": 1, "bo": 3, "cy": 1}
        page = zoe.get(place).text
        assert "Applied by zoe" in page
        assert [row[0] for row in rows_of(page, "Old and new")] == ["ada", "bo"]
        again = zoe.post(place, data={**WHY, "do": "apply"})
        assert (again.status_code, "settled already" in again.text) == (409, True)
    actions = [(who, action) for who, action, _ in logged(server)]
    assert actions == [("zoe", "regrade-begun"), ("zoe", "regrade-applied")]


def test_of_one_question_the_others_keep_their_marks_and_reports(server: Server) -> None:
    corrected(server, a=4, b=6)
    with signed_in(server, "zoe", Role.INSTRUCTOR) as zoe:
        place = begun(zoe, question="a")
        marked(zoe, place)
        assert zoe.post(place, data={**WHY, "do": "apply"}).status_code == 303
        assert points(server) == {"ada": 1, "bo": 3, "cy": 2}
        report = zoe.get("/staff/attempts/2?as=student").text
    assert "3 of 3 points" in re.sub(r"<[^>]+>", "", report)


def test_discarded_it_leaves_all_as_it_was_and_another_may_begin(server: Server) -> None:
    corrected(server)
    with signed_in(server, "zoe", Role.INSTRUCTOR) as zoe:
        place = begun(zoe)
        refused = zoe.post(BEGIN, data=WHY)
        assert (refused.status_code, "to be applied or discarded first" in refused.text) == (409, True)
        assert zoe.post(place, data={**WHY, "do": "discard"}).status_code == 303
        assert points(server) == {"ada": 3, "bo": 1, "cy": 0}
        assert begun(zoe) != place


def test_who_would_get_fewer_points_keeps_them_where_that_is_wanted(server: Server) -> None:
    corrected(server)
    with signed_in(server, "zoe", Role.INSTRUCTOR) as zoe:
        place = begun(zoe, never_lower="1")
        assert "ada would have got fewer points, and keep theirs" in marked(zoe, place)
        zoe.post(place, data={**WHY, "do": "apply"})
    assert points(server) == {"ada": 3, "bo": 3, "cy": 2}


def test_what_comes_between_is_neither_lost_nor_written_over(server: Server) -> None:
    corrected(server)
    with signed_in(server, "zoe", Role.INSTRUCTOR) as zoe:
        place = begun(zoe)
        marked(zoe, place)
        mark_sums(server, "ada", 4, 5)
        # cy's attempt gets a result by another way: that one is newer than the trial.
        with server.book.writing_durably() as connection:
            (cy,) = stored_attempts(connection, "sums", "cy")
            connection.exec_driver_sql(
                "insert into results select 100, attempt, exercise_digest, grader_version, seed, report, "
                "fingerprints, is_undecided, is_counted, same_as, 'regrade', marked_at from results "
                f"where id = {cy.result}"
            )
            connection.exec_driver_sql(
                "insert into marks select 100, position, question, 'correct', '1', '2', max_points "
                f"from marks where result = {cy.result}"
            )
        stood = points(server)["cy"]
        assert "1 attempt got another result" in zoe.get(place).text
        assert zoe.post(place, data={**WHY, "do": "apply"}).status_code == 303
    assert points(server) == {"ada": 3, "bo": 3, "cy": stood}


def test_an_exercise_that_changes_again_needs_another_regrade(server: Server) -> None:
    corrected(server)
    with signed_in(server, "zoe", Role.INSTRUCTOR) as zoe:
        place = begun(zoe)
        marked(zoe, place)
        corrected(server, a=7)
        assert "The exercise has changed since" in zoe.get(place).text
        assert zoe.post(place, data={**WHY, "do": "apply"}).status_code == 409
    assert points(server) == {"ada": 3, "bo": 1, "cy": 0}


def test_a_server_that_is_killed_leaves_the_rest_to_the_next(server: Server) -> None:
    corrected(server)
    zoe = signed_in(server, "zoe", Role.INSTRUCTOR)
    place = begun(zoe)
    number = int(place.rpartition("/")[2])
    with server.book.writing() as connection:
        assert trial.claim(connection, "a server that dies") is not None
        connection.exec_driver_sql("update regrade_tasks set until = '2020' where state = 'running'")
    assert "0 of 3 submissions are marked" in zoe.get(place).text
    with zoe:
        marked(zoe, place)
    with server.book.reading() as connection:
        assert trial.progress(connection, number) == trial.TrialProgress(3, 3)


def test_while_a_student_waits_nothing_of_a_regrade_is_sent(server: Server) -> None:
    corrected(server)
    begun(signed_in(server, "zoe", Role.INSTRUCTOR))
    with server.book.writing_durably() as connection:
        waiting = NewHandIn(
            person="ada",
            exercise="sums",
            question="",
            press="another",
            submission=build_submission("ada", []),
        )
        inbox.keep(connection, waiting)
    regrades = RegradeMarker(server.book, server.marker.machines, 2, lambda: server.course.exercises)
    regrades._fill()
    assert not regrades.thread.running
    with server.book.writing_durably() as connection:
        # One of two workers has a student's endless loop, and the other is for students.
        connection.exec_driver_sql("update hand_ins set state = 'running'")
    regrades._fill()
    assert not regrades.thread.running
    with server.book.writing_durably() as connection:
        connection.exec_driver_sql("update hand_ins set state = 'done'")
    regrades._fill()
    assert len(regrades.thread.running) == 1


def test_what_cannot_be_begun_or_is_not_there_is_told(server: Server) -> None:
    zoe = signed_in(server, "zoe", Role.INSTRUCTOR)
    for typed, told in (
        ({"why": " "}, "Say why"),
        ({"why": "x" * 2001}, "more than 2000"),
        ({**WHY, "question": "z"}, "no such question"),
    ):
        sent = zoe.post(BEGIN, data=typed)
        assert (sent.status_code, told in sent.text) == (409, True)
    for number in (999, 10**30):
        assert zoe.get(f"/staff/regrades/{number}").status_code == 404
        assert zoe.post(f"/staff/regrades/{number}", data={**WHY, "do": "apply"}).status_code == 404
    assert logged(server) == []
