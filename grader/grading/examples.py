"""An exercise file's own example answers, held against what it says of them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from grader.grading.mark import mark
from grader.model.exercise import ExampleAnswer, Exercise
from grader.model.outcome import Outcome
from grader.model.submission import AnswerFile
from grader.submissions import build_submission

MOST_TOLD = 3


class Mismatch(msgspec.Struct, frozen=True, kw_only=True):
    """An example that is marked otherwise than its file says.

    Args:
        question: The question's id.
        title: The example's.
        mistakes: What came out and what the file says, one sentence each.
        told: What the report tells of the answer.
    """

    question: str
    title: str
    mistakes: tuple[str, ...]
    told: tuple[str, ...]


def check_examples(exercise: Exercise) -> Iterator[Mismatch | None]:
    """Mark every example, in the file's order; None for one that is marked as the file says.

    Args:
        exercise: The exercise.
    """
    for question in exercise.questions:
        for example in question.examples:
            yield check_example(exercise, question.id, example)


def check_example(exercise: Exercise, question_id: str, example: ExampleAnswer) -> Mismatch | None:
    """Mark one example; None if it is marked as the file says.

    Args:
        exercise: The exercise.
        question_id: Whose example it is.
        example: The example.
    """
    outcome = outcome_of(exercise, question_id, example)
    mistakes = tuple(_mistakes(outcome, example))
    told = tuple(f"{one.code}: {one.message}" for one in outcome.feedback[:MOST_TOLD])
    if not mistakes:
        return None
    return Mismatch(question=question_id, title=example.title, mistakes=mistakes, told=told)


def outcome_of(exercise: Exercise, question_id: str, example: ExampleAnswer) -> Outcome:
    """What one example gets for its question.

    Args:
        exercise: The exercise.
        question_id: Whose example it is.
        example: The example.
    """
    submission = build_submission("example", [AnswerFile("answer.py", example.answer.encode())])
    # A cap on what students are told would hide the codes that the file names.
    report = mark(msgspec.structs.replace(exercise, reveal="working"), submission)
    return next(entry.outcome for entry in report.questions if entry.id == question_id)


def _mistakes(outcome: Outcome, example: ExampleAnswer) -> Iterator[str]:
    if outcome.verdict != example.verdict:
        yield f"the verdict is {outcome.verdict.value}, the file says {example.verdict.value}"
    if example.fraction is not None and outcome.fraction != example.fraction:
        yield f"the fraction is {outcome.fraction}, the file says {example.fraction}"
    yield from _absent("code", example.codes, [one.code for one in outcome.feedback])
    yield from _absent("diagnosis", example.diagnoses, [one.id for one in outcome.diagnoses])


def _absent(what: str, wanted: tuple[str, ...], found: list[str]) -> Iterator[str]:
    for word in wanted:
        if word not in found:
            there = f"there is {', '.join(found)}" if found else "there is none"
            yield f"{what}: {there}, the file says {word}"
