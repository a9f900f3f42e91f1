"""What counts goes back to the platform: looked for after the fact, so that marking never waits for it.

Of each student and exercise that a platform wants points for, a row says what the platform has been told. A
thread compares it with what counts whenever anything that bears on it was written, by whomever: a marking,
points given by hand, a regrade, a hint, the course file. What differs is sent until it is taken, with pauses
that grow.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, func, insert, or_, select, update

from grader.errors import GraderError
from grader.gradebook.course_identity import CoursePlatform
from grader.gradebook.current import current_standings
from grader.gradebook.gradebook import Gradebook
from grader.gradebook.standing import Standing
from grader.gradebook.tables import ATTEMPTS, EXTENSIONS, HAND_MARKS, OVERRIDES, RESULTS, SHOWN_HINTS
from grader.serve.courses import CourseFolder
from grader.serve.moments import precise_now, seconds_from_now
from grader.serve.tables import ACTIONS, PASSBACKS

if TYPE_CHECKING:
    from grader.serve.identity.lti.message import Message
    from grader.serve.identity.lti.scores import Sender

LOG = logging.getLogger("rnngrade.serve.passback")

LOOK_AGAIN_S = 3.0
ALL_AGAIN_S = 600.0
"""Everything is compared so often, whatever seems to have changed."""

ALL_AT_MOST_S = 30.0
"""Between two comparisons of everything, however much staff do."""

MOST_AT_ONCE = 20
LEASE_S = 300.0
"""For a bundle of scores to be sent; a server that has not by then is taken for dead."""

FIRST_PAUSE_S = 30.0
LONGEST_PAUSE_S = 6 * 3600.0
LONGEST_ERROR = 200
OF_ATTEMPTS: tuple[Table, ...] = (RESULTS, HAND_MARKS)
OF_STUDENTS: tuple[Table, ...] = (OVERRIDES, EXTENSIONS, SHOWN_HINTS)
"""Tables of which a new row may change what counts for one student."""

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
    """Up to where the database was looked at.

    Args:
        last: The last row, by table.
        linked_at: When the last student came from a platform.
        of_all: What may change what counts for everybody: the course file, what staff do.
    """

    last: dict[str, int] = {}
    linked_at: str = ""
    of_all: tuple[str, int] | None = None


class Passback:
    """A thread that tells platforms what counts.

    Args:
        book: Where everything is kept.
        course: The course as its folder has it now.
        first_pause_s: How long it waits where a platform did not take something; then twice as long.
    """

    def __init__(
        self,
        book: Gradebook,
        course: Callable[[], CourseFolder],
        first_pause_s: float = FIRST_PAUSE_S,
    ) -> None:
        self.book = book
        self.course = course
        self.first_pause_s = first_pause_s
        self._seen = SeenUpTo()
        self._all_at = -ALL_AGAIN_S
        self._senders: dict[tuple[str, str], Sender] = {}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="passback", daemon=True)

    def start(self) -> None:
        """Begin; where the course has no platform, nothing is done until it has one."""
        self._thread.start()

    def stop(self) -> None:
        """End; what was not sent is sent by the next server."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.wait(LOOK_AGAIN_S):
            try:
                self.look()
            except Exception:
                # The database may be gone for a while; what counts stays in it.
                LOG.exception("points are sent again in %s s", LOOK_AGAIN_S)

    def look(self) -> None:
        """Compare what may have changed, and send what is due."""
        lti = self.course().course.lti
        if lti is None or not lti.platform:
            return
        self._compare()
        for platform in lti.platform:
            self._send_due(platform)

    def _compare(self) -> None:
        course = self.course()
        with self.book.reading() as connection:
            seen, now = _seen_in(connection, course), time.monotonic()
            is_for_all = seen.of_all != self._seen.of_all or now > self._all_at + ALL_AGAIN_S
            if is_for_all and now > self._all_at + ALL_AT_MOST_S:
                people = None
                self._all_at = now
            else:
                seen = msgspec.structs.replace(seen, of_all=self._seen.of_all)
                people = _changed(connection, self._seen) if seen != self._seen else set()
            wanted = _wanted(connection, course, people)
        if wanted:
            with self.book.writing() as connection:
                for key, score in wanted:
                    _want(connection, key, score)
        self._seen = seen

    def _send_due(self, platform: CoursePlatform) -> None:
        with self.book.reading() as connection:
            if connection.execute(_due(platform)).first() is None:
                return
        with self.book.writing() as connection:
            due = _claim(connection, platform)
        failed: GraderError | None = None
        for row in due:
            error = failed or self._sent(platform, row)
            with self.book.writing() as connection:
                _settle(connection, row, error, self._pause_s(row.tries))
            if error is not None and failed is None and not _is_of_one(error):
                # Not each score of a platform that is down waits for it in turn.
                failed = error

    def _sent(self, platform: CoursePlatform, row: Row[Any]) -> GraderError | None:
        """Send one score; what went wrong."""
        from grader.serve.identity.lti.scores import Score, Sender

        name = (platform.issuer, platform.client_id)
        sender = self._senders.get(name)
        if sender is None or sender.platform != platform:
            sender = self._senders[name] = Sender(platform, self.course().folder)
        try:
            score = msgspec.json.decode(row.wanted, type=Score)
            sender.send(row.line_item, row.subject, score, row.wanted_at)
        except GraderError as error:
            LOG.warning("%s was not told a score (%s); tried again later", platform.name, error.message)
            return error
        return None

    def _pause_s(self, tries: int) -> float:
        longest = min(self.first_pause_s * 2.0 ** min(tries, 20), LONGEST_PAUSE_S)
        return longest * random.uniform(0.5, 1.0)


