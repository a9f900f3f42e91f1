"""The heading of a question says what it is worth, in words that fit the number."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest

from grader.kinds import find_kind, kind_names
from grader.reports.html.exercise_page import question_heading
from grader.specs import Kinds, find_exercise, load_exercise


@pytest.mark.parametrize(
    ("points", "told"),
    [("1", "1 point"), ("2", "2 points"), ("0", "0 points"), ("1/2", "0.5 points"), ("3/2", "1.5 points")],
)
def test_one_point_is_one_point(points: str, told: str) -> None:
    exercise = load_exercise(find_exercise("mit-6390-recitation-8").path, Kinds(kind_names(), find_kind))
    question = msgspec.structs.replace(exercise.questions[0], points=Fraction(points))
    heading = question_heading(question)
    assert "".join(heading.itertext()).split(" ", 2)[2] == told
    assert heading.get("id") == f"question-{question.id}"
