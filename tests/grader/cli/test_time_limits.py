"""How long a student's code may run is told before it is handed in."""

from pathlib import Path

import pytest

from grader.cli import main

EXERCISE = """
title = "Time"
source = "week 1"

[limits]
load_cpu_s = 7
call_cpu_s = 3

[[question]]
id = "q"
label = "1"
points = 1
prompt = "A number."

[question.fields]
y = "a number"

[question.check]
kind = "numeric"
values = { y = 1 }

[[question.example]]
title = "Right"
answer = "q = dict(y=1)"
verdict = "correct"

[[question.example]]
title = "Wrong"
answer = "q = dict(y=2)"
verdict = "incorrect"
"""


@pytest.mark.parametrize("command", [["show"], ["start", "--output", "-"]])
def test_time_for_running_the_file_is_told(tmp_path: Path, capsys, command: list[str]):
    path = tmp_path / "time.toml"
    path.write_text(EXERCISE)
    assert main([command[0], str(path), *command[1:]]) == 0
    said = capsys.readouterr().out
    assert "may take 7 s of CPU" in said
    assert "__main__" in said


def test_time_for_the_tutorials_calls_is_told(capsys):
    assert main(["show", "ntu-cz4042-tutorial-8"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "may take 60 s of CPU" in said
    assert "each call of a function 2 s, of some 10 s" in said
