"""Where somebody sits at a terminal: pager and colours; a pipe or a file gets neither by itself."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from grader.cli import _output, main

ROOT = Path(__file__).parents[3]
MARKED = {"RNNGRADE_PAGER": "sed s/^/paged:/", "TERM": "xterm", "LINES": "5"}
CLEAN = {key: value for key, value in os.environ.items() if key not in ("CI", "PAGER", "LESS", "NO_COLOR")}


def at_terminal(arguments: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Exit code and screen of a command whose standard output is a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "rnngrade", *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**CLEAN, **environment}, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    screen = b""
    try:
        while part := os.read(ours, 65536):
            screen += part
    except OSError:
        pass  # Linux: the other end is closed
    os.close(ours)
    return process.wait(30), screen.decode().replace("\r\n", "\n")


@pytest.fixture(scope="module")
def wanted() -> str:
    command = [sys.executable, "-m", "rnngrade", "list"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["list"], {}),
        (["list"], {"RNNGRADE_PAGER": "sed s/^/paged:/", "PAGER": "false"}),
        (["list", "-o", "-"], {}),
    ],
)
def test_long_text_goes_through_the_pager(arguments, environment, wanted: str):
    code, screen = at_terminal(arguments, {**MARKED, **environment})
    assert screen == "".join(f"paged:{line}\n" for line in wanted.splitlines())
    assert code == 0


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["list", "--no-pager"], {}),
        (["list"], {"CI": "true"}),
        (["list"], {"TERM": "dumb"}),
        (["list"], {"LINES": "500"}),
        (["list"], {"RNNGRADE_PAGER": "cat"}),
        (["list"], {"RNNGRADE_PAGER": ""}),
        (["list"], {"RNNGRADE_PAGER": "there-is-no-such-pager"}),
        (["list"], {"RNNGRADE_PAGER": "'"}),
        (["list"], {"RNNGRADE_PAGER": "false"}),
    ],
)
def test_all_is_written_once_where_no_pager_can_or_may_show_it(arguments, environment, wanted: str):
    assert at_terminal(arguments, {**MARKED, **environment}) == (0, wanted)


def test_a_pager_that_is_left_early_is_no_error(wanted: str):
    shown = at_terminal(["list"], {**MARKED, "RNNGRADE_PAGER": "head -n 1"})
    assert shown == (0, wanted.partition("\n")[0] + "\n")


@pytest.mark.parametrize(
    ("is_terminal", "environment", "wants"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),  # no-color.org: when present and not an empty string
        (True, {"TERM": "dumb"}, False),
        (True, {"CLICOLOR": "0"}, False),
        (False, {"CLICOLOR": "1"}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": ""}, False),
        (False, {"FORCE_COLOR": "0"}, False),
        (False, {"CLICOLOR_FORCE": "1"}, True),
        (False, {"CLICOLOR_FORCE": "0"}, False),
        (False, {"FORCE_COLOR": "1", "TERM": "dumb"}, True),
        (True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colours_follow_the_terminal_and_what_is_asked(is_terminal, environment, wants, monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    assert _output.wants_color() is wants


def test_forced_colours_reach_a_pipe_and_never_a_file(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    answer, report = tmp_path / "a.json", tmp_path / "report.txt"
    answer.write_text('{"EXERCISE": "rnn-by-formula", "unroll": {}}')
    main(["submit", str(answer)])
    assert "\x1b[" in capsys.readouterr().out
    main(["submit", str(answer), "-o", str(report)])
    assert "\x1b" not in report.read_text()
