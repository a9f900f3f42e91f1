"""Hints that staff record in the gradebook, and what is said of their cost everywhere."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from grader.cli import main

EXERCISE = """
title = "Counting"
source = "made up"
hint_policy = {cost = [0, "1/2", 5]}
[[question]]
id = "first"
label = "1"
points = 2
prompt = "How many fingers has a hand?"
hints = ["Gentle one.", "Plainer one.", "Plainest one."]
[question.fields]
n = "a number"
[question.check]
kind = "numeric"
values = { n = 5 }
"""
BOOK = ["--gradebook", "book.db"]
HINT = ["gradebook", "hint", "--exercise", "counting", "--question", "first", *BOOK]


@pytest.fixture(scope="module")
def marked_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of two who earned everything, and its gradebook; only copied."""
    made = tmp_path_factory.mktemp("marked")
    (made / "counting.toml").write_text(EXERCISE)
    (made / "class").mkdir()
    for number, name in enumerate(("ada", "bo")):
        (made / "class" / f"{name}.json").write_text('{"first": {"n": 5}}' + " " * number)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(made)
        assert main(["batch", "class", "--exercise", "counting.toml", "--jobs", "1", *BOOK]) == 0
    return made


@pytest.fixture
def marked(marked_once: Path, tmp_path: Path, monkeypatch, capsys) -> Path:
    """A copy of them, where commands are given."""
    shutil.copytree(marked_once, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    return tmp_path


def points(capsys) -> dict[str, float]:
    capsys.readouterr()
    assert main(["gradebook", "export", *BOOK]) == 0
    return {one["student"]: one["points"] for one in json.loads(capsys.readouterr().out)}


def test_a_hint_is_recorded_charged_and_taken_back(marked: Path, capsys):
    assert main([*HINT, "ada", "--number", "2", "--who", "cy"]) == 0
    assert capsys.readouterr().out == "ada was shown hint 2 of first\n"
    assert points(capsys) == {"ada": 1.5, "bo": 2.0}
    assert main([*HINT, "ada", "--number", "2", "--cost", "2"]) == 0
    assert "as was recorded before: nothing is changed" in capsys.readouterr().out
    assert points(capsys) == {"ada": 1.5, "bo": 2.0}
    assert main(["gradebook", "show", *BOOK]) == 0
    assert "hints: -0.5" in capsys.readouterr().out
    assert main(["gradebook", "history", "ada", *BOOK]) == 0
    assert "cy: was shown hint 2 of first, said to cost 1/2" in capsys.readouterr().out
    assert main([*HINT, "ada", "--number", "2", "--withdraw"]) == 0
    assert points(capsys) == {"ada": 2.0, "bo": 2.0}
    assert main([*HINT, "ada", "--number", "2", "--withdraw"]) == 0
    assert "ada was not shown hint 2 of first: nothing is changed" in capsys.readouterr().out


def test_the_students_report_says_what_hints_cost_and_by_whose_record(marked: Path, capsys):
    main([*HINT, "ada", "--number", "2"])
    main([*HINT, "ada", "--number", "3"])
    given = ["--exercise", "counting", "--format", "json", "-o", "f"]
    assert main(["feedback", "class", *given, *BOOK]) == 0
    record = json.loads(Path("f/ada.json").read_text())
    assert record["points"] == 0
    assert record["hints"] == [{"question": "first", "numbers": [2, 3], "cost": 5.5, "taken": 2.0}]
    assert record["reasons"] == [
        "first: hints 2 and 3 were shown before this attempt, by your course's record: 2 points are taken "
        "off of the 5.5 that they cost."
    ]
    assert json.loads(Path("f/bo.json").read_text())["reasons"] == []
    capsys.readouterr()
    main(["gradebook", "export", "--format", "csv", *BOOK])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [one["hints"] for one in rows] == ["first 2+3: -2.0", ""]


def test_a_sheet_of_hints_is_taken_whole_and_once(marked: Path, capsys):
    Path("hints.csv").write_text(
        "Number;student;question;shown_at;cost\n2;ada;first;;\n\n;;;;\n"
        "2;bo;1;2026-11-20 14:05;1/4\n2;ada;first;;\n"
    )
    given = ["gradebook", "import-hints", "hints.csv", "--exercise", "counting", *BOOK]
    assert main(given) == 0
    assert capsys.readouterr().out == "2 hints recorded, 1 there already\n"
    assert points(capsys) == {"ada": 1.5, "bo": 1.75}
    assert main(given) == 0
    assert capsys.readouterr().out == "0 hints recorded, 3 there already\n"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("ada,first,4,,", "row 3: first has 3 hints; there is no number 4"),
        ("ada,first,0,,", "there is no number 0"),
        ("ada,first,٢,,", "there is no number"),
        ("ada,first," + "9" * 5000 + ",,", "there is no number 999"),
        ("ada,frist,1,,", "row 3: counting has no question 'frist' (did you mean 'first'?)"),
        ("ada,first,1,yesterday,", "row 3: 'yesterday' is no time that can be meant"),
        ("ada,first,1,0001-01-01 00:00,", "is no time that can be meant"),
        ("ada,first,1,,much", "row 3: 'much' is no number of points"),
        ("ada,first,1,,-1", "row 3: -1 points: a hint costs nothing or more"),
        ("ada,first,1,,1/0", "'1/0' is no number of points"),
    ],
)
def test_a_row_that_cannot_be_meant_is_named_and_nothing_is_taken(marked: Path, capsys, row: str, told: str):
    Path("hints.csv").write_text(f"student,question,number,shown_at,cost\nbo,first,2,,\n{row}\n")
    assert main(["gradebook", "import-hints", "hints.csv", "--exercise", "counting", *BOOK]) == 2
    err = capsys.readouterr().err
    assert told in err
    assert "nothing is taken" in err
    assert points(capsys) == {"ada": 2.0, "bo": 2.0}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"student,question\nada,first\n", "has no column number"),
        (b"\xff\xfes\0", "is not a text in UTF-8"),
        (b'student,question,number\n"ada', "is no CSV"),
        (b"student,question,number\nada,first,2\n", "row 2: of which exercise? Give --exercise"),
        (b"student,question,number,exercise\nada,first,2,countin\n", "row 2: "),
    ],
)
def test_a_sheet_that_is_none_is_said(marked: Path, capsys, data: bytes, told: str):
    Path("hints.csv").write_bytes(data)
    assert main(["gradebook", "import-hints", "hints.csv", *BOOK]) == 2
    assert told in capsys.readouterr().err


