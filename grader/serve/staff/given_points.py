"""Points by hand: given with a reason, or taken back."""

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
from grader.gradebook.records import Override
from grader.gradebook.standing import Standing
from grader.gradebook.writing import keep_override
from grader.model.share import points_text
from grader.serve.actions import log_action
from grader.serve.app import Server
from grader.serve.people import Person, Role
from grader.serve.staff.student import LONGEST_WHY, read_student, student_response


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
    return RedirectResponse(f"/staff/people/{quote(student, safe='')}#{anchor}", 303)


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


def _is_there(given: Sequence[Override], new: Override) -> bool:
    """Whether the last override says the same already."""
    of_same = [one for one in given if (one.exercise, one.question) == (new.exercise, new.question)]
    return bool(of_same) and msgspec.structs.replace(of_same[-1], made_at=new.made_at) == new


ROUTES = (("/staff/people/{person}/points", give_points, "POST"),)
