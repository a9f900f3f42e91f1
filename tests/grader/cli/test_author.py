"""`rnngrade author`: bands and weights by our own trainer."""

from __future__ import annotations

import tomllib

import pytest

from grader.cli import main
from grader.cli._exercise import load

EXERCISE, QUESTION = "ntu-cz4042-tutorial-8", "q2_weights"


def test_bands_are_lines_for_the_exercise_file(capsys):
    assert main(["author", "bands", EXERCISE, QUESTION, "--seeds", "4", "--epochs", "3"]) == 0
    told = capsys.readouterr().out
    table = tomllib.loads(told)
    assert set(table) == {"constant", "linear", "bands"}
    assert [band["share"] for band in table["bands"]] == ["1", "9/10", "7/10", "2/5", "3/20"]
    assert told.startswith(f"# rnngrade author bands {EXERCISE} {QUESTION} --seeds 4 --epochs 3 --seed 0")


def test_weights_are_an_answer_file(capsys):
    assert main(["author", "weights", EXERCISE, QUESTION, "--seeds", "2", "--epochs", "3"]) == 0
    names = {}
    exec(capsys.readouterr().out, names)
    assert set(names[QUESTION]) == {"U", "W", "V", "b", "c"}


def test_audit_names_what_the_questions_own_numbers_cannot_tell(capsys):
    assert main(["author", "audit", EXERCISE]) == 0
    lines = capsys.readouterr().out.splitlines()
    # In 1(a) every pre-activation that matters is positive or saturates: ReLU and no activation do the same.
    start = lines.index(next(line for line in lines if line.startswith("1(a)  q1a:")))
    assert "  cannot be told apart: linear-hidden, relu-hidden" in lines[start : start + 4]
    assert main(["author", "audit", "mit-6390-recitation-8"]) == 0
    told = capsys.readouterr().out
    assert "no question of" in told
    for one in load("mit-6390-recitation-8").questions:
        assert f"{one.label}  {one.id}: not looked at: a question of kind {one.kind!r}" in told


def test_a_question_of_another_kind_is_a_usage_error(capsys):
    assert main(["author", "bands", EXERCISE, "q1a"]) == 2
    assert "training" in capsys.readouterr().err


MEAN = """
title = "A running mean of two"
source = "week 3"

[[question]]
id = "mean"
label = "1"
points = 2
prompt = "Give an RNN-A that outputs the mean of the last two inputs."
fields = {s0 = "start state", Wss = "n x n", Wsx = "n x 1", Wo = "1 x n"}

[question.check]
kind = "linear_system"
structure = "rnn-a"
inputs = 1
target = ["1/2 * x[1] + 1/2 * delay(x[1], 1)"]

[[question.example]]
title = "Now and before"
answer = '''mean = dict(s0=[0, 0], Wss=[[0, 0], [1, 0]], Wsx=[[1], [0]], Wo=[["1/2", "1/2"]])'''
verdict = "correct"

[[question.example]]
title = "No memory"
answer = '''mean = dict(s0=[0], Wss=[[0]], Wsx=[[1]], Wo=[["1/2"]])'''
verdict = "partial"
"""


def test_lint_says_that_every_example_is_marked_as_the_file_says(tmp_path, capsys):
    path = tmp_path / "mean.toml"
    path.write_text(MEAN)
    assert main(["author", "lint", str(path)]) == 0
    assert capsys.readouterr().out == f"2 examples marked as {path} says\n"


def test_lint_says_what_an_example_gets_instead(tmp_path, capsys):
    path = tmp_path / "mean.toml"
    more = 'fraction = 0\ncodes = ["no-such-code"]\ndiagnoses = ["no-such-mistake"]\n'
    # The cap on what students are told must not hide a code that the file names.
    path.write_text(
        'reveal = "verdict"\n' + MEAN.replace('verdict = "partial"', 'verdict = "incorrect"') + more
    )
    assert main(["author", "lint", str(path)]) == 2
    told = capsys.readouterr().out
    assert (
        "question 'mean', example 'No memory':\n  the verdict is partial, the file says incorrect\n" in told
    )
    assert ", the file says 0\n" in told
    assert "code: there is counterexample" in told
    assert "the file says no-such-code" in told
    assert "the file says no-such-mistake" in told
    assert "1 of 2 examples not marked" in told


def test_lint_of_a_broken_file_is_a_usage_error(tmp_path, capsys):
    path = tmp_path / "mean.toml"
    path.write_text(MEAN.replace("points", "pionts"))
    assert main(["author", "lint", str(path)]) == 2
    assert "unknown key 'pionts'" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["author", "--help"], ["author", "bands", "--help"]])
def test_help_is_given(arguments, capsys):
    assert main(arguments) == 0
    assert "Usage" in capsys.readouterr().out