def test_who_has_handed_in_nothing_yet_is_noted_and_kept(marked: Path, capsys):
    assert main([*HINT, "cy", "--number", "2"]) == 0
    assert "the gradebook has nothing handed in by 'cy' so far" in capsys.readouterr().err
    assert main(["gradebook", "show", *BOOK]) == 0


@pytest.mark.parametrize(
    ("course", "number", "state", "cost"),
    [
        ("", 1, "open", "0"),
        ("", 2, "costs", "1/2"),
        ("", 3, "order", "0"),
        ("[hint_policy]\ncost = 0\n", 3, "open", "0"),
        ("[hint_policy]\nafter = 1\n", 2, "costs", "1/2"),
        ("[hint_policy]\nafter = 2\n", 1, "later", "0"),
        ("[exercise.counting]\nhint_policy = {cost = 3}\n", 1, "costs", "3"),
    ],
)
def test_what_a_course_offers_follows_its_own_policy_first(marked: Path, course, number, state, cost):
    from grader.cli._options import load_exercise
    from grader.gradebook.course import read_course
    from grader.gradebook.gradebook import open_gradebook
    from grader.gradebook.shown_hints import course_offer

    question = load_exercise("counting.toml").questions[0]
    policy = read_course(course, "").policy("ada", "counting").hints
    with open_gradebook("book.db") as book, book.reading() as connection:
        offer = course_offer(connection, "counting", question, "ada", number, policy)
    assert (offer.state, str(offer.cost)) == (state, cost)


def test_what_a_course_has_shown_is_offered_again_for_nothing(marked: Path):
    from grader.cli._options import load_exercise
    from grader.gradebook.gradebook import open_gradebook
    from grader.gradebook.shown_hints import course_offer

    assert main([*HINT, "ada", "--number", "2"]) == 0
    question = load_exercise("counting.toml").questions[0]
    with open_gradebook("book.db") as book, book.reading() as connection:
        offers = [course_offer(connection, "counting", question, one, 2) for one in ("ada", "bo")]
    assert [(one.state, str(one.cost)) for one in offers] == [("shown", "0"), ("costs", "1/2")]


def test_feedback_shows_no_hint_that_is_not_paid_for(marked: Path, capsys):
    (marked / "class" / "ada.json").write_text('{"first": {"n": 4}}')
    (marked / "class" / "bo.json").write_text('{"first": {"n": 4}} ')
    assert main(["batch", "class", "--exercise", "counting.toml", "--jobs", "1", *BOOK]) == 0
    assert main([*HINT, "ada", "--number", "2"]) == 0
    given = ["--exercise", "counting", "--format", "terminal", "--hints", "3", "-o", "f"]
    assert main(["feedback", "class", *given, *BOOK]) == 0
    told = {name: Path(f"f/{name}.txt").read_text() for name in ("ada", "bo")}
    assert "Hint 2: Plainer one." in told["ada"]
    assert "Plainest" not in told["ada"]
    assert "Hint 1: Gentle one." in told["bo"]
    assert "Plainer" not in told["bo"]
    (marked / "free.toml").write_text("[hint_policy]\ncost = 0\n")
    assert main(["feedback", "class", *given, *BOOK, "--course", "free.toml", "--force"]) == 0
    assert "Plainest one." in Path("f/bo.txt").read_text()
