"""The preview of an exercise: for this machine only, what students see, and a word on every save."""

from __future__ import annotations

import http.client
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from grader.authoring.preview import serving
from grader.cli import main
from grader.cli._options import load_exercise

EXERCISE = Path(__file__).parents[3] / "exercises" / "rnn-by-formula" / "exercise.toml"
SOON_S = 20


class Served(NamedTuple):
    file: Path
    port: int

    def ask(self, path: str = "/", **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SOON_S)
        connection.request("GET", path, headers=headers)
        return connection.getresponse()

    def changes(self) -> http.client.HTTPResponse:
        """The answer that the page's script waits for."""
        found = re.search(r'EventSource\("(changes\?\w+)"\)', self.ask().read().decode())
        assert found is not None
        return self.ask(f"/{found[1]}")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    file = tmp_path / EXERCISE.name
    shutil.copy(EXERCISE, file)
    with serving(file, lambda: load_exercise(str(file))) as address:
        yield Served(file, int(address.rstrip("/").rpartition(":")[2]))


def test_the_page_tells_questions_and_all_hints(served: Served) -> None:
    page = served.ask().read().decode()
    for question in load_exercise(str(EXERCISE)).questions:
        assert f'id="question-{question.id}"' in page
        assert f"Hint {len(question.hints)}: " in page


def test_a_save_is_told_and_the_page_is_new(served: Served) -> None:
    waiting = served.changes()
    served.file.write_text(served.file.read_text().replace('title = "', 'title = "Quite new: ', 1))
    assert waiting.readline() == b"data: saved\n"
    assert "Quite new: " in served.ask().read().decode()


def test_a_save_before_the_page_asks_is_told(served: Served) -> None:
    page = served.ask().read().decode()
    found = re.search(r"changes\?\w+", page)
    assert found is not None
    served.file.write_text(served.file.read_text() + "\n")
    assert served.ask(f"/{found[0]}").readline() == b"data: saved\n"


def test_a_picture_that_is_saved_is_told(served: Served) -> None:
    served.file.write_text(served.file.read_text().replace("prompt = '''", "prompt = '''![a](a.svg)", 1))
    assert "a.svg cannot be read" in served.ask().read().decode()
    waiting = served.changes()
    (served.file.parent / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    assert waiting.readline() == b"data: saved\n"
    assert "data:image/svg+xml" in served.ask().read().decode()


def test_a_file_that_is_broken_half_way_says_where(served: Served) -> None:
    served.file.write_text(served.file.read_text().replace("points = ", "pionts = ", 1))
    page = served.ask().read().decode()
    assert "pionts" in page
    assert "EventSource" in page


@pytest.mark.parametrize("host", ["evil.test", "evil.test:{port}", "127.0.0.1", "localhost:1"])
def test_a_page_of_another_site_reads_nothing(served: Served, host: str) -> None:
    answer = served.ask(Host=host.format(port=served.port))
    assert answer.status == 403
    assert b"question-" not in answer.read()


def test_nothing_else_of_the_machine_is_served(served: Served) -> None:
    for path in (f"/{served.file.name}", "/../../etc/passwd", "/etc/passwd"):
        assert served.ask(path).status == 404


def test_only_this_machine_is_served(served: Served) -> None:
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    addresses = [one[1] for one in listening if one[3] == "0A" and one[1].endswith(f":{served.port:04X}")]
    assert addresses == [f"0100007F:{served.port:04X}"]  # 127.0.0.1, its bytes from the last


def test_once_prints_the_page_without_a_script_and_with_what_lint_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "e.toml"
    file.write_text(EXERCISE.read_text().replace("prompt = '''", r"prompt = '''$\foo$ ", 1))
    assert main(["author", "preview", str(file), "--once"]) == 0
    told = capsys.readouterr().out
    assert "<script" not in told
    assert r"$\foo$ \foo is not known" in told


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["author", "preview", "nothing.toml"]) == 2
    assert "there is no exercise file nothing.toml" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["author", "preview", str(served.file), "--port", str(served.port)]) != 0
    assert f"port {served.port} cannot be used" in capsys.readouterr().err
