"""A regrade on trial, in the database: begun, and marked task by task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, and_, func, insert, select, update

from grader.classroom.regrade import identical, to_mark_anew
from grader.gradebook.kept_files import exercise_text, submission
from grader.gradebook.read_records import stored_attempts
from grader.gradebook.records import StoredAttempt, StoredMark, StoredResult
from grader.gradebook.write_records import keep_exercise, plain
from grader.model.exercise import Exercise
from grader.serve.moments import precise_now, seconds_from_now
from grader.serve.tables import REGRADE_TASKS, REGRADES

LEASE_S = 300.0
"""Seconds for one task; then another server marks it too, and whichever result comes first is kept."""

WAITING, RUNNING, DONE = "waiting", "running", "done"
MARKING, READY, APPLIED, DISCARDED = "marking", "ready", "applied", "discarded"
OPEN = (MARKING, READY)


class NotNow(Exception):
    """Why a regrade cannot be begun, applied or discarded; a sentence for the person who wants it."""


class TrialTask(msgspec.Struct, frozen=True):
    """Identical submissions to be marked once."""

    id: int
    regrade: int
    submission: str
    student: str
    variant: str


class TrialProgress(msgspec.Struct, frozen=True):
    """How many submissions of a regrade are marked, of how many."""

    done: int
    of: int


def begin(
    connection: Connection, exercise: Exercise, question: str, who: str, why: str, *, never_lower: bool
) -> int:
    """Begin to mark all attempts of an exercise anew; the regrade's number.

    Args:
        connection: In a transaction that is on the disk when it ends.
        exercise: As it is now.
        question: The only one whose mark may change; empty for all.
        who: Begins it.
        why: In words.
        never_lower: Whether an attempt that would get fewer points keeps its mark.

    Raises:
        NotNow: If there is nothing to mark, or another regrade of the exercise is not settled.
    """
    there = select(REGRADES.c.id).where(REGRADES.c.exercise == exercise.id, REGRADES.c.state.in_(OPEN))
    if (open_one := connection.execute(there).scalar()) is not None:
        raise NotNow(f"regrade {open_one} of this exercise is to be applied or discarded first")
    attempts = stored_attempts(connection, exercise.id)
    if not attempts:
        raise NotNow("nothing of this exercise is marked yet")
    keep_exercise(connection, exercise, exercise.text)
    row: dict[str, Any] = {"exercise": exercise.id, "question": question, "digest": exercise.digest}
    row |= {"who": who, "why": plain(why), "made_at": precise_now(), "state": MARKING}
    row["never_lower"] = int(never_lower)
    number = int(connection.execute(insert(REGRADES).returning(REGRADES.c.id), row).scalar_one())
    tasks = list(_tasks(connection, exercise, number, attempts))
    if tasks:
        connection.execute(insert(REGRADE_TASKS), tasks)
    _note_ready(connection, number)
    return number


def _tasks(
    connection: Connection, exercise: Exercise, number: int, attempts: Iterable[StoredAttempt]
) -> Iterator[dict[str, Any]]:
    for same in identical(attempts):
        found = submission(connection, same[0].submission, same[0].student)
        chosen = to_mark_anew(same, found, exercise)
        if chosen:
            first = chosen[0]
            row = {"regrade": number, "submission": first.submission, "student": first.student}
            held = msgspec.json.encode([(one.attempt, one.result) for one in chosen]).decode()
            yield {**row, "variant": first.variant, "attempts": held, "state": WAITING, "tries": 0}


def claim(connection: Connection, worker: str) -> TrialTask | None:
    """The next task, from now on this worker's, in a transaction that writes; None where there is none."""
    is_lost = and_(REGRADE_TASKS.c.state == RUNNING, REGRADE_TASKS.c.until < precise_now())
    connection.execute(update(REGRADE_TASKS).where(is_lost).values(state=WAITING, worker=None, until=None))
    found = (
        select(REGRADE_TASKS)
        .join(REGRADES, REGRADES.c.id == REGRADE_TASKS.c.regrade)
        .where(REGRADE_TASKS.c.state == WAITING, REGRADES.c.state == MARKING)
        .order_by(REGRADE_TASKS.c.id)
        .limit(1)
    )
    row = connection.execute(found).first()
    if row is None:
        return None
    until = seconds_from_now(LEASE_S)
    taken = {"state": RUNNING, "worker": worker, "until": until, "tries": row.tries + 1}
    connection.execute(update(REGRADE_TASKS).where(REGRADE_TASKS.c.id == row.id).values(taken))
    return TrialTask(**{name: getattr(row, name) for name in TrialTask.__struct_fields__})


