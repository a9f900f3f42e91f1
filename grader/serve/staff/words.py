"""Words to be marked, in the browser: each answer is given to one marker at a time."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from typing import cast

from sqlalchemy import Connection, select
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from grader.classroom.hand_marking import CannotGive, mark_of, question_of, rubric_of, says_the_same
from grader.gradebook.hand_marks import HandMark, difference, last_of
from grader.gradebook.hand_marks import Role as MarkRole
from grader.gradebook.queue import (
    Entry,
    NotMarked,
    Seeks,
    claim_next,
    entries,
    hand_marks,
    is_free,
    keep_mark,
    state_of,
)
from grader.gradebook.tables import ATTEMPTS
from grader.model.share import points_text
from grader.reports.html.elements import Child, element, table
from grader.serve.actions import log_action
from grader.serve.frame import button, form, hidden, page
from grader.serve.people import STAFF, Person
from grader.serve.server import Server
from grader.serve.staff.word_page import (
    LONGEST_COMMENT,
    ROLES,
    AnswerToMark,
    marks_to_give,
    path_of_answer,
    word_page,
)

CLAIM_MINUTES = 20.0
"""Minutes for which nobody else is given an answer that somebody looks at."""

LONGEST_START = 60
MOST_FIELDS = 200
MOST_LISTED = 500


async def queue(server: Server, request: Request) -> Response:
    """What waits for a mark, question by question."""
    person = await server.require_person(request, *STAFF)
    answers = [
        one for one in await server.reading(lambda c: _entries(c, server)) if one.is_pending or one.marks
    ]
    waiting = [one for one in answers if one.is_open]
    summary = f"{len(waiting)} wait, {len(answers) - len(waiting)} marked."
    blocks: list[Child] = [element("h1", {}, "Words to be marked"), element("p", {}, summary)]
    if "nothing" in request.query_params:
        blocks.append(element("p", {"role": "status"}, "Nothing more waits for you there."))
    blocks.append(_questions(answers, person))
    blocks.append(_listed(waiting, "Open"))
    blocks.append(_listed([one for one in answers if not one.is_open], "Marked"))
    return page("Words to be marked", *blocks, person=person)


def _questions(answers: Sequence[Entry], person: Person) -> ET.Element:
    rows: list[list[Child]] = []
    for exercise, question in dict.fromkeys((one.exercise, one.question) for one in answers):
        of = [one for one in answers if (one.exercise, one.question) == (exercise, question)]
        n_second = sum(is_free(one.marks, "second", person.id) for one in of)
        rows.append(
            [
                exercise,
                question,
                str(sum(one.is_open for one in of)),
                str(sum(not one.is_open for one in of)),
                str(sum(bool(difference(one.marks)) and one.is_open for one in of)),
                _give(exercise, question, "first", "Mark the next"),
                _give(exercise, question, "second", "Second mark") if n_second else "",
            ]
        )
    headings = ["exercise", "question", "open", "marked", "two differ", "mark", "second mark"]
    return table(headings, rows, "Questions in words")


def _give(exercise: str, question: str, seeks: Seeks, words: str) -> ET.Element:
    unnamed = element("input", {"type": "checkbox", "name": "anonymous", "value": "1"})
    return form(
        "/staff/words/next",
        *hidden({"exercise": exercise, "question": question, "seeks": seeks}),
        button(words),
        element("label", {}, unnamed, " unnamed"),
        kind="plain",
    )


def _listed(answers: Sequence[Entry], caption: str) -> ET.Element | None:
    if not answers:
        return None
    rows: list[list[Child]] = []
    for one in answers[:MOST_LISTED]:
        start = f"{one.text[:LONGEST_START]}..." if len(one.text) > LONGEST_START else one.text
        link = element("a", {"href": path_of_answer(one.id)}, one.id)
        rows.append([link, one.exercise, state_of(one.marks), start])
    more = f" (the first {MOST_LISTED} of {len(answers)})" if len(answers) > MOST_LISTED else ""
    return table(["answer", "exercise", "state", "begins"], rows, f"{caption}{more}")


async def next_answer(server: Server, request: Request) -> Response:
    """The next answer that nobody has marked and nobody else looks at, from now on this marker's."""
    person = await server.require_person(request, *STAFF)
    async with request.form(max_files=0, max_fields=10) as sent:
        exercise, question = str(sent.get("exercise", "")), str(sent.get("question", ""))
        seeks: Seeks = "second" if sent.get("seeks") == "second" else "first"
        unnamed = "anonymous" in sent
    return await _given_next(server, person, exercise, question, seeks, unnamed=unnamed)


async def _given_next(
    server: Server, person: Person, exercise: str, question: str, seeks: Seeks, *, unnamed: bool
) -> Response:
    found = await server.reading(lambda connection: _entries(connection, server, exercise))
    waiting = [one for one in found if one.question == question and one.is_pending]

    def claim(connection: Connection) -> Entry | None:
        given = claim_next(connection, waiting, person.id, CLAIM_MINUTES, seeks)
        if given is not None:
            log_action(connection, person, "claim-words", given.id, seeks)
        return given

    given = await server.writing(claim)
    if given is None:
        return RedirectResponse("/staff/words?nothing=1", 303)
    return RedirectResponse(path_of_answer(given.id, unnamed=unnamed), 303)


