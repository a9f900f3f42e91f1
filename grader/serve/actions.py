"""What staff did: rows are added, never changed."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from grader.gradebook.write_records import plain
from grader.serve.moments import precise_now
from grader.serve.people import Person
from grader.serve.tables import ACTIONS

MOST_SHOWN = 500


def log_action(connection: Connection, person: Person, action: str, subject: str, detail: str = "") -> None:
    """Note what somebody does, by a kebab-case word, in the transaction that does it."""
    row = {"made_at": precise_now(), "who": person.id, "role": person.role.value, "action": action}
    connection.execute(insert(ACTIONS), {**row, "subject": plain(subject), "detail": plain(detail)})


def last_actions(connection: Connection) -> list[list[str]]:
    """The last actions, newest first, as rows of a table."""
    names = ("made_at", "who", "role", "action", "subject", "detail")
    rows = connection.execute(select(ACTIONS).order_by(ACTIONS.c.id.desc()).limit(MOST_SHOWN))
    return [[str(getattr(row, name))[:200] for name in names] for row in rows]
