"""Hints that are to be earned or paid for, and a student's own record of them beside the answer."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from grader.cli import main

EXERCISE = """
title = "Counting"
source = "made up"
{general}
[[question]]
id = "first"
label = "1"
points = 2
prompt = "How many fingers has a hand?"
hints = ["Gentle one.", "Plainer one.", "Plainest one."]
{own}
[question.fields]
n = "a number"
[question.check]
kind = "numeric"
values = {{ n = 5 }}

[[question]]
id = "second"
label = "2"
points = 2
prompt = "How many toes have two feet?"
hints = ["Take off your shoes."]
[question.fields]
m = "a number"
[question.check]
kind = "numeric"
values = {{ m = 10 }}
"""
POLICY = "hint_policy = {after = [0, 2, 0], cost = [0, 0, '1/2']}"
RECORD = ".answer.json.rnngrade"


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch) -> Path:
    (tmp_path / "counting.toml").write_text(EXERCISE.format(general="", own=POLICY))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def submit(answer: dict[str, object], *more: str) -> None:
    Path("answer.json").write_text(json.dumps(answer))
    main(["submit", "answer.json", "--exercise", "counting.toml", *more])


def hint(*more: str) -> int:
    return main(["hint", "answer.json", "first", "--exercise", "counting.toml", *more])


def test_hints_come_when_they_are_earned_and_at_their_cost(at_home: Path, capsys):
    submit({"first": {"n": 4}}, "--hints", "3")
    out = capsys.readouterr().out
    assert "Gentle one." in out
    assert "Plainer" not in out
    assert "More hints for first are to be earned or paid for: rnngrade hint ANSWER first" in out
    assert hint("--number", "2") == 2
    assert "hint 2 of first comes after 1 more attempt" in capsys.readouterr().err
    submit({"first": {"n": 6}}, "--hints", "3")
    out = capsys.readouterr().out
    assert "Plainer one." in out
    assert "Plainest" not in out
    assert hint("--number", "3") == 2
    assert "hint 3 of first costs 0.5 points of its 2 (--take shows it)" in capsys.readouterr().err
    assert hint("--number", "3", "--take") == 0
    shown = capsys.readouterr().out
    assert "Plainest one." in shown
    assert (
        f"It costs 0.5 points. It is noted in {RECORD}, for you; what your course has recorded counts."
        in shown
    )


def test_a_hint_that_was_paid_for_is_shown_again_for_nothing(at_home: Path, capsys):
    for n in (1, 2):
        submit({"first": {"n": n}})
    assert hint("--number", "3", "--take") == 0
    before = (at_home / RECORD).read_bytes()
    capsys.readouterr()
    assert hint("--number", "3") == 0
    assert "to see it again costs nothing" in capsys.readouterr().out
    assert (at_home / RECORD).read_bytes() == before
    submit({"first": {"n": 3}}, "--hints", "3")
    out, err = capsys.readouterr()
    assert "Plainest one." in out
    assert "hints cost so far, by your own record .answer.json.rnngrade: first 0.5 points" in err
    assert "what your course has recorded counts" in err


def test_nothing_is_said_of_the_record_where_a_hint_is_free(at_home: Path, capsys):
    submit({"first": {"n": 4}})
    capsys.readouterr()
    for _ in range(2):
        assert hint() == 0
        shown = capsys.readouterr().out
        assert "Gentle one." in shown
        assert RECORD not in shown


def test_the_points_of_a_report_at_home_are_without_the_cost(at_home: Path, capsys):
    for n in (1, 2):
        submit({"first": {"n": n}})
    hint("--number", "3", "--take")
    capsys.readouterr()
    submit({"first": {"n": 5}}, "--format", "json")
    assert json.loads(capsys.readouterr().out)["points"] == 2


@pytest.mark.parametrize(
    ("answers", "attempts"),
    [
        ([{"first": {"n": 4}}] * 3, 1),
        ([{"first": {"n": 4}}, {"first": {"n": 6}}], 2),
        ([{"second": {"m": 4}}, {"second": {"m": 3}}], 0),
        ([{"first": {"n": "four"}}, {"first": "4!"}], 0),
        ([{"first": {"n": 5}}], 1),
    ],
)
def test_an_attempt_is_another_answer_in_which_the_question_was_read(at_home, capsys, answers, attempts: int):
    for answer in answers:
        submit(answer)
    capsys.readouterr()
    is_earned = hint("--number", "2") == 0
    assert is_earned is (attempts >= 2)
    if not is_earned:
        assert f"after {2 - attempts} more attempt" in capsys.readouterr().err


def test_hints_come_in_their_order(at_home: Path, capsys):
    submit({"first": {"n": 1}})
    assert hint("--number", "3", "--take") == 2
    assert "hint 2 comes first (--number 2)" in capsys.readouterr().err


def test_without_an_answer_only_free_hints_are_shown(at_home: Path, capsys):
    assert main(["hint", "counting.toml", "first"]) == 0
    assert "--number 2 shows the next one; it comes after 2 attempts." in capsys.readouterr().out
    assert main(["hint", "counting.toml", "first", "--number", "2", "--take"]) == 2
    told = capsys.readouterr().err
    assert "it comes after 2 attempts (name your answer: rnngrade hint answer.py first)" in told
    assert not list(at_home.glob(".*"))


def test_an_exercise_whose_hints_are_free_leaves_no_record(at_home: Path):
    Path("counting.toml").write_text(EXERCISE.format(general="", own=""))
    submit({"first": {"n": 4}})
    assert hint("--number", "3") == 0
    assert not list(at_home.glob(".*"))


def test_show_says_on_what_terms_hints_are_there(at_home: Path, capsys):
    assert main(["show", "counting.toml", "first"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "3 hints: rnngrade hint ANSWER first shows them; 1 is free, 2 comes after 2 attempts" in shown
    assert "3 comes after" not in shown
    assert "3 costs 0.5 points" in shown


def broken_json(place: Path) -> None:
    place.write_text('{"schema": "rnngrade/own-record/1", "exercises": {"counting": ')


def wrong_shape(place: Path) -> None:
    place.write_text('{"exercises": {"counting": {"attempts": 7}}}')


def bad_cost(place: Path) -> None:
    hints = [{"question": "first", "number": 3, "cost": "1/0"}]
    place.write_text(json.dumps({"exercises": {"counting": {"hints": hints}}}))


def deep(place: Path) -> None:
    place.write_text("[" * 100_000)


def huge(place: Path) -> None:
    place.write_bytes(b" " * (2**20 + 1))


def folder(place: Path) -> None:
    place.mkdir()


def pipe(place: Path) -> None:
    os.mkfifo(place)


def link(place: Path) -> None:
    (place.parent / "elsewhere").write_text("mine")
    place.symlink_to(place.parent / "elsewhere")


def later_form(place: Path) -> None:
    place.write_text('{"schema": "rnngrade/own-record/2"}')


BROKEN = [broken_json, wrong_shape, bad_cost, deep, huge, folder, pipe, link, later_form]


@pytest.mark.parametrize("spoil", BROKEN, ids=lambda one: one.__name__)
def test_a_record_that_cannot_be_read_stops_nothing(at_home: Path, capsys, spoil):
    spoil(at_home / RECORD)
    submit({"first": {"n": 5}, "second": {"m": 10}})
    out, err = capsys.readouterr()
    assert "4 of 4 points" in out
    assert f"your own record {RECORD} is begun anew" in err
    assert "What your course has recorded counts" in err
    assert hint() == 0
    if (at_home / "elsewhere").exists():
        assert (at_home / "elsewhere").read_text() == "mine"


def test_an_edited_record_is_taken_as_it_stands(at_home: Path, capsys):
    hints = [
        {"question": "first", "number": 3, "cost": "-7"},
        {"question": "gone", "number": 99, "cost": "2"},
        {"question": "first", "number": -1, "more": "unknown"},
    ]
    record = {"schema": "rnngrade/own-record/1", "exercises": {"counting": {"hints": hints}}, "more": 1}
    (at_home / RECORD).write_text(json.dumps(record))
    submit({"first": {"n": 4}})
    assert "gone 2 points" in capsys.readouterr().err
    assert hint("--number", "3") == 0


def test_a_folder_that_cannot_be_written_costs_the_record_only(at_home: Path, capsys, monkeypatch):
    from grader.watching import own_record

    def full(*args: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(own_record, "write_whole", full)
    submit({"first": {"n": 4}})
    out, err = capsys.readouterr()
    assert "0 of 4 points" in out
    assert f"your own record {RECORD} cannot be written: No space left on device" in err


def test_a_record_is_no_part_of_an_answer_or_of_a_class(at_home: Path, capsys):
    for name in ("ada", "bo"):
        (at_home / "class" / name).mkdir(parents=True)
        place = at_home / "class" / name
        (place / "answer.json").write_text('{"first": {"n": 4}}')
        assert main(["submit", str(place), "--exercise", "counting.toml"]) == 1
        assert main(["submit", str(place / "answer.json"), "--exercise", "counting.toml"]) == 1
        assert {one.name for one in place.iterdir()} == {"answer.json", ".rnngrade", RECORD}
    capsys.readouterr()
    given = ["batch", "class", "--exercise", "counting.toml", "--jobs", "1", "--gradebook", "book.db"]
    assert main(given) == 0
    out, err = capsys.readouterr()
    assert out.count("\n") == 2
    assert "rnngrade" not in err.replace("`rnngrade", "")


def test_the_general_policy_holds_where_a_question_says_nothing(at_home: Path, capsys):
    general, own = "hint_policy = {after = 1, cost = 1}", "hint_policy = {cost = [0, 2]}"
    Path("counting.toml").write_text(EXERCISE.format(general=general, own=own))
    main(["show", "counting.toml", "first"])
    first = " ".join(capsys.readouterr().out.split())
    assert "1 comes after 1 attempt, 2 comes after 1 attempt and costs 2 points, 3 comes after" in first
    main(["show", "counting.toml", "second"])
    assert "1 comes after 1 attempt and costs 1 point" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("general", "own", "told"),
    [
        (
            "",
            "hint_policy = {after = -1}",
            "question 'first'.hint_policy.after: found -1, wanted attempts from 0",
        ),
        (
            "",
            "hint_policy = {after = [0, 2000]}",
            "hint_policy.after[1]: found 2000, wanted attempts from 0 to 1000",
        ),
        ("", "hint_policy = {cost = -0.5}", "hint_policy.cost: found -0.5, wanted points from 0 on"),
        ("", "hint_policy = {cost = ['much']}", "hint_policy.cost[0]: found 'much', wanted points"),
        ("", "hint_policy = {cost = '1/0'}", "hint_policy.cost: found '1/0', wanted points"),
        ("", "hint_policy = {cost = nan}", "hint_policy.cost: found nan, wanted points"),
        ("", "hint_policy = {cost = []}", "hint_policy.cost: found an empty list"),
        ("", "hint_policy = {}", "hint_policy: says nothing"),
        ("", "hint_policy = {aftr = 1}", "did you mean 'after'?"),
        ("", "hint_policy = {after = 1.5}", "hint_policy.after: "),
        ("hint_policy = {cost = -1}", "", "counting.toml: hint_policy.cost: found -1"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_named(at_home: Path, capsys, general: str, own: str, told: str):
    Path("counting.toml").write_text(EXERCISE.format(general=general, own=own))
    assert main(["show", "counting.toml"]) == 2
    assert told in capsys.readouterr().err


def test_a_policy_for_no_hints_is_named(at_home: Path, capsys):
    text = EXERCISE.format(general="", own=POLICY).replace(
        'hints = ["Gentle one.", "Plainer one.", "Plainest one."]\n', ""
    )
    Path("counting.toml").write_text(text)
    assert main(["show", "counting.toml"]) == 2
    assert "the question has no hints" in capsys.readouterr().err


def test_watch_shows_free_hints_and_says_how_others_are_had():
    from grader.model.outcome import Verdict
    from grader.watching.marking import MarkedSave, WatchedQuestion
    from grader.watching.screen import Screen

    question = WatchedQuestion(
        id="first",
        verdict=Verdict.INCORRECT,
        points="0 / 2",
        headline="",
        details="",
        next_line="Next: first",
        hints=("Hint 1: Gentle one.",),
        held_hints=2,
    )
    screen = Screen({})
    screen.of(MarkedSave(total="0 of 2 points", questions=(question,)))
    assert "Gentle one." in screen.hint()
    told = " ".join(screen.hint().split())
    assert told == "More hints for first are to be earned or paid for: rnngrade hint ANSWER first says how."
