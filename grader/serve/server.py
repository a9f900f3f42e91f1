"""What the pages of a server share: who asks, the database, the course, and whose turn it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from grader.gradebook.current import ClassStandings
from grader.gradebook.gradebook import Gradebook
from grader.serve import crowd, people
from grader.serve.courses import CourseFolder
from grader.serve.crowd import Rates
from grader.serve.database_access import Access
from grader.serve.guard import CHANGES_NOTHING
from grader.serve.journal import tell
from grader.serve.marking import Marker
from grader.serve.people import Person, Role
from grader.serve.places import Places

T = TypeVar("T")
Page = Callable[["Server", Request], Any]

LARGEST_BODY = 4 * 2**20


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
        self.page_turns = crowd.of_pages()
        self.form_turns = crowd.of_forms()
        self.standings = ClassStandings()
        self.watching: Counter[str] = Counter()
        """How many pages of each person watch a place in the queue."""

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
            turns = self.page_turns
        else:
            turns = self.form_turns
            # The body is read before a turn is taken, so that a slow sender holds none.
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
        if token and (wait_s := self.rates.wait_s(people.digest(token))):
            words = "Too much was asked for at once from where you are signed in."
            raise HTTPException(429, words, {"retry-after": str(wait_s)})
        found = await self.reading(lambda connection: people.signed_in(connection, token)) if token else None
        if found is None:
            raise HTTPException(401)
        tell(request.scope, person=found.id)
        if roles and found.role not in roles:
            raise HTTPException(404)
        return found
