"""Points that a learning platform has not been told yet, and what it said last."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, func, or_, select

from grader.model.text import counted
from grader.reports.html.elements import Child, element
from grader.serve.moments import on_clocks
from grader.serve.tables import PASSBACKS


class UnsentScores(msgspec.Struct, frozen=True):
    """What waits to be told to platforms.

    Args:
        count: How many students' points in an exercise.
        next_at: When one that failed is tried again, in UTC; None where none failed.
        error: What went wrong with it.
    """

    count: int = 0
    next_at: str | None = None
    error: str = ""


def unsent_scores(connection: Connection) -> UnsentScores:
    """What waits now."""
    is_unsent = PASSBACKS.c.wanted.is_not(None) & or_(
        PASSBACKS.c.sent.is_(None), PASSBACKS.c.sent != PASSBACKS.c.wanted
    )
    count = int(connection.execute(select(func.count()).where(is_unsent)).scalar_one())
    failed = select(PASSBACKS.c.next_at, PASSBACKS.c.error).where(is_unsent, PASSBACKS.c.error.is_not(None))
    last = connection.execute(failed.order_by(PASSBACKS.c.next_at.desc()).limit(1)).first()
    return UnsentScores(count) if last is None else UnsentScores(count, last.next_at, last.error)


def told(found: UnsentScores, zone: str) -> Iterator[Child]:
    """It in a line; nothing where nothing waits."""
    if not found.count:
        return
    words = f"{counted(found.count, 'score')} not told to the learning platform yet."
    if not found.error or found.next_at is None:
        yield element("p", {}, words)
        return
    again = f"It is tried again, next at {on_clocks(found.next_at, zone)} ({zone})."
    yield element("p", {"class": "problem"}, f"{words} The last error: {found.error.rstrip('.')}. {again}")
