"""What students see: the course, an exercise question by question, and the report of what they handed in."""

from __future__ import annotations

import asyncio
import secrets
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from grader.errors import SubmissionError
from grader.gradebook.reading import reports, stored_attempts, submission
from grader.model.exercise import Exercise, Question
from grader.model.submission import AnswerFile
from grader.reports import View, html_report
from grader.reports.html.elements import Child, element, paragraphs, prose, table
from grader.reports.json_report import report_from_record
from grader.reports.wording import hints_there, points_text
from grader.serve import inbox
from grader.serve.app import Server
from grader.serve.controls import controls, typed_in
from grader.serve.drafts import drafts, drop_draft, save_draft
from grader.serve.frame import button, form, hidden, labelled, page
from grader.serve.inbox import NewHandIn
from grader.serve.paper import Paper, read_paper, submission_of
from grader.serve.people import Person
from grader.serve.tables import HAND_INS
from grader.submissions.collect import collect_uploaded

MOST_FIELDS = 200
LOOK_S = 0.5
LONGEST_WATCH_S = 300.0
LARGEST_NUMBER = 2**31 - 1


async def course(server: Server, request: Request) -> Response:
    """The exercises of the course, each with what it is out of."""
    person = await server.person(request)
    if person.is_staff:
        return RedirectResponse("/staff", 303)
    attempts = await server.reading(lambda connection: stored_attempts(connection, None, person.id))
    folder = server.course
    rows: list[list[Child]] = []
    for exercise in folder.exercises.values():
        own = [one for one in attempts if one.exercise == exercise.id]
        policy = folder.course.policy(person.id, exercise.id)
        link = element("a", {"href": f"/exercise/{exercise.id}"}, exercise.title)
        due = policy.due.strftime("%a %d %b %Y, %H:%M %Z") if policy.due else ""
        rows.append(
            [link, due, str(len(own)) if own else "nothing handed in", points_text(exercise.max_points)]
        )
    listed = table(["exercise", "due", "handed in", "points to earn"], rows, "Exercises")
    return page("Course", element("h1", {}, "Course"), listed, person=person)


async def exercise_page(server: Server, request: Request) -> Response:
    """One exercise: a form for each question, filled with what was typed last."""
    person = await server.person(request)
    exercise = await _exercise(server, request, person)
    last, saved = await server.reading(
        lambda connection: (
            latest(connection, person.id, exercise.id),
            drafts(connection, person.id, exercise.id),
        )
    )
    submitted = read_paper(last.typed).typed if last is not None else {}
    blocks: list[Child] = [element("h1", {}, exercise.title), *paragraphs(exercise.introduction)]
    if last is not None:
        blocks.append(element("p", {}, element("a", {"href": f"/hand-in/{last.id}"}, "Your last report")))
    for question in exercise.questions:
        kept = saved.get(question.id)
        typed = kept.typed if kept else submitted.get(question.id, {})
        note = f"Saved {kept.saved_at[11:19]} UTC; not submitted yet." if kept else ""
        blocks.append(_question(exercise, question, typed, note))
    blocks.append(_upload(exercise))
    return page(exercise.title, *blocks, person=person)


def _question(exercise: Exercise, question: Question, typed: Mapping[str, str], note: str) -> ET.Element:
    anchor = f"question-{question.id}"
    heading = element(
        "h2",
        {"id": anchor},
        element("span", {}, question.label),
        " ",
        element("code", {}, question.id),
        " ",
        element("span", {"class": "points"}, f"{points_text(question.points)} points"),
    )
    there = hints_there(question)
    sent = form(
        f"/exercise/{exercise.id}/{question.id}",
        *hidden({"press": secrets.token_urlsafe(12)}),
        *controls(question, typed),
        element(
            "p",
            {"class": "buttons"},
            button("Submit", name="action", value="submit"),
            " ",
            button("Save", name="action", value="save"),
            " ",
            element("span", {"class": "quiet", "role": "status"}, note),
        ),
    )
    return element(
        "section",
        {"aria-labelledby": anchor},
        heading,
        *paragraphs(question.prompt),
        *(prose(f"On the printed sheet: {text}") for text in question.errata),
        element("p", {"class": "quiet"}, there) if there else None,
        sent,
    )


