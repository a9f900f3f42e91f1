"""What an exercise file that can be read should still not have, in words for its author."""

from __future__ import annotations

from collections.abc import Iterator

from grader.mathematics.prose import problems
from grader.model.exercise import Exercise, Question


def lint(exercise: Exercise) -> Iterator[str]:
    """A sentence for each network that no question names, and each formula that cannot be shown everywhere.

    Args:
        exercise: The exercise.
    """
    for name in exercise.unused_networks:
        yield f"network.{name}: no question names it; name it in a check, or take it out"
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
