"""Read the files that the gradebook keeps: of submissions, exercises and the course."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Connection, select

from grader.gradebook.tables import (
    ATTEMPTS,
    BLOBS,
    COURSES,
    EXERCISES,
    SUBMISSION_FILES,
    in_parts,
    of_student,
)
from grader.model.submission import AnswerFile, Submission


def submission(connection: Connection, digest: str, student: str) -> Submission:
    """What was submitted, as bytes."""
    rows = connection.execute(
        select(SUBMISSION_FILES.c.name, BLOBS.c.data)
        .join(BLOBS, BLOBS.c.digest == SUBMISSION_FILES.c.blob)
        .where(SUBMISSION_FILES.c.submission == digest)
        .order_by(SUBMISSION_FILES.c.position)
    )
    files = tuple(AnswerFile(row.name, bytes(row.data)) for row in rows)
    return Submission(student=student, files=files, digest=digest)


def submitted(
    connection: Connection, digests: Sequence[str], suffixes: Collection[str]
) -> Iterator[tuple[tuple[str, ...], tuple[AnswerFile, ...]]]:
    """The names of each submission's files, and the contents of those that end in one of some suffixes."""
    of_file = SUBMISSION_FILES.c
    for wanted in in_parts(digests):
        rows = connection.execute(
            select(of_file.submission, of_file.name, of_file.blob)
            .where(of_file.submission.in_(set(wanted)))
            .order_by(of_file.submission, of_file.position)
        )
        files: dict[str, list[tuple[str, str]]] = {}
        for digest, name, blob in rows:
            files.setdefault(digest, []).append((name, blob))
        for digest in wanted:
            own = files.get(digest, [])
            whole = [one for one in own if one[0].endswith(tuple(suffixes))]
            yield tuple(name for name, _ in own), tuple(_file(connection, *one) for one in whole)


def _file(connection: Connection, name: str, blob: str) -> AnswerFile:
    data = connection.execute(select(BLOBS.c.data).where(BLOBS.c.digest == blob)).scalar_one()
    return AnswerFile(name, bytes(data))


def exercise_text(connection: Connection, digest: str) -> bytes | None:
    """The exercise file with this digest; None where the gradebook has none."""
    found = connection.execute(select(EXERCISES.c.text).where(EXERCISES.c.digest == digest)).scalar()
    return None if found is None else bytes(found)


def course_text(connection: Connection) -> str | None:
    """The text of the course file that was kept last; None where there is none."""
    return connection.execute(select(COURSES.c.text).order_by(COURSES.c.id.desc()).limit(1)).scalar()


def file_names(connection: Connection, exercise: str) -> list[str]:
    """Names of all files that were submitted for an exercise, each once."""
    found = (
        select(SUBMISSION_FILES.c.name)
        .join(ATTEMPTS, ATTEMPTS.c.submission == SUBMISSION_FILES.c.submission)
        .distinct()
    )
    return list(connection.execute(of_student(found, ATTEMPTS, exercise, None)).scalars())
