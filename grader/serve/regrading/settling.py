"""A regrade is settled: its marks stand from then on, or nothing of it ever does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, update

from grader.classroom.regrade import counts, is_same
from grader.gradebook.kept_reports import reports
from grader.gradebook.reading import stored_attempts
from grader.gradebook.records import StoredAttempt, StoredResult, for_student
from grader.gradebook.writing import NewResult, keep_results, plain
from grader.serve.moments import precise_now
from grader.serve.regrading.one_question import result_with
from grader.serve.regrading.trial import APPLIED, DISCARDED, OPEN, READY, NotNow, find, rules_of
from grader.serve.tables import REGRADE_TASKS, REGRADES


def apply(connection: Connection, number: int, who: str, why: str, changed: str) -> int:
    """Let the results of a regrade stand; of how many attempts.

    Args:
        connection: In a transaction that is on the disk when it ends.
        number: Of the regrade.
        who: Applies it.
        why: In words.
        changed: The table of old and new, to be kept.

    Raises:
        NotNow: If it is not ready, or settled already.
    """
    row = _ready(connection, number)
    standing = {one.attempt: one for one in stored_attempts(connection, row.exercise)}
    tasks = select(REGRADE_TASKS.c.attempts, REGRADE_TASKS.c.result).where(REGRADE_TASKS.c.regrade == number)
    new: list[NewResult] = []
    for task in connection.execute(tasks):
        result = msgspec.json.decode(task.result, type=StoredResult)
        for attempt, held in msgspec.json.decode(task.attempts, type=list[tuple[int, int]]):
            old = standing.get(attempt)
            if old is not None and old.result == held:
                new += _new_result(connection, row, old, result)
    keep_results(connection, new)
    _settle(connection, number, APPLIED, who, why, changed)
    return len(new)


def _new_result(
    connection: Connection, row: Row[Any], old: StoredAttempt, result: StoredResult
) -> Iterator[NewResult]:
    own = for_student(result, old.student)
    if row.question:
        ((_, record),) = reports(connection, [old.result])
        own = result_with(row.question, old, record, own)
    if not is_same(old, own):
        stands = counts(rules_of(row), old, own)
        yield NewResult(own, "regrade", old.attempt, same_as=old.same_as, is_counted=stands)


def discard(connection: Connection, number: int, who: str, why: str) -> None:
    """Let a regrade be; nothing of it ever stood.

    Args:
        connection: In a transaction that is on the disk when it ends.
        number: Of the regrade.
        who: Discards it.
        why: In words.

    Raises:
        NotNow: If it is settled already.
    """
    row = find(connection, number)
    if row is None or row.state not in OPEN:
        raise NotNow("it is settled already")
    _settle(connection, number, DISCARDED, who, why, "")


def _ready(connection: Connection, number: int) -> Row[Any]:
    row = find(connection, number)
    if row is None or row.state not in OPEN:
        raise NotNow("it is settled already")
    if row.state != READY:
        raise NotNow("it is still being marked")
    return row


def _settle(connection: Connection, number: int, state: str, who: str, why: str, changed: str) -> None:
    row = {"state": state, "settled_by": who, "settled_at": precise_now(), "settled_why": plain(why)}
    connection.execute(update(REGRADES).where(REGRADES.c.id == number).values({**row, "changed": changed}))
    # The results are in the gradebook, or wanted by nobody.
    of_regrade = REGRADE_TASKS.c.regrade == number
    connection.execute(update(REGRADE_TASKS).where(of_regrade).values(result=None))
