"""The link that `rnngrade serve` prints leads to the server that then runs."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from grader.cli import main
from tests.grader.serve.conftest import course_in


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
