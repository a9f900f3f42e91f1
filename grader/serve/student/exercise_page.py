"""An exercise: its rules, and a form for each question, filled with what was typed last."""

from __future__ import annotations

import datetime
import secrets
import xml.etree.ElementTree as ET
import zoneinfo
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Row
from starlette.requests import Request
from starlette.responses import Response

from grader.gradebook.policy import Allowance
from grader.gradebook.standing import Standing
from grader.model.exercise import Exercise, Question
from grader.model.share import points_text
from grader.reports.html.elements import Child, element, list_of, printed_paragraphs, prose, table
from grader.reports.html.exercise_page import question_heading
from grader.reports.wording import percent_text
from grader.serve import inbox
from grader.serve.controls import controls, prompt_of
from grader.serve.drafts import SavedDraft
from grader.serve.frame import button, buttons, form, hidden, labelled, page
from grader.serve.in_path import own_exercise
from grader.serve.paper import read_paper
from grader.serve.people import Person
from grader.serve.preview import how_it_is_read
from grader.serve.sent_again import SEEN
from grader.serve.server import Server
from grader.serve.student.complaints import answered_lines
from grader.serve.student.hints import hint_blocks
from grader.serve.student.rules import left_text, moment, refusal, rules_of
from grader.serve.student.sent_form import ShownMark, controls_digest
from grader.serve.student.student_view import StudentView, student_view

ALL_TYPED = "All that you typed"

STATES = {inbox.WAITING: "waits to be marked", inbox.RUNNING: "is being marked", inbox.REPLACED: "replaced"}


async def exercise_page(server: Server, request: Request) -> Response:
    """One exercise, with what one must know before pressing."""
    person = await server.require_person(request)
    exercise = await own_exercise(server, request, person.id)
    read, beside = request.query_params.get("read", ""), request.query_params.getlist("beside")

    def made(connection: Connection) -> Response:
        blocks = _blocks(connection, server, person, exercise, read, beside)
        return page(exercise.title, *blocks, person=person)

    # In one thread, which leaves the others to who asks meanwhile.
    return await server.reading(made)


async def exercise_blocks(server: Server, person: Person, exercise: Exercise) -> list[Child]:
    """What stands on the page of an exercise."""
    return await server.reading(lambda connection: _blocks(connection, server, person, exercise))


def _blocks(
    connection: Connection,
    server: Server,
    person: Person,
    exercise: Exercise,
    read: str = "",
    beside: Sequence[str] = (),
) -> list[Child]:
    """What stands on the page.

    Args:
        connection: To the database.
        server: The server.
        person: Whose page it is.
        exercise: As the person has it.
        read: The question for which the page shows how the answer is read.
        beside: Questions of which something else was saved while this was typed.
    """
    course = server.course.course
    view = student_view(connection, server, person.id, exercise)
    whole = view.allowed[""]
    answered = answered_lines(connection, server.course, person.id, exercise.id)
    blocks: list[Child] = [element("h1", {}, exercise.title), *answered]
    if whole.why == "opens" and not person.is_staff:
        return [*blocks, element("p", {}, *refusal(whole, course.time_zone))]
    blocks.append(printed_paragraphs(exercise.introduction))
    blocks.append(list_of(element("span", {}, *line) for line in rules_of(view.policy, course.time_zone)))
    blocks += _counts(exercise, view.standing)
    submitted = read_paper(view.hand_ins[0].typed).typed if view.hand_ins else {}
    parts: list[Child] = []
    for question in exercise.questions:
        draft = view.drafts.get(question.id)
        typed = draft.typed if draft else submitted.get(question.id, {})
        reading = reading_block(question, typed if read == question.id else None)
        note = saved_note(draft, course.time_zone, is_beside=question.id in beside)
        parts.append(_question(exercise, question, view, typed, note, course.time_zone, reading))
    parts.append(_upload(whole, course.time_zone))
    blocks.append(_form(exercise, person, parts))
    blocks.append(_earlier(exercise, view, course.time_zone))
    return blocks


def _form(exercise: Exercise, person: Person, parts: Sequence[Child]) -> Child:
    """One form of all questions: without scripts, too, nothing that stands in it is left behind."""
    # The first button is pressed by Enter in a field, which must not cost an attempt.
    whole = buttons(
        button("Save all", name="action", value="save"),
        element("span", {"class": "quiet note", "role": "status"}),
    )
    who = hidden({"press": secrets.token_urlsafe(12), "who": person.id})
    made = form(f"/exercise/{exercise.id}", *who, whole, *parts)
    made.set("data-kept", "")
    return made


def _counts(exercise: Exercise, standing: Standing | None) -> Iterator[Child]:
    if standing is None:
        return
    words = f"You have {points_text(standing.points)} of {points_text(exercise.max_points)} points."
    late = f" {percent_text(standing.penalty)} is taken off for being late." if standing.penalty else ""
    yield element("p", {"class": "standing"}, words + late)


