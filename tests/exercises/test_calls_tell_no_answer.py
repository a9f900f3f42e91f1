"""What functions are called with must not hold what any of them should give, in whichever order they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
import pytest

from grader.grading.asked import calls_of
from grader.grading.mark import mark
from grader.kinds import find_kind, kind_names
from grader.model.exercise import Exercise, Question
from grader.model.outcome import Verdict
from grader.model.run import Call, CallReading
from grader.model.submission import AnswerFile
from grader.model.value import Array, Fields, Items, Number, Value
from grader.sandbox import run
from grader.sandbox.host.job import how_many_together
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


Made = list[tuple[str, Call, CallReading]]


def made(exercise_id: str) -> Made:
    """All calls of the exercise, with what a right answer gives."""
    questions = exercise(exercise_id).questions
    return [one for question in questions for one in made_of(exercise_id, question.id)]


@cache
def made_of(exercise_id: str, question_id: str) -> Made:
    """The calls of one question."""
    question = next(one for one in exercise(exercise_id).questions if one.id == question_id)
    calls = calls_of(exercise(exercise_id), question)
    readings = right_readings(exercise_id, question, calls) if calls else ()
    return [(question.id, call, reading) for call, reading in zip(calls, readings, strict=True)]


def right_readings(exercise_id: str, question: Question, calls: tuple[Call, ...]) -> tuple[CallReading, ...]:
    answer = next(one.answer for one in question.examples if one.verdict is Verdict.CORRECT)
    submission = build_submission("ada", [AnswerFile("answer.py", answer.encode())])
    report = mark(exercise(exercise_id), submission, question_id=question.id)
    assert report.questions[0].outcome.verdict is Verdict.CORRECT
    return run(submission, calls, exercise(exercise_id).limits).calls


@pytest.mark.parametrize("exercise_id", EXERCISE_IDS)
def test_no_call_is_handed_what_another_should_give(exercise_id: str) -> None:
    # Of each call once: to read arrays takes longer than to compare them.
    calls = [
        (question, given(reading) - handed(call), handed(call))
        for question, call, reading in made(exercise_id)
    ]
    told = [
        f"{answered} call {n} is answered by what {asked} call {k} is handed"
        for n, (answered, answers, _) in enumerate(calls)
        for k, (asked, _, handed_in) in enumerate(calls)
        if n != k and answers & handed_in
    ]
    assert told == []


def test_calls_are_compared_at_all() -> None:
    assert any(given(reading) for exercise_id in EXERCISE_IDS for _, _, reading in made(exercise_id))


def groups(exercise_id: str) -> Iterator[Made]:
    """The calls that the sandbox sends together."""
    for question in exercise(exercise_id).questions:
        left = tuple(enumerate(calls_of(exercise(exercise_id), question)))
        while left:
            count = how_many_together(left)
            if count > 1:
                first = left[0][0]
                yield made_of(exercise_id, question.id)[first : first + count]
            left = left[count:]


def telling(values: Iterable[Value]) -> set[float]:
    """Single numbers that are not the same as others by chance: those with more than four digits."""
    entries = {abs(entry) for value in values for content in contents(value) for entry in content}
    return {entry for entry in entries if float(f"{entry:.4g}") != entry}


def arguments(call: Call) -> tuple[Value, ...]:
    return (*call.args, *call.kwargs.values())


@pytest.mark.parametrize("exercise_id", EXERCISE_IDS)
def test_not_one_number_in_calls_that_come_together_answers_another_of_them(exercise_id: str) -> None:
    told = [
        f"{question} {own.args}"
        for group in groups(exercise_id)
        for n, (question, own, reading) in enumerate(group)
        for k, (_, call, _) in enumerate(group)
        if n != k and (telling(reading.results) - telling(arguments(own))) & telling(arguments(call))
    ]
    assert told == []


def test_calls_of_these_kinds_come_together_and_of_no_other() -> None:
    together = [
        question.kind
        for exercise_id in EXERCISE_IDS
        for question in exercise(exercise_id).questions
        if any(call.is_independent for call in calls_of(exercise(exercise_id), question))
    ]
    assert set(together) == {"code", "realisation"}


def test_numbers_of_calls_that_come_together_are_compared_at_all() -> None:
    (first, *_) = groups("ntu-cz4042-tutorial-8")
    assert sum(len(telling(reading.results)) for _, _, reading in first) > 20
