"""What functions are called with must not hold what any of them should give, in whichever order they come."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from grader.grading.mark import mark
from grader.grading.resolve import calls_of
from grader.kinds import find_kind, kind_names
from grader.model.exercise import Exercise, Question
from grader.model.outcome import Verdict
from grader.model.run import Call, CallReading
from grader.model.submission import AnswerFile
from grader.model.value import Array, Fields, Items, Number, Value
from grader.sandbox import run
from grader.specs import Kinds, find_exercise, list_exercises, load_exercise
from grader.submissions import build_submission

EXERCISE_IDS = tuple(listing.id for listing in list_exercises())
FEWEST_ENTRIES = 3
"""Of an array that is not the same as another by chance."""

Content = tuple[float, ...]


@cache
def exercise(exercise_id: str) -> Exercise:
    return load_exercise(find_exercise(exercise_id).path, Kinds(kind_names(), find_kind), with_examples=True)


def contents(value: Value) -> Iterator[Content]:
    """The arrays in a value, and what they come to as one: entries to 9 digits, in order."""
    match value:
        case Array():
            array = np.frombuffer(value.data, value.dtype).ravel()
            if array.dtype.kind in "if" and len(set(array)) >= FEWEST_ENTRIES:
                yield tuple(float(f"{entry:.9g}") for entry in array)
        case Items():
            if value.items and all(isinstance(item, Number) for item in value.items):
                yield from numbers(value)
            for item in value.items:
                yield from contents(item)
        case Fields():
            for item in value.fields.values():
                yield from contents(item)


def numbers(value: Items) -> Iterator[Content]:
    """A list of numbers as an array."""
    found = [float(item.text) for item in value.items if isinstance(item, Number) and "/" not in item.text]
    if len(set(found)) >= FEWEST_ENTRIES:
        yield tuple(float(f"{entry:.9g}") for entry in found)


def handed(call: Call) -> set[Content]:
    return {content for value in (*call.args, *call.kwargs.values()) for content in contents(value)}


def given(reading: CallReading) -> set[Content]:
    return {content for value in reading.results for content in contents(value)}


@cache
def made(exercise_id: str) -> list[tuple[str, Call, CallReading]]:
    """All calls of the exercise, with what a right answer gives."""
    found = []
    for question in exercise(exercise_id).questions:
        calls = calls_of(exercise(exercise_id), question)
        if calls:
            readings = right_readings(exercise_id, question, calls)
            found += [(question.id, call, reading) for call, reading in zip(calls, readings, strict=True)]
    return found


def right_readings(exercise_id: str, question: Question, calls: tuple[Call, ...]) -> tuple[CallReading, ...]:
    answer = next(one.answer for one in question.examples if one.verdict is Verdict.CORRECT)
    submission = build_submission("ada", [AnswerFile("answer.py", answer.encode())])
    report = mark(exercise(exercise_id), submission, question_id=question.id)
    assert report.questions[0].outcome.verdict is Verdict.CORRECT
    return run(submission, calls, exercise(exercise_id).limits).calls


@pytest.mark.parametrize("exercise_id", EXERCISE_IDS)
def test_no_call_is_handed_what_another_should_give(exercise_id: str) -> None:
    calls = made(exercise_id)
    told = [
        f"{answered} call {n} is answered by what {asked} call {k} is handed"
        for n, (answered, own, reading) in enumerate(calls)
        for k, (asked, call, _) in enumerate(calls)
        if n != k and (given(reading) - handed(own)) & handed(call)
    ]
    assert told == []


def test_calls_are_compared_at_all() -> None:
    assert any(given(reading) for exercise_id in EXERCISE_IDS for _, _, reading in made(exercise_id))
