"""Saving and submitting: what was typed is kept first, whatever becomes of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from typing import TypeAlias
from urllib.parse import urlencode

import msgspec
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from grader.errors import SubmissionError
from grader.gradebook.policy import Allowance
from grader.model.exercise import Exercise, Question
from grader.model.text import joined
from grader.reports.html.elements import Child, as_html, element
from grader.serve import inbox
from grader.serve.admission import Later, later
from grader.serve.drafts import SavedDraft, drafts, newest_drafts, note_submitted, save_draft
from grader.serve.frame import page
from grader.serve.in_path import own_exercise, question_of
from grader.serve.inbox import NewHandIn, hand_in_of_press, press_key
from grader.serve.paper import Paper, is_nothing, paper_so_far, submission_of
from grader.serve.people import Person
from grader.serve.sent_again import SEEN, file_sent_again
from grader.serve.server import LARGEST_BODY, Server
from grader.serve.student.exercise_page import reading_block, saved_note
from grader.serve.student.rules import allowed_now, refusal
from grader.serve.student.sent_form import (
    SentForm,
    ShownMark,
    controls_digest,
    keep_others,
    mark_now,
    most_sent,
    read_sent,
    require_same_person,
)
from grader.serve.student.typed_page import beside_lines
from grader.submissions.collect import collect_uploaded

Kept: TypeAlias = int | Allowance | Later
"""The number of a hand-in, or why it was not taken."""


async def submit_question(server: Server, request: Request) -> Response:
    """Save or submit what was typed for a question; what stands in the others is saved, too."""
    person = await server.require_person(request)
    exercise = await own_exercise(server, request, person.id)
    question = question_of(exercise, request)
    async with request.form(max_files=0, max_fields=most_sent(exercise)) as form:
        sent = read_sent(form, exercise, question)
    require_same_person(sent.given, person)
    if sent.is_read or sent.given.get("action") == "save":
        return await _save_and_show(server, person, exercise, question, sent)
    if is_nothing(question, sent.typed):
        beside = await server.writing(lambda c: keep_others(c, person, exercise, sent), is_repeatable=True)
        return _nothing(exercise, question, beside, person)
    as_text = json.dumps(sent.typed, sort_keys=True).encode()
    press = press_key(sent.given.get("press", ""), exercise.id, question.id, as_text)

    def keep(connection: Connection) -> Kept:
        if (before := hand_in_of_press(connection, person.id, press)) is not None:
            return before
        found = allowed_now(connection, server.course.course, person.id, exercise.id, question.id)
        refused = found if found.why else _later(connection, server, person, exercise, question.id)
        if refused is not None:
            save_draft(connection, person.id, exercise.id, question.id, sent.typed)
            return refused
        seen = sent.mark(question).draft
        note_submitted(connection, person.id, exercise.id, question.id, sent.typed, seen)
        return inbox.keep(connection, _new(connection, person, exercise, question, sent.typed, press))

    back = f"/exercise/{exercise.id}#question-{question.id}"
    return await _hand_in(server, person, exercise, sent, keep, back, "What you typed is saved.")


def _new(
    connection: Connection,
    person: Person,
    exercise: Exercise,
    question: Question,
    typed: dict[str, str],
    press: str,
) -> NewHandIn:
    paper, uploaded = paper_so_far(connection, person.id, exercise.id)
    paper = paper.with_question(question.id, typed)
    return NewHandIn(
        person=person.id,
        exercise=exercise.id,
        question=question.id,
        press=press,
        submission=submission_of(paper, exercise, person.id, uploaded),
        typed=paper.text,
    )


async def _save_and_show(
    server: Server, person: Person, exercise: Exercise, pressed: Question | None, sent: SentForm
) -> Response:
    """Save a page and show it again, if asked with how the answer to the pressed question is read."""
    await _want_open(server, person, exercise.id, pressed.id if pressed else "")

    def save(connection: Connection) -> tuple[str, ...]:
        beside = keep_others(connection, person, exercise, sent)
        if pressed is None:
            return beside
        newest = newest_drafts(connection, person.id, exercise.id).get(pressed.id, 0)
        save_draft(connection, person.id, exercise.id, pressed.id, sent.typed)
        is_old_page = f"{SEEN}{pressed.id}" in sent.given and newest > sent.mark(pressed).draft
        return (*beside, pressed.id) if is_old_page else beside

    beside = await server.writing(save, is_repeatable=True)
    if "part" in sent.given:
        return await _part(server, person, exercise, pressed, sent, beside)
    query = urlencode(
        [*([("read", pressed.id)] if pressed and sent.is_read else []), *(("beside", one) for one in beside)]
    )
    last = pressed.id if pressed else sent.others[-1][0].id if sent.others else ""
    anchor = f"#question-{last}" if last else ""
    return RedirectResponse(f"/exercise/{exercise.id}{f'?{query}' if query else ''}{anchor}", 303)


def _nothing(exercise: Exercise, question: Question, beside: Collection[str], person: Person) -> Response:
    asked = [*question.asks.fields] or [question.asks.function or question.id]
    words = f"Nothing was filled in for {question.label}: it asks for {joined(asked)}. It took no attempt."
    back = f"/exercise/{exercise.id}#question-{question.id}"
    still = "What you saved before is still there."
    return _not_submitted([words], still, back, person, beside_lines(exercise, beside))


async def _want_open(server: Server, person: Person, exercise: str, question: str) -> None:
    """Refuse an exercise that is not open yet: nothing is told of it, not even how an answer is read."""
    course = server.course.course
    found = await server.reading(lambda c: allowed_now(c, course, person.id, exercise, question))
    if found.why == "opens" and not person.is_staff:
        raise HTTPException(409, "It is not open yet.")


async def _part(
    server: Server,
    person: Person,
    exercise: Exercise,
    pressed: Question | None,
    sent: SentForm,
    beside: Collection[str],
) -> Response:
    """What a script puts into the open page: when each answer was saved, and how it is read.

    Nothing is said of a question of which something newer is kept: the page would take what it shows for the
    newest, and save it over that with the next press.
    """
    zone = server.course.course.time_zone
    others = {one.id: typed for one, typed in sent.others}
    asked = [one for one in exercise.questions if one is pressed or one.id in others]

    def read(connection: Connection) -> list[tuple[Question, SavedDraft | None, ShownMark]]:
        # In another tab it may have been submitted meanwhile.
        kept = drafts(connection, person.id, exercise.id)
        newest = newest_drafts(connection, person.id, exercise.id)
        return [(one, kept.get(one.id), mark_now(connection, person, exercise, one, newest)) for one in asked]

    blocks: list[Child] = []
    for one, draft, mark in await server.reading(read):
        of_kept = controls_digest(one, draft.typed if draft else {})
        if one is not pressed and of_kept != controls_digest(one, others[one.id]):
            continue
        marked = msgspec.structs.replace(mark, shown=of_kept)
        note = saved_note(draft, zone, is_beside=one.id in beside)
        of = {"class": "note", "data-question": one.id, "data-seen": marked.text}
        blocks.append(element("p", of, *note))
        if one is pressed and sent.is_read:
            blocks.append(await run_in_threadpool(reading_block, one, draft.typed if draft else None))
    return HTMLResponse(f"<!doctype html>\n{as_html(element('div', {}, *blocks))}\n")


async def sent_whole(server: Server, request: Request) -> Response:
    """A file for the whole exercise; or all that was typed, to be saved."""
    person = await server.require_person(request)
    exercise = await own_exercise(server, request, person.id)
    # Left open: what is refused comes back with the file in it.
    form = await request.form(max_files=1, max_fields=most_sent(exercise), max_part_size=LARGEST_BODY)
    sent = read_sent(form, exercise)
    require_same_person(sent.given, person)
    if sent.given.get("action") == "save":
        return await _save_and_show(server, person, exercise, None, sent)
    return await _file(server, person, exercise, form, sent)


async def _file(
    server: Server, person: Person, exercise: Exercise, form: FormData, sent: SentForm
) -> Response:
    again, upload = file_sent_again(form), form.get("file")
    if again is not None:
        name, data = again
    elif isinstance(upload, UploadFile) and upload.filename:
        name, data = upload.filename, await upload.read()
    else:
        await server.writing(lambda c: keep_others(c, person, exercise, sent), is_repeatable=True)
        raise HTTPException(400, "No file was chosen. What you typed is saved, and nothing was submitted.")
    try:
        found = collect_uploaded(name, data, person.id)
    except SubmissionError as error:
        await server.writing(lambda c: keep_others(c, person, exercise, sent), is_repeatable=True)
        raise HTTPException(400, f"{error}. Nothing was submitted; what you typed is saved.") from None
    paper = Paper(uploaded=tuple(file.name for file in found.files))
    press = press_key(sent.given.get("press", ""), exercise.id, data)

    def keep(connection: Connection) -> Kept:
        if (before := hand_in_of_press(connection, person.id, press)) is not None:
            return before
        allowed = allowed_now(connection, server.course.course, person.id, exercise.id, "")
        refused = allowed if allowed.why else _later(connection, server, person, exercise, "")
        if refused is not None:
            return refused
        new = NewHandIn(
            person=person.id,
            exercise=exercise.id,
            question="",
            press=press,
            submission=found,
            typed=paper.text,
        )
        return inbox.keep(connection, new)

    back = f"/exercise/{exercise.id}"
    still = "The file was not taken: it takes an attempt of every question."
    return await _hand_in(server, person, exercise, sent, keep, back, still, "The file was not taken.")


async def _hand_in(
    server: Server,
    person: Person,
    exercise: Exercise,
    sent: SentForm,
    keep: Callable[[Connection], Kept],
    back: str,
    still: str,
    still_later: str = "",
) -> Response:
    """Hand in, and save what was typed for other questions."""

    def keep_all(connection: Connection) -> tuple[Kept, tuple[str, ...]]:
        beside = keep_others(connection, person, exercise, sent)
        return keep(connection), beside

    kept, beside = await server.writing(keep_all, is_repeatable=True)
    if isinstance(kept, int):
        server.marker.wake()
        query = urlencode([("beside", one) for one in beside])
        return RedirectResponse(f"/hand-in/{kept}{f'?{query}' if query else ''}", 303)
    if isinstance(kept, Later):
        status = 503 if kept.why == "busy" else 429
        raise HTTPException(
            status, f"{kept.words} {still_later or still}", {"retry-after": str(kept.seconds)}
        )
    why = refusal(kept, server.course.course.time_zone)
    return _not_submitted(why, still, back, person, beside_lines(exercise, beside))


def _later(
    connection: Connection, server: Server, person: Person, exercise: Exercise, question: str
) -> Later | None:
    policy = server.course.course.policy(person.id, exercise.id)
    return later(connection, person.id, exercise.id, question, policy=policy, pace_s=server.marker.pace_s)


def _not_submitted(
    why: list[Child], still: str, back: str, person: Person, beside: Iterable[Child]
) -> Response:
    title = "Not submitted"
    return page(
        title,
        element("h1", {}, title),
        element("p", {}, *why),
        element("p", {}, still),
        *beside,
        element("p", {}, element("a", {"href": back}, "Back to the exercise")),
        person=person,
        status=409,
    )


ROUTES = (
    ("/exercise/{exercise}", sent_whole, "POST"),
    ("/exercise/{exercise}/{question}", submit_question, "POST"),
)
