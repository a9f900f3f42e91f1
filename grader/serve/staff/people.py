"""Who is in the course, how they come in, and who did what."""

from __future__ import annotations

from collections import Counter
from urllib.parse import quote

from sqlalchemy import Connection, func, select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from grader.errors import CannotDo
from grader.reports.html.elements import Child, element, list_of, table
from grader.serve import people
from grader.serve.app import Server
from grader.serve.frame import button, form, page
from grader.serve.log import log_action, logged
from grader.serve.people import STAFF, Role
from grader.serve.tables import HAND_INS


async def overview(server: Server, request: Request) -> Response:
    """Who is in the course, and how far everybody is."""
    person = await server.person(request, *STAFF)

    def read(connection: Connection) -> tuple[list[people.Person], Counter[str]]:
        counting = select(HAND_INS.c.person, func.count()).group_by(HAND_INS.c.person)
        return people.everybody(connection), Counter(dict(map(tuple, connection.execute(counting))))

    everybody, n_hand_ins = await server.reading(read)
    rows: list[list[Child]] = []
    for one in everybody:
        path = f"/staff/people/{quote(one.id, safe='')}"
        link = form(f"{path}/link", button("New link"), kind="plain")
        revoke = form(f"{path}/revoke", button("Revoke"), kind="plain")
        may = person.role is Role.INSTRUCTOR
        rows.append(
            [
                element("a", {"href": path}, one.id),
                one.name,
                one.role.value,
                str(n_hand_ins[one.id]),
                link if may else "",
                revoke if may else "",
            ]
        )
    listed = table(["id", "name", "role", "handed in", "link", "revoke"], rows, "People")
    places = {"/staff/words": "Words to be marked"}
    if person.role is Role.INSTRUCTOR:
        places["/staff/log"] = "Who did what"
    links = list_of(element("a", {"href": path}, words) for path, words in places.items())
    return page("Staff", element("h1", {}, "Staff"), links, listed, person=person)


async def new_link(server: Server, request: Request) -> Response:
    """A new link and code for somebody, shown once."""
    person = await server.person(request, Role.INSTRUCTOR)
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
    person = await server.person(request, Role.INSTRUCTOR)
    whose = request.path_params["person"]

    def write(connection: Connection) -> None:
        people.revoke(connection, whose)
        log_action(connection, person, "revoke", whose)

    await server.writing(write)
    return RedirectResponse("/staff", 303)


async def log(server: Server, request: Request) -> Response:
    """Who did what, newest first."""
    person = await server.person(request, Role.INSTRUCTOR)
    rows = await server.reading(logged)
    listed = table(["when (UTC)", "who", "role", "what", "on", ""], rows, "Actions")
    return page("Who did what", element("h1", {}, "Who did what"), listed, person=person)


ROUTES = (
    ("/staff", overview, "GET"),
    ("/staff/people/{person}/link", new_link, "POST"),
    ("/staff/people/{person}/revoke", revoke, "POST"),
    ("/staff/log", log, "GET"),
)