def _question(
    exercise: Exercise,
    question: Question,
    view: StudentView,
    typed: Mapping[str, str],
    note: Sequence[Child],
    zone: str,
    reading: ET.Element,
) -> ET.Element:
    heading = question_heading(question)
    allowed = view.allowed[question.id]
    path = f"/exercise/{exercise.id}/{question.id}"

    def press(words: str, action: str) -> ET.Element:
        return button(words, name="action", value=action, formaction=path)

    return element(
        "section",
        {"aria-labelledby": heading.attrib["id"], "data-question": question.id},
        heading,
        _mark(question, view),
        printed_paragraphs(prompt_of(question)),
        *(prose(f"On the printed sheet: {text}") for text in question.errata),
        *hidden({f"{SEEN}{question.id}": _mark_of(question, view, typed).text}),
        *controls(question, typed),
        element("p", {}, *refusal(allowed, zone)) if allowed.why else None,
        buttons(
            press("Save", "save"),
            press("Preview", "read"),
            press("Submit", "submit") if not allowed.why else None,
            element("span", {"class": "quiet"}, left_text(allowed)) if not allowed.why else None,
            element("span", {"class": "quiet note", "role": "status"}, *note),
            element("a", {"href": f"{path}/typed"}, ALL_TYPED) if question.id in view.typed else None,
        ),
        reading,
        *hint_blocks(exercise, question, view.hints[question.id]),
    )


def _mark_of(question: Question, view: StudentView, typed: Mapping[str, str]) -> ShownMark:
    last = next((one.id for one in view.hand_ins if one.question in (question.id, "")), 0)
    return ShownMark(view.newest.get(question.id, 0), last, controls_digest(question, typed))


def saved_note(draft: SavedDraft | None, zone: str, *, is_beside: bool = False) -> list[Child]:
    """When it was saved, on the course's clocks; the day only where it is another.

    Args:
        draft: What was saved; None for nothing.
        zone: The course's.
        is_beside: Whether something else was saved meanwhile, in another tab.
    """
    if draft is None:
        return []
    at = datetime.datetime.fromisoformat(draft.saved_at)
    own, now = (one.astimezone(zoneinfo.ZoneInfo(zone)) for one in (at, datetime.datetime.now(datetime.UTC)))
    day = "" if own.date() == now.date() else f"{own:%a %d %b %Y}, "
    clock = element("time", {"datetime": own.isoformat(timespec="seconds")}, f"{day}{own:%H:%M:%S}")
    other = f" What was saved elsewhere meanwhile is under “{ALL_TYPED}”." if is_beside else ""
    return ["Saved ", clock, f"; not submitted.{other}"]


def reading_block(question: Question, typed: Mapping[str, str] | None) -> ET.Element:
    """How an answer is read.

    Args:
        question: The question.
        typed: By part; None shows nothing.
    """
    block = element("div", {"class": "reading", "aria-live": "polite", "data-question": question.id})
    if typed is not None:
        block.append(element("p", {}, element("strong", {}, "Your answer is read as:")))
        block.extend(how_it_is_read(question, typed))
    return block


def _mark(question: Question, view: StudentView) -> ET.Element | None:
    """The verdict that counts for a question, and where its last hand-in is."""
    last = next((one for one in view.hand_ins if one.question == question.id), None)
    parts: list[Child] = []
    marks = view.standing.marks if view.standing else ()
    for mark in marks:
        if mark.question == question.id and mark.verdict != "missing":
            earned = (
                f"{points_text(Fraction(mark.points))} of {points_text(Fraction(mark.max_points))} points"
            )
            parts.append(f"{mark.verdict}, {earned}. ")
    if last is not None and last.state != inbox.REPLACED:
        words = "Its report" if last.state == inbox.DONE else f"Your submission {STATES[last.state]}"
        parts.append(element("a", {"href": f"/hand-in/{last.id}"}, words))
    return element("p", {"class": "standing"}, *parts) if parts else None


def _upload(allowed: Allowance, zone: str) -> ET.Element:
    chosen = element(
        "input",
        {"type": "file", "id": "file", "name": "file", "accept": ".py,.ipynb,.json,.npz"},
    )
    heading = element("h2", {"id": "upload"}, "All at once, in a file")
    if allowed.why:
        return element(
            "section", {"aria-labelledby": "upload"}, heading, element("p", {}, *refusal(allowed, zone))
        )
    hint = "It takes the place of all that you handed in, and an attempt of every question."
    return element(
        "section",
        {"aria-labelledby": "upload"},
        heading,
        labelled("A .py, .ipynb, .json or .npz file: ", chosen, hint),
        buttons(
            button("Submit the file", formenctype="multipart/form-data"),
            element("span", {"class": "quiet note", "role": "status"}),
        ),
    )


def _earlier(exercise: Exercise, view: StudentView, zone: str) -> ET.Element | None:
    if not view.hand_ins:
        return None
    labels = {one.id: f"{one.label} {one.id}".strip() for one in exercise.questions}
    rows = [_row(one, labels, zone) for one in view.hand_ins]
    return element(
        "section",
        {"aria-labelledby": "earlier"},
        element("h2", {"id": "earlier"}, "What you handed in"),
        table(["receipt", "question", "received", "state"], rows),
    )


def _row(one: Row[Any], labels: Mapping[str, str], zone: str) -> list[Child]:
    link = element("a", {"href": f"/hand-in/{one.id}"}, f"Hand-in {one.id}")
    what = labels.get(one.question, one.question) if one.question else "a file for all"
    received = moment(datetime.datetime.fromisoformat(one.received_at), zone)
    return [link, what, received, STATES.get(one.state, "marked")]


ROUTES = (("/exercise/{exercise}", exercise_page, "GET"),)
