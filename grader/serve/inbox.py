"""What was submitted in a browser: kept before it is acknowledged, given out fairly, settled once.

A hand-in waits, is marked ("running", for as long as its worker's lease lasts), and is done; it is replaced
where its student submitted the same question again before it was begun. Everything stands in the database: a
server that starts goes on where another was killed, and several may work on one database.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from enum import IntEnum
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, func, insert, select, update

from grader.gradebook.write_records import keep_submission, plain
from grader.model.submission import Submission
from grader.serve.moments import precise_now, seconds_from_now
from grader.serve.tables import HAND_INS, TURNS, of_person

LEASE_S = 30.0
"""Seconds for which a hand-in is its server's; one that does not renew them is taken for dead."""

SLOW_S = 900.0
"""How long a student whose code ran out of time waits in the slow lane."""

LONGEST_PRESS = 64

WAITING, RUNNING, DONE, REPLACED = "waiting", "running", "done", "replaced"


class InboxLane(IntEnum):
    """Which hand-ins come first."""

    USUAL = 0
    SLOW = 1


class NewHandIn(msgspec.Struct, frozen=True, kw_only=True):
    """What a student submits.

    Args:
        person: Who.
        exercise: The exercise's id.
        question: The question's id; empty where it is a file for the whole exercise.
        press: Drawn with the form: sent twice, it is one hand-in.
        submission: The bytes to be marked: all that the student has answered so far.
        typed: What stood in the controls, as JSON, to be shown again.
    """

    person: str
    exercise: str
    question: str
    press: str
    submission: Submission
    typed: str = "{}"


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """A hand-in that a worker was given."""

    id: int
    person: str
    exercise: str
    question: str
    submission: str
    received_at: str
    tries: int
    lane: int


def keep(connection: Connection, new: NewHandIn) -> int:
    """Keep a hand-in; its number, which a second press of the same button gets too.

    Args:
        connection: In a transaction that is on the disk when it ends.
        new: What is submitted.
    """
    if (before := hand_in_of_press(connection, new.person, new.press)) is not None:
        return before
    keep_submission(connection, new.submission)
    _replace_waiting(connection, new)
    row = {
        "person": new.person,
        "exercise": new.exercise,
        "question": new.question,
        "press": new.press,
        "submission": new.submission.digest,
        "typed": plain(new.typed),
        "received_at": precise_now(),
        "state": WAITING,
        "lane": lane_of(connection, new.person),
        "tries": 0,
    }
    return int(connection.execute(insert(HAND_INS).returning(HAND_INS.c.id), row).scalar_one())


def hand_in_of_press(connection: Connection, person: str, press: str) -> int | None:
    """The hand-in that an earlier press of the same button became."""
    found = select(HAND_INS.c.id).where(HAND_INS.c.person == person, HAND_INS.c.press == press)
    number: int | None = connection.execute(found).scalar()
    return number


def press_key(drawn: str, *what: str | bytes) -> str:
    """The key of a press: the same form with the same content is one hand-in however often it is sent.

    A browser may show a form again with the key that was drawn for it before: what was typed differently
    since is another hand-in.

    Args:
        drawn: With the form; empty where none came.
        what: All that was sent.
    """
    if not drawn:
        return secrets.token_urlsafe(12)
    whole = hashlib.sha256()
    for one in (drawn[:LONGEST_PRESS], *what):
        data = one if isinstance(one, bytes) else one.encode("utf-8", "replace")
        whole.update(b"%d:" % len(data) + data)
    return whole.hexdigest()[:32]


def _replace_waiting(connection: Connection, new: NewHandIn) -> None:
    """Note which waiting hand-ins a newer one of the question replaces; all of them stay to be read."""
    of_same = update(HAND_INS).where(of_person(HAND_INS, new.person, new.exercise, new.question))
    replaced = {"state": REPLACED, "settled_at": precise_now()}
    connection.execute(of_same.where(HAND_INS.c.state == WAITING).values(replaced))


def lane_of(connection: Connection, person: str) -> InboxLane:
    """In which lane a person's next hand-in waits."""
    until = connection.execute(select(TURNS.c.slow_until).where(TURNS.c.person == person)).scalar()
    return InboxLane.SLOW if until is not None and until > precise_now() else InboxLane.USUAL


def claim(
    connection: Connection, worker: str, exercises: Collection[str], *, is_slow_welcome: bool
) -> Claimed | None:
    """The hand-in that is to be marked next, from now on this worker's; None where there is none.

    Of each student one is marked at a time, and the student who was served longest ago comes first.

    Args:
        connection: In a transaction that writes.
        worker: Who asks.
        exercises: Ids of those that the course has; hand-ins of others wait until theirs is there again.
        is_slow_welcome: Whether one of the slow lane may be given: one worker is kept free of them.
    """
    at = precise_now()
    _release_expired(connection, at)
    row = connection.execute(_next(exercises, is_slow_welcome=is_slow_welcome)).first()
    if row is None:
        return None
    until = seconds_from_now(LEASE_S)
    taken = {"state": RUNNING, "worker": worker, "until": until, "tries": row.tries + 1}
    connection.execute(update(HAND_INS).where(HAND_INS.c.id == row.id).values(taken))
    _note_turn(connection, row.person)
    names = Claimed.__struct_fields__
    fields = {name: getattr(row, name) for name in names}
    return Claimed(**{**fields, "tries": row.tries + 1})


