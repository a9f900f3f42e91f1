"""Options in an order of a student's own, told by what the sheet shows and not by how it is made."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path

import pytest

from grader.grading import mark
from grader.kinds import find_kind, kind_names
from grader.model.exercise import Exercise
from grader.model.submission import AnswerFile
from grader.specs import Kinds, load_exercise
from grader.submissions import build_submission
from grader.variants.code import code_of, shuffled

CODES = [code_of(f"student{number}", "e", b"secret") for number in range(300)]
EXERCISE = """
title = "t"
source = "s"
[[question]]
id = "gate"
label = "1"
points = 1
prompt = "Which?"
fields = { choice = "c" }
[question.check]
kind = "choice"
shuffle = true
pinned = ["none"]
options = { keep = "the forget gate", write = "the input gate", read = "the output gate", none = "no gate" }
right = ["write"]
[[question]]
id = "order"
label = "2"
points = 1
prompt = "In which order?"
fields = { choice = "c" }
[question.check]
kind = "choice"
style = "ordering"
shuffle = true
options = { one = "first", two = "second" }
right = ["one", "two"]
"""
GATES = ("the forget gate", "the input gate", "the output gate")
SHOWN = re.compile(r"^\*\*([A-Z])\.\*\* (.+)$", re.M)


def loaded(folder: Path, variant: str | None) -> Exercise:
    path = folder / "e.toml"
    path.write_text(EXERCISE)
    return load_exercise(path, Kinds(kind_names(), find_kind), variant=variant)


def points(exercise: Exercise, gate: str, order: str) -> list[int]:
    text = f'{{"gate": "{gate}", "order": "{order}"}}'.encode()
    report = mark(exercise, build_submission("s", [AnswerFile("answer.json", text)]))
    return [int(question.points) for question in report.questions]


@pytest.mark.parametrize("variant", [None, *CODES[:12]])
def test_a_letter_means_the_option_that_the_student_saw_under_it(tmp_path: Path, variant: str | None) -> None:
    exercise = loaded(tmp_path, variant)
    gate, order = (
        {text: letter for letter, text in SHOWN.findall(question.prompt)} for question in exercise.questions
    )
    for text, letter in gate.items():
        right = points(exercise, letter, order["first"] + order["second"])
        assert right == [text == "the input gate", 1]
    assert points(exercise, "A", order["second"] + order["first"])[1] == 0


def test_without_a_code_options_stand_as_declared(tmp_path: Path) -> None:
    prompt = loaded(tmp_path, None).questions[0].prompt
    assert [text for _, text in SHOWN.findall(prompt)] == [*GATES, "no gate"]


def test_what_is_pinned_keeps_its_place_and_the_others_every_order(tmp_path: Path) -> None:
    orders = Counter()
    for code in CODES[:60]:
        shown = [text for _, text in SHOWN.findall(loaded(tmp_path, code).questions[0].prompt)]
        assert shown[-1] == "no gate"
        orders[tuple(shown[:-1])] += 1
    assert set(orders) == set(
        itertools.permutations(["the forget gate", "the input gate", "the output gate"])
    )


def test_orders_are_as_likely_as_each_other_and_differ_between_questions() -> None:
    first = [shuffled(("aa", "bb", "cc"), "q", "e", code) for code in CODES]
    found = Counter(first)
    # Chi-square with 5 degrees of freedom: above 20.5 in one of 1000 cases (tables of the distribution).
    assert sum((count - 50) ** 2 / 50 for count in found.values()) < 20.5
    others = (shuffled(("aa", "bb", "cc"), "r", "e", code) for code in CODES)
    same = sum(one == other for one, other in zip(first, others, strict=True))
    assert same < 100


def test_the_order_is_that_of_the_hashes_for_ever() -> None:
    # Worked out with sha256sum: printf 'order/0000-0000-0000-0000/e/q/aa' | sha256sum
    assert shuffled(("aa", "bb", "cc"), "q", "e", "0000-0000-0000-0000") == ("cc", "bb", "aa")
