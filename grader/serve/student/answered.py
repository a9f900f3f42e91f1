"""What the course answered to what a student said is wrong, told of on its pages until it is read."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, or_, select, update

from grader.reports.html.elements import Child, element
from grader.serve.courses import CourseFolder
from grader.serve.frame import button, form, hidden
from grader.serve.moments import precise_now
from grader.serve.tables import COMPLAINTS, HAND_INS

MOST_TOLD = 20


def answered_lines(
    connection: Connection, course: CourseFolder, person: str, exercise: str | None = None
) -> Iterator[Child]:
    """A line for each hand-in of which an answer is not read yet, with a button that leads to it."""
    found = (
        select(HAND_INS.c.id, HAND_INS.c.exercise, HAND_INS.c.question)
        .join(COMPLAINTS, COMPLAINTS.c.hand_in == HAND_INS.c.id)
        .where(HAND_INS.c.person == person, _is_unread())
        .group_by(HAND_INS.c.id)
        .order_by(HAND_INS.c.id)
        .limit(MOST_TOLD)
    )
    if exercise is not None:
        found = found.where(HAND_INS.c.exercise == exercise)
    for row in connection.execute(found):
        of = _named(course, row.exercise, row.question, is_alone=exercise is not None)
        # A press and no link: only what is sent changes anything.
        read = form(
            f"/hand-in/{row.id}/wrong", *hidden({"read": "1"}), button("Read the answer"), kind="plain"
        )
        yield element("p", {"class": "answered"}, f"Your message about {of} was answered. ", read)


def _named(course: CourseFolder, name: str, question: str, *, is_alone: bool) -> str:
    exercise = course.exercises.get(name)
    labels = {one.id: one.label or one.id for one in exercise.questions} if exercise else {}
    asked = f"question {labels.get(question, question)}" if question else "the file that you handed in"
    return asked if is_alone else f"{asked}, {exercise.title if exercise else name},"


def note_read(connection: Connection, hand_in: int) -> None:
    """Note that the student reads the answers of a hand-in; one that comes later is told of again."""
    of_hand_in = update(COMPLAINTS).where(COMPLAINTS.c.hand_in == hand_in, _is_unread())
    connection.execute(of_hand_in.values(seen_at=precise_now()))


def _is_unread() -> ColumnElement[bool]:
    return COMPLAINTS.c.answered_at.is_not(None) & or_(
        COMPLAINTS.c.seen_at.is_(None), COMPLAINTS.c.seen_at < COMPLAINTS.c.answered_at
    )