def _is_of_one(error: GraderError) -> bool:
    from grader.serve.identity.lti.scores import Refusal

    return isinstance(error, Refusal)


def _seen_in(connection: Connection, course: CourseFolder) -> SeenUpTo:
    last = {one.name: _last(connection, one) for one in (*OF_ATTEMPTS, *OF_STUDENTS)}
    linked = connection.execute(select(func.max(PASSBACKS.c.linked_at))).scalar()
    return SeenUpTo(
        last=last, linked_at=linked or "", of_all=(course.course_text, _last(connection, ACTIONS))
    )


def _last(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.max(table.c.id))).scalar() or 0)


def _changed(connection: Connection, seen: SeenUpTo) -> set[str]:
    """Students of whom something was written since."""
    found = [
        *(
            select(ATTEMPTS.c.student).join(one, one.c.attempt == ATTEMPTS.c.id).where(_is_new(one, seen))
            for one in OF_ATTEMPTS
        ),
        *(select(one.c.student).where(_is_new(one, seen)) for one in OF_STUDENTS),
        select(PASSBACKS.c.person).where(PASSBACKS.c.linked_at > seen.linked_at),
    ]
    return {student for one in found for student in connection.execute(one.distinct()).scalars()}


def _is_new(table: Table, seen: SeenUpTo) -> ColumnElement[bool]:
    return table.c.id > seen.last.get(table.name, 0)


Wanted = list[tuple[tuple[str, ...], str]]
"""A score, by the key of the row that it is for."""


def _wanted(connection: Connection, course: CourseFolder, people: set[str] | None) -> Wanted:
    """What platforms are to be told that they have not been.

    Args:
        connection: To the database.
        course: The policies.
        people: Of these; None for all.
    """
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
    """What counts, as a platform is told it: never below nothing, nor out of nothing."""
    from grader.serve.identity.lti.scores import Score

    score = Score(
        given=max(float(standing.points), 0.0),
        maximum=float(standing.max_points) or 1.0,
        is_final=not standing.is_undecided and not standing.is_pending,
    )
    return msgspec.json.encode(score).decode()


def _want(connection: Connection, key: tuple[str, ...], score: str) -> None:
    now = precise_now()
    new = {"wanted": score, "wanted_at": now, "next_at": now, "tries": 0, "error": None}
    connection.execute(update(PASSBACKS).where(_is_row(key)).values(new))


def _is_row(key: Iterable[str]) -> Any:
    return and_(*(column == value for column, value in zip(KEY, key, strict=True)))


def _due(platform: CoursePlatform) -> Select[Any]:
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


def _claim(connection: Connection, platform: CoursePlatform) -> list[Row[Any]]:
    """Scores to be sent now, by this server alone for a while."""
    due = list(connection.execute(_due(platform)))
    for row in due:
        is_it = _is_row(getattr(row, column.name) for column in KEY)
        connection.execute(update(PASSBACKS).where(is_it).values(until=seconds_from_now(LEASE_S)))
    return due


def _settle(connection: Connection, row: Row[Any], error: GraderError | None, pause_s: float) -> None:
    """Note what came of sending a score; one that is wanted since is still to be sent."""
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
    # A score of an earlier time than the platform has is told again as of now.
    new |= {"wanted_at": precise_now()} if _is_earlier(error) else {}
    of_this = and_(is_it, PASSBACKS.c.wanted_at == row.wanted_at)
    connection.execute(update(PASSBACKS).where(of_this).values(new))
    connection.execute(update(PASSBACKS).where(is_it).values(until=None))


def _is_earlier(error: GraderError) -> bool:
    from grader.serve.identity.lti.scores import ScoreIsEarlier

    return isinstance(error, ScoreIsEarlier)
