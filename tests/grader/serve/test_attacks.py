"""A student who tries what no form offers: nothing is had, nothing changes, and the answer is plain."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from grader.serve.people import Role
from grader.serve.running import server_for
from grader.serve.server import LARGEST_BODY, Server
from tests.grader.serve.conftest import OURS, course_in, new_client, press_of, signed_in
from tests.grader.serve.test_nothing_is_lost import Tab
from tests.grader.serve.test_rules import with_rules
from tests.grader.serve.test_student import EXERCISE, report_of

QUESTION = f"{EXERCISE}/a_i"
TABLES = ("hand_ins", "drafts", "complaints", "attempts", "sessions", "people")
MIB = 2**20


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for requests that change nothing."""
    with server_for(course_in(tmp_path_factory.mktemp("quiet")), jobs=1, root=OURS) as made:
        yield made


@pytest.fixture(scope="module")
def amara(quiet: Server) -> TestClient:
    return signed_in(quiet, "amara")


def counts(server: Server) -> list[int]:
    with server.book.reading() as connection:
        return [int(connection.exec_driver_sql(f"select count(*) from {one}").scalar_one()) for one in TABLES]


def file(name: str, data: bytes, **more: str) -> dict[str, Any]:
    return {"files": {"file": (name, data)}, "data": {"press": "1", **more}}


