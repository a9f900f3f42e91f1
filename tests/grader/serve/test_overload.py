"""More than can be marked: everybody gets a place or is told when to come back, and nothing typed is lost."""

from __future__ import annotations

import datetime
import itertools
import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient

from grader.classroom.machines import Machines
from grader.gradebook.gradebook import open_gradebook
from grader.serve import admission, crowd, database_access, inbox, people
from grader.serve.courses import ChangingFolder
from grader.serve.inbox import InboxLane
from grader.serve.marking import Marker
from grader.serve.people import Person, Role
from grader.serve.places import ahead_of_each
from grader.serve.server import Server
from grader.serve.tables import HAND_INS, TURNS
from tests.grader.serve.conftest import OURS, course_in, new_client, press_of, signed_in


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server that marks nothing."""
    folder = ChangingFolder(course_in(tmp_path))
    with open_gradebook(folder.path / "course.db") as book:
        machines = Machines(Executor(), 32, lambda: None)
        yield Server(book, folder.read, Marker(book, folder.read, machines, 2), root=OURS)


EXERCISE = "/exercise/mit-6390-recitation-8"
PRESSES = map(str, itertools.count())


def submit(client: TestClient, question: str = "b_i", typed: str = "0 0", press: str = "") -> Any:
    data = {"press": press or next(PRESSES), "action": "submit", "field.s0": typed}
    return client.post(f"{EXERCISE}/{question}", data=data)


def fill_queue(server: Server, count: int, lane: InboxLane = InboxLane.USUAL) -> None:
    """So many hand-ins of others wait, one each."""
    first = submit(signed_in(server, "first"))
    assert first.status_code == 303
    with server.book.writing_durably() as connection:
        names = [f"other{number}" for number in range(count)]
        people.keep_people(connection, [Person(id=one, name="", role=Role.STUDENT) for one in names])
        row = dict(connection.execute(select(HAND_INS).order_by(HAND_INS.c.id.desc())).first()._mapping)  # type: ignore[union-attr]
        del row["id"]
        rows = [{**row, "person": one, "lane": lane} for one in names]
        connection.execute(insert(HAND_INS), rows)


def test_where_more_waits_than_can_be_marked_soon_one_is_told_when_to_come_back(server: Server) -> None:
    fill_queue(server, int(admission.LONGEST_WAIT_S / server.marker.pace_s) + 1)
    client = signed_in(server, "amara")
    sent = submit(client, typed="1 2")
    assert sent.status_code == 503
    assert 30 <= int(sent.headers["retry-after"]) <= 900
    # In the answer, to be sent again, and as a draft on the page.
    assert re.search(r'value="1 2"', sent.text)
    assert "What you typed is saved" in sent.text
    assert "1 2" in client.get(EXERCISE).text


def test_who_replaces_what_waits_is_always_taken(server: Server) -> None:
    client = signed_in(server, "amara")
    assert submit(client, "b_i").status_code == 303
    fill_queue(server, int(admission.LONGEST_WAIT_S / server.marker.pace_s) + 1)
    assert submit(client, "b_i").status_code == 303
    assert submit(client, "b_ii").status_code == 503


def test_the_same_press_is_no_other_hand_in_though_the_queue_is_full(server: Server) -> None:
    client = signed_in(server, "amara")
    before = submit(client, press="same")
    fill_queue(server, int(admission.LONGEST_WAIT_S / server.marker.pace_s) + 1)
    again = submit(client, press="same")
    assert again.headers["location"] == before.headers["location"]


@pytest.mark.parametrize("ends", ["due", "cutoff"])
def test_nobody_is_sent_away_whom_that_could_cost_the_due_time(server: Server, ends: str) -> None:
    fill_queue(server, int(admission.LONGEST_WAIT_S / server.marker.pace_s) + 1)
    soon = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=9)).isoformat()
    file = server.course.folder / "course.toml"
    file.write_text(file.read_text() + f'{ends} = "{soon}"\n')
    assert submit(signed_in(server, "amara")).status_code == 303


def test_what_waits_in_the_slow_lane_keeps_nobody_out(server: Server) -> None:
    fill_queue(server, int(admission.LONGEST_WAIT_S / server.marker.pace_s) + 1, InboxLane.SLOW)
    assert submit(signed_in(server, "amara")).status_code == 303


def test_a_script_of_one_student_is_slowed_down_and_the_others_are_not(server: Server) -> None:
    script, other = signed_in(server, "amara"), signed_in(server, "bruno")
    answers = Counter(
        submit(script, question, f"{number} 0").status_code
        for number, question in zip(range(60), itertools.cycle(["a_i", "b_i", "b_ii"]), strict=False)
        if question != "a_i"
    )
    assert answers == {303: admission.MOST_AT_ONCE, 429: 40 - admission.MOST_AT_ONCE}
    assert submit(other).status_code == 303
    # What is not begun gives way to what is newer: however many are sent, two questions wait.
    with server.book.reading() as connection:
        waiting = select(HAND_INS.c.id).where(HAND_INS.c.state == inbox.WAITING, HAND_INS.c.person == "amara")
        assert len(connection.execute(waiting).all()) == 2
    with server.book.writing_durably() as connection:
        at = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=61)
        connection.execute(update(HAND_INS).values(received_at=at.isoformat(timespec="microseconds")))
    assert submit(script).status_code == 303


def test_another_session_of_the_same_student_has_no_turns_of_its_own(server: Server) -> None:
    first, second = signed_in(server, "amara"), signed_in(server, "amara")
    assert {submit(first).status_code for _ in range(admission.MOST_AT_ONCE)} == {303}
    sent = submit(second, typed="7 7")
    assert sent.status_code == 429
    assert "7 7" in second.get(EXERCISE).text


def test_a_file_that_comes_too_often_is_in_the_answer_and_can_be_sent_again(server: Server) -> None:
    client = signed_in(server, "amara")
    for _ in range(admission.MOST_AT_ONCE):
        submit(client)
    files = {"file": ("answer.json", b'{"b_i": {"s0": [4, 4]}}')}
    sent = client.post(EXERCISE, data={"press": next(PRESSES)}, files=files)
    assert (sent.status_code, "The file was not taken." in sent.text) == (429, True)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', sent.text))
    assert hidden["file-name"] == "answer.json"
    with server.book.writing_durably() as connection:
        connection.execute(update(HAND_INS).values(received_at="2026-01-01T00:00:00.000000+00:00"))
    again = client.post(EXERCISE, files={name: (None, value) for name, value in hidden.items()})
    assert again.status_code == 303, again.text


def test_a_session_that_asks_without_end_is_told_to_wait_and_loses_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowd, "ASKED_AT_ONCE", 5.0)
    monkeypatch.setattr(crowd, "ASKED_PER_S", 0.001)
    client, other = signed_in(server, "amara"), signed_in(server, "bruno")
    assert [client.get("/").status_code for _ in range(6)] == [200] * 5 + [429]
    sent = submit(client, typed="3 4")
    assert (sent.status_code, "3 4" in sent.text) == (429, True)
    assert int(sent.headers["retry-after"]) >= 1
    assert other.get("/").status_code == 200


def test_who_is_not_signed_in_is_told_so_however_many_ask(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All without a session would share one limit, and be told to wait for each other."""
    monkeypatch.setattr(crowd, "ASKED_AT_ONCE", 5.0)
    monkeypatch.setattr(crowd, "ASKED_PER_S", 0.001)
    client = new_client(server)
    assert [client.get("/").status_code for _ in range(8)] == [401] * 8


