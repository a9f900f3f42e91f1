"""Which person of the course an account of a provider or platform belongs to."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, insert, select

from grader.errors import GraderError
from grader.serve.moments import precise_now
from grader.serve.people import Person, find_person
from grader.serve.tables import ACCOUNTS, PEOPLE
from grader.submissions.safe_names import clean_id, id_key

LONGEST_NAME = 500


class NotOnList(GraderError):
    """An account that belongs to nobody in this course; the message is for its owner."""


def person_of_account(
    connection: Connection,
    issuer: str,
    subject: str,
    name: str,
    add: Callable[[str], Person] | None = None,
) -> Person:
    """The person whom an account names; from then on it is that person's only account.

    Args:
        connection: In a transaction that writes.
        issuer: Who knows the account.
        subject: The issuer's own id of it, which never changes hands.
        name: The id on the roster, as the issuer states it; empty where it does not.
        add: Puts somebody new on the list, if no id is like it; None if nobody may be added.

    Raises:
        NotOnList: If it names nobody, or a person who has another account.
    """
    is_it = (ACCOUNTS.c.issuer == issuer, ACCOUNTS.c.subject == subject)
    known = connection.execute(select(ACCOUNTS.c.person).where(*is_it)).scalar()
    if known is not None:
        found = find_person(connection, known)
        if found is None:
            raise NotOnList("You are not on the list of this course any more.")
        return found
    if not name:
        raise NotOnList("What your course goes by is not said of your account.")
    found = person_named(connection, name)
    if found is None and add is not None and not _alike(connection, name):
        found = add(clean_id(name))
    if found is None:
        raise NotOnList(f"{name} is not on the list of this course.")
    is_theirs = (ACCOUNTS.c.issuer == issuer, ACCOUNTS.c.person == found.id)
    if connection.execute(select(ACCOUNTS).where(*is_theirs)).first() is not None:
        raise NotOnList(f"Another account has come in as {name} before.")
    row = {"issuer": issuer, "subject": subject, "person": found.id, "made_at": precise_now()}
    connection.execute(insert(ACCOUNTS), row)
    return found


def person_named(connection: Connection, name: str) -> Person | None:
    """The person of this id, whatever its case and spelling of accents; None if it could be several."""
    exact = find_person(connection, clean_id(name))
    if exact is not None:
        return exact
    found = _alike(connection, name)
    return find_person(connection, found[0]) if len(found) == 1 else None


def _alike(connection: Connection, name: str) -> list[str]:
    """Everybody who was ever on the list under this name, apart from case and spelling."""
    ids = connection.execute(select(PEOPLE.c.id)).scalars()
    return [id for id in ids if id_key(id) == id_key(clean_id(name))]


def text_claim(value: object) -> str:
    """The text of a token's claim; empty if it is no text, or too long."""
    return value.strip() if isinstance(value, str) and len(value) <= LONGEST_NAME else ""
