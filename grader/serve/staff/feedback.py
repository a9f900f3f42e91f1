"""The reports of a class in one exercise, each with the points that stand, as one zip file."""

from __future__ import annotations

import zipfile

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from grader.gradebook.current import current_standings
from grader.gradebook.kept_reports import reports
from grader.gradebook.standing import Standing, UnreadableRecords
from grader.lms.feedback import feedback_name, unique_names, with_standing
from grader.lms.fixed_zip import fixed_zip
from grader.model.exercise import Exercise
from grader.reports import html_report
from grader.reports.json_report import report_from_record
from grader.serve.app import Server
from grader.serve.people import Role

LEFT_OUT = "left-out.txt"


async def feedback(server: Server, request: Request) -> Response:
    """A page for each student as in `rnngrade feedback`; one file names those who get none."""
    await server.require_person(request, Role.INSTRUCTOR)
    exercise = server.course.exercises.get(request.path_params["exercise"])
    if exercise is None:
        raise HTTPException(404)

    def read(connection: Connection) -> bytes:
        return _zip(connection, server, exercise)

    data = await server.reading(read)
    headers = {"content-disposition": 'attachment; filename="feedback.zip"'}
    return Response(data, headers=headers, media_type="application/zip")


def _zip(connection: Connection, server: Server, exercise: Exercise) -> bytes:
    unreadable: list[UnreadableRecords] = []
    found = current_standings(connection, server.course.course, exercise.id, failed=unreadable)
    texts: dict[str, str] = {}
    left_out = [f"{one.student}: {one.reason}\n" for one in unreadable]
    for one in found:
        try:
            texts[one.student] = _text(connection, server, exercise, one)
        except Exception as error:
            left_out.append(f"{one.student}: the report cannot be shown ({type(error).__name__})\n")
    names = unique_names({student: feedback_name("", student, ".html") for student in texts})
    files = {names[student]: text.encode("utf-8", "replace") for student, text in texts.items()}
    if left_out:
        files[LEFT_OUT] = "".join(left_out).encode("utf-8", "replace")
    return fixed_zip(files, method=zipfile.ZIP_DEFLATED)


def _text(connection: Connection, server: Server, exercise: Exercise, one: Standing) -> str:
    ((_, record),) = reports(connection, [one.attempt.result])
    report = with_standing(report_from_record(record), one, server.course.course.time_zone, exercise)
    return html_report.render(report)


ROUTES = (("/staff/feedback/{exercise}", feedback, "GET"),)
