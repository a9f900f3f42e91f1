"""`author audit` of an exercise that draws, on files whose figures can be worked out without it."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from grader.cli import main
from grader.variants.code import Stream, code_of

EXERCISE = """
title = "T"
source = "S"
[variants]
require = ["a > 0"]
[variants.draw]
a = {{ {draw} }}
[[question]]
id = "q"
label = "1"
points = 1
prompt = "What is twice {{a}}?"
fields = {{ p = "a number" }}
[question.check]
kind = "numeric"
values = {{ p = "{{b}}" }}
[[question.example]]
title = "Right"
answer = "q = {right}"
verdict = "correct"
[[question.example]]
title = "Wrong"
answer = "q = -1"
verdict = "incorrect"
[[question]]
id = "same"
label = "2"
points = 1
prompt = "How much is 1 + 1?"
fields = {{ p = "a number" }}
[question.check]
kind = "numeric"
values = {{ p = 2 }}
[variants.compute]
b = "2*a"
"""
CODES = [code_of(f"variant {number}", "e", b"") for number in range(20)]


def audited(tmp_path: Path, capsys, draw: str = "between = [-4, 4]", right: str = "{b}", *more: str):
    path = tmp_path / "e.toml"
    path.write_text(EXERCISE.format(draw=draw, right=right))
    status = main(["author", "audit", str(path), "--variants", "20", "--format", "json", *more])
    return status, json.loads(capsys.readouterr().out)["variants"]


def drawn(size: int, low: int) -> list[int]:
    """The values of `a`, drawn again while they are not above 0."""
    values = []
    for code in CODES:
        tries = (Stream(code, "a", attempt).below(size) + low for attempt in range(1000))
        values.append(next(one for one in tries if one > 0))
    return values


def test_every_variant_is_solved_and_its_neighbours_counted(tmp_path, capsys):
    status, found = audited(tmp_path, capsys)
    assert (status, found["is_sound"], found["drawn"]) == (0, True, 20)
    values = drawn(9, -4)
    question = found["questions"][0]
    assert (question["solved_by"], question["tried"], question["unsolved"]) == ("program", 20, [])
    assert question["n_different"] == question["n_answers"] == len(set(values))
    same = sum(one == other for one, other in itertools.pairwise(values))
    assert (question["neighbours"], question["neighbour_right"], question["neighbour_same"]) == (
        19,
        same,
        same,
    )


def test_what_does_not_depend_on_the_draw_is_told(tmp_path, capsys):
    _, found = audited(tmp_path, capsys)
    same = found["questions"][1]
    assert (same["n_different"], same["n_answers"], same["neighbour_right"]) == (1, 1, 19)


def test_spread_and_rates_are_those_of_the_draws(tmp_path, capsys):
    _, found = audited(tmp_path, capsys)
    values = sorted(drawn(9, -4))
    a, b = found["names"]
    assert a["numbers"] == {"least": values[0], "median": (values[9] + values[10]) / 2, "most": values[-1]}
    assert b["numbers"]["most"] == 2 * values[-1]
    first = [Stream(code, "a").below(9) - 4 for code in CODES]
    assert found["requirements"][0]["at_once"] == pytest.approx(sum(one > 0 for one in first) / 20)


def test_an_example_with_a_number_of_the_sample_is_marked_otherwise_elsewhere(tmp_path, capsys):
    status, found = audited(tmp_path, capsys, "between = [1, 4]", "2")
    values = drawn(4, 1)
    # The right example is tried in every second variant; it is right where a is 1.
    wrong = [code for number, code in enumerate(CODES) if number % 2 == 0 and values[number] != 1]
    assert status == 2
    assert [one["code"] for one in found["questions"][0]["examples_differ"]] == wrong


def test_one_far_larger_variant_is_told(tmp_path, capsys):
    draw = "one_of = [2, 3, 3, 2, 3, 2, 2, 3, 2, 3, 2, 3, 2, 3, 4000]"
    _, found = audited(tmp_path, capsys, draw)
    choices = [2, 3, 3, 2, 3, 2, 2, 3, 2, 3, 2, 3, 2, 3, 4000]
    large = [code for code in CODES if choices[Stream(code, "a").below(15)] == 4000]
    assert large
    assert found["questions"][0]["unlike"] == sorted(large)


def test_a_variant_that_cannot_be_made_is_told_and_stops_no_other(tmp_path, capsys):
    draw = "one_of = [1, 2, 3, 'x', 5]"
    path = tmp_path / "e.toml"
    path.write_text(EXERCISE.format(draw=draw, right="{b}").replace('require = ["a > 0"]', ""))
    status = main(["author", "audit", str(path), "--variants", "20", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["variants"]
    bad = [code for code in CODES if Stream(code, "a").below(5) == 3]
    assert status == 2
    assert [one["code"] for one in found["not_made"]] == bad
    assert found["questions"][0]["tried"] == 20 - len(bad)


def test_the_time_is_bounded_and_what_is_left_out_is_told(tmp_path, capsys):
    status, found = audited(tmp_path, capsys, "between = [1, 4]", "{b}", "--seconds", "0")
    assert (status, found["wanted"], found["drawn"]) == (2, 20, 1)


def test_the_table_says_the_same_in_words(tmp_path, capsys):
    path = tmp_path / "e.toml"
    path.write_text(EXERCISE.format(draw="between = [1, 4]", right="{b}"))
    assert main(["author", "audit", str(path), "--variants", "20"]) == 0
    said = capsys.readouterr().out
    assert "20 variants drawn, 4 of them different" in said
    assert "20 of 20 computed" in said
    assert "question 'same': the same for all students; a neighbour's answer is right" in said
    assert "in these both have the same right answer" in said


SHUFFLED = """
title = "T"
source = "S"
[[question]]
id = "q"
label = "1"
points = 1
prompt = "Which?"
fields = { choice = "a letter" }
[question.check]
kind = "choice"
shuffle = true
options = { keep = "the forget gate", write = "the input gate", show = "the output gate" }
right = ["keep"]
"""


def test_an_exercise_of_which_only_an_order_is_drawn_is_audited_too(tmp_path, capsys):
    """A letter is right for a neighbour where the right option stands in the same place: once in three."""
    path = tmp_path / "e.toml"
    path.write_text(SHUFFLED)
    assert main(["author", "audit", str(path), "--variants", "60", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["variants"]
    question = found["questions"][0]
    assert (found["names"], found["n_different"], question["n_answers"]) == ([], 6, 3)
    assert question["tried"] == 60
    # Five standard deviations of 59 neighbours: sqrt(59 * 1/3 * 2/3) = 3.6.
    assert abs(question["neighbour_right"] - 59 / 3) < 5 * 3.6


def previewed(tmp_path: Path, capsys, *options: str):
    path = tmp_path / "e.toml"
    path.write_text(EXERCISE.format(draw="between = [1, 1000000]", right="{b}"))
    status = main(["author", "preview", str(path), "--once", *options])
    return status, *capsys.readouterr()


def test_a_students_own_variant_is_previewed_by_the_courses_secret(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("RNNGRADE_COURSE_SECRET", "s3cret")
    code = code_of("s4711", "e", b"s3cret")
    number = Stream(code, "a").below(1000000) + 1
    status, page, notes = previewed(tmp_path, capsys, "--student", "s4711")
    assert status == 0
    assert f"What is twice {number}?" in page
    assert f"b = {2 * number}<" in page
    assert notes == ""
    assert previewed(tmp_path, capsys, "--variant", code.lower().replace("-", " "))[1] == page


def test_without_the_secret_it_is_said_that_the_numbers_are_for_practice(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("RNNGRADE_COURSE_SECRET", raising=False)
    _, page, notes = previewed(tmp_path, capsys, "--student", "s4711")
    assert "for practice only" in notes
    assert code_of("s4711", "e", b"") in page


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--student", "s1", "--variant", "0000-0000-0000-0000"), "not both"),
        (("--variant", "K7QP"), "is no variant code"),
    ],
)
def test_what_is_no_one_variant_is_refused_in_a_preview(tmp_path, capsys, options, said):
    _, page, notes = previewed(tmp_path, capsys, *options)
    assert said in page + notes


def test_an_exercise_that_draws_nothing_has_no_variants(capsys):
    assert main(["author", "audit", "rnn-by-formula", "unroll", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["variants"] is None
