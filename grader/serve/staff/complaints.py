"""Students' complaints about reports: each with all that belongs to it on a page, and staff's answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Row, func, select, update
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from grader.gradebook.kept_files import submission
from grader.gradebook.kept_reports import reports
from grader.gradebook.write_records import plain
from grader.model.submission import AnswerFile
from grader.reports.html.elements import Child, element, list_of, table
from grader.serve.actions import log_action
from grader.serve.frame import alert, button, form, hidden, labelled, page, path_of_person
from grader.serve.in_path import number_in
from grader.serve.moments import on_clocks, precise_now
from grader.serve.people import STAFF, Person, Role
from grader.serve.server import Server
from grader.serve.staff.regrade import path_of_regrades
from grader.serve.student.report_page import report_blocks
from grader.serve.tables import COMPLAINTS, HAND_INS

LONGEST_ANSWER = 5000
MOST_LISTED = 500
SHORT = 80
MOST_SHOWN = 20_000
"""Bytes that are shown of a file that was handed in."""


def _joined() -> Any:
    columns = (HAND_INS.c.person, HAND_INS.c.exercise, HAND_INS.c.submission, HAND_INS.c.attempt)
    return select(COMPLAINTS, *columns, HAND_INS.c.received_at).join(
        HAND_INS, HAND_INS.c.id == COMPLAINTS.c.hand_in
    )


def count_open(connection: Connection) -> int:
    """How many complaints nobody has answered."""
    counting = select(func.count()).where(COMPLAINTS.c.answered_at.is_(None))
    return int(connection.execute(counting).scalar_one())


async def complaints(server: Server, request: Request) -> Response:
    """All complaints about reports: first those not answered, the oldest on top."""
    person = await server.require_person(request, *STAFF)

    def read(connection: Connection) -> tuple[Sequence[Row[Any]], Sequence[Row[Any]]]:
        is_open = COMPLAINTS.c.answered_at.is_(None)
        waiting = _joined().where(is_open).order_by(COMPLAINTS.c.id).limit(MOST_LISTED)
        closed = _joined().where(~is_open).order_by(COMPLAINTS.c.answered_at.desc()).limit(MOST_LISTED)
        return connection.execute(waiting).all(), connection.execute(closed).all()

    waiting, closed = await server.reading(read)
    title = "What students say is wrong"
    zone = server.course.course.time_zone
    headings = ["complaint", "student", "exercise", "question", f"said ({zone})", "words"]
    blocks: list[Child] = [element("h1", {}, title)]
    if waiting:
        blocks.append(table(headings, [_row(server, one) for one in waiting], "Not answered"))
    else:
        blocks.append(element("p", {}, "Nothing waits for an answer."))
    if closed:
        rows = ([*_row(server, one), one.answered_by] for one in closed)
        blocks.append(table([*headings, "answered by"], rows, "Answered"))
    blocks.append(element("p", {}, element("a", {"href": "/staff"}, "Back")))
    return page(title, *blocks, person=person)


def _row(server: Server, one: Row[Any]) -> list[Child]:
    exercise = server.course.exercises.get(one.exercise)
    words = one.words if len(one.words) <= SHORT else f"{one.words[:SHORT]}…"
    return [
        element("a", {"href": f"/staff/complaints/{one.id}"}, f"Complaint {one.id}"),
        one.person,
        exercise.title if exercise else one.exercise,
        one.question or "all",
        on_clocks(one.made_at, server.course.course.time_zone),
        words,
    ]


async def complaint_page(server: Server, request: Request) -> Response:
    """One complaint with all that belongs to it."""
    person = await server.require_person(request, *STAFF)
    return await _page(server, person, number_in(request))


async def _page(server: Server, person: Person, number: int, problem: str = "", typed: str = "") -> Response:
    def read(connection: Connection) -> tuple[Row[Any], dict[str, Any] | None, Sequence[AnswerFile]] | None:
        row = connection.execute(_joined().where(COMPLAINTS.c.id == number)).first()
        if row is None:
            return None
        record = None
        if row.result is not None:
            record = next(record for _, record in reports(connection, [row.result]))
        return row, record, submission(connection, row.submission, row.person).files

    found = await server.reading(read)
    if found is None:
        raise HTTPException(404)
    row, record, files = found
    title = f"Complaint {number}"
    blocks: list[Child] = [element("h1", {}, title)]
    blocks.append(alert(problem, "Nothing was kept; what you typed is below."))
    zone = server.course.course.time_zone
    origin = f"{row.person} on {on_clocks(row.made_at, zone)} ({zone}), of hand-in {row.hand_in}:"
    blocks += [element("p", {}, origin), element("pre", {"class": "words"}, row.words)]
    if row.answered_at is not None:
        answered = f"Answered by {row.answered_by} on {on_clocks(row.answered_at, zone)}:"
        blocks += [element("p", {}, answered), element("pre", {"class": "words"}, row.answer)]
    blocks += [list_of(_links(row, person)), _answer_form(row, typed)]
    blocks += _handed_in(files)
    if record:
        summary = element("summary", {}, "The report as the student saw it")
        shown = report_blocks(server, row.exercise, row.question, record)
        blocks.append(element("details", {"open": ""}, summary, *shown))
    blocks.append(element("p", {}, element("a", {"href": "/staff/complaints"}, "All complaints")))
    return page(title, *blocks, person=person, status=409 if problem else 200)


def _links(row: Row[Any], person: Person) -> Iterator[Child]:
    student = path_of_person(row.person)
    anchor = quote(f"exercise-{row.exercise}", safe="")
    yield element("a", {"href": f"/hand-in/{row.hand_in}"}, "The report that stands now")
    if row.attempt is not None:
        yield element("a", {"href": f"/staff/attempts/{row.attempt}"}, "The report for staff")
    if person.role is Role.INSTRUCTOR:
        yield element("a", {"href": f"{student}#{anchor}"}, "Give points by hand")
        yield element("a", {"href": path_of_regrades(row.exercise)}, "Mark everybody's anew")
    else:
        yield element("a", {"href": f"{student}#{anchor}"}, "All of this student")


def _answer_form(row: Row[Any], typed: str) -> Child:
    words = element(
        "textarea",
        {"id": "answer", "name": "answer", "rows": "4", "maxlength": str(LONGEST_ANSWER), "required": ""},
        typed,
    )
    is_open = row.answered_at is None
    return form(
        f"/staff/complaints/{row.id}",
        # What was there when the page was read: an answer that came since is not written over.
        *hidden({"seen": row.answered_at or ""}),
        labelled("Your answer " if is_open else "Another answer ", words, "The student reads it."),
        button("Answer and close" if is_open else "Put it in place of the first"),
    )


def _handed_in(files: Sequence[AnswerFile]) -> Iterator[Child]:
    for one in files:
        text = one.data[:MOST_SHOWN].decode("utf-8", "replace")
        shown = text if "\0" not in text else f"{len(one.data)} bytes that are no text"
        more = f"\n… ({len(one.data)} bytes)" if len(one.data) > MOST_SHOWN else ""
        summary = element("summary", {}, f"What was handed in: {one.name}")
        yield element("details", {}, summary, element("pre", {"class": "words"}, shown + more))


async def answer(server: Server, request: Request) -> Response:
    """Keep an answer, which closes the complaint."""
    person = await server.require_person(request, *STAFF)
    number = number_in(request)
    async with request.form(max_files=0, max_fields=5) as sent:
        seen = str(sent.get("seen", ""))
        typed = str(sent.get("answer", "")).replace("\r\n", "\n").strip()
    if not 0 < len(typed) <= LONGEST_ANSWER:
        words = f"An answer has at least one character and at most {LONGEST_ANSWER}"
        return await _page(server, person, number, words, typed[:LONGEST_ANSWER])

    def write(connection: Connection) -> str:
        row = connection.execute(_joined().where(COMPLAINTS.c.id == number)).first()
        if row is None:
            raise HTTPException(404)
        if (row.answered_by, row.answer) == (person.id, plain(typed)):
            return ""  # pressed twice
        if (row.answered_at or "") != seen:
            return f"{row.answered_by} has answered meanwhile"
        new = {"answered_at": precise_now(), "answered_by": person.id, "answer": plain(typed)}
        connection.execute(update(COMPLAINTS).where(COMPLAINTS.c.id == number).values(new))
        log_action(connection, person, "answer", row.person, f"complaint {number}: {typed}")
        return ""

    if problem := await server.writing(write):
        return await _page(server, person, number, problem, typed)
    return RedirectResponse(f"/staff/complaints/{number}", 303)


ROUTES = (
    ("/staff/complaints", complaints, "GET"),
    ("/staff/complaints/{number:int}", complaint_page, "GET"),
    ("/staff/complaints/{number:int}", answer, "POST"),
)
