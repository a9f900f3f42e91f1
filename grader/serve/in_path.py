"""What the path of a request names: an exercise as the student has it, a question, a hand-in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request

from grader.model.exercise import Exercise, Question
from grader.serve.people import Person
from grader.serve.server import Server
from grader.serve.tables import HAND_INS

LARGEST_ROW = 2**31 - 1
"""The largest number that a column of the database holds."""


def exercise_of(server: Server, request: Request) -> Exercise:
    """The exercise that a request is about, as the course's folder has it.

    Raises:
        HTTPException: 404 if the course has none of that id.
    """
    found = server.course.exercises.get(request.path_params["exercise"])
    if found is None:
        raise HTTPException(404)
    return found


async def own_exercise(server: Server, request: Request, person: str) -> Exercise:
    """The exercise that a request is about, as the person has it.

    Raises:
        HTTPException: 404 if the course has none of that id.
    """
    # Read once: the exercise may be taken out of the folder between two looks.
    course, name = server.course, request.path_params["exercise"]
    if name not in course.exercises:
        raise HTTPException(404)
    return await run_in_threadpool(course.exercise_for, person, name)


def question_of(exercise: Exercise, request: Request) -> Question:
    """The question that a request is about.

    Raises:
        HTTPException: 404 if there is none of that id.
    """
    found = next((one for one in exercise.questions if one.id == request.path_params["question"]), None)
    if found is None:
        raise HTTPException(404)
    return found


def own_hand_in(connection: Connection, person: Person, number: int) -> Row[Any] | None:
    """A hand-in of this person's, or, for staff, of anybody."""
    found = select(HAND_INS).where(HAND_INS.c.id == number)
    if not person.is_staff:
        found = found.where(HAND_INS.c.person == person.id)
    return connection.execute(found).first()


def number_in(request: Request) -> int:
    """The number that a path names.

    Raises:
        HTTPException: 404 for one that no column holds: nothing can have it.
    """
    number: int = request.path_params["number"]
    if number > LARGEST_ROW:
        raise HTTPException(404)
    return number
