"""The server as an ASGI application: the paths of all its pages.

A page is open to everybody unless it calls `Server.require_person`, which refuses the others.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from grader.serve import health, identity, sign_in, staff, student
from grader.serve.guard import Guard, TooLargePage
from grader.serve.identity.lti.passback import Passback
from grader.serve.journal import RequestLog, tell
from grader.serve.memory import give_back_again_and_again
from grader.serve.regrading.marker import RegradeMarker
from grader.serve.sent_again import LATER, kept_in_page, refused_page
from grader.serve.server import LARGEST_BODY, Page, Server

STATIC = Path(__file__).parent / "static"
GRADER = Path(__file__).parents[1]
HTML = GRADER / "reports" / "html"
SHARED = (
    HTML / "page.css",
    HTML / "font" / "stix_two_math.woff2",
    GRADER / "classroom" / "pages" / "class.css",
)
"""Files that the server's pages load, and that reports have within themselves."""


def application(server: Server) -> Starlette:
    """The application; it marks while it runs."""
    parts = (health, sign_in, identity, student, staff)
    routes = [_route(server, *one) for module in parts for one in module.ROUTES]
    return Starlette(
        routes=[*routes, _route(server, "/static/{name}", _static)],
        middleware=[
            Middleware(RequestLog),
            Middleware(Guard, exempt=identity.FROM_ELSEWHERE),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(server.hosts)),
            Middleware(TooLargePage, most_bytes=LARGEST_BODY),
            Middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_BODY),
        ],
        exception_handlers={
            HTTPException: _refused,
            Exception: _refused,
        },
        lifespan=lambda app: _background(server),
    )


@contextlib.asynccontextmanager
async def _background(server: Server) -> AsyncIterator[None]:
    """What runs beside the pages, begun before the first of them and ended after the last."""
    marker = server.marker
    regrades = RegradeMarker(
        server.book,
        marker.machines,
        marker.n_workers,
        lambda: server.course.exercises,
        is_unsafe_ok=marker.is_unsafe_ok,
    )
    threads = (marker, regrades, Passback(server.book, server.read_course))
    for one in threads:
        one.start()
    giving_back = asyncio.create_task(give_back_again_and_again())
    try:
        yield
    finally:
        giving_back.cancel()
        for one in reversed(threads):
            await run_in_threadpool(one.stop)


def _route(server: Server, path: str, page: Page, *methods: str) -> Route:
    async def endpoint(request: Request) -> Response:
        tell(request.scope, route=path)
        if path in identity.FROM_ELSEWHERE:
            # Nobody typed what another site sends.
            return cast(Response, await page(server, request))
        if path in student.IN_TURN:
            return await kept_in_page(lambda: server.in_turn(page, request), request)
        return await kept_in_page(lambda: page(server, request), request)

    return Route(path, functools.wraps(page)(endpoint), methods=list(methods or ("GET",)))


async def _static(server: Server, request: Request) -> Response:
    name = request.path_params["name"]
    files = {path.name: path for path in STATIC.iterdir()} | {path.name: path for path in SHARED}
    if name not in files:
        raise HTTPException(404)
    return FileResponse(files[name], headers={"cache-control": "max-age=600"})


async def _refused(request: Request, error: Exception) -> Response:
    known = error if isinstance(error, HTTPException) else HTTPException(500)
    answer = refused_page(known)
    again_s = answer.headers.get("retry-after")
    if known.status_code in LATER and again_s and request.method == "GET":
        # Browsers do so with and without scripts.
        answer.headers["refresh"] = again_s
    return answer
