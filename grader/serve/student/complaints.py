"""A student's complaints about a report, and the course's answers, announced until they are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, or_, select, update
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from grader.gradebook.read_records import standing_result
from grader.gradebook.write_records import plain
from grader.reports.html.elements import Child, element
from grader.serve.courses import CourseFolder
from grader.serve.frame import button, form, hidden, labelled
from grader.serve.in_path import number_in, own_hand_in
from grader.serve.moments import precise_now
from grader.serve.people import Person
from grader.serve.server import Server
from grader.serve.tables import COMPLAINTS, HAND_INS

MOST_TOLD = 20

MOST_COMPLAINTS = 20
"""Complaints about one hand-in."""

LONGEST_COMPLAINT = 5000


def answered_lines(
    connection: Connection, course: CourseFolder, person: str, exercise: str | None = None
) -> Iterator[Child]:
    """A line for each hand-in of which an answer is not read yet, with a button that leads to it."""
    found = (
        select(HAND_INS.c.id, HAND_INS.c.exercise, HAND_INS.c.question)
        .join(COMPLAINTS, COMPLAINTS.c.hand_in == HAND_INS.c.id)
        .where(HAND_INS.c.person == person, _is_unread())
        .group_by(HAND_INS.c.id)
        .order_by(HAND_INS.c.id)
        .limit(MOST_TOLD)
    )
    if exercise is not None:
        found = found.where(HAND_INS.c.exercise == exercise)
    for row in connection.execute(found):
        of = _named(course, row.exercise, row.question, is_alone=exercise is not None)
        # A press and no link: only what is sent changes anything.
        read = form(
            f"/hand-in/{row.id}/wrong", *hidden({"read": "1"}), button("Read the answer"), kind="plain"
        )
        yield element("p", {"class": "answered"}, f"Your message about {of} was answered. ", read)


def _named(course: CourseFolder, name: str, question: str, *, is_alone: bool) -> str:
    exercise = course.exercises.get(name)
    labels = {one.id: one.label or one.id for one in exercise.questions} if exercise else {}
    asked = f"question {labels.get(question, question)}" if question else "the file that you handed in"
    return asked if is_alone else f"{asked}, {exercise.title if exercise else name},"


def complaints_of(connection: Connection, number: int) -> list[Any]:
    """All complaints about a hand-in, oldest first."""
    found = select(COMPLAINTS).where(COMPLAINTS.c.hand_in == number)
    return list(connection.execute(found.order_by(COMPLAINTS.c.id)))


def complaint_blocks(row: Row[Any], complaints: list[Any], person: Person) -> Iterator[Child]:
    """The complaints about a report with their answers, and a form for another one."""
    is_own = row.person == person.id
    who = "You" if is_own else row.person
    for one in complaints:
        yield element("p", {"class": "said"}, f"{who} told the course that this is wrong: {one.words}")
        if one.answered_at is not None:
            yield element("p", {"class": "said"}, f"The course answered: {one.answer}")
    if not is_own:
        return
    words = element(
        "textarea",
        {"id": "words", "name": "words", "rows": "4", "maxlength": str(LONGEST_COMPLAINT), "required": ""},
    )
    yield element(
        "details",
        {},
        element("summary", {}, "This is wrong"),
        form(
            f"/hand-in/{row.id}/wrong",
            labelled(
                "What is wrong with this report? ", words, "Your course sees it with all that you sent."
            ),
            button("Tell the course"),
        ),
    )


async def complain(server: Server, request: Request) -> Response:
    """Keeps what a student says against a report, for staff; or that the student reads their answer."""
    person = await server.require_person(request)
    number = number_in(request)
    async with request.form(max_files=0, max_fields=5) as sent:
        words = str(sent.get("words", ""))[:LONGEST_COMPLAINT].replace("\r\n", "\n").strip()
        is_read = "read" in sent

    def keep(connection: Connection) -> bool | None:
        row = own_hand_in(connection, person, number)
        if row is None or row.person != person.id:
            return None  # staff see it, and say nothing in a student's name
        if is_read:
            _note_read(connection, number)
            return True
        known_words = [one.words for one in complaints_of(connection, number)]
        if len(known_words) >= MOST_COMPLAINTS:
            return False
        if words and plain(words) not in known_words:
            new = {"hand_in": number, "question": row.question, "words": plain(words)}
            # As it was seen: a regrade may give the attempt another one.
            seen = None if row.attempt is None else standing_result(connection, row.attempt)
            connection.execute(insert(COMPLAINTS), {**new, "result": seen, "made_at": precise_now()})
        return True

    kept = await server.writing(keep)
    if kept is None:
        raise HTTPException(404)
    if not kept:
        raise HTTPException(409, "Enough was said of this hand-in; the course has it all.")
    return RedirectResponse(f"/hand-in/{number}", 303)


def _note_read(connection: Connection, hand_in: int) -> None:
    """Note that the student reads the answers of a hand-in; one that comes later is told of again."""
    of_hand_in = update(COMPLAINTS).where(COMPLAINTS.c.hand_in == hand_in, _is_unread())
    connection.execute(of_hand_in.values(seen_at=precise_now()))


def _is_unread() -> ColumnElement[bool]:
    return COMPLAINTS.c.answered_at.is_not(None) & or_(
        COMPLAINTS.c.seen_at.is_(None), COMPLAINTS.c.seen_at < COMPLAINTS.c.answered_at
    )


ROUTES = (("/hand-in/{number:int}/wrong", complain, "POST"),)
