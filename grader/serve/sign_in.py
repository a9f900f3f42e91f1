"""Coming in by a personal link or a typed code, and going out."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ET

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from grader.reports.html.elements import element
from grader.serve import people
from grader.serve.frame import button, form, message, page
from grader.serve.people import Person
from grader.serve.server import Server

LONGEST_CODE = 100
WRONG_CODE_S = 1.0
"""How long a wrong code waits for its answer."""


async def by_link(server: Server, request: Request) -> Response:
    """A link shows a button: programs that look into mail follow links, and must not sign in."""
    secret = request.path_params["secret"]
    if request.method == "POST":
        return await _by_key(server, request, secret)
    press = form(f"/in/{secret}", button("Sign in"))
    return page("Sign in", element("h1", {}, "Sign in"), element("p", {}, "This link is yours alone."), press)


async def by_code(server: Server, request: Request) -> Response:
    """A code is typed where a link cannot be pressed."""
    if request.method == "POST":
        async with request.form(max_files=0, max_fields=5) as sent:
            code = str(sent.get("code", ""))[:LONGEST_CODE]
        return await _by_key(server, request, code.strip())
    typed = element(
        "input",
        {"id": "code", "name": "code", "autocomplete": "off", "maxlength": str(LONGEST_CODE), "required": ""},
    )
    label = element("label", {"for": "code"}, "Your code")
    return page(
        "Sign in",
        element("h1", {}, "Sign in"),
        form("/in", element("p", {}, label, " ", typed), button("Sign in")),
        *_by_provider(server),
    )


def _by_provider(server: Server) -> list[ET.Element]:
    """The way in by a provider, where the course has one."""
    oidc = server.course.course.oidc
    if oidc is None:
        return []
    return [element("p", {}, "or ", element("a", {"href": "/oidc/login"}, f"sign in with {oidc.name}"))]


async def _by_key(server: Server, request: Request, secret: str) -> Response:
    person = await server.reading(lambda connection: people.owner_of_key(connection, secret))
    if person is None:
        await asyncio.sleep(WRONG_CODE_S)
        words = "It may have been revoked or be too old. Ask your course for a new one."
        return message("This link or code is not good", words, status=403)
    return await come_in(server, request, person)


async def come_in(server: Server, request: Request, person: Person, target: str = "/") -> Response:
    """A new session for somebody of whom it is certain who it is; the browser's session before it ends."""
    before = request.cookies.get(server.cookie, "")

    def begin(connection: Connection) -> str:
        people.sign_out(connection, before)
        return people.sign_in(connection, person)

    token = await server.writing(begin)
    response = RedirectResponse(target, 303)
    response.set_cookie(
        server.cookie,
        token,
        max_age=people.SESSION_HOURS * 3600,
        httponly=True,
        samesite="lax",
        secure=server.is_secure,
        path="/",
    )
    return response


async def out(server: Server, request: Request) -> Response:
    """End the session of who signs out."""
    token = request.cookies.get(server.cookie, "")
    await server.writing(lambda connection: people.sign_out(connection, token))
    response = message("Signed out", "Your link or code brings you back.")
    response.delete_cookie(server.cookie, path="/", secure=server.is_secure, httponly=True, samesite="lax")
    return response


ROUTES = (
    ("/in", by_code, "GET", "POST"),
    ("/in/{secret}", by_link, "GET", "POST"),
    ("/out", out, "POST"),
)
