"""What was typed and is not submitted yet."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, delete, insert, select

from grader.gradebook.writing import plain
from grader.serve.inbox import precise_now
from grader.serve.tables import DRAFTS


class Draft(msgspec.Struct, frozen=True):
    """What was typed for a question, by control, and when that was saved, ISO 8601 in UTC."""

    typed: dict[str, str]
    saved_at: str


def save_draft(
    connection: Connection, person: str, exercise: str, question: str, typed: dict[str, str]
) -> None:
    """Keep what was typed, in place of what was kept before."""
    drop_draft(connection, person, exercise, question)
    row = {"person": person, "exercise": exercise, "question": question}
    text = plain(msgspec.json.encode(typed).decode())
    connection.execute(insert(DRAFTS), {**row, "typed": text, "saved_at": precise_now()})


def drop_draft(connection: Connection, person: str, exercise: str, question: str) -> None:
    """Forget a draft that was submitted."""
    is_it = (DRAFTS.c.person == person, DRAFTS.c.exercise == exercise, DRAFTS.c.question == question)
    connection.execute(delete(DRAFTS).where(*is_it))


def drafts(connection: Connection, person: str, exercise: str) -> dict[str, Draft]:
    """A student's drafts of an exercise, by question."""
    found = select(DRAFTS).where(DRAFTS.c.person == person, DRAFTS.c.exercise == exercise)
    rows = connection.execute(found)
    return {
        row.question: Draft(msgspec.json.decode(row.typed, type=dict[str, str]), row.saved_at) for row in rows
    }
