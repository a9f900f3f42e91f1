"""A student's way from link to report."""

from __future__ import annotations

import time

from starlette.testclient import TestClient

from grader.serve.server import Server
from tests.grader.serve.conftest import press_of, signed_in

EXERCISE = "/exercise/mit-6390-recitation-8"
RIGHT = {"field.Wss": "2x2", "field.Wsx": "(2, 3)", "field.Wo": "4x2", "field.z1": "2x1", "field.z2": "4x1"}


def report_of(client: TestClient, path: str) -> str:
    """The page of a hand-in, once it is marked."""
    for _ in range(300):
        page = client.get(path).text
        if "Kept, and waiting" not in page:
            return page
        time.sleep(0.1)
    raise AssertionError("it was not marked within 30 s")


def test_an_answer_typed_question_by_question_is_marked(server: Server) -> None:
    client = signed_in(server, "amara")
    with client:
        assert EXERCISE in client.get("/").text
        press = press_of(client.get(EXERCISE).text)
        sent = client.post(f"{EXERCISE}/a_i", data={**RIGHT, "press": press})
        assert sent.status_code == 303
        page = report_of(client, sent.headers["location"])
        assert "1 correct" in page
        assert "5 of 5 points" in page
        wrong = client.post(f"{EXERCISE}/a_ii", data={"field.g1.0.0": "1 1 1 1", "press": "another"})
        assert "1 incorrect" in report_of(client, wrong.headers["location"])
        # The paper is one: what was right before is still there, and in the gradebook one attempt has both.
        with server.book.reading() as connection:
            from grader.gradebook.read_records import stored_attempts

            last = stored_attempts(connection)[-1]
    assert {mark.question: mark.verdict for mark in last.marks if mark.verdict != "missing"} == {
        "a_i": "correct",
        "a_ii": "incorrect",
    }
    assert last.student == "amara"
    assert last.number == 2


def test_a_number_that_no_hand_in_has_is_not_there(server: Server) -> None:
    client = signed_in(server, "amara")
    for number in (0, 2**31, 2**63, 10**30):
        assert client.get(f"/hand-in/{number}").status_code == 404
        assert client.get(f"/hand-in/{number}/events").status_code == 404
