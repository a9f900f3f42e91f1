"""`rnngrade author`: bands and weights by our own trainer."""

from __future__ import annotations

import tomllib

import pytest

from grader.cli import main

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


def test_a_question_of_another_kind_is_a_usage_error(capsys):
    assert main(["author", "bands", EXERCISE, "q1a"]) == 2
    assert "training" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["author", "--help"], ["author", "bands", "--help"]])
def test_help_is_given(arguments, capsys):
    assert main(arguments) == 0
    assert "Usage" in capsys.readouterr().out
