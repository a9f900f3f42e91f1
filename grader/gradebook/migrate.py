"""Bringing a gradebook to today's tables when it is opened."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from grader.gradebook.opening import GradebookError

HEAD = "0001"
"""The last migration in `migrations/versions/`; a test holds it."""

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(connection: Connection) -> None:
    """Apply the migrations that the gradebook has not seen; quick where there are none.

    Args:
        connection: In a transaction, which the caller commits.

    Raises:
        GradebookError: If the gradebook is from a later rnngrade, or is no gradebook.
    """
    version = version_of(connection)
    if version == HEAD:
        return
    if version is None and inspect(connection).get_table_names():
        raise GradebookError("this database is not a gradebook", "give another file to --gradebook")
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise GradebookError(
            "this gradebook was written by a later rnngrade", f"update rnngrade; {error}"
        ) from None


def version_of(connection: Connection) -> str | None:
    """The migration that a gradebook is at; None where it has seen none.

    Args:
        connection: To the gradebook.
    """
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
