"""Formulas in an exercise file that cannot be shown on every face."""

from __future__ import annotations

from collections.abc import Iterator

from grader.mathematics.prose import problems
from grader.model.exercise import Exercise, Question


def unreadable_formulas(exercise: Exercise) -> Iterator[str]:
    """For each of them a sentence: where it stands, the formula, why, and what to do."""
    for place, text in _texts(exercise):
        for formula, why in problems(text):
            line = text.count("\n", 0, formula.start) + 1
            yield f"{place}, line {line}: ${formula.tex}$ {why}; write it otherwise, or as words"


def _texts(exercise: Exercise) -> Iterator[tuple[str, str]]:
    yield "introduction", exercise.introduction
    yield from _numbered("errata", exercise.errata)
    for question in exercise.questions:
        for place, text in _texts_of(question):
            yield f"question {question.id!r}, {place}", text


def _texts_of(question: Question) -> Iterator[tuple[str, str]]:
    yield "prompt", question.prompt
    yield from ((f"fields.{name}", meaning) for name, meaning in question.fields.items())
    yield from _numbered("hints", question.hints)
    yield from _numbered("errata", question.errata)


def _numbered(name: str, texts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    yield from ((f"{name}[{i}]", text) for i, text in enumerate(texts))
