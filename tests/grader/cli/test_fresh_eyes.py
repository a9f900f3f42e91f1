"""What a newcomer runs into first."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.cli import main

OWN = """
title = "Own"
source = "ours"
[[question]]
id = "mean"
label = "1"
points = 2
prompt = "A sum."
[question.fields]
s0 = "start"
Wss = "n x n"
Wsx = "n x 1"
Wo = "1 x n"
[question.check]
kind = "linear_system"
structure = "rnn-a"
inputs = 1
target = ["cumsum(x[1])"]
[[question.example]]
title = "Right"
answer = "mean = dict(s0=[0], Wss=[[1]], Wsx=[[1]], Wo=[[1]])"
verdict = "correct"
[[question.example]]
title = "Wrong"
answer = "mean = dict(s0=[0], Wss=[[0]], Wsx=[[0]], Wo=[[0]])"
verdict = "incorrect"
"""


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_the_bare_command_shows_its_help_on_many_lines(capsys):
    assert main([]) == 2
    assert "submit" in capsys.readouterr().out.split("Commands:")[1]


def test_start_with_an_exercise_of_ones_own_says_how_to_mark_it(capsys):
    Path("mean.toml").write_text(OWN)
    assert main(["start", "mean.toml"]) == 0
    assert "submit answer.py --exercise mean.toml" in capsys.readouterr().out


def test_an_answer_to_an_exercise_that_is_not_installed_is_not_marked_as_another(capsys):
    Path("answer.py").write_text('EXERCISE = "mean"\nmean = dict(s0=[0], Wss=[[1]], Wsx=[[1]], Wo=[[1]])\n')
    assert main(["submit", "answer.py"]) == 2
    assert "mean" in capsys.readouterr().err


def test_a_binary_file_is_taken_for_no_exercise(capsys):
    Path("answer.py").write_bytes(b"\x00y = 1\nh = 2\nWss = 3\n" * 50)
    assert main(["submit", "answer.py"]) == 2
    assert "Which exercise" in capsys.readouterr().err


def test_a_function_under_the_questions_own_name_counts(capsys):
    Path("answer.py").write_text(
        "import numpy as np\n"
        "def forward(x, U, W, V, b, c):\n"
        "    h, y = np.zeros(len(b)), []\n"
        "    for x_t in x:\n"
        "        h = np.tanh(x_t @ U + h @ W + b)\n"
        "        y.append(1 / (1 + np.exp(-(h @ V + c))))\n"
        "    return np.array(y)\n"
        "q1a_code = forward\n"
    )
    arguments = ["submit", "answer.py", "--exercise", "ntu-cz4042-tutorial-8", "--question", "q1a_code"]
    assert main(arguments) == 0
