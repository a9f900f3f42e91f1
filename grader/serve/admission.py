"""Whether a hand-in is taken now or must be sent again later, so that no script or rush fills the queue.

The queue is bounded anyway, as the newest hand-in of a question replaces one that waits. But a student whose
report would take minutes is better told so. Nobody is sent away who could then miss a due time.
"""

from __future__ import annotations

import datetime
import math
import secrets
from typing import Literal

import msgspec
from sqlalchemy import Connection, func, select

from grader.gradebook.policy import Policy
from grader.model.text import counted
from grader.serve.inbox import WAITING, InboxLane, lane_of
from grader.serve.tables import HAND_INS, of_person

MOST_AT_ONCE = 20
"""Hand-ins of one person within the time below, in all exercises."""

WITHIN = datetime.timedelta(minutes=1)

LONGEST_WAIT_S = 120.0
"""How much may wait, in seconds of marking."""

LONGEST_LATER_S = 600.0


class Later(msgspec.Struct, frozen=True):
    """A hand-in that is not taken now.

    Args:
        seconds: After which it is to come back.
        why: "often": the person handed in too many; "busy": too much waits to be marked.
    """

    seconds: int
    why: Literal["often", "busy"]

    @property
    def words(self) -> str:
        """Why, and when to come back."""
        minutes = math.ceil(self.seconds / 60)
        when = counted(self.seconds, "second") if self.seconds < 100 else counted(minutes, "minute")
        if self.why == "often":
            return f"You handed in {MOST_AT_ONCE} times within a minute. Send it again in {when}."
        return f"More was handed in just now than can be marked soon. Send it again in {when}."


def later(
    connection: Connection, person: str, exercise: str, question: str, *, policy: Policy, pace_s: float
) -> Later | None:
    """Whether a hand-in is to come back later; None where it is taken.

    Args:
        connection: In the transaction that would keep it.
        person: Whose it is.
        exercise: Of which exercise.
        question: Its question; empty for a file for the whole exercise, which is always kept: it cannot be
            saved as what was typed can.
        policy: With the times after which it would cost something.
        pace_s: Seconds of marking for each that waits.
    """
    at = datetime.datetime.now(datetime.UTC)
    if found := _too_often(connection, person, at):
        return found
    if not question or lane_of(connection, person) is InboxLane.SLOW:
        # The slow lane waits behind all others anyway.
        return None
    waiting = select(func.count()).where(HAND_INS.c.state == WAITING, HAND_INS.c.lane == InboxLane.USUAL)
    wait_s = int(connection.execute(waiting).scalar_one()) * pace_s
    if wait_s <= LONGEST_WAIT_S or _takes_a_place(connection, person, exercise, question):
        return None
    least = min(max(wait_s - LONGEST_WAIT_S / 2, 30.0), LONGEST_LATER_S)
    # Not all of them at the same moment.
    seconds = int(least) + secrets.randbelow(int(least) // 2 + 1)
    return None if _ends_soon(policy, at, 2 * LONGEST_LATER_S) else Later(seconds, "busy")


def _too_often(connection: Connection, person: str, at: datetime.datetime) -> Later | None:
    """Refuse one too many within a minute; counted in the database, for all servers and over restarts."""
    last = select(HAND_INS.c.received_at).where(HAND_INS.c.person == person).order_by(HAND_INS.c.id.desc())
    received = connection.execute(last.offset(MOST_AT_ONCE - 1).limit(1)).scalar()
    if received is None:
        return None
    left = datetime.datetime.fromisoformat(received) + WITHIN - at
    return Later(math.ceil(left.total_seconds()), "often") if left > datetime.timedelta() else None


def _takes_a_place(connection: Connection, person: str, exercise: str, question: str) -> bool:
    """Whether the hand-in replaces one that waits, so that the queue does not grow."""
    is_it = of_person(HAND_INS, person, exercise, question)
    found = select(HAND_INS.c.id).where(is_it, HAND_INS.c.state == WAITING)
    return connection.execute(found.limit(1)).first() is not None


def _ends_soon(policy: Policy, at: datetime.datetime, seconds: float) -> bool:
    """Whether coming back could be too late."""
    until = at + datetime.timedelta(seconds=seconds)
    return any(end is not None and at <= end <= until for end in (policy.due, policy.cutoff))