def _upload(exercise: Exercise) -> ET.Element:
    chosen = element(
        "input",
        {"type": "file", "id": "file", "name": "file", "accept": ".py,.ipynb,.json,.npz", "required": ""},
    )
    return element(
        "section",
        {"aria-labelledby": "upload"},
        element("h2", {"id": "upload"}, "All at once, in a file"),
        form(
            f"/exercise/{exercise.id}",
            *hidden({"press": secrets.token_urlsafe(12)}),
            labelled(
                "A .py, .ipynb, .json or .npz file: ", chosen, "It takes the place of all that you handed in."
            ),
            button("Submit the file"),
            upload=True,
        ),
    )


async def submit_question(server: Server, request: Request) -> Response:
    """Save or submit what was typed for a question. Nothing that was typed is lost: it is kept first."""
    person = await server.person(request)
    exercise = await _exercise(server, request, person)
    question = next((one for one in exercise.questions if one.id == request.path_params["question"]), None)
    if question is None:
        raise HTTPException(404)
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as sent:
        typed = typed_in(question, sent)
        action, press = str(sent.get("action", "submit")), str(sent.get("press", ""))[:64]
    if action == "save":
        await server.writing(lambda c: save_draft(c, person.id, exercise.id, question.id, typed))
        return RedirectResponse(f"/exercise/{exercise.id}#question-{question.id}", 303)

    def keep(connection: Connection) -> int:
        paper, uploaded = _paper_so_far(connection, person, exercise)
        paper = paper.with_question(question.id, typed)
        new = NewHandIn(
            person=person.id,
            exercise=exercise.id,
            question=question.id,
            press=press or secrets.token_urlsafe(12),
            submission=submission_of(paper, exercise, person.id, uploaded),
            typed=paper.text,
        )
        drop_draft(connection, person.id, exercise.id, question.id)
        return inbox.keep(connection, new)

    return await _kept(server, keep)


async def submit_file(server: Server, request: Request) -> Response:
    """A file for the whole exercise."""
    person = await server.person(request)
    exercise = await _exercise(server, request, person)
    async with request.form(max_files=1, max_fields=5) as sent:
        upload, press = sent.get("file"), str(sent.get("press", ""))[:64]
        if upload is None or isinstance(upload, str) or not upload.filename:
            raise HTTPException(400, "No file was chosen. Nothing was changed.")
        name, data = upload.filename, await upload.read()
    try:
        found = collect_uploaded(name, data, person.id)
    except SubmissionError as error:
        raise HTTPException(400, f"{error}. Nothing was changed.") from None
    paper = Paper(uploaded=tuple(file.name for file in found.files))
    new = NewHandIn(
        person=person.id,
        exercise=exercise.id,
        question="",
        press=press or secrets.token_urlsafe(12),
        submission=found,
        typed=paper.text,
    )
    return await _kept(server, lambda connection: inbox.keep(connection, new))


async def _kept(server: Server, keep: Any) -> Response:
    number = await server.writing(keep)
    server.marker.wake()
    return RedirectResponse(f"/hand-in/{number}", 303)


def _paper_so_far(
    connection: Connection, person: Person, exercise: Exercise
) -> tuple[Paper, tuple[AnswerFile, ...]]:
    """What the student had handed in, and the files among it that were uploaded."""
    inbox.one_at_a_time(connection)
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


