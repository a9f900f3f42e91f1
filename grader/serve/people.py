"""Who may come in, and as what: people and roles, links and codes, sessions. Secrets are kept hashed only."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from enum import StrEnum

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from grader.errors import CannotDo
from grader.gradebook.write_records import plain
from grader.model.text import composed
from grader.serve.moments import precise_now, seconds_from_now
from grader.serve.tables import ACCOUNTS, KEYS, PEOPLE, SESSIONS

FIRST_INSTRUCTOR = "staff"
"""The instructor that a new course begins with."""

SESSION_HOURS = 24 * 14
STAFF_LINK_HOURS = 24
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 16
"""79 bits: nobody guesses one however fast."""


class Role(StrEnum):
    """What a person may do; each may do what those before it may, but for handing in."""

    STUDENT = "student"
    ASSISTANT = "assistant"
    INSTRUCTOR = "instructor"


STAFF = (Role.ASSISTANT, Role.INSTRUCTOR)


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may come in."""

    id: str
    name: str
    role: Role

    @property
    def is_staff(self) -> bool:
        """Whether the person marks."""
        return self.role is not Role.STUDENT


def keep_people(connection: Connection, people: Iterable[Person]) -> int:
    """Add people, or change the names and roles of those who are there; how many are new."""
    there = {row.id: row for row in connection.execute(select(PEOPLE))}
    n_new = 0
    for one in people:
        row = {"name": plain(one.name), "role": one.role.value, "is_active": 1}
        id = plain(composed(one.id))
        if id in there:
            connection.execute(update(PEOPLE).where(PEOPLE.c.id == id).values(row))
        else:
            connection.execute(insert(PEOPLE), {"id": id, **row})
            n_new += 1
    return n_new


def remove(connection: Connection, person: str) -> None:
    """Remove somebody: links, codes and sessions end; all that was handed in stays.

    Raises:
        CannotDo: If there is no such person, or the course would be without an instructor.
    """
    if find_person(connection, person) is None:
        raise CannotDo(f"{person!r} is not on the list", "put the person on the roster first")
    _require_another_instructor(connection, person)
    connection.execute(update(PEOPLE).where(PEOPLE.c.id == person).values(is_active=0))
    revoke(connection, person)


def removed(connection: Connection) -> list[Person]:
    """Those who were removed, by id; a class list that is uploaded brings back who is on it."""
    rows = connection.execute(select(PEOPLE).where(PEOPLE.c.is_active == 0).order_by(PEOPLE.c.id))
    return [_person(row) for row in rows]


def _require_another_instructor(connection: Connection, person: str) -> None:
    if [one.id for one in everybody(connection) if one.role is Role.INSTRUCTOR] == [person]:
        raise CannotDo("a course needs an instructor", "make somebody else one first")


def set_role(connection: Connection, person: str, role: Role) -> Role:
    """Give somebody a role, and end the person's sessions; what it was before.

    Raises:
        CannotDo: If there is no such person, or the course would be without an instructor.
    """
    found = find_person(connection, person)
    if found is None:
        raise CannotDo(f"{person!r} is not on the list", "put the person on the roster first")
    if role is not Role.INSTRUCTOR:
        _require_another_instructor(connection, person)
    connection.execute(update(PEOPLE).where(PEOPLE.c.id == person).values(role=role.value))
    connection.execute(delete(SESSIONS).where(SESSIONS.c.person == person))
    return found.role


def everybody(connection: Connection) -> list[Person]:
    """All who may come in, by role and id."""
    rows = connection.execute(select(PEOPLE).where(PEOPLE.c.is_active == 1).order_by(PEOPLE.c.id))
    return sorted((_person(row) for row in rows), key=lambda one: (one.role != Role.STUDENT, one.id))


def find_person(connection: Connection, id: str) -> Person | None:
    """The person of this id who may come in."""
    found = select(PEOPLE).where(PEOPLE.c.id == id, PEOPLE.c.is_active == 1)
    row = connection.execute(found).first()
    return None if row is None else _person(row)


def _person(row: object) -> Person:
    return Person(id=row.id, name=row.name, role=Role(row.role))  # type: ignore[attr-defined]


def new_link(connection: Connection, person: str, hours: float | None = None) -> str:
    """The secret of a new link by which a person signs in, as often as wanted until it is revoked.

    Args:
        connection: In a transaction.
        person: The id.
        hours: After which it is no longer good; None for never.
    """
    secret = secrets.token_urlsafe(32)
    _keep_key(connection, person, secret, "link", hours)
    return secret


def new_code(connection: Connection, person: str) -> str:
    """A code to type where a link cannot be pressed: "7KQM-3ZDP-..."."""
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    _keep_key(connection, person, code, "code", None)
    return "-".join(code[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def _keep_key(connection: Connection, person: str, secret: str, way: str, hours: float | None) -> None:
    if find_person(connection, person) is None:
        raise CannotDo(f"{person!r} is not on the list", "put the person on the roster first")
    until = None if hours is None else seconds_from_now(3600 * hours)
    row = {"digest": digest(secret), "person": person, "way": way, "made_at": precise_now(), "until": until}
    connection.execute(insert(KEYS), row)


def revoke(connection: Connection, person: str) -> int:
    """Make a person's links and codes useless, and end all sessions; how many keys there were.

    Accounts elsewhere are the person's no more, until one of the name comes in again.
    """
    is_theirs = (KEYS.c.person == person, KEYS.c.revoked_at.is_(None))
    revoked = connection.execute(update(KEYS).where(*is_theirs).values(revoked_at=precise_now()))
    connection.execute(delete(SESSIONS).where(SESSIONS.c.person == person))
    connection.execute(delete(ACCOUNTS).where(ACCOUNTS.c.person == person))
    return revoked.rowcount


def owner_of_key(connection: Connection, secret: str) -> Person | None:
    """Whose link or code it is; None where it is nobody's, too old or revoked."""
    row = connection.execute(
        select(KEYS).where(KEYS.c.digest == digest(_as_kept(secret)), KEYS.c.revoked_at.is_(None))
    ).first()
    if row is None or (row.until is not None and row.until < precise_now()):
        return None
    return find_person(connection, row.person)


def _as_kept(secret: str) -> str:
    """A typed code without what makes it readable; a link's secret as it is."""
    typed = secret.replace("-", "").replace(" ", "").upper()
    is_code = len(typed) == CODE_LENGTH and set(typed) <= set(CODE_LETTERS)
    return typed if is_code else secret


def sign_in(connection: Connection, person: Person) -> str:
    """The token of a new session: what was there before is of no use to whoever planted it."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.until < precise_now()))
    token = secrets.token_urlsafe(32)
    row = {
        "digest": digest(token),
        "person": person.id,
        "made_at": precise_now(),
        "until": seconds_from_now(3600 * SESSION_HOURS),
    }
    connection.execute(insert(SESSIONS), row)
    return token


def sign_out(connection: Connection, token: str) -> None:
    """End a session."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.digest == digest(token)))


SIGNED_IN = (
    select(PEOPLE, SESSIONS.c.until)
    .join(SESSIONS, SESSIONS.c.person == PEOPLE.c.id)
    .where(SESSIONS.c.digest == bindparam("digest"), PEOPLE.c.is_active == 1)
)
"""Made once: every request asks it."""


def signed_in(connection: Connection, token: str) -> Person | None:
    """Who is signed in by a session's token."""
    row = connection.execute(SIGNED_IN, {"digest": digest(token)}).first()
    return None if row is None or row.until < precise_now() else _person(row)


def digest(secret: str) -> str:
    """What is kept of a secret; its 79 bits or more need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