def test_a_bucket_fills_by_itself_and_never_over_the_brim() -> None:
    found = crowd.Rates()
    taken = sum(found.wait_s("a", 0.0) == 0 for _ in range(1000))
    assert taken == crowd.ASKED_AT_ONCE
    assert found.wait_s("a", 0.5) == 0
    assert sum(found.wait_s("a", 1e6) == 0 for _ in range(1000)) == crowd.ASKED_AT_ONCE


def test_made_up_sessions_do_not_fill_the_memory() -> None:
    found = crowd.Rates()
    for number in range(crowd.MOST_SESSIONS + 500):
        found.wait_s(str(number), 0.0)
    assert len(found._buckets) == crowd.MOST_SESSIONS


def locked(path: Path, seconds: float, enough: threading.Event | None = None) -> threading.Thread:
    """Hold the database for so long, or until it is enough, as another program would."""
    has_it, enough = threading.Event(), enough or threading.Event()

    def hold() -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            has_it.set()
            enough.wait(seconds)
            other.execute("ROLLBACK")

    thread = threading.Thread(target=hold)
    thread.start()
    has_it.wait(10)
    return thread


def impatient(server: Server) -> None:
    """The server's connection gives up a lock at once, as a long wait would in the end."""
    with server.book.reading() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=10")


def test_a_database_that_is_locked_for_a_while_is_waited_for(server: Server) -> None:
    client = signed_in(server, "amara")
    impatient(server)
    holder = locked(server.course.folder / "course.db", 1.0)
    sent = submit(client)
    holder.join()
    assert sent.status_code == 303


def test_where_the_database_stays_away_what_was_typed_comes_back(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(server, "amara")
    press = press_of(client.get(EXERCISE).text)
    impatient(server)
    holder = locked(server.course.folder / "course.db", 1.0)
    with monkeypatch.context() as hurried:
        hurried.setattr(database_access, "LONGEST_S", 0.3)
        sent = submit(client, typed="5 6", press=press)
    assert sent.status_code == 503
    assert re.search(r'value="5 6"', sent.text)
    holder.join()
    first, again = submit(client, typed="5 6", press=press), submit(client, typed="5 6", press=press)
    assert first.headers["location"] == again.headers["location"]


def test_pages_are_read_while_another_program_writes(server: Server) -> None:
    client = signed_in(server, "amara")
    read = threading.Event()
    holder = locked(server.course.folder / "course.db", 30.0, read)
    assert client.get(EXERCISE).status_code == 200
    assert holder.is_alive()
    read.set()
    holder.join()


def test_places_are_in_the_order_in_which_turns_come(server: Server) -> None:
    with server.book.writing_durably() as connection:
        ids = ["a", "b", "c", "slow"]
        people.keep_people(connection, [Person(id=one, name="", role=Role.STUDENT) for one in ids])
        connection.execute(insert(TURNS), [{"person": "a", "served": 9}, {"person": "b", "served": 3}])
        hour = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
        connection.execute(
            insert(TURNS),
            {"person": "slow", "served": 1, "slow_until": hour.isoformat(timespec="microseconds")},
        )
    for person, question in [
        ("slow", "b_i"),
        ("a", "b_i"),
        ("a", "b_ii"),
        ("b", "b_i"),
        ("c", "b_i"),
        ("c", "b_ii"),
    ]:
        assert submit(signed_in(server, person), question).status_code == 303
    exercises = list(server.course.exercises)
    with server.book.reading() as connection:
        told = sorted((ahead, number) for number, ahead in ahead_of_each(connection, exercises).items())
    begun = []
    while True:
        with server.book.writing() as connection:
            one = inbox.claim(connection, "w", exercises, is_slow_welcome=True)
            if one is None:
                break
            begun.append(one.id)
            done = update(HAND_INS).where(HAND_INS.c.id == one.id)
            connection.execute(done.values(state=inbox.DONE, worker=None, until=None))
    assert [number for _, number in told] == begun
