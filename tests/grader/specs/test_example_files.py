"""Example answers in files beside an exercise: what is read, what is refused, and who gets them."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from grader.cli import main
from grader.errors import SpecError
from grader.grading.examples import check_examples
from grader.kinds import find_kind, kind_names
from grader.lms.own_wheel import own_wheel
from grader.specs import Kinds, load_exercise

KINDS = Kinds(kind_names(), find_kind)
ROOT = Path(__file__).parents[3]
EXERCISE = """
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
"""
RIGHT = "# title: Right\n# verdict: correct\n# fraction: 1\n\ns = dict(v=5)\n"
NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "source": ["# title: In a notebook\n", "# verdict: incorrect\n", "s = dict(v=-5)"],
        }
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}
IN_JSON = {"example": {"title": "In JSON", "verdict": "incorrect", "codes": ["wrong"]}, "s": {"v": 7}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "adding"
    (found / "examples").mkdir(parents=True)
    (found / "exercise.toml").write_text(EXERCISE)
    (found / "examples" / "s-1-right.py").write_text(RIGHT)
    (found / "examples" / "s-2.json").write_text(json.dumps(IN_JSON))
    (found / "examples" / "s-3.ipynb").write_text(json.dumps(NOTEBOOK))
    return found


def test_each_file_is_marked_as_it_says(folder: Path):
    exercise = load_exercise(folder / "exercise.toml", KINDS, with_examples=True)
    assert exercise.id == "adding"
    (question,) = exercise.questions
    assert [one.title for one in question.examples] == ["Right", "In JSON", "In a notebook"]
    assert list(check_examples(exercise)) == [None, None, None]


def test_a_file_that_says_otherwise_is_told(folder: Path, capsys):
    (folder / "examples" / "s-1-right.py").write_text(RIGHT.replace("v=5", "v=6"))
    assert main(["author", "lint", str(folder)]) == 2
    assert "the verdict is incorrect, the file says correct" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["s-1-right.py", "s-2.json", "s-3.ipynb"])
def test_each_file_can_be_handed_in_as_it_is(folder: Path, capsys, name: str):
    code = main(["submit", str(folder / "examples" / name), "--exercise", str(folder)])
    assert code == (0 if name == "s-1-right.py" else 1)
    assert "1  s " in capsys.readouterr().out


@pytest.mark.parametrize(("left", "word"), [("s-1-right.py", "wrong"), ("s-2.json", "right")])
def test_lint_asks_for_a_right_and_a_wrong_answer(folder: Path, capsys, left: str, word: str):
    for path in (folder / "examples").iterdir():
        if path.name != left:
            path.unlink()
    assert main(["author", "lint", str(folder)]) == 2
    assert f"question 's': no example is {word};" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("t-1.py", RIGHT, "no question is called 't'"),
        ("s-1.txt", RIGHT, "is no answer file"),
        ("s-1.py", "s = dict(v=5)\n", "title"),
        ("s-1.py", RIGHT.replace("# verdict: correct", "# verdict: right"), "verdict"),
        (
            "s-1.py",
            RIGHT.replace("# verdict", "# verdikt"),
            "line 2: 'verdikt' is not known here (did you mean 'verdict'?)",
        ),
        ("s-1.py", RIGHT.replace("# fraction: 1", "# fraction: 2/3"), "does not go with the verdict"),
        ("s-1.json", "{", "not valid JSON"),
        ("s-1.json", "[]", "no JSON object"),
        ("s-1.ipynb", "{}", "title"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_name(tmp_path: Path, name: str, text: str, told: str):
    (tmp_path / "examples").mkdir()
    (tmp_path / "exercise.toml").write_text(EXERCISE)
    (tmp_path / "examples" / name).write_text(text)
    with pytest.raises(SpecError) as error:
        load_exercise(tmp_path / "exercise.toml", KINDS, with_examples=True)
    assert f"examples/{name}" in str(error.value)
    assert told in str(error.value)


def test_no_wheel_holds_an_example():
    wheel = zipfile.ZipFile(BytesIO(own_wheel()[1]))
    packed = b"\n".join(wheel.read(name) for name in wheel.namelist() if name.startswith("exercises/"))
    files = sorted((ROOT / "exercises").glob("*/examples/*.py"))
    assert len(files) > 500
    for path in files:
        body = "\n".join(
            line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
        )
        assert body.strip().encode() not in packed, path.name
    assert not any("/examples/" in name for name in wheel.namelist())
