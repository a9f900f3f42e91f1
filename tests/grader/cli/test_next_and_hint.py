"""What to do next, and hints: what `submit` knows, one thing at a time."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from grader.cli import main
from grader.model.outcome import Verdict
from grader.reports.next_step import next_question, nothing_left

MIT = "mit-6390-recitation-8"
CLASS = Path(__file__).parents[3] / "submissions_example" / MIT


def given(tmp_path: Path, **answers: object) -> str:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(answers))
    return str(path)


# From the sheet: the start state 1 under two zero weights, and rows of ones: g1 = 6.
RIGHT = {
    "a_i": {"Wss": [2, 2], "Wsx": [2, 3], "Wo": [4, 2], "z1": [2, 1], "z2": [4, 1]},
}


def test_next_is_the_first_question_that_is_not_solved(tmp_path: Path, capsys):
    assert main(["next", given(tmp_path, **RIGHT), "--exercise", MIT]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("Next: a_ii (1(a)ii), 0 / 4 points: nothing is handed in yet.")
    assert f"rnngrade show {MIT} a_ii" in shown
    assert "rnngrade hint /" in shown
    assert f"answer.json a_ii --exercise {MIT}" in shown


def test_next_says_what_is_wrong_there(tmp_path: Path, capsys):
    wrong = {**RIGHT["a_i"], "Wo": [2, 4]}
    assert main(["next", given(tmp_path, a_i=wrong), "--exercise", MIT]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("Next: a_i (1(a)i), 4 / 5 points: look at what is not right yet.")
    assert "Wo is given as 2 x 4: the axes are swapped." in shown


def test_next_has_nothing_to_say_where_everything_is_solved(capsys):
    assert main(["next", str(CLASS / "amara.py")]) == 0
    assert capsys.readouterr().out == "34 of 34 points. Everything is solved.\n"


@pytest.mark.parametrize(
    ("verdicts", "after", "following"),
    [
        ("correct missing partial", None, "b"),
        ("correct missing partial", "b", "c"),
        ("correct missing partial", "c", "b"),
        ("partial correct correct", "a", "a"),
        ("undecided correct invalid", None, "c"),
        ("undecided correct correct", None, None),
    ],
)
def test_what_follows_is_never_solved_and_never_with_the_instructor(verdicts, after, following):
    found = dict(zip("abc", map(Verdict, verdicts.split()), strict=True))
    assert next_question(found, after) == following


def test_an_undecided_question_is_said_to_be_with_the_instructor():
    verdicts = {"a": Verdict.CORRECT, "b": Verdict.UNDECIDED}
    assert nothing_left(verdicts) == "Nothing is left to do: b is with your instructor."


TAKE_AWAY = "take away the # in front of the lines"


@pytest.mark.parametrize("command", ["submit", "next"])
def test_a_file_of_start_in_which_nothing_is_changed_gets_told_what_to_do(tmp_path: Path, capsys, command):
    answer = tmp_path / "answer.py"
    assert main(["start", MIT, "-o", str(answer)]) == 0
    capsys.readouterr()
    assert main([command, str(answer)]) == 1
    assert TAKE_AWAY in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    "text",
    [
        "b_ii = 3\n",
        "# b_i\nEXERCISE = 'x'; b_i = 3\n",
        "EXERCISE = b_i = 'x'\n",
        "def f():\n    # only this\n    pass\n",
    ],
)
def test_a_file_with_code_is_not_said_to_be_a_comment(tmp_path: Path, capsys, text: str):
    answer = tmp_path / "answer.py"
    answer.write_text(text)
    main(["submit", str(answer), "--exercise", MIT])
    assert TAKE_AWAY not in " ".join(capsys.readouterr().out.split())


def test_start_of_a_folder_says_how_its_answer_is_marked(tmp_path: Path, capsys):
    folder = tmp_path / "my course" / "week3"
    folder.mkdir(parents=True)
    installed = Path(__file__).parents[3] / "exercises" / MIT / "exercise.toml"
    (folder / "exercise.toml").write_text(installed.read_text())
    for exercise in (str(folder), str(folder / "exercise.toml")):
        answer = tmp_path / "answer.py"
        assert main(["start", exercise, "-o", str(answer), "--force"]) == 0
        command = capsys.readouterr().out.partition("rnngrade ")[2]
        assert f"# Mark it with: rnngrade submit answer.py --exercise '{exercise}'" in answer.read_text()
        assert main(shlex.split(command)) == 1
        assert "0 of 34 points" in capsys.readouterr().out


def test_hints_come_one_at_a_time(capsys):
    assert main(["hint", MIT, "b_i"]) == 0
    first = capsys.readouterr().out
    assert first.startswith("Hint 1 of 3 for b_i: Two things have to be known")
    assert "--number 2 shows the next one." in first
    assert main(["hint", MIT, "1(b)i", "--number", "3"]) == 0
    last = capsys.readouterr().out
    assert last.startswith("Hint 3 of 3 for b_i: Follow the input")
    assert "$" not in last
    assert "shows the next" not in last


@pytest.mark.parametrize(
    "words",
    [
        [MIT, "b_i"],
        ["b_i", "--exercise", MIT],
        [MIT, "b_i", "--exercise", MIT],
        [str(CLASS / "amara.py"), "b_i"],
        [str(CLASS / "amara.py"), "1(b)i", "--exercise", MIT],
        [str(Path(__file__).parents[3] / "exercises" / MIT), "b_i"],
        [str(Path(__file__).parents[3] / "exercises" / MIT / "exercise.toml"), "b_i"],
    ],
)
def test_the_exercise_of_a_hint_is_named_as_one_likes(capsys, words: list[str]):
    assert main(["hint", *words]) == 0
    assert capsys.readouterr().out.startswith("Hint 1 of 3 for b_i: Two things have to be known")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["b_i"], "of which exercise?"),
        ([MIT, "b_i", "--exercise", "rnn-by-formula"], "name two exercises; leave one out"),
        (["a", "b", "c"], "unexpected extra argument"),
        (["gone.py", "b_i"], "no such file or folder"),
        ([], "ANSWER|EXERCISE"),
    ],
)
def test_a_hint_of_no_exercise_that_can_be_meant_is_an_error(capsys, words: list[str], told: str):
    assert main(["hint", *words]) == 2
    assert told in capsys.readouterr().err


def test_a_hint_that_is_not_there_is_an_error(capsys):
    assert main(["hint", MIT, "b_i", "--number", "4"]) == 2
    assert "b_i has 3 hints; there is no number 4" in capsys.readouterr().err
    assert main(["hint", MIT, "b_9"]) == 2
    assert "did you mean" in capsys.readouterr().err
