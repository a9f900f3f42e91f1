"""What the server says of itself to those who watch it."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from grader.serve import health
from grader.serve.inbox import RUNNING, Load, load_of
from grader.serve.places import ahead_of_each
from grader.serve.server import Server
from tests.grader.serve.conftest import new_client, signed_in, wait_until_done

EXERCISE = "mit-6390-recitation-8"


def told(client: TestClient) -> tuple[int, list[str]]:
    """The status, and what is wrong."""
    got = client.get("/health")
    return got.status_code, got.json()["problems"]


def test_a_server_that_marks_says_so_with_numbers_only(server: Server) -> None:
    with signed_in(server, "amara") as amara:
        amara.post(f"/exercise/{EXERCISE}/a_i", data={"field.Wss": "2x2", "press": "1"})
        wait_until_done(amara)
        got = new_client(server).get("/health")
    numbers = {"waiting": 0, "running": 0, "oldest_waiting_s": 0.0, "workers": 3}  # one, two spare
    assert (got.status_code, got.json()) == (200, {"status": "ok", "problems": [], **numbers})


def test_the_queue_is_told_with_the_age_of_its_oldest(server: Server) -> None:
    # Nothing is marked before the server runs.
    client = signed_in(server, "amara")
    for question in ("a_i", "b_i"):
        client.post(f"/exercise/{EXERCISE}/{question}", data={"field.Wss": "2x2", "press": question})
    with server.book.writing() as connection:
        at = "2026-01-01T00:00:00.000000+00:00"
        connection.exec_driver_sql(f"update hand_ins set received_at = '{at}' where question = 'a_i'")
        connection.exec_driver_sql(f"update hand_ins set state = '{RUNNING}' where question = 'b_i'")
    found = client.get("/health").json()
    assert (found["waiting"], found["running"]) == (1, 1)
    assert found["oldest_waiting_s"] > 24 * 3600


def test_what_waits_for_an_exercise_that_was_taken_out_is_no_queue(server: Server) -> None:
    client = signed_in(server, "amara")
    for question in ("a_i", "b_i"):
        client.post(f"/exercise/{EXERCISE}/{question}", data={"field.Wss": "2x2", "press": question})
    assert client.get("/health").json()["waiting"] == 2
    with server.book.writing() as connection:
        connection.exec_driver_sql("update hand_ins set exercise = 'gone' where question = 'a_i'")
        assert list(ahead_of_each(connection, server.course.exercises)) == [2]
        # What a regrade looks at, which runs while no student waits.
        assert load_of(connection, ["another"]) == Load(0, 0)
    assert client.get("/health").json()["waiting"] == 1


def test_a_database_that_is_gone_or_says_nothing_is_a_problem(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = new_client(server)
    with monkeypatch.context() as patch:
        patch.setattr(health.inbox, "load_of", lambda *_: 1 / 0)
        assert told(client) == (503, ["database"])
    monkeypatch.setattr(health, "ANSWERS_WITHIN_S", 0.1)
    monkeypatch.setattr(health.inbox, "load_of", lambda *_: time.sleep(2))
    assert told(client) == (503, ["database"])


def test_marking_that_ended_is_a_problem(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LOOKS_WITHIN_S", 0.0)
    assert told(new_client(server)) == (503, ["marking"])


@pytest.mark.parametrize("n_alive", [lambda: 0, lambda: 1 // 0])
def test_a_cluster_without_workers_is_a_problem(server: Server, n_alive: object) -> None:
    server.marker.machines = replace(server.marker.machines, n_alive=n_alive)  # type: ignore[arg-type]
    assert told(new_client(server)) == (503, ["workers"])
