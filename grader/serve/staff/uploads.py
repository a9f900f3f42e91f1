"""Exercises from the browser: uploaded, previewed as a student sees them, put in place or discarded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, insert, select, update
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from grader.classroom.task import ExerciseText, exercise_of
from grader.gradebook.tables import ATTEMPTS
from grader.gradebook.write_records import keep_exercise
from grader.model.exercise import Exercise
from grader.model.text import counted
from grader.reports.html.elements import Child, element, list_of, table
from grader.serve.actions import log_action
from grader.serve.frame import alert, button, buttons, form, labelled, page, path_of_exercise
from grader.serve.in_path import number_in
from grader.serve.moments import on_clocks, precise_now
from grader.serve.people import Person, Role
from grader.serve.server import Server
from grader.serve.staff.as_student import read_only
from grader.serve.staff.regrade import path_of_regrades
from grader.serve.student.exercise_page import exercise_blocks
from grader.serve.tables import HAND_INS, UPLOADS
from grader.serve.uploads.placing import differences, lines_changed, place
from grader.serve.uploads.reading import NoExercise, Unpacked, read_apart, unpacked

WAITS, PLACED, DISCARDED = "waits", "placed", "discarded"
MOST_WAITING = 20
MOST_LISTED = 100
NOT_RUN = (
    "Example answers are not marked here: they may be code, and a server runs none of an exercise's. They "
    "are marked by rnngrade author lint."
)


async def uploads(server: Server, request: Request) -> Response:
    """Upload an exercise, and see what was uploaded before."""
    person = await server.require_person(request, Role.INSTRUCTOR)
    if request.method == "GET":
        return await _list(server, person)
    async with request.form(max_files=1, max_fields=5) as sent:
        upload, id = sent.get("file"), str(sent.get("id", "")).strip()
        if upload is None or isinstance(upload, str) or not upload.filename:
            raise HTTPException(400, "No file was chosen. Nothing was changed.")
        name, data = upload.filename, await upload.read()

    def read() -> tuple[Unpacked, bytes, tuple[str, ...]]:
        found = unpacked(name, data, id)
        return found, *read_apart(found)

    try:
        found, text, remarks = await run_in_threadpool(read)
        notes = [*remarks, *(f"left out: {one}" for one in found.left_out)]
        number = await server.writing(lambda connection: _keep(connection, person, found.id, text, notes))
    except NoExercise as error:
        return await _list(server, person, str(error))
    return RedirectResponse(f"/staff/uploads/{number}", 303)


def _keep(connection: Connection, person: Person, id: str, text: bytes, remarks: Sequence[str]) -> int:
    waiting = select(func.count()).where(UPLOADS.c.state == WAITS)
    if int(connection.execute(waiting).scalar_one()) >= MOST_WAITING:
        raise NoExercise(f"{MOST_WAITING} uploads wait: put them in place, or discard them")
    row: dict[str, Any] = {
        "exercise": id,
        "text": text,
        "remarks": msgspec.json.encode(list(remarks)).decode(),
    }
    row |= {"who": person.id, "made_at": precise_now(), "state": WAITS}
    number = int(connection.execute(insert(UPLOADS).returning(UPLOADS.c.id), row).scalar_one())
    log_action(connection, person, "upload", id, f"upload {number}")
    return number


async def _list(server: Server, person: Person, problem: str = "") -> Response:
    columns = [column for column in UPLOADS.c if column.name not in ("text", "remarks")]
    newest = select(*columns).order_by(UPLOADS.c.id.desc()).limit(MOST_LISTED)
    rows = await server.reading(lambda connection: connection.execute(newest).all())
    file = {"type": "file", "id": "file", "name": "file", "accept": ".toml,.zip", "required": ""}
    id = {"id": "id", "name": "id", "maxlength": "100", "autocomplete": "off"}
    blocks: list[Child] = [
        element("h1", {}, "Upload an exercise"),
        alert(problem, "Nothing was changed."),
        element("p", {}, "It is read, and shown as students will see it once you put it in place."),
        form(
            "/staff/uploads",
            labelled(
                "A .toml file, or a .zip file of an exercise's folder: ",
                element("input", file),
                "Exercise files and pictures are taken, and nothing that could be run, as example answers.",
            ),
            labelled("Its id ", element("input", id), "The file's or folder's name if left empty."),
            button("Upload"),
            upload=True,
        ),
    ]
    if rows:
        zone = server.course.course.time_zone
        listed = [_row(one, zone) for one in rows]
        blocks.append(table(["upload", "exercise", "by", f"when ({zone})", "state"], listed, "Uploads"))
    blocks.append(element("p", {}, element("a", {"href": "/staff"}, "Back")))
    return page("Upload an exercise", *blocks, person=person, status=409 if problem else 200)


def _row(one: Row[Any], zone: str) -> list[Child]:
    link = element("a", {"href": f"/staff/uploads/{one.id}"}, f"Upload {one.id}")
    return [link, one.exercise, one.who, on_clocks(one.made_at, zone), one.state]


async def upload_page(server: Server, request: Request) -> Response:
    """An upload: what lint says, what would change, and the exercise as a student would see it."""
    person = await server.require_person(request, Role.INSTRUCTOR)
    return await _page(server, person, number_in(request))


def _find(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(UPLOADS).where(UPLOADS.c.id == number)).first()
    if row is None:
        raise HTTPException(404)
    return row


def _n_uses(connection: Connection, exercise: str) -> int:
    """How many attempts and hand-ins a change of the exercise affects."""
    marked = select(func.count()).where(ATTEMPTS.c.exercise == exercise)
    waiting = select(func.count()).where(HAND_INS.c.exercise == exercise, HAND_INS.c.attempt.is_(None))
    return sum(int(connection.execute(one).scalar_one()) for one in (marked, waiting))


async def _page(server: Server, person: Person, number: int, problem: str = "") -> Response:
    def read(connection: Connection) -> tuple[Row[Any], int]:
        row = _find(connection, number)
        return row, _n_uses(connection, row.exercise)

    row, used = await server.reading(read)
    exercise = await run_in_threadpool(_exercise, row)
    old = server.course.exercises.get(row.exercise)
    title = f"Upload {number}: {exercise.title}"
    blocks: list[Child] = [element("h1", {}, title), alert(problem, "Nothing was changed.")]
    remarks = msgspec.json.decode(row.remarks, type=list[str])
    if remarks:
        blocks += [element("h2", {}, "What lint says"), list_of(remarks)]
    blocks.append(element("p", {"class": "quiet"}, NOT_RUN))
    if row.state == WAITS:
        blocks += _decide(row, old, exercise, used)
    else:
        zone = server.course.course.time_zone
        when = f"{row.state.capitalize()} by {row.settled_by} at {on_clocks(row.settled_at, zone)} ({zone})."
        blocks.append(element("p", {}, when))
    nobody = Person(id="", name="", role=Role.INSTRUCTOR)
    shown = element("div", {}, *await exercise_blocks(server, nobody, exercise))
    read_only(shown, "")
    blocks += [element("h2", {}, "As a student would see it"), shown]
    blocks.append(element("p", {}, element("a", {"href": "/staff/uploads"}, "All uploads")))
    return page(title, *blocks, person=person, status=409 if problem else 200)


def _exercise(row: Row[Any]) -> Exercise:
    text = bytes(row.text)
    digest = f"sha256:{hashlib.sha256(text).hexdigest()}"
    return exercise_of(ExerciseText(row.exercise, digest, text))


def _decide(row: Row[Any], old: Exercise | None, new: Exercise, used: int) -> list[Child]:
    """What would change, and the buttons; hand-ins that are there already need a confirmation."""
    blocks: list[Child] = []
    sure = None
    if old is None:
        blocks.append(element("p", {}, f"The course has no exercise {row.exercise} yet."))
    else:
        found = list(differences(old, new)) or ["Nothing that students or marks depend on."]
        diff = lines_changed(old.text, new.text)
        blocks += [element("h2", {}, f"What changes in {row.exercise}"), list_of(found)]
        if diff:
            summary = element("summary", {}, "The lines of the file")
            blocks.append(element("details", {}, summary, element("pre", {"class": "words"}, diff)))
    if used:
        words = (
            f"{counted(used, 'submission')} of this exercise are there. Their marks stay as they are until "
            "you mark them anew, which is offered next."
        )
        box = {"type": "checkbox", "id": "sure", "name": "sure", "value": str(used), "required": ""}
        label = element("label", {"for": "sure"}, "Replace the exercise all the same")
        sure = element("div", {"class": "choice"}, element("input", box), label)
        blocks.append(element("p", {"class": "problem"}, words))
    path = f"/staff/uploads/{row.id}"
    blocks.append(
        form(
            path,
            sure,
            buttons(button("Put it in place", name="do", value="place")),
        )
    )
    blocks.append(form(path, buttons(button("Discard it", name="do", value="discard"))))
    return blocks


async def settle(server: Server, request: Request) -> Response:
    """Put an upload in place, or discard it."""
    person = await server.require_person(request, Role.INSTRUCTOR)
    number = number_in(request)
    async with request.form(max_files=0, max_fields=5) as sent:
        does, sure = sent.get("do"), bool(sent.get("sure"))

    def read(connection: Connection) -> tuple[Row[Any], int]:
        row = _find(connection, number)
        return row, _n_uses(connection, row.exercise)

    row, used = await server.reading(read)
    state = PLACED if does == "place" else DISCARDED
    old = server.course.exercises.get(row.exercise)

    def close(connection: Connection) -> None:
        if state == PLACED and old is not None:
            keep_exercise(connection, old, old.text)  # what was replaced can be looked up
        done = {"state": state, "settled_by": person.id, "settled_at": precise_now()}
        connection.execute(update(UPLOADS).where(UPLOADS.c.id == number).values(done))
        log_action(connection, person, f"upload-{state}", row.exercise, f"upload {number}")

    try:
        if row.state != WAITS:
            raise NoExercise("It is settled already")
        if state == PLACED:
            if used and not sure:
                raise NoExercise("Submissions of this exercise are there: say that you want to replace it")
            await run_in_threadpool(place, server.course, row.exercise, bytes(row.text))
        await server.writing(close)
    except NoExercise as error:
        return await _page(server, person, number, str(error))
    if state == DISCARDED:
        return RedirectResponse("/staff/uploads", 303)
    to = path_of_regrades(row.exercise) if used else path_of_exercise(row.exercise)
    return RedirectResponse(to, 303)


ROUTES = (
    ("/staff/uploads", uploads, "GET", "POST"),
    ("/staff/uploads/{number:int}", upload_page, "GET"),
    ("/staff/uploads/{number:int}", settle, "POST"),
)
