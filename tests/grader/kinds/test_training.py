"""What is said of trained weights: causes only where the outputs show them."""

from __future__ import annotations

import functools

import pytest

from grader.grading import mark
from grader.kinds import find_kind, kind_names
from grader.model.submission import AnswerFile, Submission
from grader.specs import Kinds, find_exercise, load_exercise


@functools.cache
def exercise():
    return load_exercise(
        find_exercise("ntu-cz4042-tutorial-8").path, Kinds(kind_names(), find_kind), with_examples=True
    )


def told(changes):
    """What is said of the exercise's own trained network after changes to it."""
    question = next(one for one in exercise().questions if one.id == "q2_weights")
    source = question.examples[0].answer + f"\nimport numpy as np\nw = q2_weights\n{changes}\n"
    submission = Submission(student="s", files=(AnswerFile("answer.py", source.encode()),), digest="")
    outcome = mark(exercise(), submission, question_id="q2_weights").questions[0].outcome
    return {one.code: one.message for one in outcome.feedback}


def test_a_missing_bias_is_no_lack_of_neurons():
    said = told("del w['c']")
    assert said.keys() == {"missing-bias", "error", "output-off"}
    assert said["output-off"] == "y2 goes up and down with the wanted values, but is off by a constant."


@pytest.mark.parametrize(
    ("changes", "by"),
    [
        ("w['c'] = [w['c'][0], w['c'][1] + 9]", "a constant"),
        ("w['V'] = [[a, 2 * b] for a, b in w['V']]; w['c'] = [w['c'][0], 2 * w['c'][1]]", "a factor"),
        ("w['V'] = [[a, -b] for a, b in w['V']]; w['c'] = [w['c'][0], -w['c'][1]]", "a factor"),
    ],
)
def test_an_output_that_is_off_is_told_by_what(changes, by):
    assert by in told(changes)["output-off"]
    assert "output-not-learned" not in told(changes)


@pytest.mark.parametrize("number", [0, 1])
def test_an_output_that_never_moves_is_not_learned(number):
    said = told(f"for row in w['V']: row[{number}] = 0.0\nw['c'][{number}] = [2.4, 6.2][{number}]")
    assert f"y{number + 1} is hardly learned" in said["output-not-learned"]
    assert "neurons" not in said["output-not-learned"]


def test_columns_are_accepted_and_said():
    said = told("w.update({name: np.transpose(array) for name, array in w.items()})")
    assert said.keys() == {"error", "columns"}
    assert "(3, 5)" in said["columns"]


def test_rows_are_told_nothing_but_their_error():
    assert told("").keys() == {"error"}
