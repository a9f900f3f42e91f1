"""Signing in by a provider of OpenID Connect: authorization code, PKCE, state and nonce."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from grader.errors import GraderError
from grader.reports.html.elements import element
from grader.serve.frame import page
from grader.serve.people import Person
from grader.serve.server import Server
from grader.serve.sign_in import come_in

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from grader.serve.identity.begun import Begun
    from grader.serve.identity.provider import Provider

T = TypeVar("T")

LOG = logging.getLogger("rnngrade.serve.identity")

LOCAL = re.compile(r"/(?:exercise/[^/\\?#\x00-\x20\x7f]{1,200})?", re.ASCII)
"""Paths to go to after signing in: none that a browser could take for another server."""

MOST_ASKING = 8
"""Threads that wait for other servers; pages have threads of their own."""

CALLBACK = "/oidc/callback"


@functools.cache
def _limiter() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(MOST_ASKING)


async def asking(what: Callable[[], T]) -> T:
    """Do something that asks another server, in one of few threads."""
    return await anyio.to_thread.run_sync(what, limiter=_limiter())


def provider_of(server: Server) -> Provider:
    """The provider of the course file as it is now.

    Raises:
        HTTPException: 404 if it has none; 503 if something is missing here.
    """
    settings = server.course.course.oidc
    if settings is None:
        raise HTTPException(404)
    try:
        from grader.serve.identity.provider import provider

        return provider(settings, server.course.folder)
    except (ImportError, GraderError) as error:
        LOG.error("[oidc]: %s", error)
        raise HTTPException(503, "Your course has not set this way in up yet. Your link works.") from None


async def login(server: Server, request: Request) -> Response:
    """Sends the browser to the provider."""
    provider = provider_of(server)
    from grader.serve.identity import begun

    target = request.query_params.get("next", "/")
    started = begun.begin(
        "oidc",
        provider.settings.issuer,
        provider.settings.client_id,
        target if LOCAL.fullmatch(target) else "/",
    )
    try:
        address = await asking(lambda: provider.address(started, server.root + CALLBACK))
    except GraderError as error:
        return _no_answer(provider, error)
    response = RedirectResponse(address, 303)
    await begun.remember(server, request, response, started)
    return response


async def callback(server: Server, request: Request) -> Response:
    """The browser comes back with a code; the provider says whose it is."""
    provider = provider_of(server)
    from grader.serve.identity import begun
    from grader.serve.identity.accounts import NotOnList, person_of_account
    from grader.serve.identity.outside import OutsideError
    from grader.serve.identity.tokens import TokenError

    parameters = request.query_params
    started = await begun.begun_by(server, request, "oidc", parameters.get("state", ""))
    if started is None or not provider.began(started):
        return not_begun_here()
    if not (code := parameters.get("code", "")):
        LOG.info("the provider signed nobody in: %.60r", parameters.get("error", ""))
        return refused("You were not signed in", "The provider was asked, and did not sign you in.")
    try:
        account = await asking(
            lambda: provider.account(started, code, server.root + CALLBACK, parameters.get("iss"))
        )
        person = await ended(
            server,
            started,
            lambda connection: person_of_account(connection, started.issuer, account.subject, account.name),
        )
    except NotOnList as error:
        return refused("You are not on the list", error.message, status=403)
    except TokenError as error:
        LOG.warning("a sign-in by %s was refused: %s", started.issuer, error)
        return refused("You were not signed in", "What the provider said was not good here.")
    except OutsideError as error:
        return _no_answer(provider, error)
    if person is None:
        return not_begun_here()
    response = await come_in(server, request, person, started.target)
    begun.forget(server, response, started)
    return response


async def ended(server: Server, started: Begun, whose: Callable[[Connection], Person]) -> Person | None:
    """End a sign-in in the transaction that says whose it is; None if it was ended before."""
    from grader.serve.identity import begun

    return await server.writing(
        lambda connection: whose(connection) if begun.end(connection, started) else None
    )


def not_begun_here() -> Response:
    """The page for a browser that ends a sign-in that it did not begin, or has ended already."""
    words = "This sign-in was not begun in this browser, took too long, or is used up. Please begin anew."
    return refused("Please sign in again", words, status=400)


def refused(title: str, words: str, status: int = 403) -> Response:
    """Nobody was signed in; the other ways in are named."""
    other = element(
        "p", {}, "Your personal link or a ", element("a", {"href": "/in"}, "code"), " works, too."
    )
    ask = element("p", {}, "If it should have worked, tell your course what stands above.")
    return page(title, element("h1", {}, title), element("p", {}, words), ask, other, status=status)


def _no_answer(provider: Provider, error: GraderError) -> Response:
    LOG.warning("%s: %s", provider.settings.issuer, error)
    return refused(f"{provider.settings.name} does not answer", "Please try again later.", status=503)


ROUTES = (("/oidc/login", login, "GET"), (CALLBACK, callback, "GET"))
