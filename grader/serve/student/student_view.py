"""All that the page of an exercise shows of its student, read at one moment."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, select

from grader.gradebook.current import current_standings
from grader.gradebook.extensions import policy_of
from grader.gradebook.policy import Allowance, Policy
from grader.gradebook.read_records import stored_attempts
from grader.gradebook.standing import Standing
from grader.model.exercise import Exercise
from grader.serve.drafts import SavedDraft, drafts, newest_drafts, typed_questions
from grader.serve.server import Server
from grader.serve.student.hints import HintsOf, hints_of
from grader.serve.student.rules import allowed_each
from grader.serve.tables import HAND_INS, of_person

MOST_LISTED = 200


class StudentView(msgspec.Struct, frozen=True):
    """All that the page of an exercise shows of a student, read at one moment.

    Args:
        policy: With all extensions.
        hand_ins: Newest first.
        drafts: By question.
        newest: The number of the last that was saved, by question.
        standing: What counts; None before the first is marked.
        typed: Questions for which something was saved or submitted.
        allowed: By question; "" for a file for the whole exercise.
        hints: By question.
    """

    policy: Policy
    hand_ins: list[Any]
    drafts: dict[str, SavedDraft]
    newest: dict[str, int]
    typed: frozenset[str]
    standing: Standing | None
    allowed: dict[str, Allowance]
    hints: dict[str, HintsOf]


def student_view(connection: Connection, server: Server, person: str, exercise: Exercise) -> StudentView:
    """All that the page of an exercise shows of a student, read now."""
    course = server.course.course
    of_student = select(HAND_INS).where(of_person(HAND_INS, person, exercise.id))
    names = ["", *(question.id for question in exercise.questions)]
    policy = policy_of(connection, course, person, exercise.id)
    attempts = stored_attempts(connection, exercise.id, person)
    standings = current_standings(connection, course, exercise.id, person, [], attempts)
    return StudentView(
        policy=policy,
        hand_ins=list(connection.execute(of_student.order_by(HAND_INS.c.id.desc()).limit(MOST_LISTED))),
        drafts=drafts(connection, person, exercise.id),
        newest=newest_drafts(connection, person, exercise.id),
        typed=typed_questions(connection, person, exercise.id),
        standing=next(iter(standings), None),
        allowed=allowed_each(connection, course, person, exercise.id, names, attempts),
        hints=hints_of(connection, exercise, person, policy.hints, attempts),
    )
