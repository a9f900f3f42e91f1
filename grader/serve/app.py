"""The server as an ASGI application: the paths of all its pages.

A page is open to everybody unless it calls `Server.require_person`, which refuses the others.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from grader.gradebook.current import ClassStandings
from grader.gradebook.gradebook import Gradebook
from grader.serve import crowd, people
from grader.serve.courses import CourseFolder
from grader.serve.crowd import Rates
from grader.serve.database_access import Access
from grader.serve.guard import CHANGES_NOTHING, Guard, TooLargePage
from grader.serve.journal import RequestLog, tell
from grader.serve.marking import Marker
from grader.serve.memory import give_back_again_and_again
from grader.serve.people import Person, Role
from grader.serve.places import Places
from grader.serve.regrading.marker import RegradeMarker
from grader.serve.sent_again import LATER, kept_in_page, refused_page

T = TypeVar("T")
Page = Callable[["Server", Request], Any]

LARGEST_BODY = 4 * 2**20
STATIC = Path(__file__).parent / "static"
GRADER = Path(__file__).parents[1]
HTML = GRADER / "reports" / "html"
SHARED = (
    HTML / "page.css",
    HTML / "font" / "stix_two_math.woff2",
    GRADER / "classroom" / "pages" / "class.css",
)
"""What pages of the server load that stands in reports themselves."""


@dataclass
class Server:
    """What the pages of a server share.

    Args:
        book: Where everything is kept.
        read_course: The course as its folder has it now.
        marker: Marks what comes in.
        hosts: Names under which the server is asked.
        is_secure: Whether browsers reach it by https.
        root: Its address, for links.
    """

    book: Gradebook
    read_course: Callable[[], CourseFolder]
    marker: Marker
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    is_secure: bool = False
    root: str = ""

    def __post_init__(self) -> None:
        self.access = Access(self.book)
        self.places = Places(self.access, lambda: self.course.exercises)
        self.rates = Rates()
        self.pages = crowd.of_pages()
        self.forms = crowd.of_forms()
        self.standings = ClassStandings()
        self.watching: Counter[str] = Counter()
        """How many pages of each person look at a place in the queue."""

    @property
    def course(self) -> CourseFolder:
        """The course as its folder has it now."""
        return self.read_course()

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; with `__Host-` no other site of the domain can plant one."""
        return "__Host-rnngrade" if self.is_secure else "rnngrade"

    async def reading(self, what: Callable[[Connection], T]) -> T:
        """Read something from the database; see `Access.reading`."""
        return await self.access.reading(what)

    async def writing(self, what: Callable[[Connection], T], *, is_repeatable: bool = False) -> T:
        """Write something, on the disk when this returns; see `Access.writing`."""
        return await self.access.writing(what, is_repeatable=is_repeatable)

    async def in_turn(self, page: Page, request: Request) -> Response:
        """What a page answers when it is its turn.

        Raises:
            HTTPException: 503 if that would come late.
        """
        if request.method in CHANGES_NOTHING:
            turns = self.pages
        else:
            turns = self.forms
            # Before: who sends slowly must not have a turn meanwhile.
            await request.body()
        async with turns.turn():
            return cast(Response, await page(self, request))

    async def require_person(self, request: Request, *roles: Role) -> Person:
        """Who asks; who is not signed in or may not see the page is refused.

        Raises:
            HTTPException: 401 if nobody is signed in; 404 for a page that the person's role may not see, as
                for one that is not there; 429 for a session that asks more often than people do.
        """
        token = request.cookies.get(self.cookie, "")
        if wait_s := self.rates.wait_s(people.digest(token)):
            words = "Too much was asked for at once from where you are signed in."
            raise HTTPException(429, words, {"retry-after": str(wait_s)})
        found = await self.reading(lambda connection: people.signed_in(connection, token)) if token else None
        if found is None:
            raise HTTPException(401)
        tell(request.scope, person=found.id)
        if roles and found.role not in roles:
            raise HTTPException(404)
        return found


def application(server: Server) -> Starlette:
    """The application; it marks while it runs."""
    from grader.serve import health, identity, sign_in, staff, student

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
        lifespan=lambda app: _marking(server),
    )


@contextlib.asynccontextmanager
async def _marking(server: Server) -> AsyncIterator[None]:
    """What runs beside the pages, begun before the first of them and ended after the last."""
    from grader.serve.identity.lti.passback import Passback

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
    from grader.serve import identity, student

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
