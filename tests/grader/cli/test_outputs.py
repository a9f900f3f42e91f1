"""What is written never takes the place of what was read, and a failure leaves what was there."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from grader.cli import main
from grader.reports.whole_file import write_whole

MIT = "mit-6390-recitation-8"
ANSWER = f'EXERCISE = "{MIT}"\na_ii = dict(g1=[1, 1, 1, 1])\n'


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    path = tmp_path / "answer.py"
    path.write_text(ANSWER)
    return path


@pytest.mark.parametrize("output", ["answer.py", "./answer.py", "link.py", "one.py", "report.json"])
def test_a_report_is_not_written_over_an_answer(answer: Path, capsys, output: str):
    (answer.parent / "link.py").symlink_to(answer)
    (answer.parent / "one.py").write_text(ANSWER)
    target = str(answer.parent / output)
    handed_in = answer.parent if output in ("one.py", "report.json") else answer
    assert main(["submit", str(handed_in), "--output", target, "--format", "terminal"]) == 2
    assert Path(output).name in capsys.readouterr().err
    assert answer.read_text() == ANSWER
    assert (answer.parent / "one.py").read_text() == ANSWER
    assert not (answer.parent / "report.json").exists()


def test_a_report_beside_an_answer_is_written(answer: Path):
    report = answer.parent / "report.json"
    assert main(["submit", str(answer), "--output", str(report), "--fail-under", "0"]) == 0
    assert report.exists()


@pytest.mark.parametrize("command", [["submit", "{answer}"], ["start", MIT], ["export", "gradescope", MIT]])
def test_a_folder_that_is_not_there_is_named(answer: Path, capsys, command: list[str]):
    target = answer.parent / "no" / "file.txt"
    typed = [one.format(answer=answer) for one in command]
    assert main([*typed, "--output", str(target)]) == 2
    assert f"the folder {target.parent} is not there" in capsys.readouterr().err


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gradebook of a class of one; only copied."""
    made = tmp_path_factory.mktemp("marked")
    (made / "class").mkdir()
    (made / "class" / "ada.json").write_text('{"a_ii": [1, 1, 1, 1]}')
    where = ["--exercise", MIT, "--gradebook", str(made / "g.db")]
    assert main(["batch", str(made / "class"), *where, "--jobs", "1"]) == 0
    return made / "g.db"


@pytest.mark.parametrize("ending", ["", "-wal", ".lock"])
def test_an_export_is_not_written_over_the_gradebook(marked: Path, tmp_path: Path, capsys, ending: str):
    book = Path(shutil.copy(marked, tmp_path))
    before = book.read_bytes()
    command = ["gradebook", "export", "--gradebook", str(book), "--output", f"{book}{ending}"]
    assert main(command) == 2
    assert "but is the gradebook or a part of it" in capsys.readouterr().err
    assert book.read_bytes() == before


@pytest.mark.parametrize("link", ["", "link"])
@pytest.mark.parametrize("command", [["submit", "{answer}"], ["start", MIT], ["export", "gradescope", MIT]])
def test_nothing_is_written_over_a_gradebook_that_the_command_does_not_read(
    answer: Path, capsys, command: list[str], link: str
):
    with sqlite3.connect(answer.parent / "g.db") as database:
        database.execute("CREATE TABLE marks (student TEXT)")
    database.close()
    before = (answer.parent / "g.db").read_bytes()
    (answer.parent / "link").symlink_to("g.db")
    typed = [one.format(answer=answer) for one in command]
    typed += ["--force"] if command[0] == "start" else []
    assert main([*typed, "--output", str(answer.parent / (link or "g.db"))]) != 0
    assert "which is never written over" in capsys.readouterr().err
    assert (answer.parent / "g.db").read_bytes() == before


@pytest.mark.parametrize("name", ["answer.py", "other.ipynb"])
def test_a_result_file_is_not_the_answer(answer: Path, name: str):
    places = ["--submission", str(answer.parent), "--results", str(answer.parent / name)]
    assert main(["harness", "gradescope", "--exercise", MIT, *places]) == 2
    assert answer.read_text() == ANSWER


def test_feedback_is_not_written_over_the_class(tmp_path: Path):
    folder = tmp_path / "class"
    folder.mkdir()
    assert main(["feedback", str(folder), "--exercise", MIT, "-o", str(folder)]) == 2


def test_a_disk_that_is_full_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "report.txt"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new")
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["report.txt"]


def test_a_file_keeps_who_may_read_it(tmp_path: Path):
    path = tmp_path / "report.txt"
    path.write_text("old")
    path.chmod(0o640)
    write_whole(path, b"new")
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o640)


def test_a_device_is_written_to_and_not_replaced(answer: Path, capfd):
    write_whole(Path("/dev/null"), b"x")
    assert Path("/dev/null").is_char_device()
    for place in ("/dev/null", "/dev/stdout"):
        assert main(["submit", str(answer), "--output", place, "--fail-under", "0"]) == 0
    assert "0 of 34 points" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("command", "name"),
    [(["list"], "answer.py"), (["author", "networks"], "mine.toml"), (["show", MIT], "notes.ipynb")],
)
def test_what_can_be_shown_again_takes_no_place_of_work(
    tmp_path: Path, capsys, command: list[str], name: str
):
    place = tmp_path / name
    place.write_text("work")
    assert main([*command, "-o", str(place)]) == 2
    assert place.read_text() == "work"
    assert "may be an answer or an exercise" in capsys.readouterr().err
    place.unlink()


@pytest.mark.parametrize("command", [["list"], ["show", MIT], ["author", "schema", "report"]])
def test_a_file_gets_what_the_terminal_would(tmp_path: Path, capsys, monkeypatch, command: list[str]):
    monkeypatch.setenv("COLUMNS", "100")
    place = tmp_path / "kept.txt"
    assert main([*command, "-o", str(place)]) == 0
    assert capsys.readouterr().out == ""
    assert main([*command, "-o", "-"]) == 0
    assert capsys.readouterr().out == place.read_text()


@pytest.mark.parametrize("command", [["stats"], ["gradebook", "show"], ["gradebook", "history", "ada"]])
def test_marks_are_kept_for_their_owner_only_and_not_in_the_gradebook(
    marked: Path, tmp_path: Path, command: list[str]
):
    book, kept = Path(shutil.copy(marked, tmp_path)), tmp_path / "marks.txt"
    before = book.read_bytes()
    typed = [*command, "--gradebook", str(book), "-o"]
    assert main([*typed, str(book)]) == 2
    assert book.read_bytes() == before
    assert main([*typed, str(kept)]) == 0
    assert MIT in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0