MULTIPART = {"content-type": "multipart/form-data"}
REFUSED: dict[str, tuple[str, dict[str, Any], int]] = {
    "10,000 fields": (QUESTION, {"data": {f"field.{n}": "x" for n in range(10_000)}}, 400),
    "10,000 times one field": (QUESTION, {"data": {"field.Wss": ["x"] * 10_000}}, 400),
    "a field of 1.5 MB": (QUESTION, {"data": {"field.Wss": "x" * (3 * MIB // 2)}}, 400),
    "more than is taken": (QUESTION, {"data": {"field.Wss": "x" * LARGEST_BODY}}, 413),
    "a form that is JSON": (QUESTION, {"json": {"field.Wss": "2x2"}}, 409),
    "parts without a boundary": (QUESTION, {"content": b"x", "headers": MULTIPART}, 400),
    "a file for a field": (QUESTION, {"files": {"field.Wss": ("x.py", b"1")}}, 400),
    "two files": (EXERCISE, {"files": [("file", ("a.py", b"1")), ("file", ("b.py", b"2"))]}, 400),
    "no file": (EXERCISE, {"data": {"file": "x = 1"}}, 400),
    "2 MB and a byte of code": (EXERCISE, file("a.py", b"#" * (2 * MIB + 1)), 400),
    "2 MB and a byte of arrays": (EXERCISE, file("a.npz", b"#" * (2 * MIB + 1)), 400),
    "2 MB and a byte of JSON": (EXERCISE, file("a.json", b"1" * (2 * MIB + 1)), 400),
    "nothing in a file": (EXERCISE, file("a.py", b" \n"), 400),
    "a zip file": (EXERCISE, file("a.zip", b"PK\3\4"), 400),
    "a page": (EXERCISE, file("a.html", b"<script>1</script>"), 400),
    "a name that only looks like code": (EXERCISE, file("a.\u202eyp", b"1"), 400),
    "a name without an ending": (EXERCISE, file("answer", b"1"), 400),
    "bytes of a file that are no text": (EXERCISE, {"data": {"file-name": "a.py", "file-bytes": "?"}}, 400),
    "another exercise": ("/exercise/rnn-paper/a_i", {"data": {"press": "1"}}, 404),
    "another question": (f"{EXERCISE}/nothing", {"data": {"press": "1"}}, 404),
    "a hint before the first": (f"{QUESTION}/hint/0", {}, 404),
    "a hint after the last": (f"{QUESTION}/hint/99", {}, 404),
    "a hint of no column": (f"{QUESTION}/hint/{10**30}", {}, 404),
    "a hint of no question": (f"{EXERCISE}/nothing/hint/1", {}, 404),
    "somebody's hand-in": ("/hand-in/1/wrong", {"data": {"words": "x"}}, 404),
    "points": ("/staff/people/amara/points", {"data": {"exercise": "x", "points": "9", "why": "x"}}, 404),
    "a role": ("/staff/people/amara/role", {"data": {"role": "instructor"}}, 404),
    "a link": ("/staff/people/bruno/link", {}, 404),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_in_words_and_changes_nothing(quiet: Server, amara: TestClient, what: str) -> None:
    path, sent, status = REFUSED[what]
    before = counts(quiet)
    got = amara.post(path, **sent)
    assert got.status_code == status
    assert "<h1>" in got.text
    assert "Traceback" not in got.text
    assert counts(quiet) == before


@pytest.mark.parametrize(
    "path",
    [
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/%2fetc%2fpasswd",
        "/static/serve.css%00",
        "/exercise/%3Cscript%3Ealert(1)%3Cscript%3E",
        "/exercise/..%2f..%2fcourse.toml",
        f"/exercise/{'x' * 9000}",
        "/hand-in/-1",
        "/hand-in/1e3",
        "/course.db",
        "/staff/export/csv",
        "/staff/people/bruno",
    ],
)
def test_no_path_leads_out(amara: TestClient, path: str) -> None:
    got = amara.get(path)
    assert got.status_code == 404
    assert "alert(1)" not in got.text


def test_a_server_that_is_asked_by_another_name_does_not_answer(quiet: Server) -> None:
    assert new_client(quiet).get("/in", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("name", ["\u202egpj.py", "../../etc/x.py", "con.py", "A.PY", f"{'a' * 4000}.py"])
def test_a_file_is_called_as_we_call_it(server: Server, name: str) -> None:
    client = signed_in(server, "amara")
    place = client.post(EXERCISE, **file(name, b"x = 1")).headers["location"]
    assert "\u202e" not in client.get(place).text
    with server.book.reading() as connection:
        typed = connection.exec_driver_sql("select typed from hand_ins").scalar_one()
    assert json.loads(typed)["uploaded"] == ["answer.py"]


def test_fields_that_no_form_has_say_nothing(server: Server) -> None:
    """Whose it is, when it came, what it earns and whether it was submitted is the server's."""
    client, bruno = signed_in(server, "amara"), signed_in(server, "bruno")
    assert Tab(bruno).press("save", Wss="his") == 303
    forged = {
        "person": "bruno",
        "student": "bruno",
        "received_at": "2000-01-01T00:00:00.000000+00:00",
        "submitted_at": "2000-01-01",
        "lane": "-1",
        "attempt": "1",
        "points": "5",
        "state": "done",
        "draft": "1",
        "typed": "{}",
    }
    client.post(QUESTION, data={"field.Wss": "2x2", "press": press_of(client.get(EXERCISE).text), **forged})
    with server.book.reading() as connection:
        row = connection.exec_driver_sql("select * from hand_ins").one()
        drafts = connection.exec_driver_sql("select person, submitted_at from drafts").all()
    assert (row.person, row.state, row.lane, row.attempt) == ("amara", "waiting", 0, None)
    assert row.received_at > "2026"
    assert [tuple(one) for one in drafts] == [("bruno", None)]


def test_a_form_of_before_the_cutoff_hands_nothing_in_after_it(server: Server, tmp_path: Path) -> None:
    client = signed_in(server, "amara")
    tab, other = Tab(client), Tab(client)
    assert tab.press("submit", Wss="2x2") == 1
    with_rules(tmp_path, "cutoff = 2020-01-01T00:00:00")
    # The same press is what it was; anything else is too late, whichever form it comes from.
    assert tab.press("submit", Wss="2x2") == 1
    assert tab.press("submit", Wss="2x3") == 409
    assert other.press("submit", Wss="2x2") == 409
    assert client.post(EXERCISE, **file("a.py", b"x = 1")).status_code == 409
    assert counts(server)[0] == 1


def test_hints_are_had_in_order_however_they_are_asked_for(server: Server, tmp_path: Path) -> None:
    with_rules(tmp_path, "hint_policy = { after = [1, 1], cost = [0.5, 1] }")
    client = signed_in(server, "amara")
    hints = server.course.exercises[EXERCISE.rpartition("/")[2]].questions[0].hints
    for number in (2, 1, 2, 1):
        assert client.post(f"{QUESTION}/hint/{number}").status_code == 409
    for path in (EXERCISE, f"{QUESTION}/typed", "/"):
        page = client.get(path).text
        assert not any(one[:30] in page for one in hints)


def test_a_bomb_of_zeros_is_marked_like_any_file(server: Server) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("b_i.npy", b"\0" * (100 * MIB))
    with signed_in(server, "amara") as client:
        sent = client.post(EXERCISE, **file("bomb.npz", packed.getvalue()))
        page = report_of(client, sent.headers["location"])
        assert "correct" not in re.findall(r'class="standing">([^,<]*)', client.get(EXERCISE).text)
        assert "Receipt: hand-in" in page
        # The worker goes on.
        sent = client.post(QUESTION, data={"field.Wss": "2x2", "press": "2"})
        assert "Receipt: hand-in" in report_of(client, sent.headers["location"])


EVIL = "<script>alert('evil')</script><img src=x onerror=alert('evil')>\u202e"


def test_html_in_a_notebook_is_never_part_of_a_page(server: Server) -> None:
    shown = {"output_type": "display_data", "data": {"text/html": EVIL}, "metadata": {}}
    code = f"print({EVIL!r})\na_i = {{'Wss': {EVIL!r}}}\nraise ValueError({EVIL!r})"
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": EVIL},
        {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": [shown], "source": code},
    ]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"title": EVIL}, "cells": cells}
    staff = signed_in(server, "ines", Role.INSTRUCTOR)
    with signed_in(server, "amara") as client:
        sent = client.post(EXERCISE, **file("evil.ipynb", json.dumps(notebook).encode()))
        place = sent.headers["location"]
        report_of(client, place)
        for page in (
            client.get(place),
            client.get(EXERCISE),
            staff.get(place),
            staff.get("/staff/people/amara"),
        ):
            assert page.status_code == 200
            assert page.headers["content-type"] == "text/html; charset=utf-8"
            assert "<script>alert" not in page.text
            assert "<img src=x" not in page.text
            assert "\u202e" not in page.text
            assert "script-src 'self'" in page.headers["content-security-policy"]
