"""Where a hand-in is in the queue: read at most twice a second, however many look, and told in words."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Collection

import msgspec
from sqlalchemy import Connection, func, select

from grader.model.text import counted
from grader.serve import inbox
from grader.serve.database_access import Access
from grader.serve.tables import HAND_INS, TURNS

FRESH_S = 0.5
"""Seconds for which places that were read are shown."""

SHORTEST_LOOK_S, LONGEST_LOOK_S = 0.5, 10.0
WORTH_TELLING_S = 10.0


class Place(msgspec.Struct, frozen=True):
    """Where a hand-in is.

    Args:
        state: "waiting", "running", "done" or "replaced".
        ahead: How many others are begun before it, as turns are now; 0 once it is begun.
    """

    state: str
    ahead: int = 0


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
            self._ahead = await self._access.reading(lambda connection: ahead_of_each(connection, has))
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


def ahead_of_each(connection: Connection, exercises: Collection[str]) -> dict[int, int]:
    """How many others are begun before each that waits, as turns are now, in the order they are begun.

    Args:
        connection: To the database.
        exercises: Ids of those that the course has: hand-ins of others are not begun.
    """
    found = (
        select(HAND_INS.c.id, HAND_INS.c.person, HAND_INS.c.lane, func.coalesce(TURNS.c.served, 0))
        .outerjoin(TURNS, TURNS.c.person == HAND_INS.c.person)
        .where(HAND_INS.c.state == inbox.WAITING, HAND_INS.c.exercise.in_(exercises))
        .order_by(HAND_INS.c.id)
    )
    rounds: Counter[str] = Counter()
    turns = []
    for id, person, lane, served in connection.execute(found):
        # Who was served comes after all others: the second of a student is begun after the first of each.
        turns.append((lane, rounds[person], served, id))
        rounds[person] += 1
    return {turn[-1]: ahead for ahead, turn in enumerate(sorted(turns))}


def look_again_s(place: Place, pace_s: float) -> float:
    """When a page that waits looks again: the sooner the nearer its turn.

    Args:
        place: Where it is.
        pace_s: Seconds for each that is ahead.
    """
    return min(max(place.ahead * pace_s / 8, SHORTEST_LOOK_S), LONGEST_LOOK_S)


def place_text(place: Place, pace_s: float) -> str:
    """A place in words, with the waiting time where that is long."""
    if place.state == inbox.RUNNING:
        return "It is being marked."
    wait_s = place.ahead * pace_s
    if wait_s < WORTH_TELLING_S:
        return f"{place.ahead} ahead of it."
    minutes = math.ceil(wait_s / 60)
    return f"{place.ahead} ahead of it: about {counted(minutes, 'minute')}."