async def answer_page(server: Server, request: Request) -> Response:
    """One answer whole: the words, what a marker looks for, marks so far, and texts like it."""
    person = await server.require_person(request, *STAFF)
    found = await _answer(server, request)
    return word_page(found, person, unnamed="anonymous" in request.query_params)


async def _answer(server: Server, request: Request) -> AnswerToMark:
    id = request.path_params["entry"]
    found = await server.reading(lambda connection: _find(connection, server, id))
    if found is None:
        raise HTTPException(404)
    return found


def _find(connection: Connection, server: Server, id: str) -> AnswerToMark | None:
    attempt = id.rpartition("-")[2]
    if not (attempt.isascii() and attempt.isdigit() and len(attempt) < 15):
        return None
    exercise = connection.execute(select(ATTEMPTS.c.exercise).where(ATTEMPTS.c.id == int(attempt))).scalar()
    if exercise is None:
        return None
    all_entries = _entries(connection, server, exercise)
    entry = next((one for one in all_entries if one.id == id), None)
    if entry is None:
        return None
    others = (one for one in all_entries if one.question == entry.question and one is not entry)
    return AnswerToMark(entry, question_of(connection, entry), tuple(others), server.course.course.time_zone)


def _entries(connection: Connection, server: Server, exercise: str | None = None) -> list[Entry]:
    standings = server.standings.now(connection, server.course.course, exercise)
    return entries(connection, standings, hand_marks(connection))


async def give(server: Server, request: Request) -> Response:
    """Keep a mark, unless another came meanwhile; what was typed stays on the page where it is not kept."""
    person = await server.require_person(request, *STAFF)
    found = await _answer(server, request)
    sent = await request.form(max_files=0, max_fields=MOST_FIELDS)
    unnamed = "anonymous" in sent
    try:
        role, revision, new = _mark_in(found, person, sent)
        await server.writing(lambda connection: _keep(connection, person, new, revision))
    except (CannotGive, NotMarked) as error:
        again = await _answer(server, request)
        return word_page(again, person, unnamed=unnamed, problem=error.message, typed=sent, status=409)
    if sent.get("then") != "next":
        return RedirectResponse(path_of_answer(found.entry.id, unnamed=unnamed), 303)
    seeks: Seeks = "second" if role == "second" else "first"
    entry = found.entry
    return await _given_next(server, person, entry.exercise, entry.question, seeks, unnamed=unnamed)


def _mark_in(answer: AnswerToMark, person: Person, fields: FormData) -> tuple[MarkRole, int, HandMark]:
    """The mark that was typed, and the revision that the marker saw."""
    role, _, seen = str(fields.get("mark", "")).partition(":")
    if role not in ROLES or not (seen.isascii() and seen.isdigit() and len(seen) < 10):
        raise CannotGive("choose which mark it is")
    rubric = {one.id: one for one in rubric_of(answer.question)}
    items = [str(one) for one in fields.getlist("item")]
    if any(one not in rubric for one in items):
        raise CannotGive("the rubric has no such item")
    points = str(fields.get("points", "")).strip() or None
    if points is None and not items:
        raise CannotGive("give points, or items of the rubric; 0 points are given by typing 0")
    comment = str(fields.get("comment", ""))
    if len(comment) > LONGEST_COMMENT:
        raise CannotGive(f"the comment has more than {LONGEST_COMMENT} characters")
    chosen_role = cast(MarkRole, role)
    chosen = [rubric[one] for one in dict.fromkeys(items)]
    return chosen_role, int(seen), mark_of(answer.entry, chosen, points, comment, chosen_role, person.id)


def _keep(connection: Connection, person: Person, new: HandMark, revision: int) -> None:
    """Keep a mark in one transaction with its line in the log."""
    given = hand_marks(connection).get((new.attempt, new.question), ())
    before = last_of(new.role, given)
    if before is not None and before.who == person.id and says_the_same(before, new):
        return  # pressed twice
    if new.role not in marks_to_give(given, person):
        raise NotMarked("that mark is not yours to give" if before is None else _mark_since(before))
    if (0 if before is None else before.revision) != revision:
        raise NotMarked(_mark_since(before) if before is not None else "what you saw is not there any more")
    kept = keep_mark(connection, new, corrects=before is not None)
    detail = f"{kept.role} mark, {points_text(kept.points)} points"
    log_action(connection, person, "mark-words", f"{kept.question}-{kept.attempt}", detail)


def _mark_since(before: HandMark) -> str:
    return f"there is a {before.role} mark meanwhile: {points_text(before.points)} points by {before.who}"


ROUTES = (
    ("/staff/words", queue, "GET"),
    ("/staff/words/next", next_answer, "POST"),
    ("/staff/words/{entry}", answer_page, "GET"),
    ("/staff/words/{entry}", give, "POST"),
)
