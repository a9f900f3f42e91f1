"""`rnngrade author`: bands and weights by our own trainer."""

from __future__ import annotations

import tomllib

import pytest

from grader.cli import main
from grader.cli._options import load_exercise

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
    assert main(["author", "audit", EXERCISE, "q1a"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("1(a)  q1a (trace): ")
    # In 1(a) every pre-activation that matters is positive or saturates: ReLU and no activation do the same.
    # So does an activation of the bias alone, which is small.
    assert "  cannot be told apart: h-b-alone-inside, linear-hidden, relu-hidden" in lines


@pytest.mark.parametrize("exercise", ["mit-6390-recitation-8", "rnn-by-formula"])
def test_audit_has_something_to_say_on_every_question(capsys, exercise):
    assert main(["author", "audit", exercise]) == 0
    told = capsys.readouterr().out
    for one in load_exercise(exercise, with_examples=True).questions:
        _, _, after = told.partition(f"{one.label}  {one.id} ({one.kind}): ")
        first, second = after.splitlines()[:2]
        right = sum(example.verdict == "correct" for example in one.examples)
        wrong = sum(example.verdict in ("partial", "incorrect") for example in one.examples)
        assert first == f"{right} right examples, {wrong} wrong"
        assert second.startswith("  its examples are told: ")
        for example in one.examples:
            assert all(name in after for name in example.diagnoses)


SUM = """
title = "A sum"
source = "week 1"

[[question]]
id = "s"
label = "1"
points = 2
prompt = "Add 2 and 3."
fields = {v = "a number"}

[question.check]
kind = "numeric"
values = {v = 5}
mistakes = [
    {id = "multiplied", values = {v = 6}, message = "That is the product."},
    {id = "subtracted", values = {v = -1}, message = "That is the difference."},
]
"""
ANSWERS = {"Right": (5, "correct"), "The product": (6, "incorrect"), "Anything": (7, "incorrect")}


def test_audit_tells_what_no_example_shows_and_which_has_no_name(tmp_path, capsys):
    path = tmp_path / "sum.toml"
    examples = [
        f'[[question.example]]\ntitle = "{title}"\nanswer = "s = dict(v={v})"\nverdict = "{verdict}"\n'
        for title, (v, verdict) in ANSWERS.items()
    ]
    path.write_text(SUM + "\n".join(examples))
    assert main(["author", "audit", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1  s (numeric): 1 right example, 2 wrong"
    assert lines[1] == "  its examples are told: multiplied"
    assert lines[2].startswith("  no known mistake explains: Anything; it is told ")
    assert lines[3:] == ["  no example shows, though declared: subtracted"]
    path.write_text(SUM + "\n".join(examples[:2]))
    assert main(["author", "audit", str(path)]) == 0
    assert "  every wrong example is told a known mistake" in capsys.readouterr().out.splitlines()


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
    assert capsys.readouterr().out == f"2 examples are marked as {path} says\n"


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
    assert "1 of 2 examples is not marked" in told


def test_lint_of_a_broken_file_is_a_usage_error(tmp_path, capsys):
    path = tmp_path / "mean.toml"
    path.write_text(MEAN.replace("points", "pionts"))
    assert main(["author", "lint", str(path)]) == 2
    assert "unknown key 'pionts'" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["author", "--help"], ["author", "bands", "--help"]])
def test_help_is_given(arguments, capsys):
    assert main(arguments) == 0
    assert "Usage" in capsys.readouterr().out
