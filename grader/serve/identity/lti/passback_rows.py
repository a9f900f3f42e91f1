"""Which score each platform has of a student in an exercise, and which is still to be sent: a row each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, Row, Select, and_, func, insert, or_, select, update

from grader.errors import GraderError
from grader.gradebook.course_identity import CoursePlatform
from grader.gradebook.current import changed_since, current_standings, last_rows
from grader.gradebook.standing import Standing
from grader.gradebook.tables import last_id
from grader.serve.courses import CourseFolder
from grader.serve.moments import precise_now, seconds_from_now
from grader.serve.tables import ACTIONS, PASSBACKS

if TYPE_CHECKING:
    from grader.serve.identity.lti.message import Message

MOST_AT_ONCE = 20

LEASE_S = 300.0
"""Seconds for a bundle of scores to be sent; a server that takes longer counts as dead."""

LONGEST_ERROR = 200

KEY = (PASSBACKS.c.issuer, PASSBACKS.c.client_id, PASSBACKS.c.person, PASSBACKS.c.exercise)


def keep_link(
    connection: Connection, platform: CoursePlatform, person: str, exercise: str, message: Message
) -> None:
    """Note where a platform wants the points of a student in an exercise."""
    key = {"issuer": platform.issuer, "client_id": platform.client_id, "person": person, "exercise": exercise}
    where = {"subject": message.subject, "line_item": message.line_item}
    is_it = and_(*(PASSBACKS.c[name] == value for name, value in key.items()))
    there = connection.execute(select(PASSBACKS).where(is_it)).first()
    if there is None:
        row = {**key, **where, "linked_at": precise_now(), "tries": 0}
        connection.execute(insert(PASSBACKS), row)
    elif (there.subject, there.line_item) != (message.subject, message.line_item):
        moved = {**where, "linked_at": precise_now(), "wanted": None, "sent": None, "tries": 0}
        connection.execute(update(PASSBACKS).where(is_it).values(moved))


class SeenUpTo(msgspec.Struct, frozen=True, kw_only=True):
    """How far the database has been read.

    Args:
        last: The last row, by table.
        linked_at: When the last student came from a platform.
        of_all: What may change what counts for everybody: the course file, what staff do.
    """

    last: dict[str, int] = {}
    linked_at: str = ""
    of_all: tuple[str, int] | None = None


def seen_in(connection: Connection, course: CourseFolder) -> SeenUpTo:
    """How far the database is written now."""
    linked = connection.execute(select(func.max(PASSBACKS.c.linked_at))).scalar()
    of_all = (course.course_text, last_id(connection, ACTIONS))
    return SeenUpTo(last=last_rows(connection), linked_at=linked or "", of_all=of_all)


def changed_students(connection: Connection, seen: SeenUpTo) -> set[str]:
    """Students of whom a row was written, or a link kept, since."""
    linked = select(PASSBACKS.c.person).where(PASSBACKS.c.linked_at > seen.linked_at).distinct()
    return changed_since(connection, seen.last) | set(connection.execute(linked).scalars())


Wanted = list[tuple[tuple[str, ...], str]]
"""A score, by the key of the row that it is for."""


def newly_wanted(connection: Connection, course: CourseFolder, people: set[str] | None) -> Wanted:
    """Scores that are not those noted last, of some people or of all."""
    if people is not None and not people:
        return []
    rows = connection.execute(select(PASSBACKS)).all()
    if people is None:
        exercises = sorted({row.exercise for row in rows})
        standings = [
            one for name in exercises for one in current_standings(connection, course.course, name, None, [])
        ]
    else:
        linked = sorted(people & {row.person for row in rows})
        standings = [
            one for name in linked for one in current_standings(connection, course.course, None, name, [])
        ]
    by_place = {(one.student, one.exercise): score_text(one) for one in standings}
    return [
        (tuple(getattr(row, column.name) for column in KEY), by_place[row.person, row.exercise])
        for row in rows
        if by_place.get((row.person, row.exercise), row.wanted) != row.wanted
    ]


def score_text(standing: Standing) -> str:
    """The score of a standing, as JSON; points are never below 0, the maximum never 0."""
    from grader.serve.identity.lti.scores import Score

    score = Score(
        given=max(float(standing.points), 0.0),
        maximum=float(standing.max_points) or 1.0,
        is_final=not standing.is_undecided and not standing.is_pending,
    )
    return msgspec.json.encode(score).decode()


def note_wanted(connection: Connection, key: tuple[str, ...], score: str) -> None:
    """Note a score that is to be sent, at once."""
    now = precise_now()
    new = {"wanted": score, "wanted_at": now, "next_at": now, "tries": 0, "error": None}
    connection.execute(update(PASSBACKS).where(_is_row(key)).values(new))


def _is_row(key: Iterable[str]) -> Any:
    return and_(*(column == value for column, value in zip(KEY, key, strict=True)))


def due(platform: CoursePlatform) -> Select[Any]:
    """The scores that are to be sent to a platform now; some at a time, the longest due first."""
    now = precise_now()
    is_due = and_(
        PASSBACKS.c.issuer == platform.issuer,
        PASSBACKS.c.client_id == platform.client_id,
        PASSBACKS.c.wanted.is_not(None),
        or_(PASSBACKS.c.sent.is_(None), PASSBACKS.c.sent != PASSBACKS.c.wanted),
        PASSBACKS.c.next_at <= now,
        or_(PASSBACKS.c.until.is_(None), PASSBACKS.c.until < now),
    )
    return select(PASSBACKS).where(is_due).order_by(PASSBACKS.c.next_at).limit(MOST_AT_ONCE)


def claim(connection: Connection, platform: CoursePlatform) -> list[Row[Any]]:
    """Scores to be sent now, by this server alone for a while."""
    found = list(connection.execute(due(platform)))
    for row in found:
        is_it = _is_row(getattr(row, column.name) for column in KEY)
        connection.execute(update(PASSBACKS).where(is_it).values(until=seconds_from_now(LEASE_S)))
    return found


def settle(connection: Connection, row: Row[Any], error: GraderError | None, pause_s: float) -> None:
    """Note whether a score was sent; a newer one is still to be sent."""
    is_it = _is_row(getattr(row, column.name) for column in KEY)
    if error is None:
        new: dict[str, Any] = {"sent": row.wanted, "error": None, "tries": 0, "until": None}
        connection.execute(update(PASSBACKS).where(is_it, PASSBACKS.c.line_item == row.line_item).values(new))
        return
    new = {
        "tries": row.tries + 1,
        "next_at": seconds_from_now(pause_s),
        "error": error.message[:LONGEST_ERROR],
    }
    # A platform that has a score of a later time is sent this one again as of now.
    new |= {"wanted_at": precise_now()} if _is_earlier(error) else {}
    of_this = and_(is_it, PASSBACKS.c.wanted_at == row.wanted_at)
    connection.execute(update(PASSBACKS).where(of_this).values(new))
    connection.execute(update(PASSBACKS).where(is_it).values(until=None))


def _is_earlier(error: GraderError) -> bool:
    from grader.serve.identity.lti.scores import ScoreIsEarlier

    return isinstance(error, ScoreIsEarlier)
