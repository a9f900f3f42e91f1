"""How many browsers may be connected, how many requests are worked on at once, and how often one may ask.

A browser keeps several connections open, and one that watches its place in the queue holds one as long as it
waits; pages are answered on the connections that are left. Pages take processor time, and a server that
works on a thousand of them answers none. The first in line is the first to be served; what was typed comes
back in the answer that refuses it (`sent_again`).
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import math
import resource
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncIterator

from starlette.exceptions import HTTPException
from uvicorn.protocols.http.h11_impl import H11Protocol

from grader.model.text import counted

IDLE_S = 150
"""Seconds that an unused connection stays open. The client should be the first to close it: a request that is
under way while the server closes has no answer. Caddy keeps its own for 120 s, nginx for 60."""

SHORT_IDLE_S = 10
"""The same once half of all connections are open; browsers send again what was not taken."""

MOST_CONNECTIONS = 4000
FEWEST_CONNECTIONS = 100
OTHER_FILES = 150
"""Open files of the database, the workers and the log."""

MOST_OF_ONE = 6
"""Places that one person watches at once; a browser opens no more connections to a server."""


@functools.cache
def most_connections() -> int:
    """How many connections the server takes; it asks the system for as many open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        more = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    room = MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else soft - OTHER_FILES
    return min(max(room, FEWEST_CONNECTIONS), MOST_CONNECTIONS)


def most_watching() -> int:
    """How many connections pages that watch may hold; further ones ask again every few seconds."""
    return most_connections() // 2


class Connected(H11Protocol):
    """One connection; the fewer there are, the longer it may stay open unused."""

    def on_response_complete(self) -> None:
        """Begin to count for how long it is unused."""
        is_room = len(self.connections) < most_connections() // 2
        self.timeout_keep_alive = IDLE_S if is_room else SHORT_IDLE_S
        super().on_response_complete()


PAGES_AT_ONCE = 3
"""Pages that are worked on at once: one computes while others wait for the database."""

SENT_AT_ONCE = 8
"""Forms that are worked on at once: they wait for the disk most of the time."""

LONGEST_WAIT_S = 1.0
"""Seconds that a page waits for its turn."""

LONGEST_WAIT_SENT_S = 5.0
"""Seconds that a hand-in waits for its turn: better than having students send it again."""

FIRST_MEAN_S, WEIGHT = 0.02, 0.05
"""How long a turn takes before any was measured, and the weight of each in the mean."""

SOONEST_S, LATEST_S = 5.0, 60.0
"""Seconds after which those who are sent away may come back."""

REMEMBERED_S = 10.0
"""Seconds in which the count of those sent away falls to a third."""

ASKED_PER_S = 10.0
"""Requests a second that a session may make for as long as it likes."""

ASKED_AT_ONCE = 100.0
"""Requests that it may make at once."""

MOST_SESSIONS = 10_000
"""Sessions that are remembered; of more, those that asked longest ago are forgotten."""


class Crowd:
    """Turns of those who ask for the same sort of thing, in the order they came.

    Args:
        at_once: How many are worked on.
        longest_s: How long one may wait for a turn.
        then: What those who are sent away should do, with "{when}" for the time.
    """

    def __init__(self, at_once: int, longest_s: float, then: str) -> None:
        self.at_once = at_once
        self.longest_s = longest_s
        self.then = then
        self._free = asyncio.Semaphore(at_once)
        self._n_waiting = 0
        self._mean_s = FIRST_MEAN_S
        self._sent_away = 0.0
        self._sent_away_at = time.monotonic()

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, and have it.

        Raises:
            HTTPException: 503 where it would come late; at once, so that nobody waits to be told so.
        """
        await self._wait()
        began = time.monotonic()
        try:
            yield
        finally:
            self._mean_s += WEIGHT * (time.monotonic() - began - self._mean_s)
            self._free.release()

    async def _wait(self) -> None:
        if self._free.locked() and (self._n_waiting + 1) * self.pace_s > self.longest_s:
            raise self._later()
        self._n_waiting += 1
        try:
            async with asyncio.timeout(self.longest_s):
                await self._free.acquire()
        except TimeoutError:
            raise self._later() from None
        finally:
            self._n_waiting -= 1

    @property
    def pace_s(self) -> float:
        """After how many seconds one more has a turn, in the mean."""
        return self._mean_s / self.at_once

    def _later(self) -> HTTPException:
        """The more were sent away, the later each is to come back, and not all of them at one moment."""
        now = time.monotonic()
        self._sent_away = 1 + self._sent_away * math.exp((self._sent_away_at - now) / REMEMBERED_S)
        self._sent_away_at = now
        least = min(max(self._sent_away * self.pace_s, SOONEST_S), LATEST_S)
        seconds = int(least) + secrets.randbelow(int(least) // 2 + 1)
        then = self.then.format(when=counted(seconds, "second"))
        words = f"More is asked for just now than can be answered soon. {then}"
        return HTTPException(503, words, {"retry-after": str(seconds)})


def of_pages() -> Crowd:
    """The limit for those who ask for a page; `app` has the page look again by itself."""
    then = "This page looks again by itself in {when}; what you saved or handed in is kept."
    return Crowd(PAGES_AT_ONCE, LONGEST_WAIT_S, then)


def of_forms() -> Crowd:
    """The limit for those who save or hand in."""
    return Crowd(SENT_AT_ONCE, LONGEST_WAIT_SENT_S, "Nothing was changed. Send it again in {when}.")


class Rates:
    """How often each session may ask: one program of a student must not take the pages of the others.

    Each session has a bucket from which every request takes a token, and which fills by itself.
    """

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, session: str, now: float | None = None) -> int:
        """Seconds until a session may ask again; 0 where it may now, which takes a token.

        Args:
            session: Its token.
            now: On a clock that only goes forward.
        """
        now = time.monotonic() if now is None else now
        tokens, at = self._buckets.pop(session, (ASKED_AT_ONCE, now))
        tokens = min(ASKED_AT_ONCE, tokens + ASKED_PER_S * (now - at))
        may = tokens >= 1
        self._buckets[session] = (tokens - 1 if may else tokens, now)
        if len(self._buckets) > MOST_SESSIONS:
            self._buckets.popitem(last=False)
        return 0 if may else math.ceil((1 - tokens) / ASKED_PER_S)
