"""`rnngrade watch` in a real terminal, with real saves: what is shown, and what is left when it ends."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from grader.cli import main

LIMIT_S = 20.0
"""For anything that is waited for; it takes some tenths of a second."""

EXERCISE = """title = "Two numbers"
source = "a test"

[limits]
load_cpu_s = 1.0

[[question]]
id = "first"
label = "1"
points = 1
prompt = "How much is one and one?"
hints = ["Count on your fingers."]
[question.fields]
n = "a number"
[question.check]
kind = "numeric"
values = { n = 2 }
[[question.example]]
title = "Right"
answer = "first = dict(n=2)"
verdict = "correct"
[[question.example]]
title = "Wrong"
answer = "first = dict(n=3)"
verdict = "incorrect"

[[question]]
id = "second"
label = "2"
points = 3
prompt = "How much is two and two?"
[question.fields]
n = "a number"
[question.check]
kind = "numeric"
values = { n = 4 }
[[question.example]]
title = "Right"
answer = "second = dict(n=4)"
verdict = "correct"
[[question.example]]
title = "Wrong"
answer = "second = dict(n=5)"
verdict = "incorrect"
"""

# A session of its own with this terminal, as a shell gives it: only then does Ctrl-C reach it.
START = (
    "import fcntl, os, sys, termios\n"
    "os.setsid()\n"
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    "import rnngrade\n"
    "sys.exit(rnngrade.main())"
)


class Terminal:
    """A terminal in which a command runs."""

    def __init__(self, *arguments: str) -> None:
        self.mine, theirs = os.openpty()
        self.before = termios.tcgetattr(theirs)
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "dumb", "LC_ALL": "C.UTF-8"},
        )
        os.close(theirs)
        self.written = ""

    def until(self, pattern: str) -> str:
        """What is written until the pattern stands there."""
        end = time.monotonic() + LIMIT_S
        start = len(self.written)
        while not re.search(pattern, self.written[start:]):
            assert time.monotonic() < end, self.written[start:]
            assert self.process.poll() is None, self.written
            self._take(0.1)
        return self.written[start:]

    def quiet(self, seconds: float) -> str:
        """What is written within some seconds."""
        end, start = time.monotonic() + seconds, len(self.written)
        while time.monotonic() < end:
            self._take(0.05)
        return self.written[start:]

    def press(self, keys: str) -> None:
        os.write(self.mine, keys.encode())

    def ended(self) -> int:
        end = time.monotonic() + LIMIT_S
        while self.process.poll() is None:
            assert time.monotonic() < end
            self._take(0.05)
        return self.process.returncode

    def is_as_before(self) -> bool:
        return termios.tcgetattr(self.mine) == self.before

    def _take(self, seconds: float) -> None:
        if select.select([self.mine], [], [], seconds)[0]:
            try:
                self.written += os.read(self.mine, 65536).decode("utf-8", "replace").replace("\r\n", "\n")
            except OSError:
                time.sleep(0.01)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.mine)


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    (tmp_path / "exercise.toml").write_text(EXERCISE)
    path = tmp_path / "answer.py"
    path.write_text("first = dict(n=3)\n")
    return path


@pytest.fixture
def terminal(answer: Path) -> Iterator[Terminal]:
    terminal = Terminal("watch", str(answer), "--exercise", str(answer.with_name("exercise.toml")))
    try:
        yield terminal
    finally:
        terminal.close()


FIRST = r"0 of 4 points[^$]*missing +2 +second[^\n]*\n"


def test_saves_and_keys_from_the_first_marking_to_the_last(terminal: Terminal, answer: Path):
    shown = terminal.until(FIRST)
    assert re.search(r"of 4 points\nNext: first \(1\), 0 / 1 points", shown), "what to do stands on top"
    assert "How much is one and one?" in shown

    terminal.press("h")
    assert "Count on your fingers." in terminal.until(r"fingers\.\n")
    terminal.press("n")
    assert "How much is two and two?" in terminal.until(r"two and two\?\n")
    assert "no hints for second" in (terminal.press("h") or terminal.until(r"second\.\n"))

    answer.write_text("first = dict(n=2)\n")
    shown = terminal.until(r"It was incorrect[^\n]*\n")
    assert "1 of 4 points\nNext: second (2), 0 / 3 points: nothing is handed in yet" in shown
    assert len(re.findall(r"  second  ", shown)) == 0, "what has not changed is not shown"

    answer.write_text("first = dict(n=2)\nsecond = dict(n=\n")
    shown = terminal.until(r"Next, mend this[^\n]*\n")
    assert "SyntaxError" in shown
    assert "invalid" not in shown

    answer.write_text("first = dict(n=2)\nsecond = dict(n=4)\nprint('\\033[2Jout')\n")
    shown = terminal.until(r"Your code printed:\n[^\n]*\n")
    assert "4 of 4 points\nEverything is solved." in shown
    assert "It was missing, 0 / 3." in shown
    assert "  first  " not in shown
    assert "\x1b" not in shown

    terminal.press("l")
    listed = terminal.until(r"second[^\n]*\n")
    assert "first" in listed
    assert not terminal.is_as_before()
    terminal.press("\x1b[A")
    terminal.press("q")
    assert terminal.ended() == 0
    assert terminal.is_as_before()
    assert "Traceback" not in terminal.written


@pytest.mark.parametrize(
    ("how", "code"),
    [("\x03", 1), ("\x04", 1), (signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGHUP, 128 + signal.SIGHUP)],
    ids=["Ctrl-C", "Ctrl-D", "SIGTERM", "SIGHUP"],
)
def test_however_it_ends_the_terminal_is_as_it_was(terminal: Terminal, how: str | signal.Signals, code: int):
    terminal.until(FIRST)
    if isinstance(how, str):
        terminal.press(how)
    else:
        terminal.process.send_signal(how)
    assert terminal.ended() == code
    assert terminal.is_as_before()
    assert "Traceback" not in terminal.written


def test_the_newest_save_wins_over_code_that_still_runs(terminal: Terminal, answer: Path):
    terminal.until(FIRST)
    answer.write_text("print('an older one')\nfirst = dict(n=2)\nwhile True: pass\n")
    terminal.quiet(0.5)
    answer.write_text("second = dict(n=4)\n")
    shown = terminal.until(r"3 of 4 points[^$]*It was missing[^\n]*\n")
    assert "1 of 4" not in shown
    assert "an older one" not in shown + terminal.quiet(1.5)


def descendants(pid: int) -> set[int]:
    """The processes that a process has started, and theirs."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()[1:]]
    found, left = set(), {pid}
    while left:
        left = {child for child, parent in pairs if parent in left}
        found |= left
    return found


