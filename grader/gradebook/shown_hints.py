"""A course's record of hints: which were shown to whom, kept once, and whether another may be shown now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, func, insert, select

from grader.gradebook.hint_costs import ShownHint, course_terms, hints_that_count
from grader.gradebook.read_records import stored_attempts
from grader.gradebook.records import StoredAttempt
from grader.gradebook.tables import SHOWN_HINTS, Students, of_student
from grader.gradebook.write_records import plain, plain_row
from grader.model.exercise import Exercise, Question
from grader.model.hints import HintOffer, hint_offer, shown_freely
from grader.model.outcome import Verdict
from grader.specs.hint_policy import HintPolicy

HINT_KEY = 0x726E6E68
"""Any number that other programs on a PostgreSQL server do not use; "rnnh"."""

TRIED = (Verdict.CORRECT, Verdict.PARTIAL, Verdict.INCORRECT, Verdict.PENDING)
"""Verdicts of a question that was read: an attempt at it."""


def shown_hints(
    connection: Connection, exercise: str | None = None, student: Students = None
) -> list[ShownHint]:
    """Everything that was recorded of hints, oldest first."""
    columns = [SHOWN_HINTS.c[name] for name in ShownHint.__struct_fields__]
    found = of_student(select(*columns).order_by(SHOWN_HINTS.c.id), SHOWN_HINTS, exercise, student)
    return [
        ShownHint(**{**row._mapping, "is_withdrawn": bool(row.is_withdrawn)})
        for row in connection.execute(found)
    ]


def keep_shown_hints(connection: Connection, hints: Iterable[ShownHint]) -> list[ShownHint]:
    """Keep that hints were shown, or are taken back; what is recorded already is not kept again.

    Args:
        connection: In a transaction that writes, so that what is read here is still so when it is written.
        hints: What to keep.

    Returns:
        Those that were new. One that was shown before keeps its first cost and time.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(HINT_KEY)))
    kept = []
    for one in hints:
        counted = hints_that_count(shown_hints(connection, one.exercise, plain(one.student)))
        if ((one.question, one.number) in counted) is one.is_withdrawn:
            row = {**plain_row(one), "is_withdrawn": int(one.is_withdrawn)}
            connection.execute(insert(SHOWN_HINTS), row)
            kept.append(one)
    return kept


def course_offer(
    connection: Connection,
    exercise: str,
    question: Question,
    student: str,
    number: int,
    policy: HintPolicy | None = None,
) -> HintOffer:
    """Whether a course may show a student a hint now, and what it costs.

    Args:
        connection: To the gradebook.
        exercise: The exercise's id.
        question: Whose hint.
        student: Who asks.
        number: Which of its hints, from 1.
        policy: The course's, from `Course.policy`.
    """
    counted = hints_that_count(shown_hints(connection, exercise, student))
    shown = {at for of, at in counted if of == question.id}
    tried = attempts_at(stored_attempts(connection, exercise, student), question.id)
    return hint_offer(course_terms(question, policy), number, shown, tried)


def open_hints(
    connection: Connection, exercise: Exercise, student: str, policy: HintPolicy | None
) -> dict[str, int]:
    """How many hints of each question, from the first, a student may see: paid for, earned, or free.

    Args:
        connection: To the gradebook.
        exercise: Whose hints.
        student: Who would be shown them.
        policy: The course's, from `Course.policy`.
    """
    terms = {one.id: course_terms(one, policy) for one in exercise.questions}
    if all(one.is_free for of in terms.values() for one in of):
        return {question: len(of) for question, of in terms.items()}
    counted = hints_that_count(shown_hints(connection, exercise.id, student))
    attempts = stored_attempts(connection, exercise.id, student)
    return {
        question: shown_freely(
            of, {at for one, at in counted if one == question}, attempts_at(attempts, question)
        )
        for question, of in terms.items()
    }


def attempts_at(attempts: Sequence[StoredAttempt], question: str) -> int:
    """How many different answers to a question were handed in and could be read.

    Args:
        attempts: Of one student in one exercise.
        question: The question's id.
    """
    tried = (
        one.submission
        for one in attempts
        if any(mark.question == question and mark.verdict in TRIED for mark in one.marks)
    )
    return len(set(tried))
