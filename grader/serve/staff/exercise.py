"""The class in one exercise: figures, mistakes, who is to be looked at, everybody; and marks to take away."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from grader.classroom.mistake_days import mistakes_made
from grader.classroom.pages import mistake_page, staff_page
from grader.classroom.pages.overview import Concern, Overview, concerns_of, is_sound, known_mistakes
from grader.classroom.similarity import similarities, traces_of
from grader.classroom.statistics import diagnoses_of, statistics
from grader.gradebook.export import as_csv, as_json
from grader.gradebook.kept_reports import reasons
from grader.gradebook.reading import latest_results
from grader.gradebook.standing import UnreadableRecords
from grader.model.exercise import Exercise
from grader.reports.html.elements import Child, element, list_of
from grader.serve import people
from grader.serve.app import Server
from grader.serve.frame import page
from grader.serve.people import STAFF, Role

FORMATS = {"csv": ("text/csv; charset=utf-8", as_csv), "json": ("application/json", as_json)}


async def exercise_page(server: Server, request: Request) -> Response:
    """The class in an exercise; what submissions have in common takes long and is found if asked for."""
    person = await server.require_person(request, *STAFF)
    exercise = server.course.exercises.get(request.path_params["exercise"])
    if exercise is None:
        raise HTTPException(404)
    with_similar = "similar" in request.query_params

    def read(connection: Connection) -> tuple[Overview | None, list[str]]:
        found = _gathered(connection, server, exercise, with_similar=with_similar)
        there = {one.student for one in latest_results(connection, exercise.id)}
        students = (one.id for one in people.everybody(connection) if not one.is_staff)
        return found, [one for one in students if one not in there]

    found, nothing = await server.reading(read)
    path = f"/staff/exercises/{quote(exercise.id, safe='')}"
    links = {} if with_similar else {f"{path}?similar=1": "Look for what submissions have in common"}
    links[f"{path}/mistakes"] = "Known mistakes over time"
    if person.role is Role.INSTRUCTOR:
        of = f"?exercise={quote(exercise.id, safe='')}"
        links |= {f"/staff/export/{name}{of}": f"Marks as {name.upper()}" for name in FORMATS}
        links |= {f"/staff/feedback/{quote(exercise.id, safe='')}": "Everybody's report as a zip file"}
        links |= {f"{path}/regrade": "Mark everything anew"}
    blocks: list[Child] = [list_of(element("a", {"href": to}, words) for to, words in links.items())]
    if found is None:
        blocks = [element("h1", {}, exercise.title), *blocks, element("p", {}, "Nothing is marked yet.")]
    else:
        blocks += staff_page.body(found, has_similar=with_similar)
    blocks += _without(nothing)
    return page(exercise.title, *blocks, person=person, more_style="/static/class.css")


def _without(students: list[str]) -> Iterator[Child]:
    if students:
        title = element("summary", {}, f"{len(students)} without a marked hand-in")
        links = (element("a", {"href": _path(one)}, one) for one in students)
        yield element("details", {}, title, list_of(links))


def _path(student: str) -> str:
    return f"/staff/people/{quote(student, safe='')}"


def _gathered(
    connection: Connection, server: Server, exercise: Exercise, *, with_similar: bool
) -> Overview | None:
    undecided = [one for one in latest_results(connection, exercise.id) if one.is_undecided]
    failed: list[UnreadableRecords] = []
    every = server.standings.now(connection, server.course.course, exercise.id, failed)
    found = [one for one in every if is_sound(one)]
    unread = [
        Concern(one.student, f"is left out: its records cannot be read ({one.reason})") for one in failed
    ]
    unread += [
        Concern(one.student, "is left out: its marks cannot be read") for one in every if not is_sound(one)
    ]
    if not every and not failed:
        return None
    diagnoses = diagnoses_of(connection, found)
    return Overview(
        title=exercise.title,
        labels={one.id: one.label for one in exercise.questions},
        figures=statistics(exercise.id, found, diagnoses),
        standings=found,
        mistakes=known_mistakes(connection, found, diagnoses),
        concerns=[*unread, *concerns_of(connection, found, undecided)],
        pages={one.student: _path(one.student) for one in found},
        similar=similarities(traces_of(connection, found, diagnoses)) if with_similar else None,
    )


async def export(server: Server, request: Request) -> Response:
    """The marks that stand, to be kept as a file: of one exercise, or of all."""
    await server.require_person(request, Role.INSTRUCTOR)
    name, exercise = request.path_params["format"], request.query_params.get("exercise")
    if name not in FORMATS:
        raise HTTPException(404)
    kind, written = FORMATS[name]

    def read(connection: Connection) -> str:
        found = server.standings.now(connection, server.course.course, exercise)
        said = {(one.student, one.exercise): reasons(connection, one.attempt.result) for one in found}
        return written(found, said)

    text = await server.reading(read)
    headers = {"content-disposition": f'attachment; filename="marks.{name}"', "content-type": kind}
    return Response(text.encode("utf-8", "replace"), headers=headers)


async def mistakes(server: Server, request: Request) -> Response:
    """Which known mistakes were made when, and by how many."""
    person = await server.require_person(request, *STAFF)
    exercise = server.course.exercises.get(request.path_params["exercise"])
    if exercise is None:
        raise HTTPException(404)
    zone = server.course.course.time_zone

    def read(connection: Connection) -> list[Child]:
        return mistake_page.body(mistakes_made(connection, exercise.id, zone))

    title = f"{exercise.title}: known mistakes over time"
    path = f"/staff/exercises/{quote(exercise.id, safe='')}"
    back = element("p", {}, element("a", {"href": path}, "Back to the exercise"))
    blocks = [element("h1", {}, title), *await server.reading(read), back]
    return page(title, *blocks, person=person, more_style="/static/class.css")


ROUTES = (
    ("/staff/exercises/{exercise}/mistakes", mistakes, "GET"),
    ("/staff/exercises/{exercise}", exercise_page, "GET"),
    ("/staff/export/{format}", export, "GET"),
)
