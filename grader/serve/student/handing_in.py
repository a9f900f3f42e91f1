"""Saving and submitting: what was typed is kept first, whatever becomes of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Row, select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from grader.errors import SubmissionError
from grader.gradebook.policy import Allowance
from grader.gradebook.reading import submission
from grader.model.exercise import Exercise
from grader.model.submission import AnswerFile
from grader.reports.html.elements import element
from grader.serve import inbox
from grader.serve.app import Server
from grader.serve.controls import typed_in
from grader.serve.drafts import drop_draft, save_draft
from grader.serve.frame import button, form, hidden, page
from grader.serve.inbox import NewHandIn
from grader.serve.paper import Paper, read_paper, submission_of
from grader.serve.people import Person
from grader.serve.student.own import own_exercise, question_of
from grader.serve.student.rules import allowed_now, refusal
from grader.serve.tables import HAND_INS
from grader.submissions.collect import collect_uploaded

MOST_FIELDS = 200
LONGEST_PRESS = 64


async def submit_question(server: Server, request: Request) -> Response:
    """Save or submit what was typed for a question."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as sent:
        fields = [(name, one) for name, one in sent.multi_items() if isinstance(one, str)]
        try:
            person = await server.person(request)
        except HTTPException as error:
            if error.status_code != 401:
                raise
            return _sign_in_and_send_again(request.url.path, fields)
        exercise = await own_exercise(server, request, person.id)
        question = question_of(exercise, request)
        typed = typed_in(question, sent)
    given = dict(fields)
    press = given.get("press", "")[:LONGEST_PRESS] or secrets.token_urlsafe(12)
    back = f"/exercise/{exercise.id}#question-{question.id}"
    if given.get("action") == "save":
        await server.writing(lambda c: save_draft(c, person.id, exercise.id, question.id, typed))
        return RedirectResponse(back, 303)

    def keep(connection: Connection) -> int | Allowance:
        if (before := _pressed(connection, person, press)) is not None:
            return before
        found = allowed_now(connection, server.course.course, person.id, exercise.id, question.id)
        if found.why:
            save_draft(connection, person.id, exercise.id, question.id, typed)
            return found
        paper, uploaded = _paper_so_far(connection, person, exercise)
        paper = paper.with_question(question.id, typed)
        new = NewHandIn(
            person=person.id,
            exercise=exercise.id,
            question=question.id,
            press=press,
            submission=submission_of(paper, exercise, person.id, uploaded),
            typed=paper.text,
        )
        drop_draft(connection, person.id, exercise.id, question.id)
        return inbox.keep(connection, new)

    return await _kept(server, person, keep, back, "What you typed is saved.")


async def submit_file(server: Server, request: Request) -> Response:
    """A file for the whole exercise."""
    person = await server.person(request)
    exercise = await own_exercise(server, request, person.id)
    async with request.form(max_files=1, max_fields=5) as sent:
        upload, press = sent.get("file"), str(sent.get("press", ""))[:LONGEST_PRESS]
        if upload is None or isinstance(upload, str) or not upload.filename:
            raise HTTPException(400, "No file was chosen. Nothing was changed.")
        name, data = upload.filename, await upload.read()
    try:
        found = collect_uploaded(name, data, person.id)
    except SubmissionError as error:
        raise HTTPException(400, f"{error}. Nothing was changed.") from None
    paper = Paper(uploaded=tuple(file.name for file in found.files))
    press = press or secrets.token_urlsafe(12)

    def keep(connection: Connection) -> int | Allowance:
        if (before := _pressed(connection, person, press)) is not None:
            return before
        allowed = allowed_now(connection, server.course.course, person.id, exercise.id, "")
        if allowed.why:
            return allowed
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
    return await _kept(
        server, person, keep, back, "The file was not taken: it takes an attempt of every question."
    )


def _pressed(connection: Connection, person: Person, press: str) -> int | None:
    """The hand-in that an earlier press of the same button became."""
    found = select(HAND_INS.c.id).where(HAND_INS.c.person == person.id, HAND_INS.c.press == press)
    number: int | None = connection.execute(found).scalar()
    return number


async def _kept(
    server: Server, person: Person, keep: Callable[[Connection], int | Allowance], back: str, still: str
) -> Response:
    kept = await server.writing(keep)
    if isinstance(kept, int):
        server.marker.wake()
        return RedirectResponse(f"/hand-in/{kept}", 303)
    why = refusal(kept, server.course.course.time_zone)
    link = element("p", {}, element("a", {"href": back}, "Back to the exercise"))
    heading = element("h1", {}, "Not submitted")
    return page(
        "Not submitted",
        heading,
        element("p", {}, *why),
        element("p", {}, still),
        link,
        person=person,
        status=409,
    )


def _sign_in_and_send_again(path: str, fields: list[tuple[str, str]]) -> Response:
    """What was typed when the session had ended, in a form that sends it once one is signed in again."""
    kept = [each for name, value in fields for each in hidden({name: value})]
    way = element("a", {"href": "/in", "target": "_blank"}, "sign in in another tab")
    words = element(
        "p",
        {},
        "You are not signed in any more. Nothing is lost: ",
        way,
        ", by your code or link.",
    )
    then = element("p", {}, "Then come back to this page and send what you typed.")
    again = form(path, *kept, button("Send it again"))
    return page("Please sign in", element("h1", {}, "Please sign in"), words, then, again, status=401)


def _paper_so_far(
    connection: Connection, person: Person, exercise: Exercise
) -> tuple[Paper, tuple[AnswerFile, ...]]:
    """What the student had handed in, and the files among it that were uploaded."""
    last = latest(connection, person.id, exercise.id)
    if last is None:
        return Paper(), ()
    paper = read_paper(last.typed)
    if not paper.uploaded:
        return paper, ()
    files = submission(connection, last.submission, person.id).files
    return paper, tuple(file for file in files if file.name in paper.uploaded)


def latest(connection: Connection, person: str, exercise: str) -> Row[Any] | None:
    """A student's last hand-in of an exercise."""
    of_student = select(HAND_INS).where(HAND_INS.c.person == person, HAND_INS.c.exercise == exercise)
    return connection.execute(of_student.order_by(HAND_INS.c.id.desc()).limit(1)).first()


ROUTES = (
    ("/exercise/{exercise}", submit_file, "POST"),
    ("/exercise/{exercise}/{question}", submit_question, "POST"),
)
