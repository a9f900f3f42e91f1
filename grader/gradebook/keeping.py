"""Writing: only ever adds rows."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from grader.gradebook.marked import Kept, Mark, Marked
from grader.gradebook.tables import (
    ATTEMPTS,
    BLOBS,
    COURSES,
    EXERCISES,
    MARKS,
    OVERRIDES,
    RESULTS,
    SUBMISSION_FILES,
    SUBMISSIONS,
)
from grader.model.exercise import Exercise
from grader.model.submission import Submission


def now() -> str:
    """This moment, ISO 8601 in UTC."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def plain(text: str) -> str:
    """A text that every database takes: file names may hold bytes that are no text.

    Args:
        text: Anything.
    """
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")


def keep_exercise(connection: Connection, exercise: Exercise, text: bytes) -> None:
    """Keep the exercise file that results refer to.

    Args:
        connection: In a transaction.
        exercise: What was loaded.
        text: The file's bytes.
    """
    row = {"digest": exercise.digest, "exercise": exercise.id, "text": text, "first_used_at": now()}
    _insert_new(connection, EXERCISES, [row])


class Entry(NamedTuple):
    """One result to keep, with its attempt where that is not kept yet.

    Args:
        marked: The report.
        reason: Why it was marked: "batch" or "regrade".
        attempt: Id of the attempt; None for a new one.
        kept: The new attempt.
        number: Of the new attempt among the student's.
        same_as: The student whose identical hand-in was judged.
        is_counted: False where the result before stays.
    """

    marked: Marked
    reason: str
    attempt: int | None = None
    kept: Kept | None = None
    number: int = 1
    same_as: str | None = None
    is_counted: bool = True


class Ids(NamedTuple):
    """Where an entry went."""

    attempt: int
    result: int


def keep_results(connection: Connection, entries: Sequence[Entry]) -> list[Ids]:
    """Keep results and their attempts, all tables at once; the last result that is counted stands.

    Args:
        connection: In a transaction of the sole writer, which gives the ids.
        entries: What to keep.
    """
    next_attempt, next_result = _last_id(connection, ATTEMPTS) + 1, _last_id(connection, RESULTS) + 1
    ids: list[Ids] = []
    new: list[tuple[int, Entry, Kept]] = []
    for result, entry in enumerate(entries, next_result):
        if entry.kept is not None and entry.attempt is None:
            new.append((next_attempt, entry, entry.kept))
            ids.append(Ids(next_attempt, result))
            next_attempt += 1
        else:
            assert entry.attempt is not None
            ids.append(Ids(entry.attempt, result))
    _keep_submissions(connection, [kept.submission for _, _, kept in new])
    _insert_all(connection, ATTEMPTS, [_attempt_row(*one) for one in new])
    _insert_all(connection, RESULTS, [_result_row(*one) for one in zip(ids, entries, strict=True)])
    marks = [
        {"result": one.result, "position": position, **_fields(mark)}
        for one, entry in zip(ids, entries, strict=True)
        for position, mark in enumerate(entry.marked.marks)
    ]
    _insert_all(connection, MARKS, marks)
    return ids


def _keep_submissions(connection: Connection, submissions: Sequence[Submission]) -> None:
    """Keep the bytes, once however often they are handed in."""
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


def _attempt_row(attempt: int, entry: Entry, kept: Kept) -> dict[str, Any]:
    return {
        "id": attempt,
        "student": plain(kept.student),
        "exercise": kept.exercise,
        "number": entry.number,
        "given_number": kept.number,
        "submission": kept.submission.digest,
        "name": plain(kept.name),
        "of_group": plain(kept.group),
        "submitted_at": kept.submitted_at,
        "is_late": None if kept.is_late is None else int(kept.is_late),
        "left_out": _json([plain(line) for line in kept.submission.left_out]),
        "source": _json([plain(path) for path in kept.source]),
        "received_at": now(),
    }


def _result_row(ids: Ids, entry: Entry) -> dict[str, Any]:
    marked = entry.marked
    return {
        "id": ids.result,
        "attempt": ids.attempt,
        "exercise_digest": marked.exercise_digest,
        "grader_version": marked.grader_version,
        "seed": str(marked.seed),
        "report": marked.report,
        "fingerprints": _json(marked.fingerprints),
        "is_undecided": int(marked.is_undecided),
        "is_counted": int(entry.is_counted),
        "same_as": None if entry.same_as is None else plain(entry.same_as),
        "reason": entry.reason,
        "marked_at": now(),
    }


def _fields(mark: Mark) -> dict[str, str]:
    return {
        "question": mark.question,
        "verdict": mark.verdict,
        "fraction": mark.fraction,
        "points": mark.points,
        "max_points": mark.max_points,
    }


def _last_id(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.max(table.c.id))).scalar() or 0)


def keep_override(connection: Connection, row: dict[str, str | None]) -> None:
    """Keep points that a person gives, or takes back.

    Args:
        connection: In a transaction.
        row: student, exercise, question, points, who and why.
    """
    texts = {name: None if text is None else plain(text) for name, text in row.items()}
    connection.execute(insert(OVERRIDES), {**texts, "made_at": now()})


def keep_course(connection: Connection, text: str) -> None:
    """Keep the course file whose policies stand from now on; one that stands already is not kept twice.

    Args:
        connection: In a transaction.
        text: The file's text.
    """
    last = connection.execute(select(COURSES.c.text).order_by(COURSES.c.id.desc()).limit(1)).scalar()
    if last != text:
        connection.execute(insert(COURSES), {"text": text, "kept_at": now()})


def _insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows whose key is not there yet."""
    if rows:
        is_sqlite = connection.dialect.name == "sqlite"
        statement = (sqlite if is_sqlite else postgresql).insert(table).on_conflict_do_nothing()
        connection.execute(statement, rows)


def _insert_all(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