def test_nothing_runs_on_when_it_has_ended(terminal: Terminal, answer: Path):
    terminal.until(FIRST)
    answer.write_text("import os\nos.fork()\nwhile True: pass\n")
    terminal.quiet(0.5)
    started = descendants(terminal.process.pid)
    assert len(started) >= 2, "at least a process that marks, and its sandbox"
    terminal.press("q")
    terminal.ended()
    end = time.monotonic() + LIMIT_S
    while any(Path(f"/proc/{pid}").exists() for pid in started):
        assert time.monotonic() < end
        time.sleep(0.05)


def kill_what_marks(terminal: Terminal) -> None:
    for pid in descendants(terminal.process.pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_a_process_that_dies_costs_one_marking_at_most(terminal: Terminal, answer: Path):
    terminal.until(FIRST)
    kill_what_marks(terminal)
    answer.write_text("first = dict(n=2)\n")
    terminal.until("1 of 4 points")
    answer.write_text("while True: pass\n")
    terminal.quiet(0.5)
    kill_what_marks(terminal)
    assert "the process that marks has died" in terminal.until(r"grader itself failed[^\n]*\n")
    terminal.press("q")
    assert terminal.ended() == 3


def test_of_fifty_saves_in_a_second_the_last_is_what_is_shown(terminal: Terminal, answer: Path):
    terminal.until(FIRST)
    for number in range(50):
        with answer.open("w") as file:
            file.write(f"first = dict(n={number + 10}")
            file.flush()
            time.sleep(0.01)
            file.write(")\nsecond = dict(n=4)\n" if number == 49 else ")\n")
        time.sleep(0.01)
    terminal.until(r"3 of 4 points")
    terminal.quiet(0.5)
    titles = re.findall(r"\d of 4 points", terminal.written)
    assert titles[-1] == "3 of 4 points"
    assert len(titles) < 25, "most of them are passed over"


def test_a_file_that_is_renamed_into_place_deleted_and_put_back(terminal: Terminal, answer: Path):
    terminal.until(FIRST)
    other = answer.with_name("other")
    other.write_text("first = dict(n=2)\n")
    other.replace(answer)
    terminal.until("1 of 4 points")
    answer.unlink()
    terminal.until(r"Waiting for the answer: no such file or folder\n")
    answer.symlink_to("exercise.toml")
    terminal.until(r"Waiting for the answer: a symbolic link")
    answer.unlink()
    answer.write_text("first = dict(n=2)\n")
    terminal.until(r"1 of 4 points\nNext[^$]*Nothing has changed")
    assert answer.with_name("exercise.toml").read_text() == EXERCISE


def test_a_folder_of_several_files_is_watched_without_a_terminal(answer: Path, tmp_path: Path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "one.py").write_text("# first = dict(n=2)\n")
    command = [sys.executable, "-c", "import rnngrade, sys; sys.exit(rnngrade.main())", "watch", str(folder)]
    log = tmp_path / "log"
    with log.open("w") as out:
        watching = subprocess.Popen(
            [*command, "--exercise", str(tmp_path / "exercise.toml")],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    try:
        until(log, "All of the file is still a comment")
        (folder / "one.py").write_text("first = dict(n=2)\n")
        until(log, "1 of 4 points")
        assert log.read_text().count("All of the file is still a comment") == 1
        assert "q quit" not in log.read_text()
        (folder / "two.json").write_text('{"second": {"n": 4}}')
        until(log, "4 of 4 points")
        watching.send_signal(signal.SIGINT)
        assert watching.wait(LIMIT_S) == 0
    finally:
        watching.kill()
        watching.wait()


def until(log: Path, text: str) -> None:
    end = time.monotonic() + LIMIT_S
    while text not in log.read_text():
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.05)


def test_a_path_that_is_not_there_is_an_error_at_once(tmp_path: Path, capsys):
    assert main(["watch", str(tmp_path / "answr.py")]) == 2
    assert "answr.py" in capsys.readouterr().err
