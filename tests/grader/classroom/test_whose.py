"""A class in which each student has numbers of an own: whose an answer is, and no mark shared by mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.cli import main
from grader.gradebook.gradebook import open_gradebook
from grader.gradebook.read_records import stored_attempts
from grader.kinds import find_kind, kind_names
from grader.specs import Kinds, load_exercise
from grader.variants.code import code_of

SECRET = "long and random, and in the course file"
# What is asked for is what the prompt shows: the right answer is read off the student's own sheet.
DRAWN = """
title = "t"
source = "s"
[variants.draw]
n = { between = [1000, 999999] }
[[question]]
id = "q"
label = "1"
points = 1
prompt = "Write down the number [{n}]."
fields = { a = "the number" }
check = { kind = "numeric", values = { a = "{n}" } }
"""
CLASS = ("ada", "bob", "cy")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("e.toml").write_text(DRAWN)
    Path("course.toml").write_text(f'secret = "{SECRET}"\n')
    Path("in").mkdir()
    return tmp_path


def code(student: str) -> str:
    return code_of(student, "e", SECRET.encode())


def number(student: str) -> str:
    """What the student reads on the sheet."""
    exercise = load_exercise(Path("e.toml"), Kinds(kind_names(), find_kind), variant=code(student))
    return exercise.questions[0].prompt.partition("[")[2].partition("]")[0]


def hand_in(student: str, number: str, says: str = "") -> None:
    line = {"variant": says} if says else {}
    Path("in", f"{student}.json").write_text(json.dumps({**line, "q": {"a": int(number)}}))


def batch(*more: str) -> int:
    words = ("batch", "in", "--exercise", "e.toml", "--course", "course.toml", "--jobs", "1", *more)
    return main(list(words))


def verdicts() -> dict[str, str]:
    with open_gradebook("gradebook.db") as book, book.reading() as connection:
        return {one.student: one.marks[0].verdict for one in stored_attempts(connection)}


def variants() -> dict[str, str]:
    with open_gradebook("gradebook.db") as book, book.reading() as connection:
        return {one.student: one.variant for one in stored_attempts(connection)}


@pytest.mark.usefixtures("place")
def test_an_answer_without_a_code_is_the_students_own_however_many_hand_in_the_same_bytes() -> None:
    for student in CLASS:
        hand_in(student, number("ada"))
    assert batch() == 0
    wanted = {"ada": "correct", "bob": "incorrect", "cy": "incorrect"}
    assert verdicts() == wanted
    assert variants() == {one: code(one) for one in CLASS}
    # The same bytes once more, from who comes first in the listing and last: no kept mark is taken for them.
    hand_in("zoe", number("ada"))
    hand_in("aaa", number("ada"))
    assert batch() == 0
    assert verdicts() == {**wanted, "zoe": "incorrect", "aaa": "incorrect"}
    assert main(["regrade", "--exercise", "e.toml", "--jobs", "1"]) == 0
    assert verdicts() == {**wanted, "zoe": "incorrect", "aaa": "incorrect"}


@pytest.mark.usefixtures("place")
def test_a_changed_exercise_is_marked_anew_by_each_ones_own_numbers() -> None:
    for student in CLASS:
        hand_in(student, number(student))
    assert batch() == 0
    Path("e.toml").write_text(DRAWN.replace("points = 1", "points = 2"))
    assert main(["regrade", "--exercise", "e.toml", "--jobs", "1"]) == 0
    assert verdicts() == dict.fromkeys(CLASS, "correct")
    assert variants() == {one: code(one) for one in CLASS}


@pytest.mark.usefixtures("place")
def test_anothers_variant_is_told_without_a_name_and_staff_sees_whose(
    capsys: pytest.CaptureFixture[str],
) -> None:
    hand_in("ada", number("bob"), code("bob"))
    hand_in("bob", number("bob"), code("bob"))
    hand_in("cy", number("cy"), code("nobody"))
    assert batch() == 0
    told = capsys.readouterr()
    assert verdicts() == {"ada": "invalid", "bob": "correct", "cy": "invalid"}
    assert "that of bob" in told.err
    assert "of nobody in this class" in told.err
    assert main(["feedback", "in", "--exercise", "e.toml", "-o", "out", "--format", "html"]) == 0
    page = next(path for path in Path("out").iterdir() if "ada" in path.name).read_text()
    assert code("bob") in page
    assert "which is not yours" in page
    assert "bob" not in page
    assert SECRET not in page + told.out + told.err


@pytest.mark.usefixtures("place")
def test_a_slip_in_ones_own_code_and_a_scratch_name_cost_nothing() -> None:
    own = code("ada")
    wrong = "2" if own[0] != "2" else "3"
    hand_in("ada", number("ada"), wrong + own[1:])
    hand_in("bob", number("bob"), "gru")
    assert batch() == 0
    assert verdicts() == {"ada": "correct", "bob": "correct"}


@pytest.mark.usefixtures("place")
def test_a_changed_secret_takes_no_mark_away() -> None:
    for student in CLASS:
        hand_in(student, number(student), code(student))
    assert batch() == 0
    Path("course.toml").write_text('secret = "quite another secret of the course"\n')
    assert batch() == 0
    assert verdicts() == dict.fromkeys(CLASS, "correct")


@pytest.mark.usefixtures("place")
def test_a_class_is_not_marked_without_the_secret_nor_with_two(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in("ada", number("ada"))
    Path("course.toml").write_text("")
    assert batch() == 2
    assert "secret" in capsys.readouterr().err
    Path("course.toml").write_text(f'secret = "{SECRET}"\n')
    monkeypatch.setenv("RNNGRADE_COURSE_SECRET", "another one, not that of the file")
    assert batch() == 2
    told = capsys.readouterr().err
    assert "different secrets" in told
    assert SECRET not in told


@pytest.mark.parametrize("written", ['"short"', "1234567", "[1, 2]"])
@pytest.mark.usefixtures("place")
def test_a_secret_that_is_none_is_refused_and_not_shown(
    capsys: pytest.CaptureFixture[str], written: str
) -> None:
    hand_in("ada", number("ada"))
    Path("course.toml").write_text(f"secret = {written}\n")
    assert batch() == 2
    told = capsys.readouterr().err
    assert "at least 16 letters" in told
    assert written.strip('"[]') not in told


@pytest.mark.usefixtures("place")
def test_a_code_that_was_handed_out_by_the_class_list_is_the_students(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("class.csv").write_text("id,email,name\n4711,ada@x.org,Ada\n4712,bob@x.org,=1+1\n")
    words = ("codes", "e.toml", "--roster", "class.csv", "--course", "course.toml")
    assert main(list(words)) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows == ["student,name,variant", f"4711,Ada,{code('4711')}", f"4712,'=1+1,{code('4712')}"]
    hand_in("ada@x.org", number("4711"), code("4711"))
    hand_in("bob@x.org", number("4712"))
    assert batch("--roster", "class.csv") == 0
    assert verdicts() == {"ada@x.org": "correct", "bob@x.org": "correct"}


SECOND = """
[[question]]
id = "r"
label = "2"
points = 1
prompt = "Write down one more than that."
fields = { a = "the number" }
check = { kind = "numeric", values = { a = "{m}" } }
[variants.compute]
m = "n + 1"
"""


@pytest.mark.usefixtures("place")
def test_who_has_a_neighbours_numbers_is_seen_and_who_is_wrong_alone_is_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("e.toml").write_text(DRAWN + SECOND)
    both = {"ada": "ada", "bob": "ada", "cy": "cy", "di": "di", "eve": ""}
    for student, whose in both.items():
        n = int(number(whose)) if whose else 7
        Path("in", f"{student}.json").write_text(json.dumps({"q": {"a": n}, "r": {"a": n + 1}}))
    assert batch() == 0
    capsys.readouterr()
    # The bytes of bob and ada are the same, and told so; a space makes them others.
    Path("in", "bob.json").write_text(Path("in", "bob.json").read_text() + " ")
    assert batch() == 0
    assert main(["stats", "--exercise", "e.toml", "--similar"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "right for the numbers of one of them only in q, r" in told
    assert "eve" not in told.partition("numbers of one")[0].rpartition("ada")[2]
