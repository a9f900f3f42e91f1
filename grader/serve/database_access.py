"""The database as requests use it: writes one after the other, and again where the connection was lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from grader.gradebook.gradebook import Gradebook

T = TypeVar("T")

GONE = (OperationalError, InterfaceError, PoolTimeout)
"""What is raised while a database is gone or locked, perhaps for a while only."""

LONGEST_S = 20.0
"""How long a request waits for the database to be there again."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 1.0
COME_BACK_S = 30
LOOK = "Look whether it was kept before you do it again."


class Unavailable(HTTPException):
    """The database is gone for longer than a request can wait."""

    def __init__(self, words: str) -> None:
        super().__init__(503, words, {"retry-after": str(COME_BACK_S)})


class Access:
    """A gradebook, asked from the threads of a server.

    Args:
        book: The gradebook.
    """

    def __init__(self, book: Gradebook) -> None:
        self.book = book
        # Writers wait for each other anyway; here they do so in order, and take no connection meanwhile.
        self._writer = ThreadPoolExecutor(1, "writer")

    async def reading(self, what: Callable[[Connection], T]) -> T:
        """Read something.

        Raises:
            Unavailable: If the database is gone.
        """

        def run() -> T:
            with self.book.reading() as connection:
                return what(connection)

        return await _again(lambda: run_in_threadpool(run), lambda: True)

    async def writing(self, what: Callable[[Connection], T], *, is_repeatable: bool = False) -> T:
        """Write something, on the disk when this returns.

        Args:
            what: Writes in one transaction; called again where that was lost before it was complete.
            is_repeatable: Whether it may be done again also where nobody knows if it was kept.

        Raises:
            Unavailable: If the database is gone.
        """
        is_complete = False

        def run() -> T:
            nonlocal is_complete
            is_complete = False
            with self.book.writing_durably() as connection:
                result = what(connection)
                is_complete = True
            return result

        return await _again(
            lambda: asyncio.wrap_future(self._writer.submit(run)), lambda: is_repeatable or not is_complete
        )


async def _again(run: Callable[[], Awaitable[T]], may_repeat: Callable[[], bool]) -> T:
    """Run it, and once more as long as the database is gone and there is time."""
    ends, pause = time.monotonic() + LONGEST_S, FIRST_PAUSE_S
    while True:
        try:
            async with asyncio.timeout(ends - time.monotonic()):
                return await run()
        except GONE as error:
            if not may_repeat():
                raise Unavailable(f"The connection to the database was lost. {LOOK}") from error
            if time.monotonic() + pause > ends:
                raise Unavailable("The course's database does not answer. Nothing was changed.") from error
        except TimeoutError as error:
            raise Unavailable(f"The course's database did not answer in time. {LOOK}") from error
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_S)
