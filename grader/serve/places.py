"""Where everything that waits is: read at most twice a second, however many look."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection

from sqlalchemy import Connection

from grader.model.text import counted
from grader.serve import inbox
from grader.serve.database_access import Access
from grader.serve.inbox import Place

FRESH_S = 0.5
"""How long what was read is told."""

SHORTEST_LOOK_S, LONGEST_LOOK_S = 0.5, 10.0
WORTH_TELLING_S = 10.0


class Places:
    """The places in the queue of one server.

    Args:
        access: The database.
        exercises: Gives the ids of those that the course has.
    """

    def __init__(self, access: Access, exercises: Callable[[], Collection[str]]) -> None:
        self._access = access
        self._exercises = exercises
        self._ahead: dict[int, int] = {}
        self._read_at = -math.inf

    async def of(self, hand_in: int) -> Place | None:
        """Where a hand-in is; None where there is no such one."""
        now = time.monotonic()
        if now - self._read_at > FRESH_S:
            # Set before it is read: all others look at what was read before meanwhile.
            self._read_at = now
            has = self._exercises()
            self._ahead = await self._access.reading(lambda connection: inbox.places(connection, has))
        ahead = self._ahead.get(hand_in)
        if ahead is not None and ahead > 0:
            return Place(inbox.WAITING, ahead)
        # The next ones change at any moment, and what is new is not among them.
        return await self._access.reading(lambda connection: self._now(connection, hand_in))

    def _now(self, connection: Connection, hand_in: int) -> Place | None:
        state = inbox.state_of(connection, hand_in)
        if state != inbox.WAITING:
            return None if state is None else Place(state)
        # One that is not among them came later, and is behind them.
        return Place(state, self._ahead.get(hand_in, len(self._ahead)))


def look_again_s(place: Place, pace_s: float) -> float:
    """When a page that waits looks again: the sooner the nearer its turn.

    Args:
        place: Where it is.
        pace_s: Seconds for each that is ahead.
    """
    return min(max(place.ahead * pace_s / 8, SHORTEST_LOOK_S), LONGEST_LOOK_S)


def told(place: Place, pace_s: float) -> str:
    """A place in words, with the time that it takes where that is long."""
    if place.state == inbox.RUNNING:
        return "It is being marked."
    wait_s = place.ahead * pace_s
    if wait_s < WORTH_TELLING_S:
        return f"{place.ahead} ahead of it."
    minutes = math.ceil(wait_s / 60)
    return f"{place.ahead} ahead of it: about {counted(minutes, 'minute')}."
