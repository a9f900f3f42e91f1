"""What students of a benchmark type: answers to many questions, right and wrong, fields and code."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from grader.kinds import find_kind, kind_names
from grader.model.control import Control, GridControl, Pick, PickEach, YesNo
from grader.model.exercise import ExampleAnswer, Question
from grader.serve.controls import controls_of
from grader.specs import Kinds, load_exercise
from grader.specs.catalog import installed_files

EXERCISES = ("mit-6390-recitation-8", "ntu-cz4042-tutorial-8", "gated-networks", "threshold-networks")
"""None of them varies: one answer is right for all."""


class Typed(NamedTuple):
    """What is typed for a question, as a form sends it."""

    exercise: str
    question: str
    fields: tuple[tuple[str, str], ...]


def typed_answers() -> list[Typed]:
    """The examples of all questions, as they are typed into the controls."""
    kinds = Kinds(kind_names(), find_kind)
    found = []
    for name in EXERCISES:
        exercise = load_exercise(installed_files()[name], kinds, with_examples=True)
        for question in exercise.questions:
            for example in question.examples:
                fields = tuple(_fields(question, example))
                if any(text.strip() for _, text in fields):
                    found.append(Typed(name, question.id, fields))
    return found


def varied(one: Typed, draw: random.Random) -> Typed:
    """The answer as another student has it: no two are the same bytes, and some numbers are wrong."""
    fields = []
    for name, text in one.fields:
        if name == "field.code":
            fields.append((name, f"{text}\n# {draw.random()}\n"))
        elif text.lstrip("-").isdecimal() and draw.random() < 0.1:
            fields.append((name, str(draw.randint(-9, 9))))
        else:
            fields.append((name, text))
    return Typed(one.exercise, one.question, tuple(fields))


def _fields(question: Question, example: ExampleAnswer) -> Iterator[tuple[str, str]]:
    if question.asks.function is not None:
        yield "field.code", example.answer
        return
    names: dict[str, Any] = {}
    try:
        exec(example.answer, names)  # ours, and it comes along
    except Exception:
        return
    answer = names.get(question.id)
    fields = (*question.asks.fields, *question.asks.optional)
    if not isinstance(answer, Mapping) or answer.keys().isdisjoint(fields):
        answer = {fields[0]: answer}
    for name, control in controls_of(question).items():
        if name in answer:
            yield from _typed(f"field.{name}", control, answer[name])


def _typed(name: str, control: Control, value: Any) -> Iterator[tuple[str, str]]:
    match control, value:
        case GridControl(columns=columns), [*rows]:
            for row, entries in enumerate(rows):
                for column, entry in enumerate(
                    entries if columns and isinstance(entries, list) else [entries]
                ):
                    yield f"{name}.{row}.{column}", str(entry)
        case YesNo(), bool():
            yield name, "yes" if value else "no"
        case Pick(), str() | list():
            for one in [value] if isinstance(value, str) else value:
                yield name, str(one)
        case PickEach(places=places), dict() | list():
            each = value if isinstance(value, dict) else dict(zip(places, value, strict=False))
            for place, one in each.items():
                yield f"{name}.{place}", str(one).lower() if isinstance(one, bool) else str(one)
        case GridControl() | YesNo() | Pick() | PickEach(), _:
            return  # an answer of a form that no browser sends
        case _:
            yield name, str(value)
