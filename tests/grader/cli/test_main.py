from __future__ import annotations

import contextlib
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from grader.cli import main
from grader.errors import SpecError


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["submit", "--help"], ["--version"]])
def test_help_and_version_are_0(arguments: list[str], capsys):
    assert main(arguments) == 0
    assert "rnngrade" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["sumbit"], "did you mean 'submit'?"),
        (["--hepl"], "No such option"),
        (["submit"], "Missing argument 'ANSWER'; see"),
        (["submit", "answer.py", "--hints"], "requires an argument; see 'rnngrade submit --help'"),
        (["show", "zzz"], "the exercises are"),
        (["bad\nname"], r"bad\nname"),
    ],
)
def test_usage_error_is_one_line_and_2(arguments: list[str], part: str, capsys):
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert part in told.err
    assert len(told.err.strip().splitlines()) == 1
    assert told.out == ""


def test_reader_that_goes_away_is_no_traceback():
    command = f"{sys.executable} -m grader show mit-6390-recitation-8 | true"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=Path(__file__).parents[3], check=False
    )
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize(
    "command", ["list", "show mit-6390-recitation-8", "start mit-6390-recitation-8 --output -"]
)
def test_full_disk_is_one_clear_line(command: str):
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m grader {command} > /dev/full"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "rnngrade: standard output cannot be written: No space left on device"
    ]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_full_disk_below_a_file_is_no_failure_to_report(capsys):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.cli._main.group.main", lambda *_, **__: Path("/dev/full").write_text("x"))
        assert main([]) == 3
    told = capsys.readouterr().err
    assert "no space is left on the disk" in told
    assert "please report" not in told


@pytest.mark.parametrize("is_connected", [True, False])
def test_full_disk_below_a_gradebook_is_no_failure_to_report(is_connected: bool, capsys):
    # SQLite's documentation of the first: what needs more pages fails as on a disk that is full.
    statements = (
        "PRAGMA max_page_count = 4",
        "CREATE TABLE some (data BLOB)",
        "INSERT INTO some VALUES (zeroblob(100000))",
    )

    def writes(*arguments, **options):
        with contextlib.ExitStack() as stack:
            if is_connected:
                execute = stack.enter_context(create_engine("sqlite://").connect()).exec_driver_sql
            else:
                execute = stack.enter_context(contextlib.closing(sqlite3.connect(":memory:"))).execute
            for statement in statements:
                execute(statement)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.cli._main.group.main", writes)
        assert main([]) == 3
    told = capsys.readouterr().err
    assert "no space is left on the disk (" in told
    assert "disk is full" in told
    assert "please report" not in told
    assert len(told.splitlines()) == 1


def test_what_else_a_gradebook_fails_with_is_to_be_reported(capsys):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "grader.cli._main.group.main",
            lambda *_, **__: create_engine("sqlite://").connect().exec_driver_sql("SELECT none"),
        )
        assert main([]) == 3
    assert "please report it" in capsys.readouterr().err


def test_folder_at_the_end_of_a_message_is_kept(tmp_path: Path, capsys):
    (tmp_path / "x.zip").write_bytes(b"")
    wheel = str(tmp_path / "x.zip")
    assert main(["export", "gradescope", "mit-6390-recitation-8", "--wheel", wheel]) == 2
    assert "pip wheel --no-deps .; see" in capsys.readouterr().err


def test_caret_of_an_authors_expression_stands_under_its_place(tmp_path: Path, capsys):
    own = tmp_path / "own\nname.toml"
    error = SpecError("unexpected ')'\n    x[1] +\t) \x1b\n           ^", "see\nthe docs", f"{own}: target")

    def fails(*arguments, **options):
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.cli._main.group.main", fails)
        assert main([]) == 2
    told = capsys.readouterr().err.splitlines()
    assert told == [
        rf"rnngrade: {tmp_path}/own\nname.toml: target: unexpected ')'",
        r"    x[1] + ) \x1b",
        "           ^",
        r"(see\nthe docs)",
    ]


def test_broken_signal_of_an_exercise_is_shown_with_its_caret(tmp_path: Path, capsys):
    text = (Path(__file__).parents[3] / "exercises" / "mit-6390-recitation-8" / "exercise.toml").read_text()
    place = re.search(r'target = \["([^"]+)"', text)
    assert place
    (tmp_path / "own.toml").write_text(text.replace(place[0], 'target = ["x[1] + )"'))
    assert main(["show", str(tmp_path / "own.toml")]) == 2
    told = capsys.readouterr().err.splitlines()
    at = next(number for number, line in enumerate(told) if line.strip() == "^")
    assert told[at - 1][told[at].index("^")] == ")"
