"""Write results and what they are of: rows are added, never changed or deleted; only stamps are replaced."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Dialect, Table, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from grader.gradebook.records import INPUTS, Attempt, Override, StoredResult, now
from grader.gradebook.tables import (
    ATTEMPTS,
    BLOBS,
    COURSES,
    EXERCISES,
    MARKS,
    OVERRIDES,
    RESULTS,
    STAMPS,
    SUBMISSION_FILES,
    SUBMISSIONS,
    VARIANTS,
    last_id,
)
from grader.model.exercise import Exercise
from grader.model.submission import Submission


def plain(text: str) -> str:
    """A text that every database takes: file names may hold bytes that are no text."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")


def plain_row(record: msgspec.Struct) -> dict[str, Any]:
    """The fields of a record as columns have them, each text plain."""
    fields = msgspec.structs.asdict(record)
    return {name: plain(value) if isinstance(value, str) else value for name, value in fields.items()}


def keep_exercise(connection: Connection, exercise: Exercise, text: bytes) -> None:
    """Keep the exercise file that results refer to."""
    row = {"digest": exercise.digest, "exercise": exercise.id, "text": text, "first_used_at": now()}
    _insert_new(connection, EXERCISES, [row])


class NewResult(NamedTuple):
    """One result to keep, with its attempt where that is new.

    Args:
        result: The result.
        reason: Why it was marked: "batch", "browser" or "regrade".
        attempt_id: Of the attempt that it is a result of; None where that is new.
        attempt: The new attempt.
        number: Of the new attempt among the student's.
        same_as: The student whose identical submission was judged.
        is_counted: False where the result before stays.
        stamp: By which it is known later that the attempt need not be read again; empty where it is to be.
    """

    result: StoredResult
    reason: str
    attempt_id: int | None = None
    attempt: Attempt | None = None
    number: int = 1
    same_as: str | None = None
    is_counted: bool = True
    stamp: bytes = b""


class RowIds(NamedTuple):
    """The rows of a result and of its attempt."""

    attempt: int
    result: int


def keep_results(connection: Connection, new_results: Sequence[NewResult]) -> list[RowIds]:
    """Keep results and their new attempts; of an attempt the last result with `is_counted` stands.

    Args:
        connection: In a transaction of the sole writer, which gives the ids.
        new_results: What to keep.
    """
    next_attempt, next_result = last_id(connection, ATTEMPTS) + 1, last_id(connection, RESULTS) + 1
    ids: list[RowIds] = []
    attempts: list[tuple[int, int, Attempt]] = []
    for result_id, new in enumerate(new_results, next_result):
        if new.attempt_id is not None:
            ids.append(RowIds(new.attempt_id, result_id))
        else:
            assert new.attempt is not None
            attempts.append((next_attempt, new.number, new.attempt))
            ids.append(RowIds(next_attempt, result_id))
            next_attempt += 1
    _keep_submissions(connection, [attempt.submission for _, _, attempt in attempts])
    _insert_all(connection, ATTEMPTS, [_attempt_row(*one) for one in attempts])
    _insert_all(connection, RESULTS, [_result_row(*one) for one in zip(ids, new_results, strict=True)])
    marks = [
        {"result": one.result, "position": position, **msgspec.structs.asdict(mark)}
        for one, new in zip(ids, new_results, strict=True)
        for position, mark in enumerate(new.result.marks)
    ]
    _insert_all(connection, MARKS, marks)
    variants = [
        {"result": one.result, "variant": new.result.variant}
        for one, new in zip(ids, new_results, strict=True)
        if new.result.variant
    ]
    _insert_all(connection, VARIANTS, variants)
    keep_stamps(
        connection, [(*one, new.stamp) for one, new in zip(ids, new_results, strict=True) if new.stamp]
    )
    return ids


def keep_stamps(connection: Connection, stamps: Sequence[tuple[int, int, bytes]]) -> None:
    """Keep the stamps of attempts, each in place of the attempt's earlier one.

    Args:
        connection: In a transaction.
        stamps: Of each the attempt, its last result, which is decided, and the stamp.
    """
    if stamps:
        is_sqlite = connection.dialect.name == "sqlite"
        statement = (sqlite if is_sqlite else postgresql).insert(STAMPS)
        new = {"result": statement.excluded.result, "stamp": statement.excluded.stamp}
        rows = [{"attempt": attempt, "result": result, "stamp": stamp} for attempt, result, stamp in stamps]
        connection.execute(statement.on_conflict_do_update(index_elements=["attempt"], set_=new), rows)


