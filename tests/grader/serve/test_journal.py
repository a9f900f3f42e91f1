"""What the server logs: a line a request, and nothing that somebody typed, was sent or signs in with."""

from __future__ import annotations

import json
import logging
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from grader.errors import CannotDo
from grader.gradebook.gradebook import open_gradebook
from grader.serve import journal, people
from grader.serve.journal import write_log
from grader.serve.people import Person, Role
from grader.serve.server import Server
from tests.grader.serve.conftest import course_in, new_client, signed_in

EXERCISE = "mit-6390-recitation-8"
STARTS_WITHIN_S = 60


def lines_of(log: Path) -> list[dict[str, Any]]:
    """Each line is JSON."""
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """Where this process logs meanwhile."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, threading.excepthook, sys.unraisablehook, warnings.showwarning)
    raises = logging.raiseExceptions
    try:
        write_log(tmp_path / "log.jsonl")
        yield tmp_path / "log.jsonl"
    finally:
        root.handlers[:], level, threading.excepthook, sys.unraisablehook, warnings.showwarning = before
        root.setLevel(level)
        logging.raiseExceptions = raises


def test_each_request_is_a_line_with_its_route_and_who_asked(server: Server, log: Path) -> None:
    with signed_in(server, "amara") as amara:
        amara.get("/?word=private")
        amara.get(f"/exercise/{EXERCISE}")
        amara.get("/exercise/nothing-of-the-kind")
        amara.get("/nowhere")
    found = [line for line in lines_of(log) if line["event"] == "request"]
    told = [(one["method"], one["route"], one["status"], one["person"]) for one in found]
    assert told == [
        ("POST", "/in/{secret}", 303, None),
        ("GET", "/", 200, "amara"),
        ("GET", "/exercise/{exercise}", 200, "amara"),
        ("GET", "/exercise/{exercise}", 404, "amara"),
        ("GET", None, 404, None),
    ]
    assert all(one["ms"] > 0 and one["bytes"] >= 0 and one["time"].endswith("+00:00") for one in found)


def test_a_failure_is_told_by_its_type_and_place_and_not_by_its_words(
    server: Server, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        try:
            with server.book.reading() as connection:
                connection.execute(text("select :answer from nowhere"), {"answer": "an-answer-1"})
        except Exception as error:
            raise ValueError("an-answer-2") from error

    monkeypatch.setattr(people, "signed_in", fail)
    client = new_client(server)
    client.cookies.set(server.cookie, "a-cookie")
    assert client.get("/").status_code == 500
    threading.Thread(target=fail, name="some thread").start()
    logging.getLogger("asyncio").error("Task failed\nfuture: %s", ValueError("an-answer-3"))
    logging.getLogger("another").error("it was %s", "an-answer-4")
    logging.getLogger("another").error(ValueError("an-answer-6"))
    warnings.warn("an-answer-5", stacklevel=1)
    for _ in range(100):
        if "some thread" in log.read_text():
            break
        time.sleep(0.05)
    written = log.read_text(encoding="utf-8")
    assert "an-answer" not in written
    assert "a-cookie" not in written
    failed = next(line for line in lines_of(log) if "failure" in line)
    assert failed["failure"][0] == "builtins.ValueError"
    assert any(f"{Path(__file__).name}:" in one and " in fail" in one for one in failed["failure"])
    assert any(one.startswith("sqlalchemy.exc.OperationalError") for one in failed["failure"])
    assert any("sqlite3.OperationalError (SQLITE_ERROR)" in one for one in failed["failure"])


def test_a_failure_that_goes_on_is_told_once_a_minute_with_its_count(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(what: type[Exception]) -> None:
        try:
            raise what("an-answer")
        except Exception:
            logging.getLogger("rnngrade.serve").exception("marking goes on")

    for _ in range(5):
        fail(OSError)
    fail(KeyError)
    monkeypatch.setattr(journal, "REPEATED_S", 0.0)
    fail(OSError)
    told = [(line["failure"][0], line.get("repeated")) for line in lines_of(log)]
    assert told == [("builtins.OSError", None), ("builtins.KeyError", None), ("builtins.OSError", 4)]


def test_a_log_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotDo, match="the log cannot be written: No such file"):
        write_log(tmp_path / "no" / "log.jsonl")


def test_a_log_that_was_moved_away_begins_anew(server: Server, log: Path) -> None:
    client = new_client(server)
    client.get("/in")
    moved = log.rename(log.with_suffix(".1"))
    client.get("/in")
    assert (len(lines_of(moved)), len(lines_of(log))) == (1, 1)


class Process:
    """A server in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.course = course_in(folder)
        self.log = folder / "log.jsonl"
        with open_gradebook(self.course / "course.db") as book, book.writing_durably() as connection:
            people.keep_people(connection, [Person(id="amara", name="", role=Role.STUDENT)])
            self.link = people.new_link(connection, "amara")
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = one.getsockname()[1]
        options = ("--port", str(self.port), "--jobs", "1", "--no-link", "--log", str(self.log))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "grader", "serve", str(self.course), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.root = f"http://127.0.0.1:{self.port}"

    def wait(self) -> None:
        ends = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < ends and self.process.poll() is None:
            try:
                httpx2.get(f"{self.root}/health")
            except httpx2.HTTPError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(self.process.communicate(timeout=5))

    def stop(self) -> str:
        """What it said, everywhere; with a log of its own nothing but that it was interrupted."""
        self.process.send_signal(signal.SIGINT)
        said, _ = self.process.communicate(timeout=60)
        assert said.decode().split() in ([], ["rnngrade:", "interrupted"])
        return said.decode() + self.log.read_text(encoding="utf-8")

    def send_raw(self, request: bytes) -> None:
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as one:
            one.sendall(request)
            one.recv(100)


