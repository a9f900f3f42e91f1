"""Read the gradebook: the results that stand, and those before them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, Row, Select, Table, func, select

from grader.gradebook import records
from grader.gradebook.records import Override, PastResult, StoredAttempt, StoredMark, StoredResult
from grader.gradebook.tables import (
    ATTEMPTS,
    BLOBS,
    COURSES,
    EXERCISES,
    MARKS,
    OVERRIDES,
    RESULTS,
    SUBMISSION_FILES,
    VARIANTS,
)
from grader.model.outcome import IN_WORDS
from grader.model.submission import AnswerFile, Submission

VARIANT = func.coalesce(VARIANTS.c.variant, "").label("variant")


def stored_attempts(
    connection: Connection, exercise: str | None = None, student: str | None = None
) -> list[StoredAttempt]:
    """Every attempt with the result that stands, by student, exercise and number.

    Args:
        connection: To the gradebook.
        exercise: Of this exercise only.
        student: Of this student only.
    """
    standing = _standing(student).subquery()
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
    rows = connection.execute(_of(found, exercise, student)).all()
    marks = _marks(connection, _of(_marks_of(standing), exercise, student))
    attempts = [_attempt(row, marks.get(row.result, ())) for row in rows]
    # Sorted here and not by the database: PostgreSQL sorts by the server's locale.
    return sorted(attempts, key=lambda one: (one.student, one.exercise, one.number))


def _standing(student: str | None = None) -> Select[Any]:
    """The id of the result that stands for each attempt; of one student without reading all others."""
    found = (
        select(func.max(RESULTS.c.id).label("result"))
        .where(RESULTS.c.is_counted == 1)
        .group_by(RESULTS.c.attempt)
    )
    if student is None:
        return found
    return found.join(ATTEMPTS, ATTEMPTS.c.id == RESULTS.c.attempt).where(ATTEMPTS.c.student == student)


def _marks_of(standing: Any) -> Select[Any]:
    return (
        select(MARKS)
        .join(standing, standing.c.result == MARKS.c.result)
        .join(RESULTS, RESULTS.c.id == MARKS.c.result)
        .join(ATTEMPTS, ATTEMPTS.c.id == RESULTS.c.attempt)
        .order_by(MARKS.c.result, MARKS.c.position)
    )


def _of(found: Select[Any], exercise: str | None, student: str | None) -> Select[Any]:
    return of_student(found, ATTEMPTS, exercise, student)


def of_student(found: Select[Any], table: Table, exercise: str | None, student: str | None) -> Select[Any]:
    """The rows of a table that are of one exercise, of one student, or of both.

    Args:
        found: What is looked for.
        table: With columns `exercise` and `student`.
        exercise: Of this exercise only.
        student: Of this student only.
    """
    if exercise is not None:
        found = found.where(table.c.exercise == exercise)
    return found if student is None else found.where(table.c.student == student)


def _marks(connection: Connection, found: Select[Any]) -> dict[int, tuple[StoredMark, ...]]:
    marks: dict[int, tuple[StoredMark, ...]] = {}
    for row in connection.execute(found):
        mark = StoredMark(row.question, row.verdict, row.fraction, row.points, row.max_points)
        marks[row.result] = (*marks.get(row.result, ()), mark)
    return marks


def _attempt(row: Row[Any], marks: tuple[StoredMark, ...]) -> StoredAttempt:
    fields = dict(row._mapping)
    is_late = None if row.is_late is None else bool(row.is_late)
    return StoredAttempt(
        **{**fields, "is_late": is_late, "is_undecided": bool(row.is_undecided), "marks": marks}
    )


def overrides(
    connection: Connection, exercise: str | None = None, student: str | None = None
) -> list[Override]:
    """Every override, oldest first.

    Args:
        connection: To the gradebook.
        exercise: Of this exercise only.
        student: Of this student only.
    """
    found = of_student(select(OVERRIDES).order_by(OVERRIDES.c.id), OVERRIDES, exercise, student)
    columns = [OVERRIDES.c[name] for name in Override.__struct_fields__]
    return [Override(**row._mapping) for row in connection.execute(found.with_only_columns(*columns))]


def standing_result(connection: Connection, attempt: int) -> int:
    """The id of the result that stands for an attempt."""
    of_attempt = (RESULTS.c.attempt == attempt, RESULTS.c.is_counted == 1)
    return int(connection.execute(select(func.max(RESULTS.c.id)).where(*of_attempt)).scalar_one())


def past_results(connection: Connection, attempt: int) -> list[PastResult]:
    """Every result of an attempt, oldest first, without its report."""
    columns = [RESULTS.c[name] for name in PastResult.__struct_fields__ if name not in ("marks", "variant")]
    found = select(*columns, VARIANT).outerjoin(VARIANTS, VARIANTS.c.result == RESULTS.c.id)
    rows: list[Row[Any]] = list(
        connection.execute(found.where(RESULTS.c.attempt == attempt).order_by(RESULTS.c.id))
    )
    found = select(MARKS).join(RESULTS, RESULTS.c.id == MARKS.c.result).where(RESULTS.c.attempt == attempt)
    marks = _marks(connection, found.order_by(MARKS.c.result, MARKS.c.position))
    return [_past_result(row, marks.get(row.id, ())) for row in rows]


def _past_result(row: Row[Any], marks: tuple[StoredMark, ...]) -> PastResult:
    truths = {"is_undecided": bool(row.is_undecided), "is_counted": bool(row.is_counted)}
    return PastResult(**{**row._mapping, **truths, "marks": marks})


def reports(connection: Connection, results: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The reports of results, one at a time; {} for one that cannot be read."""
    yield from _each(connection, RESULTS.c.report, results)


