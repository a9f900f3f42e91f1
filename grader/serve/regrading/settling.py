"""Settle a regrade: apply its marks or discard them; and what would stand if it were applied.

Where one question alone is marked anew, the others stay as they stood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, update

from grader.classroom.regrade import Rules, counts, is_same
from grader.gradebook.export import rounded
from grader.gradebook.kept_reports import reports
from grader.gradebook.read_records import stored_attempts
from grader.gradebook.records import StoredAttempt, StoredMark, StoredResult, for_student, total
from grader.gradebook.write_records import NewResult, keep_results, plain
from grader.serve.moments import precise_now
from grader.serve.regrading.trial import APPLIED, DISCARDED, OPEN, READY, NotNow, Trial, find
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
    row = _open(connection, number)
    if row.state != READY:
        raise NotNow("it is still being marked")
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
        own = _result_with(row.question, old, record, own)
    if not is_same(old, own):
        stands = counts(_rules_of(row), old, own)
        yield NewResult(own, "regrade", old.attempt, same_as=old.same_as, is_counted=stands)


def as_if_applied(row: Row[Any], old: StoredAttempt, trial: Trial | None) -> StoredAttempt:
    """An attempt as it would stand if a regrade were applied.

    Args:
        row: The regrade.
        old: The attempt as it stands.
        trial: What was found of it; None where it is no part of the regrade.
    """
    if trial is None or trial.held != old.result:
        return old
    marks = marks_with(row.question, old.marks, trial.marks)
    new = StoredResult(exercise_digest=row.digest, grader_version="", seed=0, report="{}", marks=marks)
    if not counts(_rules_of(row), old, new):
        return old
    return msgspec.structs.replace(old, marks=marks, is_undecided=new.is_undecided)


def marks_with(question: str, old: Sequence[StoredMark], new: Sequence[StoredMark]) -> tuple[StoredMark, ...]:
    """The marks with that of one question replaced, for today's questions; all new if none is named.

    Args:
        question: Its id; empty for all.
        old: As they stand.
        new: Of marking the whole anew.
    """
    before = {one.question: one for one in old} if question else {}
    return tuple(one if one.question == question else before.get(one.question, one) for one in new)


def _result_with(
    question: str, old: StoredAttempt, record: Mapping[str, Any], new: StoredResult
) -> StoredResult:
    """The result of marking one question anew, with the old marks of the others."""
    marks = marks_with(question, old.marks, new.marks)
    made = msgspec.json.decode(new.report)
    before = {one["id"]: one for one in record.get("questions", ())}
    made["questions"] = [
        one if one["id"] == question else before.get(one["id"], one) for one in made["questions"]
    ]
    points, most = (total(getattr(one, name) for one in marks) for name in ("points", "max_points"))
    made |= {"points": rounded(points), "max_points": rounded(most)}
    made["fraction"] = rounded(points / most if most else Fraction(1))
    return msgspec.structs.replace(new, marks=marks, report=msgspec.json.encode(made).decode())


def _rules_of(row: Row[Any]) -> Rules:
    """When a new result of a regrade counts."""
    return Rules(never_lower=bool(row.never_lower))


def discard(connection: Connection, number: int, who: str, why: str) -> None:
    """Discard a regrade: none of its marks ever stands.

    Raises:
        NotNow: If it is settled already.
    """
    _open(connection, number)
    _settle(connection, number, DISCARDED, who, why, "")


def _open(connection: Connection, number: int) -> Row[Any]:
    row = find(connection, number)
    if row is None or row.state not in OPEN:
        raise NotNow("it is settled already")
    return row


def _settle(connection: Connection, number: int, state: str, who: str, why: str, changed: str) -> None:
    row = {"state": state, "settled_by": who, "settled_at": precise_now(), "settled_why": plain(why)}
    connection.execute(update(REGRADES).where(REGRADES.c.id == number).values({**row, "changed": changed}))
    # The results are in the gradebook, or wanted by nobody.
    of_regrade = REGRADE_TASKS.c.regrade == number
    connection.execute(update(REGRADE_TASKS).where(of_regrade).values(result=None))
