"""What a student has handed in before: by the same press of a button, and last."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from sqlalchemy import Connection, Row, select

from grader.gradebook.kept_files import submission
from grader.model.exercise import Exercise
from grader.model.submission import AnswerFile
from grader.serve.paper import Paper, read_paper
from grader.serve.people import Person
from grader.serve.tables import HAND_INS

LONGEST_PRESS = 64


def press_key(drawn: str, *what: str | bytes) -> str:
    """The key of a press: the same form with the same content is one hand-in however often it is sent.

    A browser may show a form again with the key that was drawn for it before: what was typed differently
    since is another hand-in.

    Args:
        drawn: With the form; empty where none came.
        what: All that was sent.
    """
    if not drawn:
        return secrets.token_urlsafe(12)
    whole = hashlib.sha256()
    for one in (drawn[:LONGEST_PRESS], *what):
        data = one if isinstance(one, bytes) else one.encode("utf-8", "replace")
        whole.update(b"%d:" % len(data) + data)
    return whole.hexdigest()[:32]


def pressed(connection: Connection, person: Person, press: str) -> int | None:
    """The hand-in that an earlier press of the same button became."""
    found = select(HAND_INS.c.id).where(HAND_INS.c.person == person.id, HAND_INS.c.press == press)
    number: int | None = connection.execute(found).scalar()
    return number


def paper_so_far(
    connection: Connection, person: Person, exercise: Exercise
) -> tuple[Paper, tuple[AnswerFile, ...]]:
    """What the student had handed in, and the files among it that were uploaded."""
    last = latest(connection, person.id, exercise.id)
    if last is None:
        return Paper(), ()
    paper = read_paper(last.typed)
    if not paper.uploaded:
        return paper, ()
    files = submission(connection, last.submission, person.id).files
    return paper, tuple(file for file in files if file.name in paper.uploaded)


def latest(connection: Connection, person: str, exercise: str) -> Row[Any] | None:
    """A student's last hand-in of an exercise."""
    of_student = select(HAND_INS).where(HAND_INS.c.person == person, HAND_INS.c.exercise == exercise)
    return connection.execute(of_student.order_by(HAND_INS.c.id.desc()).limit(1)).first()
