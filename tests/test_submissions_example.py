"""The made-up class, marked end to end: verdicts and shares of the points are what `*.expected.json` says."""

from __future__ import annotations

import functools
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.grading import mark
from grader.kinds import find_kind, kind_names
from grader.model.exercise import Exercise
from grader.specs import Kinds, find_exercise, load_exercise
from grader.submissions import collect
from grader.submissions.which_exercise import stated_variants
from grader.variants.code import code_of

CLASS = Path(__file__).parents[1] / "submissions_example"
EXERCISE_IDS = tuple(sorted(path.name for path in CLASS.iterdir() if path.is_dir()))
FORMATS = {".py", ".ipynb", ".json", ".npz"}


SECRET = b"made up"
"""Of the made-up class, as its README says."""


@functools.cache
def exercise(exercise_id: str, code: str | None) -> Exercise:
    path, kinds = find_exercise(exercise_id).path, Kinds(kind_names(), find_kind)
    return load_exercise(path, kinds, variant=code)


@functools.cache
def expected(exercise_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CLASS / f"{exercise_id}.expected.json").read_text(encoding="utf-8"))
    return found


def answers(exercise_id: str) -> dict[str, Path]:
    # A record beside an answer is left by who has marked it by hand.
    entries = sorted((CLASS / exercise_id).iterdir())
    return {path.stem: path for path in entries if not path.name.startswith(".")}


# As a class all are marked in tests/grader/cli/test_feedback.py; alone, two of each form of each exercise.
ALONE = 2
FORMS = {
    (exercise_id, form): [student for student, path in answers(exercise_id).items() if path.suffix == form]
    for exercise_id in EXERCISE_IDS
    for form in sorted(FORMATS | {""})
}
STUDENTS = [
    pytest.param(exercise_id, student, id=f"{exercise_id} {student}")
    for (exercise_id, _), students in FORMS.items()
    for student in students[:ALONE]
]


@pytest.mark.parametrize(("exercise_id", "student"), STUDENTS)
def test_student_gets_the_expected_marks(exercise_id: str, student: str) -> None:
    submission = collect(answers(exercise_id)[student])
    (code,) = stated_variants(submission) or (None,)
    report = mark(exercise(exercise_id, code), submission)
    got = {
        question.id: {
            "verdict": question.outcome.verdict.value,
            "fraction": str(question.outcome.fraction),
        }
        for question in report.questions
    }
    assert got == expected(exercise_id)[student]


def test_variants_are_those_of_the_students_and_of_the_secret() -> None:
    stated = {name: stated_variants(collect(path)) for name, path in answers("rnn-paper").items()}
    assert stated == {name: (code_of(name, "rnn-paper", SECRET),) for name in stated}
    assert "`made up`" in (CLASS / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("exercise_id", EXERCISE_IDS)
def test_every_answer_has_expected_marks_and_every_mark_an_answer(exercise_id: str) -> None:
    assert sorted(expected(exercise_id)) == sorted(answers(exercise_id))


def test_class_is_large_and_uses_every_format() -> None:
    assert len({student for exercise_id in EXERCISE_IDS for student in answers(exercise_id)}) >= 16
    handed_in = [path for path in CLASS.glob("*/**/*") if path.is_file()]
    assert {path.suffix for path in handed_in} >= FORMATS
    assert any(path.is_dir() for path in CLASS.glob("*/*"))


@pytest.mark.parametrize("exercise_id", EXERCISE_IDS)
def test_full_marks_come_in_more_than_one_form(exercise_id: str) -> None:
    full = [
        student
        for student, marks in expected(exercise_id).items()
        if all(mark["verdict"] == "pending" or Fraction(mark["fraction"]) == 1 for mark in marks.values())
    ]
    assert len(full) >= 2