def _next(exercises: Collection[str], *, is_slow_welcome: bool) -> Any:
    running = HAND_INS.alias()
    is_busy = (
        select(running.c.id).where(running.c.state == RUNNING, running.c.person == HAND_INS.c.person).exists()
    )
    found = (
        select(HAND_INS)
        .outerjoin(TURNS, TURNS.c.person == HAND_INS.c.person)
        .where(HAND_INS.c.state == WAITING, ~is_busy, HAND_INS.c.exercise.in_(exercises))
        .order_by(HAND_INS.c.lane, func.coalesce(TURNS.c.served, 0), HAND_INS.c.id)
        .limit(1)
    )
    return found if is_slow_welcome else found.where(HAND_INS.c.lane != InboxLane.SLOW)


def _release_expired(connection: Connection, at: str) -> None:
    is_lost = and_(HAND_INS.c.state == RUNNING, HAND_INS.c.until < at)
    connection.execute(update(HAND_INS).where(is_lost).values(state=WAITING, worker=None, until=None))


def _note_turn(connection: Connection, person: str) -> None:
    served = int(connection.execute(select(func.max(TURNS.c.served))).scalar() or 0) + 1
    if connection.execute(update(TURNS).where(TURNS.c.person == person).values(served=served)).rowcount == 0:
        connection.execute(insert(TURNS), {"person": person, "served": served})


def renew(connection: Connection, worker: str, hand_ins: Collection[int]) -> None:
    """Renew a worker's lease of these hand-ins, but for those that another worker was given meanwhile."""
    of_worker = and_(HAND_INS.c.state == RUNNING, HAND_INS.c.worker == worker, HAND_INS.c.id.in_(hand_ins))
    connection.execute(update(HAND_INS).where(of_worker).values(until=seconds_from_now(LEASE_S)))


def release(connection: Connection, worker: str) -> int:
    """Give back all that a worker has, when it ends or starts anew; how many there were."""
    of_worker = and_(HAND_INS.c.state == RUNNING, HAND_INS.c.worker == worker)
    given = connection.execute(
        update(HAND_INS).where(of_worker).values(state=WAITING, worker=None, until=None)
    )
    return given.rowcount


def is_open(connection: Connection, hand_in: int) -> bool:
    """Whether a result is still wanted: another server may have settled it after a lease ended."""
    return state_of(connection, hand_in) in (RUNNING, WAITING)


def state_of(connection: Connection, hand_in: int) -> str | None:
    """Whether a hand-in waits, is running, done or replaced; None where there is no such one."""
    found = select(HAND_INS.c.state).where(HAND_INS.c.id == hand_in)
    state: str | None = connection.execute(found).scalar()
    return state


def settle(connection: Connection, hand_in: int, attempt: int, *, was_slow: bool) -> None:
    """Note that a hand-in is marked.

    Args:
        connection: In the transaction that keeps its result.
        hand_in: Its number.
        attempt: The gradebook's row for it.
        was_slow: Whether its code ran out of time.

    Raises:
        NoResultFound: If it is settled already: the transaction is to keep nothing.
    """
    done = {"state": DONE, "attempt": attempt, "settled_at": precise_now(), "worker": None, "until": None}
    is_unsettled = and_(HAND_INS.c.id == hand_in, HAND_INS.c.state.in_((RUNNING, WAITING)))
    person = connection.execute(
        update(HAND_INS).where(is_unsettled).values(done).returning(HAND_INS.c.person)
    ).scalar_one()
    if was_slow:
        connection.execute(
            update(TURNS).where(TURNS.c.person == person).values(slow_until=seconds_from_now(SLOW_S))
        )
        # What the person has waiting is likely to be the same.
        is_waiting = and_(HAND_INS.c.person == person, HAND_INS.c.state == WAITING)
        connection.execute(update(HAND_INS).where(is_waiting).values(lane=InboxLane.SLOW))


class Load(msgspec.Struct, frozen=True):
    """How many hand-ins wait and are being marked, in all lanes, and since when the first of them waits."""

    waiting: int
    running: int
    oldest: str | None = None


def load_of(connection: Connection, exercises: Collection[str]) -> Load:
    """How many hand-ins wait and are being marked now.

    Args:
        connection: To the database.
        exercises: Ids of those that the course has: hand-ins of others wait until their exercise is there
            again, and are not counted.
    """
    counting = select(HAND_INS.c.state, func.count(), func.min(HAND_INS.c.received_at))
    is_open = HAND_INS.c.state.in_((WAITING, RUNNING))
    counting = counting.where(is_open, HAND_INS.c.exercise.in_(exercises)).group_by(HAND_INS.c.state)
    found = {row[0]: row for row in connection.execute(counting)}
    nothing = ("", 0, None)
    waiting, running = found.get(WAITING, nothing), found.get(RUNNING, nothing)
    return Load(waiting[1], running[1], waiting[2])
