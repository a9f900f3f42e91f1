"""The course as a student sees it: its exercises, when they are due, and the points that stand."""

from __future__ import annotations

from fractions import Fraction

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from grader.gradebook.course import Course
from grader.gradebook.current import current_standings
from grader.gradebook.extensions import with_extensions
from grader.gradebook.standing import Standing
from grader.model.share import points_text
from grader.reports.html.elements import Child, element, table
from grader.reports.wording import percent_text
from grader.serve.frame import page
from grader.serve.people import Person
from grader.serve.server import Server
from grader.serve.student.complaints import answered_lines
from grader.serve.student.rules import COUNTS_SHORT, moment


async def course(server: Server, request: Request) -> Response:
    """The exercises of the course with the student's points."""
    person = await server.require_person(request)
    if person.is_staff:
        return RedirectResponse("/staff", 303)
    return page("Course", *await course_blocks(server, person), person=person)


async def course_blocks(server: Server, person: Person) -> list[Child]:
    """What stands on a student's page of the course."""
    folder = server.course

    def read(connection: Connection) -> tuple[dict[str, Standing], Course, list[Child]]:
        given = with_extensions(connection, folder.course, person.id)
        answered = list(answered_lines(connection, folder, person.id))
        found = current_standings(connection, folder.course, None, person.id, [])
        return {one.exercise: one for one in found}, given, answered

    standings, given, answered = await server.reading(read)
    rows: list[list[Child]] = []
    for exercise in folder.exercises.values():
        policy = given.policy(person.id, exercise.id)
        link = element("a", {"href": f"/exercise/{exercise.id}"}, exercise.title)
        due = moment(policy.due, folder.course.time_zone) if policy.due else ""
        counts = COUNTS_SHORT[policy.attempts.counts]
        rows.append([link, due, counts, _earned(standings.get(exercise.id), exercise.max_points)])
    listed = table(["exercise", "due", "what counts", "points"], rows, "Exercises")
    return [element("h1", {}, "Course"), *answered, listed]


def _earned(one: Standing | None, most: Fraction) -> str:
    if one is None:
        return f"nothing yet, of {points_text(most)}"
    late = f"; {percent_text(one.penalty)} is taken off for being late" if one.penalty else ""
    waits = "; something waits for a person" if one.is_pending else ""
    return f"{points_text(one.points)} of {points_text(most)}{late}{waits}"


ROUTES = (("/", course, "GET"),)