def keep_submission(connection: Connection, submission: Submission) -> None:
    """Keep the bytes of a submission that is to be marked later."""
    _keep_submissions(connection, [submission])


def _keep_submissions(connection: Connection, submissions: Sequence[Submission]) -> None:
    """Keep the bytes, once however often they are submitted."""
    new = {one.digest: one for one in submissions}
    blobs: dict[str, bytes] = {}
    files = []
    for one in new.values():
        for position, file in enumerate(one.files):
            digest = hashlib.sha256(file.data).hexdigest()
            blobs[digest] = file.data
            row = {"submission": one.digest, "position": position, "name": plain(file.name), "blob": digest}
            files.append(row)
    _insert_new(connection, SUBMISSIONS, [{"digest": digest} for digest in new])
    _insert_new(connection, BLOBS, [{"digest": digest, "data": data} for digest, data in blobs.items()])
    _insert_new(connection, SUBMISSION_FILES, files)


def _attempt_row(attempt_id: int, number: int, attempt: Attempt) -> dict[str, Any]:
    return {
        "id": attempt_id,
        "student": plain(attempt.student),
        "exercise": attempt.exercise,
        "number": number,
        "given_number": attempt.number,
        "submission": attempt.submission.digest,
        "name": plain(attempt.name),
        "of_group": plain(attempt.group),
        "submitted_at": attempt.submitted_at,
        "is_late": None if attempt.is_late is None else int(attempt.is_late),
        "left_out": _json([plain(line) for line in attempt.submission.left_out]),
        "source": _json([plain(path) for path in attempt.source]),
        "received_at": now(),
        "question": attempt.question,
    }


def _result_row(ids: RowIds, new: NewResult) -> dict[str, Any]:
    result = new.result
    return {
        "id": ids.result,
        "attempt": ids.attempt,
        "exercise_digest": result.exercise_digest,
        "grader_version": result.grader_version,
        "seed": str(result.seed),
        "report": result.report,
        "fingerprints": _json(
            {**result.fingerprints, INPUTS: result.inputs} if result.inputs else result.fingerprints
        ),
        "is_undecided": int(result.is_undecided),
        "is_counted": int(new.is_counted),
        "same_as": None if new.same_as is None else plain(new.same_as),
        "reason": new.reason,
        "marked_at": now(),
    }


def keep_override(connection: Connection, override: Override) -> None:
    """Keep points that a person gives, or takes back."""
    connection.execute(insert(OVERRIDES), plain_row(override))


def keep_course(connection: Connection, text: str) -> None:
    """Keep the course file whose policies stand from now on; one that stands already is not kept twice."""
    last = connection.execute(select(COURSES.c.text).order_by(COURSES.c.id.desc()).limit(1)).scalar()
    if last != text:
        connection.execute(insert(COURSES), {"text": text, "kept_at": now()})


def _insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows whose key is not there yet."""
    if rows:
        connection.exec_driver_sql(_insertion(connection.dialect, table, tuple(rows[0]), only_new=True), rows)


def _insert_all(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.exec_driver_sql(_insertion(connection.dialect, table, tuple(rows[0])), rows)


@functools.lru_cache(maxsize=64)
def _insertion(dialect: Dialect, table: Table, columns: tuple[str, ...], only_new: bool = False) -> str:
    """The SQL that inserts rows, each a dictionary: letting SQLAlchemy go through each doubles the time.

    Args:
        dialect: Of the connection.
        table: Where.
        columns: Of which there are values, for each row the same.
        only_new: Leave out rows whose key is there.
    """
    statement = (sqlite if dialect.name == "sqlite" else postgresql).insert(table)
    named = sqlite.dialect(paramstyle="named") if dialect.name == "sqlite" else dialect
    made = statement.on_conflict_do_nothing() if only_new else statement
    return str(made.compile(dialect=named, column_keys=list(columns)))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