AT_ONCE = 50
"""Results whose texts are asked for together: asking costs more than reading, and some texts are long."""


def _each(
    connection: Connection, column: Column[Any], results: list[int]
) -> Iterator[tuple[int, dict[str, Any]]]:
    for start in range(0, len(results), AT_ONCE):
        wanted = results[start : start + AT_ONCE]
        rows = connection.execute(select(RESULTS.c.id, column).where(RESULTS.c.id.in_(wanted)))
        texts = {row[0]: row[1] for row in rows}
        for result in wanted:
            yield result, _decoded(texts[result])


def _decoded(text: str) -> dict[str, Any]:
    """A JSON object; {} where it is broken: one bad row must not stop a command for all others."""
    try:
        found = msgspec.json.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def fingerprints(connection: Connection, results: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The fingerprints of each result, by which copies are found."""
    yield from _each(connection, RESULTS.c.fingerprints, results)


def submission(
    connection: Connection, digest: str, student: str, left_out: tuple[str, ...] = ()
) -> Submission:
    """What was submitted, as bytes.

    Args:
        connection: To the gradebook.
        digest: Of the submission.
        student: Whose name it gets.
        left_out: What was left out when it was collected.
    """
    rows = connection.execute(
        select(SUBMISSION_FILES.c.name, BLOBS.c.data)
        .join(BLOBS, BLOBS.c.digest == SUBMISSION_FILES.c.blob)
        .where(SUBMISSION_FILES.c.submission == digest)
        .order_by(SUBMISSION_FILES.c.position)
    )
    files = tuple(AnswerFile(row.name, bytes(row.data)) for row in rows)
    return Submission(student=student, files=files, digest=digest, left_out=left_out)


def exercise_text(connection: Connection, digest: str) -> bytes | None:
    """The exercise file with this digest; None where the gradebook has none."""
    found = connection.execute(select(EXERCISES.c.text).where(EXERCISES.c.digest == digest)).scalar()
    return None if found is None else bytes(found)


def exercise_ids(connection: Connection) -> list[str]:
    """Ids of every exercise that something was submitted for, sorted."""
    return sorted(connection.execute(select(ATTEMPTS.c.exercise).distinct()).scalars())


def student_ids(connection: Connection) -> list[str]:
    """Ids of every student who submitted something, sorted."""
    return sorted(connection.execute(select(ATTEMPTS.c.student).distinct()).scalars())


def course_text(connection: Connection) -> str | None:
    """The text of the course file that was kept last; None where there is none."""
    return connection.execute(select(COURSES.c.text).order_by(COURSES.c.id.desc()).limit(1)).scalar()


def latest_results(connection: Connection, exercise: str) -> list[Row[Any]]:
    """Every attempt of an exercise with the result that stands, in the order they came, without marks."""
    standing = _standing().subquery()
    found = (
        select(
            *(ATTEMPTS.c[name] for name in ("student", "number", "given_number", "submission")),
            *(RESULTS.c[name] for name in ("exercise_digest", "grader_version", "is_undecided")),
            VARIANT,
            ATTEMPTS.c.id.label("attempt"),
            RESULTS.c.id.label("result"),
        )
        .join(standing, standing.c.result == RESULTS.c.id)
        .join(ATTEMPTS, ATTEMPTS.c.id == RESULTS.c.attempt)
        .outerjoin(VARIANTS, VARIANTS.c.result == RESULTS.c.id)
        .order_by(ATTEMPTS.c.id)
    )
    return list(connection.execute(_of(found, exercise, None)))


def stored_result(connection: Connection, result: int) -> StoredResult:
    """A result as it was kept."""
    found = select(RESULTS, VARIANT).outerjoin(VARIANTS, VARIANTS.c.result == RESULTS.c.id)
    row = connection.execute(found.where(RESULTS.c.id == result)).one()
    marks = _marks(connection, select(MARKS).where(MARKS.c.result == result).order_by(MARKS.c.position))
    return StoredResult(
        exercise_digest=row.exercise_digest,
        grader_version=row.grader_version,
        seed=int(row.seed),
        report=row.report,
        marks=marks.get(result, ()),
        fingerprints=msgspec.json.decode(row.fingerprints),
        variant=row.variant,
    )


def staff_messages(connection: Connection, result: int) -> list[str]:
    """What a report tells staff only, each message once."""
    ((_, record),) = reports(connection, [result])
    return list(records.staff_messages(record))


def reasons(connection: Connection, result: int) -> dict[str, str]:
    """What the student wrote in the field `reason` of each question, which is not marked."""
    ((_, record),) = reports(connection, [result])
    return {
        question["id"]: one["message"]
        for question in record.get("questions", ())
        for one in question["feedback"]
        if one.get("code") == IN_WORDS
    }


def file_names(connection: Connection, exercise: str) -> list[str]:
    """Names of all files that were submitted for an exercise, each once."""
    found = (
        select(SUBMISSION_FILES.c.name)
        .join(ATTEMPTS, ATTEMPTS.c.submission == SUBMISSION_FILES.c.submission)
        .distinct()
    )
    return list(connection.execute(_of(found, exercise, None)).scalars())


def next_number(connection: Connection, student: str, exercise: str) -> int:
    """The number of the student's next attempt at an exercise.

    Args:
        connection: In a transaction that writes: nobody else takes the number meanwhile.
        student: Whose attempt.
        exercise: The exercise's id.
    """
    of_student = (ATTEMPTS.c.student == student, ATTEMPTS.c.exercise == exercise)
    return int(connection.execute(select(func.max(ATTEMPTS.c.number)).where(*of_student)).scalar() or 0) + 1
