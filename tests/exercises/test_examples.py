"""Every example answer of every exercise, end to end: what its file promises is what the report says."""

from __future__ import annotations

import functools
import sys
from typing import Any

import msgspec
import pytest

from grader.grading.examples import check_example
from grader.grading.mark import mark
from grader.kinds import find_kind, kind_names
from grader.model.evidence import Evidence
from grader.model.exercise import ExampleAnswer, Exercise
from grader.model.submission import AnswerFile
from grader.specs import Kinds, find_exercise, list_exercises, load_exercise
from grader.submissions import build_submission

EXERCISE_IDS = tuple(listing.id for listing in list_exercises())
# A right answer can be written in many ways; so can a wrong one.
FEWEST_RIGHT = 3
FEWEST_WRONG = 5


@functools.cache
def exercise(exercise_id: str) -> Exercise:
    return load_exercise(find_exercise(exercise_id).path, Kinds(kind_names(), find_kind))


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


def names_of_facts(evidence: Evidence) -> list[str]:
    return [name for name in evidence.__struct_fields__ if getattr(evidence, name) is not msgspec.UNSET]


@pytest.mark.parametrize("exercise_id", EXERCISE_IDS)
def test_every_fact_that_a_question_finds_has_a_level_from_which_it_is_told(
    exercise_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = exercise(exercise_id)
    found, shown = set(), set()
    monkeypatch.setattr(sys.modules["grader.grading.mark"], "reveal", lambda report, most: report)
    for question in whole.questions:
        for example in question.examples:
            submission = build_submission("example", [AnswerFile("answer.py", example.answer.encode())])
            report = mark(whole, submission, question_id=question.id)
            for one in report.questions[0].outcome.evidence:
                # A kind whose facts have no types yet keeps them in a table.
                found |= set(getattr(one, "table", None) or names_of_facts(one))
                shown |= set(one.facts())
    assert found
    assert found == shown


@pytest.mark.parametrize("question", questions())
def test_question_has_right_and_wrong_examples(question: Any) -> None:
    verdicts = [example.verdict for example in question.examples]
    assert verdicts.count("correct") >= FEWEST_RIGHT
    assert len(verdicts) - verdicts.count("correct") >= FEWEST_WRONG


@pytest.mark.parametrize("question", questions())
def test_lost_points_are_explained(question: Any) -> None:
    assert question.hints
    assert len(question.hints) <= 3
