"""Counterexamples in reports, replayed: the network is stepped through with Fractions on the input shown."""

from __future__ import annotations

import functools
from fractions import Fraction
from typing import Any

import pytest

from grader.grading import mark
from grader.kinds import find_kind, kind_names
from grader.model.exercise import ExampleAnswer, Exercise
from grader.model.submission import AnswerFile, Submission
from grader.specs import Kinds, find_exercise, load_exercise

EXERCISE_ID = "mit-6390-recitation-8"
LINEAR = {"b_i", "b_ii", "c_ii", "c_iii"}
WEIGHTS = {"s0", "Wss", "Wsx", "Wo", "Wssx", "Wox"}
DEPARTS_LATE = "Agrees for three steps, departs at the fourth"


@functools.cache
def exercise() -> Exercise:
    return load_exercise(find_exercise(EXERCISE_ID).path, Kinds(kind_names(), find_kind), with_examples=True)


def evidence(question_id: str, answer: str) -> dict[str, Any]:
    file = AnswerFile("answer.py", answer.encode())
    report = mark(exercise(), Submission(student="example", files=(file,), digest="sha256:0"))
    return next(entry.outcome.facts for entry in report.questions if entry.id == question_id)


def wanted(question_id: str, inputs: list[list[Fraction]]) -> list[list[Fraction]]:
    """Straight from the prompts."""
    total, steps = Fraction(0), []
    for x in inputs:
        total += sum(x)
        steps.append([x[0], Fraction(0), Fraction(0), total] if question_id == "b_i" else [*x, total])
    return steps


def stepped(fields: dict[str, Any], inputs: list[list[Fraction]]) -> list[list[Fraction]]:
    def read(value: Any) -> Any:
        value = value.tolist() if hasattr(value, "tolist") else value
        return [read(item) for item in value] if isinstance(value, (list, tuple)) else Fraction(str(value))

    given = {name: read(value) for name, value in fields.items() if name in WEIGHTS}
    state, steps = given["s0"], []
    for x in inputs:
        if "Wssx" in given:
            state = [sum(w * v for w, v in zip(row, state + x, strict=True)) for row in given["Wssx"]]
            steps.append([sum(w * v for w, v in zip(row, state + x, strict=True)) for row in given["Wox"]])
            continue
        kept = [sum(w * v for w, v in zip(row, state, strict=True)) for row in given["Wss"]]
        fresh = [sum(w * v for w, v in zip(row, x, strict=True)) for row in given["Wsx"]]
        state = [a + b for a, b in zip(kept, fresh, strict=True)]
        steps.append([sum(w * v for w, v in zip(row, state, strict=True)) for row in given["Wo"]])
    return steps


def exact(rows: list[list[Any]]) -> list[list[Fraction]]:
    return [[Fraction(str(entry)) for entry in row] for row in rows]


WRONG = [
    pytest.param(question.id, example, id=f"{question.id}: {example.title}")
    for question in exercise().questions
    if question.id in LINEAR
    for example in question.examples
    if "counterexample" in example.codes or "starts-from-nonzero" in example.codes
]


@pytest.mark.parametrize(("question_id", "example"), WRONG)
def test_counterexample_shows_what_the_network_does(question_id: str, example: ExampleAnswer) -> None:
    names: dict[str, Any] = {}
    exec(example.answer, names)
    shown = evidence(question_id, example.answer)["counterexample"]
    inputs = exact(shown["inputs"])

    assert exact(shown["expected"]) == wanted(question_id, inputs)
    assert exact(shown["got"]) == stepped(names[question_id], inputs)
    # A smallest one: right until its last step, where it is wrong.
    assert shown["got"][:-1] == shown["expected"][:-1]
    assert shown["got"][-1] != shown["expected"][-1]


def test_network_that_departs_at_the_fourth_step_is_shown_four_steps() -> None:
    question = next(question for question in exercise().questions if question.id == "c_ii")
    example = next(example for example in question.examples if example.title == DEPARTS_LATE)
    assert len(evidence("c_ii", example.answer)["counterexample"]["inputs"]) == 4
