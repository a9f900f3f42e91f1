"""All that a student typed for a question: each version that was saved or submitted, to be taken up again."""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ET
from collections.abc import Collection, Iterator

from starlette.requests import Request
from starlette.responses import Response

from grader.model.exercise import Exercise, Question
from grader.reports.html.elements import Child, element
from grader.serve.drafts import Version, versions
from grader.serve.frame import button, form, hidden, page
from grader.serve.in_path import own_exercise, question_of
from grader.serve.people import Person
from grader.serve.server import Server
from grader.serve.student.exercise_page import ALL_TYPED
from grader.serve.student.rules import moment

MOST_LISTED = 100


async def typed_page(server: Server, request: Request) -> Response:
    """Every version of an answer that is kept, newest first."""
    person = await server.require_person(request)
    exercise = await own_exercise(server, request, person.id)
    question = question_of(exercise, request)
    found = await server.reading(lambda c: versions(c, person.id, exercise.id, question.id, MOST_LISTED))
    title = _title(question)
    zone = server.course.course.time_zone
    back = element(
        "p",
        {},
        element("a", {"href": f"/exercise/{exercise.id}#question-{question.id}"}, "Back to the question"),
    )
    blocks: list[Child] = [_block(one, exercise, question, person, zone) for one in found]
    return page(title, element("h1", {}, title), *(blocks or ["Nothing yet."]), back, person=person)


def _title(question: Question) -> str:
    return f"{ALL_TYPED} for {question.label}"


def beside_lines(exercise: Exercise, questions: Collection[str]) -> Iterator[Child]:
    """Say where to find both: what was typed on a page, and what was kept from another one meanwhile."""
    for question in exercise.questions:
        if question.id in questions:
            words = f"For {question.label} something else was saved or submitted elsewhere meanwhile. "
            link = element("a", {"href": f"/exercise/{exercise.id}/{question.id}/typed"}, _title(question))
            yield element("p", {}, words, "Both are under ", link, ".")


def _block(one: Version, exercise: Exercise, question: Question, person: Person, zone: str) -> ET.Element:
    at = moment(datetime.datetime.fromisoformat(one.at), zone, with_seconds=True)
    how: list[Child] = ["Saved ", at]
    if one.hand_in:
        how = [element("a", {"href": f"/hand-in/{one.hand_in}"}, f"Hand-in {one.hand_in}"), ", ", at]
    parts = [
        element("p", {}, element("code", {}, name), element("pre", {"class": "words"}, text))
        if "\n" in text
        else element("p", {}, element("code", {}, name), ": ", text)
        for name, text in one.typed.items()
        if text
    ]
    again = form(
        f"/exercise/{exercise.id}/{question.id}",
        *hidden({"action": "save", "who": person.id}),
        *hidden({f"field.{name}": text for name, text in one.typed.items()}),
        button("Put this into the form"),
    )
    return element("section", {}, element("h2", {}, *how), *(parts or [element("p", {}, "Empty.")]), again)


ROUTES = (("/exercise/{exercise}/{question}/typed", typed_page, "GET"),)
