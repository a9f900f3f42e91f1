"""A student's pages as the student sees them, to be read only: nobody acts in another's name."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from grader.reports.html.elements import Child, element
from grader.serve import people
from grader.serve.frame import page, path_of_person
from grader.serve.in_path import own_exercise
from grader.serve.people import STAFF, Person
from grader.serve.server import Server
from grader.serve.student.course_page import course_blocks
from grader.serve.student.exercise_page import exercise_blocks

CONTROLS = ("input", "textarea", "select", "button")


async def _student(server: Server, request: Request) -> Person:
    whose = request.path_params["person"]
    found = await server.reading(lambda connection: people.find_person(connection, whose))
    if found is None:
        raise HTTPException(404)
    return found


async def course_page(server: Server, request: Request) -> Response:
    """The course as a student sees it."""
    person = await server.require_person(request, *STAFF)
    student = await _student(server, request)
    return _page(student, person, await course_blocks(server, student))


async def exercise_page(server: Server, request: Request) -> Response:
    """An exercise as a student sees it: the own variant, attempts left, what was typed."""
    person = await server.require_person(request, *STAFF)
    student = await _student(server, request)
    exercise = await own_exercise(server, request, student.id)
    return _page(student, person, await exercise_blocks(server, student, exercise))


def _page(student: Person, person: Person, blocks: Iterable[Child]) -> Response:
    own = path_of_person(student.id)
    back = element("a", {"href": own}, f"Back to {student.id}")
    notice = element("p", {"class": "staff"}, f"As {student.id} sees it; nothing can be sent. ", back)
    part = element("div", {}, *blocks)
    read_only(part, f"{own}/as")
    return page(f"As {student.id} sees it", notice, part, person=person)


def read_only(part: ET.Element, path: str) -> None:
    """Let nothing be sent from a part of a page, and let its links to exercises stay with the student.

    Args:
        part: The part.
        path: Where the student's pages are for staff.
    """
    for one in part.iter():
        if one.tag == "form":
            one.tag, one.attrib = "div", {}
        elif one.tag in CONTROLS:
            one.set("disabled", "")
            one.attrib.pop("name", None)
            one.attrib.pop("formaction", None)
        elif one.tag == "a" and one.get("href", "").startswith("/exercise/"):
            one.set("href", f"{path}{one.get('href')}")
    for parent in list(part.iter()):
        for child in [each for each in parent if each.get("type") == "hidden"]:
            parent.remove(child)


ROUTES = (
    ("/staff/people/{person}/as", course_page, "GET"),
    ("/staff/people/{person}/as/exercise/{exercise}", exercise_page, "GET"),
)
