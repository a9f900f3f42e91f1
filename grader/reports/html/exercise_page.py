"""An exercise as a page: its questions as students read them, without anything that shows an answer."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence

from grader.model.exercise import Exercise, Question
from grader.model.share import points_text
from grader.model.text import counted
from grader.reports.html.elements import Child, element, paragraphs, prose, table
from grader.reports.html.page import page
from grader.reports.wording import hints_there, time_limits


def exercise_page(exercise: Exercise, questions: Sequence[Question]) -> str:
    """The page of an exercise.

    Args:
        exercise: The exercise.
        questions: Those to be shown; the source and how long code may run stand there where it is all.
    """
    return page(exercise.title, *exercise_blocks(exercise, questions))


def exercise_blocks(
    exercise: Exercise, questions: Sequence[Question], *, shows_hints: bool = False
) -> list[Child]:
    """What stands on the page, block by block.

    Args:
        exercise: The exercise.
        questions: Those to be shown.
        shows_hints: Whether hints are told, or only how many there are.
    """
    return [
        element("header", {}, *_heading(exercise, is_whole=len(questions) == len(exercise.questions))),
        *(_section(question, shows_hints) for question in questions),
    ]


def _heading(exercise: Exercise, *, is_whole: bool) -> Iterator[ET.Element]:
    yield element("h1", {}, exercise.title, " ", element("code", {}, exercise.id))
    if is_whole:
        total = f"{counted(len(exercise.questions), 'question')}, {points_text(exercise.max_points)} points"
        yield element("p", {"class": "total"}, total)
        yield element("p", {"class": "quiet"}, f"Source: {exercise.source}")
    yield from paragraphs(exercise.introduction)
    if is_whole:
        yield from (prose(f"On the printed sheet: {text}") for text in exercise.errata)
        yield element("p", {"class": "quiet"}, time_limits(exercise))


def _section(question: Question, shows_hints: bool) -> ET.Element:
    heading = question_heading(question)
    return element(
        "section", {"aria-labelledby": heading.attrib["id"]}, heading, *_asked(question, shows_hints)
    )


def question_heading(question: Question) -> ET.Element:
    """The label, id and points of a question, as a heading that links lead to."""
    unit = "point" if question.points == 1 else "points"
    return element(
        "h2",
        {"id": f"question-{question.id}"},
        element("span", {}, question.label),
        " ",
        element("code", {}, question.id),
        " ",
        element("span", {"class": "points"}, f"{points_text(question.points)} {unit}"),
    )


def _asked(question: Question, shows_hints: bool) -> Iterator[ET.Element]:
    yield from paragraphs(question.prompt)
    if question.signature:
        yield element("pre", {}, f"def {question.signature}")
    if question.fields:
        yield table(["field", "what it is"], map(list, _fields(question)), f"Hand in for {question.label}")
    yield from (prose(f"On the printed sheet: {text}") for text in question.errata)
    if shows_hints:
        yield from (prose(f"Hint {number}: {hint}") for number, hint in enumerate(question.hints, start=1))
    elif there := hints_there(question):
        yield element("p", {"class": "quiet"}, there)


def _fields(question: Question) -> Iterator[tuple[Child, Child]]:
    for name, meaning in question.fields.items():
        is_silent = name in question.asks.optional and "optional" not in meaning
        yield element("code", {}, name), prose(meaning + (" (optional)" if is_silent else ""), "span")