def is_wanted(connection: Connection) -> bool:
    """Whether any regrade is being marked."""
    found = select(REGRADES.c.id).where(REGRADES.c.state == MARKING).limit(1)
    return connection.execute(found).first() is not None


def release(connection: Connection, worker: str) -> None:
    """Give back what a worker has, when it ends."""
    of_worker = and_(REGRADE_TASKS.c.state == RUNNING, REGRADE_TASKS.c.worker == worker)
    connection.execute(update(REGRADE_TASKS).where(of_worker).values(state=WAITING, worker=None, until=None))


def keep(connection: Connection, task: TrialTask, result: StoredResult) -> None:
    """Keep the result of a task, on trial."""
    done = {"state": DONE, "worker": None, "until": None, "result": msgspec.json.encode(result).decode()}
    done["marks"] = msgspec.json.encode(result.marks).decode()
    is_open = (REGRADE_TASKS.c.id == task.id, REGRADE_TASKS.c.state != DONE)
    connection.execute(update(REGRADE_TASKS).where(*is_open).values(done))
    _note_ready(connection, task.regrade)


def _note_ready(connection: Connection, number: int) -> None:
    made = progress(connection, number)
    if made.done == made.of:
        is_it = (REGRADES.c.id == number, REGRADES.c.state == MARKING)
        connection.execute(update(REGRADES).where(*is_it).values(state=READY))


def progress(connection: Connection, number: int) -> TrialProgress:
    """How far a regrade is."""
    counting = select(REGRADE_TASKS.c.state, func.count()).where(REGRADE_TASKS.c.regrade == number)
    found = {row[0]: row[1] for row in connection.execute(counting.group_by(REGRADE_TASKS.c.state))}
    return TrialProgress(found.get(DONE, 0), sum(found.values()))


def find(connection: Connection, number: int) -> Row[Any] | None:
    """A regrade; None where there is none of that number."""
    return connection.execute(select(REGRADES).where(REGRADES.c.id == number)).first()


def every(connection: Connection, exercise: str | None = None) -> list[Row[Any]]:
    """All regrades, newest first."""
    found = select(REGRADES).order_by(REGRADES.c.id.desc())
    return list(
        connection.execute(found if exercise is None else found.where(REGRADES.c.exercise == exercise))
    )


def text_of(connection: Connection, number: int) -> tuple[str, str, bytes] | None:
    """The exercise that a regrade marks with: id, digest, file."""
    row = find(connection, number)
    text = None if row is None else exercise_text(connection, row.digest)
    return None if row is None or text is None else (row.exercise, row.digest, text)


class Trial(msgspec.Struct, frozen=True):
    """What a regrade found out about one attempt.

    Args:
        held: The result that the attempt had when the regrade began.
        marks: Of marking it anew.
    """

    held: int
    marks: tuple[StoredMark, ...]


def found_so_far(connection: Connection, number: int) -> dict[int, Trial]:
    """What a regrade has found out so far, by attempt."""
    done = select(REGRADE_TASKS.c.attempts, REGRADE_TASKS.c.marks).where(
        REGRADE_TASKS.c.regrade == number, REGRADE_TASKS.c.state == DONE
    )
    trials: dict[int, Trial] = {}
    for row in connection.execute(done):
        marks = msgspec.json.decode(row.marks, type=tuple[StoredMark, ...])
        for attempt, held in msgspec.json.decode(row.attempts, type=list[tuple[int, int]]):
            trials[attempt] = Trial(held, marks)
    return trials
