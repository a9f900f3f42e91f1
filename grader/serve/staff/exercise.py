"""The class in one exercise: figures, mistakes, who is to be looked at; marks and reports to take away."""

from __future__ import annotations

import zipfile
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
from grader.gradebook.kept_reports import reasons, reports
from grader.gradebook.read_records import latest_results
from grader.gradebook.standing import UnreadableRecords
from grader.lms.feedback import feedback_name, unique_names, with_standing
from grader.lms.fixed_zip import fixed_zip
from grader.model.exercise import Exercise
from grader.reports import html_report
from grader.reports.html.elements import Child, element, list_of
from grader.reports.json_report import report_from_record
from grader.serve import people
from grader.serve.frame import page, path_of_exercise, path_of_person
from grader.serve.in_path import exercise_of
from grader.serve.people import STAFF, Role
from grader.serve.server import Server

LEFT_OUT = "left-out.txt"
"""In the zip file of reports: who gets none, and why."""

FORMATS = {"csv": ("text/csv; charset=utf-8", as_csv), "json": ("application/json", as_json)}


async def exercise_page(server: Server, request: Request) -> Response:
    """The class in an exercise; what submissions have in common takes long and is found if asked for."""
    person = await server.require_person(request, *STAFF)
    exercise = exercise_of(server, request)
    with_similar = "similar" in request.query_params

    def read(connection: Connection) -> tuple[Overview | None, list[str]]:
        found = _gathered(connection, server, exercise, with_similar=with_similar)
        there = {one.student for one in latest_results(connection, exercise.id)}
        students = (one.id for one in people.everybody(connection) if not one.is_staff)
        return found, [one for one in students if one not in there]

    found, nothing = await server.reading(read)
    path = path_of_exercise(exercise.id)
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
        links = (element("a", {"href": path_of_person(one)}, one) for one in students)
        yield element("details", {}, title, list_of(links))


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
        pages={one.student: path_of_person(one.student) for one in found},
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
        reasons_of = {(one.student, one.exercise): reasons(connection, one.attempt.result) for one in found}
        return written(found, reasons_of)

    text = await server.reading(read)
    headers = {"content-disposition": f'attachment; filename="marks.{name}"', "content-type": kind}
    return Response(text.encode("utf-8", "replace"), headers=headers)


async def feedback(server: Server, request: Request) -> Response:
    """A page for each student as in `rnngrade feedback`; one file names those who get none."""
    await server.require_person(request, Role.INSTRUCTOR)
    exercise = exercise_of(server, request)
    data = await server.reading(lambda connection: _zip(connection, server, exercise))
    headers = {"content-disposition": 'attachment; filename="feedback.zip"'}
    return Response(data, headers=headers, media_type="application/zip")


def _zip(connection: Connection, server: Server, exercise: Exercise) -> bytes:
    unreadable: list[UnreadableRecords] = []
    found = server.standings.now(connection, server.course.course, exercise.id, unreadable)
    texts: dict[str, str] = {}
    left_out = [f"{one.student}: {one.reason}\n" for one in unreadable]
    for one in found:
        try:
            ((_, record),) = reports(connection, [one.attempt.result])
            report = with_standing(report_from_record(record), one, server.course.course.time_zone, exercise)
            texts[one.student] = html_report.render(report)
        except Exception as error:
            left_out.append(f"{one.student}: the report cannot be shown ({type(error).__name__})\n")
    names = unique_names({student: feedback_name("", student, ".html") for student in texts})
    files = {names[student]: text.encode("utf-8", "replace") for student, text in texts.items()}
    if left_out:
        files[LEFT_OUT] = "".join(left_out).encode("utf-8", "replace")
    return fixed_zip(files, method=zipfile.ZIP_DEFLATED)


async def mistakes(server: Server, request: Request) -> Response:
    """Which known mistakes were made when, and by how many."""
    person = await server.require_person(request, *STAFF)
    exercise = exercise_of(server, request)
    zone = server.course.course.time_zone

    def read(connection: Connection) -> list[Child]:
        return mistake_page.body(mistakes_made(connection, exercise.id, zone))

    title = f"{exercise.title}: known mistakes over time"
    path = path_of_exercise(exercise.id)
    back = element("p", {}, element("a", {"href": path}, "Back to the exercise"))
    blocks = [element("h1", {}, title), *await server.reading(read), back]
    return page(title, *blocks, person=person, more_style="/static/class.css")


ROUTES = (
    ("/staff/exercises/{exercise}/mistakes", mistakes, "GET"),
    ("/staff/exercises/{exercise}", exercise_page, "GET"),
    ("/staff/export/{format}", export, "GET"),
    ("/staff/feedback/{exercise}", feedback, "GET"),
)
