"""What an instructor gives a student with a reason, or takes back: points by hand, and more time."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from urllib.parse import quote

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from grader.classroom.hand_marking import CannotGive, points_typed
from grader.gradebook.course import Course
from grader.gradebook.extensions import Extension, keep_extension, read_until
from grader.gradebook.late_days import in_utc
from grader.gradebook.records import Override
from grader.gradebook.standing import Standing
from grader.gradebook.write_records import keep_override
from grader.model.share import points_text
from grader.serve.actions import log_action
from grader.serve.frame import path_of_person
from grader.serve.people import Person, Role
from grader.serve.server import Server
from grader.serve.staff.more_time import LONGEST_WHY
from grader.serve.staff.student import read_student, student_response


async def give_points(server: Server, request: Request) -> Response:
    """Give points by hand with a reason, or take back what was given."""
    person = await server.require_person(request, Role.INSTRUCTOR)
    student = request.path_params["person"]
    async with request.form(max_files=0, max_fields=10) as sent:
        names = ("exercise", "question", "points", "why", "do")
        typed = {name: str(sent.get(name, "")).strip() for name in names}

    def write(connection: Connection) -> None:
        found = read_student(connection, server, student)
        if not found.is_there:
            raise HTTPException(404)
        new = _override(found.standings.get(typed["exercise"]), person, student, typed)
        if _is_there(found.given, new):
            return  # pressed twice
        keep_override(connection, new)
        points = "taken back" if new.points is None else f"{points_text(new.points)} points"
        detail = f"{new.exercise}, {new.question or 'the total'}: {points}: {new.why}"
        log_action(connection, person, "override", student, detail)

    try:
        await server.writing(write)
    except CannotGive as error:
        return await student_response(server, person, student, error.message, typed)
    anchor = quote(f"exercise-{typed['exercise']}", safe="")
    return RedirectResponse(f"{path_of_person(student)}#{anchor}", 303)


def _override(standing: Standing | None, person: Person, student: str, typed: dict[str, str]) -> Override:
    if standing is None:
        raise CannotGive("nothing of the student stands in that exercise")
    if not typed["why"]:
        raise CannotGive("say why")
    if len(typed["why"]) > LONGEST_WHY:
        raise CannotGive(f"the reason has more than {LONGEST_WHY} characters")
    most = {"": standing.max_points, **{one.question: Fraction(one.max_points) for one in standing.marks}}
    if typed["question"] not in most:
        raise CannotGive("the exercise has no such question")
    points = None
    if typed["do"] != "withdraw":
        points = str(points_typed(typed["points"], most[typed["question"]]))
    return Override(
        student=student,
        exercise=standing.exercise,
        question=typed["question"] or None,
        points=points,
        who=person.id,
        why=typed["why"],
    )


def _is_there(overrides: Sequence[Override], new: Override) -> bool:
    """Whether the last override says the same already."""
    of_same = [one for one in overrides if (one.exercise, one.question) == (new.exercise, new.question)]
    return bool(of_same) and msgspec.structs.replace(of_same[-1], made_at=new.made_at) == new


class CannotExtend(Exception):
    """Why more time cannot be given; a sentence for who gives it."""


async def give_time(server: Server, request: Request) -> Response:
    """Keep another due time, or take back what was given in the browser."""
    person = await server.require_person(request, Role.INSTRUCTOR)
    student = request.path_params["person"]
    async with request.form(max_files=0, max_fields=10) as sent:
        typed = {name: str(sent.get(name, "")).strip() for name in ("exercise", "until", "why", "do")}

    def write(connection: Connection) -> None:
        found = read_student(connection, server, student)
        if not found.is_there:
            raise HTTPException(404)
        course = server.course.course
        if typed["exercise"] not in server.course.exercises:
            raise CannotExtend("The course has no such exercise")
        new = _extension(course, student, person, typed)
        before = [one for one in found.more_time if one.exercise == new.exercise]
        if (before[-1].until if before else None) == new.until:
            if new.until is None:
                raise CannotExtend("Nothing was given in the browser that could be taken back")
            return  # pressed twice
        keep_extension(connection, new)
        until = f"until {new.until} ({course.time_zone})" if new.until else "taken back"
        log_action(connection, person, "more-time", student, f"{new.exercise}, {until}: {new.why}")

    try:
        await server.writing(write)
    except CannotExtend as error:
        return await student_response(server, person, student, str(error), typed)
    return RedirectResponse(f"{path_of_person(student)}#more-time", 303)


def _extension(course: Course, student: str, person: Person, typed: dict[str, str]) -> Extension:
    if not 0 < len(typed["why"]) <= LONGEST_WHY:
        raise CannotExtend(f"Say why, in at most {LONGEST_WHY} characters")
    until = None
    if typed["do"] != "withdraw":
        until = typed["until"].replace(" ", "T", 1)
        _require_later(course, student, typed["exercise"], until)
    return Extension(
        student=student, exercise=typed["exercise"], until=until, who=person.id, why=typed["why"]
    )


def _require_later(course: Course, student: str, exercise: str, until: str) -> None:
    """Refuse a time that changes nothing: of several the latest holds, as in a course file."""
    try:
        at = read_until(until)
    except ValueError as error:
        raise CannotExtend(f"The time cannot be read: {error}") from None
    policy = course.policy(student, exercise)
    holds = policy.due or policy.cutoff
    if holds is None:
        raise CannotExtend("Nothing is due in that exercise: there is no time to extend")
    zoned = at.replace(tzinfo=holds.tzinfo) if at.tzinfo is None else at
    if in_utc(zoned) <= in_utc(holds):
        until_text = holds.strftime("%Y-%m-%d %H:%M %Z")
        raise CannotExtend(f"That is not later than what the course file gives this student, {until_text}")


ROUTES = (
    ("/staff/people/{person}/points", give_points, "POST"),
    ("/staff/people/{person}/time", give_time, "POST"),
)
