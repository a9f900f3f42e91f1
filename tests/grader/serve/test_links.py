"""The link that `rnngrade serve` prints leads to the server that then runs."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from grader.cli import main
from grader.serve.running import server_for
from tests.grader.serve.conftest import OURS, course_in, new_client


def test_the_staff_link_names_the_port_of_a_free_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listened: list[int] = []
    monkeypatch.setattr("grader.serve.running.run", lambda *given: listened.append(given[2]))
    assert main(["serve", str(course_in(tmp_path)), "--port", "0"]) == 0
    (port,) = listened
    assert port > 0
    assert f"staff: http://127.0.0.1:{port}/in/" in capsys.readouterr().out
    with socket.socket() as free:
        free.bind(("127.0.0.1", port))


def test_a_link_from_the_command_line_is_printed_once_and_signs_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = course_in(tmp_path)
    with server_for(course, jobs=1, root=OURS) as server:
        assert main(["serve", str(course), "--link", "amara", "--root", OURS]) == 0
        link = capsys.readouterr().out.strip()
        assert link.startswith(f"{OURS}/in/")
        assert new_client(server).post(link.removeprefix(OURS)).status_code == 303
        assert main(["serve", str(course), "--link", "nobody"]) == 2
        with server.book.reading() as connection:
            logged = connection.exec_driver_sql("select who, action, subject from actions").all()
    assert ("command line", "link", "amara") in [tuple(row) for row in logged]
    assert link.rpartition("/")[2] not in str(logged)


def test_a_port_that_is_taken_is_told_before_a_link_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main(["serve", str(course_in(tmp_path)), "--port", str(port)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"cannot listen at 127.0.0.1:{port}: Address already in use (choose another --port" in err
