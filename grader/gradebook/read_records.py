"""Read the results that stand and those before them: of all, or of one exercise and some students only."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, Text, cast, func, select

from grader.gradebook.records import (
    INPUTS,
    Fingerprints,
    Override,
    PastResult,
    StoredAttempt,
    StoredMark,
    StoredResult,
)
from grader.gradebook.tables import (
    ATTEMPTS,
    MARKS,
    OVERRIDES,
    RESULTS,
    STAMPS,
    VARIANTS,
    Students,
    of_student,
)

VARIANT = func.coalesce(VARIANTS.c.variant, "").label("variant")


def stored_attempts(
    connection: Connection, exercise: str | None = None, student: Students = None
) -> list[StoredAttempt]:
    """Every attempt with the result that stands, by student, exercise and number."""
    standing = _standing(exercise, student).subquery()
    found = (
        select(
            *(ATTEMPTS.c[name] for name in ("student", "exercise", "number", "submission")),
            *(ATTEMPTS.c[name] for name in ("submitted_at", "is_late", "name", "received_at", "question")),
            *(RESULTS.c[name] for name in ("exercise_digest", "grader_version", "is_undecided", "same_as")),
            VARIANT,
            ATTEMPTS.c.id.label("attempt"),
            RESULTS.c.id.label("result"),
        )
        .join(standing, standing.c.result == RESULTS.c.id)
        .join(ATTEMPTS, ATTEMPTS.c.id == RESULTS.c.attempt)
        .outerjoin(VARIANTS, VARIANTS.c.result == RESULTS.c.id)
    )
    marks = _marks(connection, select(MARKS).join(standing, standing.c.result == MARKS.c.result))
    result = connection.execute(found)
    names = tuple(result.keys())
    attempts = [_attempt(dict(zip(names, row, strict=True)), marks) for row in result.all()]
    # Sorted here and not by the database: PostgreSQL sorts by the server's locale.
    return sorted(attempts, key=lambda one: (one.student, one.exercise, one.number))


def _standing(exercise: str | None = None, student: Students = None) -> Select[Any]:
    """The id of the result that stands for each attempt; of some without reading all others."""
    query = (
        select(func.max(RESULTS.c.id).label("result"))
        .where(RESULTS.c.is_counted == 1)
        .group_by(RESULTS.c.attempt)
    )
    if exercise is None and student is None:
        return query
    return _restricted(query.join(ATTEMPTS, ATTEMPTS.c.id == RESULTS.c.attempt), exercise, student)


def _restricted(query: Select[Any], exercise: str | None, student: Students) -> Select[Any]:
    return of_student(query, ATTEMPTS, exercise, student)


def _marks(connection: Connection, query: Select[Any]) -> dict[int, tuple[StoredMark, ...]]:
    """The marks of each result, in the order of its questions.

    The database puts those of a result into one text: a class has few texts that differ, so that of a hundred
    thousand students a few hundred marks are made, and kept.
    """
    columns = (MARKS.c.position, *(MARKS.c[name] for name in StoredMark.__struct_fields__))
    if connection.dialect.name == "sqlite":
        text: Any = func.json_group_array(func.json_array(*columns))
    else:
        text = cast(func.json_agg(func.json_build_array(*columns)), Text)
    rows = connection.execute(query.with_only_columns(MARKS.c.result, text).group_by(MARKS.c.result))
    return {result: _read_marks(all_of_it) for result, all_of_it in rows.all()}


@functools.lru_cache(maxsize=4096)
def _read_marks(text: str) -> tuple[StoredMark, ...]:
    return tuple(StoredMark(*fields) for _, *fields in sorted(msgspec.json.decode(text)))


def _attempt(fields: dict[str, Any], marks: Mapping[int, tuple[StoredMark, ...]]) -> StoredAttempt:
    is_late = fields["is_late"]
    fields["is_late"] = None if is_late is None else bool(is_late)
    fields["is_undecided"] = bool(fields["is_undecided"])
    return StoredAttempt(**fields, marks=marks.get(fields["result"], ()))


def overrides(
    connection: Connection, exercise: str | None = None, student: Students = None
) -> list[Override]:
    """Every override, oldest first."""
    query = of_student(select(OVERRIDES).order_by(OVERRIDES.c.id), OVERRIDES, exercise, student)
    columns = [OVERRIDES.c[name] for name in Override.__struct_fields__]
    return [Override(**row._mapping) for row in connection.execute(query.with_only_columns(*columns))]


def standing_result(connection: Connection, attempt: int) -> int:
    """The id of the result that stands for an attempt."""
    of_attempt = (RESULTS.c.attempt == attempt, RESULTS.c.is_counted == 1)
    return int(connection.execute(select(func.max(RESULTS.c.id)).where(*of_attempt)).scalar_one())


def past_results(connection: Connection, attempt: int) -> list[PastResult]:
    """Every result of an attempt, oldest first, without its report."""
    columns = [RESULTS.c[name] for name in PastResult.__struct_fields__ if name != "marks"]
    found = select(*columns)
    rows: list[Row[Any]] = list(
        connection.execute(found.where(RESULTS.c.attempt == attempt).order_by(RESULTS.c.id))
    )
    found = select(MARKS).join(RESULTS, RESULTS.c.id == MARKS.c.result).where(RESULTS.c.attempt == attempt)
    marks = _marks(connection, found)
    return [_past_result(row, marks.get(row.id, ())) for row in rows]


def _past_result(row: Row[Any], marks: tuple[StoredMark, ...]) -> PastResult:
    truths = {"is_undecided": bool(row.is_undecided), "is_counted": bool(row.is_counted)}
    return PastResult(**{**row._mapping, **truths, "marks": marks})


def exercise_ids(connection: Connection) -> list[str]:
    """Ids of every exercise that something was submitted for, sorted."""
    return sorted(connection.execute(select(ATTEMPTS.c.exercise).distinct()).scalars())


def student_ids(connection: Connection) -> list[str]:
    """Ids of every student who submitted something, sorted."""
    return sorted(connection.execute(select(ATTEMPTS.c.student).distinct()).scalars())


def latest_results(connection: Connection, exercise: str, student: Students = None) -> list[Row[Any]]:
    """Every attempt of an exercise with the result that stands, in the order they came, without marks."""
    return list(connection.execute(_latest(_standing(exercise, student))))


def latest_stamps(
    connection: Connection, exercise: str, students: Collection[str]
) -> dict[tuple[str, int], bytes]:
    """The stamp of the last attempt under each number, if nothing was marked or kept of it since.

    Returns:
        By student and number in the class folder; empty where the attempt is to be read.
    """
    last = select(func.max(RESULTS.c.id)).where(RESULTS.c.attempt == ATTEMPTS.c.id).scalar_subquery()
    found = (
        select(ATTEMPTS.c.student, ATTEMPTS.c.given_number, STAMPS.c.stamp, STAMPS.c.result == last)
        .outerjoin(STAMPS, STAMPS.c.attempt == ATTEMPTS.c.id)
        .order_by(ATTEMPTS.c.id)
    )
    rows = connection.execute(_restricted(found, exercise, students)).all()
    return {(student, number): bytes(stamp) if is_last else b"" for student, number, stamp, is_last in rows}


def latest_of_submissions(
    connection: Connection, exercise: str, submissions: Collection[str]
) -> Iterator[Row[Any]]:
    """The latest results of all attempts that handed in one of some submissions."""
    is_one = ATTEMPTS.c.submission.in_(submissions)
    yield from connection.execute(_latest(_standing(exercise).where(is_one)))


def _latest(standing: Select[Any]) -> Select[Any]:
    of_attempt = standing.subquery()
    return (
        select(
            *(ATTEMPTS.c[name] for name in ("student", "number", "given_number", "submission")),
            *(RESULTS.c[name] for name in ("exercise_digest", "grader_version", "is_undecided")),
            VARIANT,
            ATTEMPTS.c.id.label("attempt"),
            RESULTS.c.id.label("result"),
        )
        .join(of_attempt, of_attempt.c.result == RESULTS.c.id)
        .join(ATTEMPTS, ATTEMPTS.c.id == RESULTS.c.attempt)
        .outerjoin(VARIANTS, VARIANTS.c.result == RESULTS.c.id)
        .order_by(ATTEMPTS.c.id)
    )


def stored_results(connection: Connection, results: Collection[int]) -> dict[int, StoredResult]:
    """Results as they were kept, all in memory at once."""
    found = select(RESULTS, VARIANT).outerjoin(VARIANTS, VARIANTS.c.result == RESULTS.c.id)
    rows = connection.execute(found.where(RESULTS.c.id.in_(results))).all()
    marks = _marks(connection, select(MARKS).where(MARKS.c.result.in_(results)))
    return {row.id: _stored_result(row, marks.get(row.id, ())) for row in rows}


def _stored_result(row: Row[Any], marks: tuple[StoredMark, ...]) -> StoredResult:
    try:
        fingerprints = msgspec.json.decode(row.fingerprints, type=Fingerprints)
    except (msgspec.MsgspecError, ValueError):
        fingerprints = {}
    inputs = fingerprints.pop(INPUTS, {})
    return StoredResult(
        exercise_digest=row.exercise_digest,
        grader_version=row.grader_version,
        seed=int(row.seed),
        report=row.report,
        marks=marks,
        fingerprints=fingerprints,
        variant=row.variant,
        inputs=inputs,
    )


def next_number(connection: Connection, student: str, exercise: str) -> int:
    """The number of the student's next attempt at an exercise.

    Args:
        connection: In a transaction that writes: nobody else takes the number meanwhile.
        student: Whose attempt.
        exercise: The exercise's id.
    """
    whose = (ATTEMPTS.c.student == student, ATTEMPTS.c.exercise == exercise)
    return int(connection.execute(select(func.max(ATTEMPTS.c.number)).where(*whose)).scalar() or 0) + 1
