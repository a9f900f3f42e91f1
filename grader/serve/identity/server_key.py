"""The key by which the servers of a database seal what browsers keep for them."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, insert, select

from grader.serve.tables import SERVER_KEYS

NAME = "sign-ins"


def keep_key(connection: Connection) -> None:
    """Draw the key where the database has none yet."""
    if connection.execute(select(SERVER_KEYS.c.value).where(SERVER_KEYS.c.name == NAME)).first() is None:
        connection.execute(insert(SERVER_KEYS), {"name": NAME, "value": secrets.token_urlsafe(32)})


def key_of(connection: Connection) -> str:
    """The key."""
    found = select(SERVER_KEYS.c.value).where(SERVER_KEYS.c.name == NAME)
    return str(connection.execute(found).scalar_one())