async def hand_in(server: Server, request: Request) -> Response:
    """A hand-in: its place in the queue, then its report."""
    person = await server.person(request)
    number = _number(request)

    def read(connection: Connection) -> tuple[Row[Any], inbox.Place, dict[str, Any] | None] | None:
        row = _own(connection, person, number)
        if row is None:
            return None
        place = inbox.place(connection, number)
        assert place is not None
        return row, place, _record(connection, row)

    found = await server.reading(read)
    if found is None:
        raise HTTPException(404)
    row, place, record = found
    back = element("p", {}, element("a", {"href": f"/exercise/{row.exercise}"}, "Back to the exercise"))
    receipt = f"Hand-in {number}, received {row.received_at[:19].replace('T', ' ')} UTC."
    if place.state == inbox.REPLACED:
        words = "You handed in this question again before this one was begun: the later one is marked."
        return page("Replaced", element("h1", {}, "Replaced"), element("p", {}, words), back, person=person)
    if record is None:
        ahead = f"{place.ahead} ahead of it." if place.state == inbox.WAITING else "It is being marked."
        status = element(
            "p", {"role": "status", "id": "place", "data-events": f"/hand-in/{number}/events"}, ahead
        )
        heading = element("h1", {}, "Kept, and waiting to be marked")
        return page("Waiting", heading, element("p", {}, receipt), status, back, person=person, waits=True)
    blocks = _report_blocks(server, row, record)
    return page("Report", *blocks, element("p", {"class": "quiet"}, receipt), back, person=person)


def _report_blocks(server: Server, row: Row[Any], record: dict[str, Any]) -> Iterator[Child]:
    exercise = server.course.exercises.get(row.exercise)
    report = report_from_record(record, exercise.title if exercise else "")
    if row.question:
        # What the others earn is on the page of the exercise; here one wants to know what was wrong.
        shown = tuple(one for one in report.questions if one.id == row.question)
        report = msgspec.structs.replace(report, questions=shown)
    yield from html_report.body(report, View())


def _number(request: Request) -> int:
    """A hand-in's number; one that no column of a database holds is nobody's."""
    number: int = request.path_params["number"]
    if number > LARGEST_NUMBER:
        raise HTTPException(404)
    return number


def _own(connection: Connection, person: Person, number: int) -> Row[Any] | None:
    """A hand-in of this person's, or, for staff, of anybody."""
    found = select(HAND_INS).where(HAND_INS.c.id == number)
    if not person.is_staff:
        found = found.where(HAND_INS.c.person == person.id)
    return connection.execute(found).first()


def _record(connection: Connection, row: Row[Any]) -> dict[str, Any] | None:
    """The report that stands for a hand-in."""
    if row.attempt is None:
        return None
    attempts = stored_attempts(connection, row.exercise, row.person)
    result = next(one.result for one in attempts if one.attempt == row.attempt)
    return next(record for _, record in reports(connection, [result]))


async def events(server: Server, request: Request) -> Response:
    """The live place in the queue of a hand-in, as server-sent events, until it is done."""
    person = await server.person(request)
    number = _number(request)
    if await server.reading(lambda connection: _own(connection, person, number)) is None:
        raise HTTPException(404)

    async def told() -> AsyncIterator[str]:
        ends = asyncio.get_running_loop().time() + LONGEST_WATCH_S
        while asyncio.get_running_loop().time() < ends:
            place = await server.reading(lambda connection: inbox.place(connection, number))
            if place is None or place.state in (inbox.DONE, inbox.REPLACED):
                break
            yield f"data: {place.ahead if place.state == inbox.WAITING else -1}\n\n"
            await asyncio.sleep(LOOK_S)
        yield "event: done\ndata: done\n\n"

    return StreamingResponse(told(), media_type="text/event-stream")


async def _exercise(server: Server, request: Request, person: Person) -> Exercise:
    """The exercise as the person has it."""
    course, id = server.course, request.path_params["exercise"]
    if id not in course.exercises:
        raise HTTPException(404)
    return await run_in_threadpool(course.exercise_for, person.id, id)


ROUTES = (
    ("/", course, "GET"),
    ("/exercise/{exercise}", exercise_page, "GET"),
    ("/exercise/{exercise}", submit_file, "POST"),
    ("/exercise/{exercise}/{question}", submit_question, "POST"),
    ("/hand-in/{number:int}", hand_in, "GET"),
    ("/hand-in/{number:int}/events", events, "GET"),
)
