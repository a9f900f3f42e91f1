"""Every example answer of every exercise, end to end: what its file promises is what the report says."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from grader.grading.examples import check_example
from grader.kinds import find_kind, kind_names
from grader.model.exercise import ExampleAnswer, Exercise
from grader.specs import Kinds, find_exercise, list_exercises, load_exercise

EXERCISE_IDS = tuple(listing.id for listing in list_exercises())
# A right answer can be written in many ways; so can a wrong one.
FEWEST_RIGHT = 3
FEWEST_WRONG = 5


@functools.cache
def exercise(exercise_id: str) -> Exercise:
    return load_exercise(find_exercise(exercise_id).path, Kinds(kind_names(), find_kind), with_examples=True)


def examples() -> list[Any]:
    return [
        pytest.param(exercise_id, question.id, example, id=f"{exercise_id} {question.id}: {example.title}")
        for exercise_id in EXERCISE_IDS
        for question in exercise(exercise_id).questions
        for example in question.examples
    ]


def questions() -> list[Any]:
    return [
        pytest.param(question, id=f"{exercise_id} {question.id}")
        for exercise_id in EXERCISE_IDS
        for question in exercise(exercise_id).questions
    ]


@pytest.mark.parametrize(("exercise_id", "question_id", "example"), examples())
def test_example_is_marked_as_its_file_says(
    exercise_id: str, question_id: str, example: ExampleAnswer
) -> None:
    assert check_example(exercise(exercise_id), question_id, example) is None


@pytest.mark.parametrize("question", questions())
def test_question_has_right_and_wrong_examples(question: Any) -> None:
    verdicts = [example.verdict for example in question.examples]
    if question.kind == "text":  # never called right or wrong by the machine
        assert verdicts.count("pending") >= FEWEST_RIGHT
        assert set(verdicts) == {"pending", "missing", "invalid"}
        return
    assert verdicts.count("correct") >= FEWEST_RIGHT
    assert len(verdicts) - verdicts.count("correct") >= FEWEST_WRONG


@pytest.mark.parametrize("question", questions())
def test_lost_points_are_explained(question: Any) -> None:
    assert question.hints
    assert len(question.hints) <= 3
