"""The line that says what takes so long."""

from __future__ import annotations

import io
import sys
import threading

import pytest

from grader.cli import _output, _progress
from grader.cli._progress import ERASED, Waiting


class Screen(io.StringIO):
    """A terminal that tells when something was written on it."""

    def __init__(self, is_terminal: bool) -> None:
        super().__init__()
        self.is_terminal = is_terminal
        self.was_written = threading.Event()

    def isatty(self) -> bool:
        return self.is_terminal

    def flush(self) -> None:
        self.was_written.set()


def screen(monkeypatch: pytest.MonkeyPatch, silence_s: float, *, is_terminal: bool = True) -> Screen:
    found = Screen(is_terminal)
    monkeypatch.setattr(sys, "stderr", found)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(_progress, "SILENCE_S", silence_s)
    return found


def wait_for(shown: Screen, *, fails: bool = False) -> None:
    with Waiting("marking"):
        assert shown.was_written.wait(10)
        if fails:
            raise KeyboardInterrupt


def test_what_takes_long_is_said_and_erased(monkeypatch: pytest.MonkeyPatch):
    shown = screen(monkeypatch, 0.0)
    wait_for(shown)
    assert shown.getvalue() == f"{ERASED}marking ... 0 s{ERASED}"


def test_the_line_goes_when_it_fails_too(monkeypatch: pytest.MonkeyPatch):
    shown = screen(monkeypatch, 0.0)
    with pytest.raises(KeyboardInterrupt):
        wait_for(shown, fails=True)
    assert shown.getvalue().endswith(ERASED)


def test_what_is_quick_says_nothing(monkeypatch: pytest.MonkeyPatch):
    shown = screen(monkeypatch, 60.0)
    with Waiting("marking"):
        pass
    assert shown.getvalue() == ""


@pytest.mark.parametrize(("is_terminal", "terminal"), [(False, "xterm"), (True, "dumb")])
def test_a_file_or_a_dumb_terminal_gets_no_line(is_terminal: bool, terminal: str, monkeypatch):
    shown = screen(monkeypatch, 0.0, is_terminal=is_terminal)
    monkeypatch.setenv("TERM", terminal)
    with Waiting("marking"):
        assert not shown.was_written.wait(0.05)
    assert shown.getvalue() == ""


def test_a_note_takes_the_place_of_the_line(monkeypatch: pytest.MonkeyPatch):
    shown = screen(monkeypatch, 0.0)
    with Waiting("marking"):
        assert shown.was_written.wait(10)
        _output.note("something")
    assert f"0 s{ERASED}note: something\n" in shown.getvalue()


@pytest.mark.parametrize(("is_terminal", "terminal"), [(False, "xterm"), (True, "dumb")])
def test_a_note_has_no_codes_in_a_file(is_terminal: bool, terminal: str, monkeypatch: pytest.MonkeyPatch):
    shown = screen(monkeypatch, 60.0, is_terminal=is_terminal)
    monkeypatch.setenv("TERM", terminal)
    _output.note("something")
    assert shown.getvalue() == "note: something\n"


LONG = [
    ("stats", [], "comparing submissions"),
    ("report", ["pages"], "writing pages"),
    ("feedback", ["class", "--exercise", "mit-6390-recitation-8", "-o", "texts"], "writing feedback"),
]


def test_commands_that_read_a_whole_class_say_what_they_do(tmp_path, monkeypatch):
    from grader.cli import main

    said: list[str] = []
    start = Waiting.__enter__
    monkeypatch.setattr(Waiting, "__enter__", lambda self: (said.append(self._what), start(self))[1])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "ada.json").write_text('{"a_ii": {"g1": [6, 6, 6, 6]}}')
    assert main(["batch", "class", "--exercise", "mit-6390-recitation-8", "--jobs", "1"]) == 0
    for name, more, what in LONG:
        said.clear()
        assert main([name, *more]) == 0
        assert said == [what]