def test_no_secret_is_in_what_the_server_says(tmp_path: Path) -> None:
    server = Process(tmp_path)
    try:
        server.wait()
        with httpx2.Client(base_url=server.root, headers={"origin": server.root}) as client:
            client.get("/in/hush-unknown-link")
            client.post("/in/hush-unknown-link?also=hush-query")
            client.post("/in", data={"code": "hush-code", "hush-name": "x"})
            client.get("/hush-path?hush=query", headers={"cookie": "rnngrade=hush-cookie"})
            client.get("/", headers={"authorization": "Bearer hush-header", "user-agent": "hush-agent"})
            client.get("/in", headers={"host": "hush-host"})
            assert client.post(f"/in/{server.link}").status_code == 303
            cookie = client.cookies["rnngrade"]
            client.post(f"/exercise/{EXERCISE}/b_i", data={"field.Wss": "hush-answer", "press": "hush-press"})
            upload = {"file": ("hush-file.py", b"raise ValueError('hush-code-in-a-file')")}
            sent = client.post(f"/exercise/{EXERCISE}", files=upload, data={"press": "hush-other-press"})
            client.post(f"{sent.headers['location']}/wrong", data={"words": "hush-complaint"})
            client.post(
                "/in", content=b"hush-body", headers={"content-type": "multipart/form-data; boundary=hush"}
            )
            client.post("/in", content=b"--hush\r\nhush", headers={"content-type": "multipart/form-data"})
            client.get("/exercise/%00hush%ff")
            for _ in range(300):
                load = client.get("/health").json()
                if not load["waiting"] and not load["running"]:
                    break
                time.sleep(0.1)
        server.send_raw(b"HUSH /hush-method HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
        server.send_raw(b"hush no http at all\r\n\r\n")
        server.send_raw(b"GET /in/hush\x01raw HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
    finally:
        said = server.stop()
    assert "hush" not in said.lower(), said
    assert server.link not in said
    assert cookie not in said
    routes = {(line["route"], line["status"]) for line in lines_of(server.log) if line["event"] == "request"}
    assert {
        ("/in/{secret}", 303),
        ("/in/{secret}", 403),
        ("/exercise/{exercise}/{question}", 303),
        ("/exercise/{exercise}", 303),
    } <= routes
