"""How people come in, and who did what."""

from __future__ import annotations

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from grader.errors import CannotDo
from grader.reports.html.elements import element, table
from grader.serve import people
from grader.serve.actions import log_action, logged
from grader.serve.app import Server
from grader.serve.frame import page
from grader.serve.moments import on_clocks
from grader.serve.people import Role


async def new_link(server: Server, request: Request) -> Response:
    """A new link and code for somebody, shown once."""
    person = await server.require_person(request, Role.INSTRUCTOR)
    whose = request.path_params["person"]

    def write(connection: Connection) -> tuple[str, str]:
        made = people.new_link(connection, whose), people.new_code(connection, whose)
        log_action(connection, person, "new-link", whose)
        return made

    try:
        link, code = await server.writing(write)
    except CannotDo:
        raise HTTPException(404) from None
    words = f"{server.root}/in/{link}"
    return page(
        "New link",
        element("h1", {}, f"A way in for {whose}"),
        element("p", {}, "Shown once; nobody can look it up again."),
        element("p", {}, "Link: ", element("code", {}, words)),
        element("p", {}, "Code, to be typed under /in: ", element("code", {}, code)),
        element("p", {}, element("a", {"href": "/staff"}, "Back")),
        person=person,
    )


async def revoke(server: Server, request: Request) -> Response:
    """Make somebody's links and codes useless."""
    person = await server.require_person(request, Role.INSTRUCTOR)
    whose = request.path_params["person"]

    def write(connection: Connection) -> None:
        people.revoke(connection, whose)
        log_action(connection, person, "revoke", whose)

    await server.writing(write)
    return RedirectResponse("/staff", 303)


async def log(server: Server, request: Request) -> Response:
    """Who did what, newest first."""
    person = await server.require_person(request, Role.INSTRUCTOR)
    zone = server.course.course.time_zone
    rows = [[on_clocks(at, zone, with_seconds=True), *rest] for at, *rest in await server.reading(logged)]
    listed = table([f"when ({zone})", "who", "role", "what", "on", ""], rows, "Actions")
    return page("Who did what", element("h1", {}, "Who did what"), listed, person=person)


ROUTES = (
    ("/staff/people/{person}/link", new_link, "POST"),
    ("/staff/people/{person}/revoke", revoke, "POST"),
    ("/staff/log", log, "GET"),
)
