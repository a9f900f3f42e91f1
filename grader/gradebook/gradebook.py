"""The gradebook: opened, brought up to date, written by one process."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from grader.extras import install_command
from grader.gradebook.database import WRITES, GradebookError, engine_for, one_of_several_writers, sole_writer


class Gradebook:
    """A gradebook that is open.

    Args:
        engine: Where it is.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads."""
        with self.engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: all of it is kept, or nothing."""
        with self.engine.execution_options(**{WRITES: True}).begin() as connection:
            yield connection

    @contextlib.contextmanager
    def writing_durably(self) -> Iterator[Connection]:
        """A transaction that is on the disk when it ends, for what a person has typed."""
        with self.engine.connect().execution_options(**{WRITES: True}) as connection:
            self._pragma(connection, "synchronous=FULL")
            with connection.begin():
                yield connection
            self._pragma(connection, "synchronous=NORMAL")

    def _pragma(self, connection: Connection, setting: str) -> None:
        """Set something of SQLite outside of any transaction; nothing on other databases."""
        if self.engine.dialect.name == "sqlite" and connection.connection.driver_connection is not None:
            connection.connection.driver_connection.execute(f"PRAGMA {setting}")

    @contextlib.contextmanager
    def sole_writer(self) -> Iterator[None]:
        """Hold it for one run.

        Raises:
            GradebookError: If another run has it.
        """
        with sole_writer(self.engine):
            yield

    @contextlib.contextmanager
    def one_of_several_writers(self) -> Iterator[None]:
        """Hold it together with others who write a transaction at a time; no run gets it meanwhile.

        Raises:
            GradebookError: If a run has it.
        """
        with one_of_several_writers(self.engine):
            yield

    def close(self) -> None:
        """Close it; on SQLite, all that is in the log goes into the one file."""
        with self.engine.connect() as connection:
            self._pragma(connection, "wal_checkpoint(TRUNCATE)")
        self.engine.dispose()

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def open_gradebook(place: str | Path, *, must_exist: bool = False, only_reads: bool = False) -> Gradebook:
    """Open a gradebook, and migrate it to the tables of this version.

    Args:
        place: A file, or a URL such as postgresql://user@host/class.
        must_exist: Refuse a file that is not there instead of making it.
        only_reads: Also open one that cannot be written.

    Raises:
        GradebookError: If it cannot be opened.
    """
    engine = engine_for(str(place), must_exist=must_exist, only_reads=only_reads)
    book = Gradebook(engine)
    try:
        with book.reading() as connection:
            is_current = version_of(connection) == HEAD
        if not is_current:
            with book.writing() as connection:
                migrate(connection)
    except DatabaseError as error:
        engine.dispose()
        raise GradebookError(f"cannot be opened: {_reason(error)}", where=str(place)) from None
    except ImportError as error:
        engine.dispose()
        raise GradebookError(f"a package is missing ({error.name})", install_command("instructor")) from None
    except GradebookError:
        engine.dispose()
        raise
    return book


def _reason(error: DatabaseError) -> str:
    return str(error.orig).strip().splitlines()[0]


HEAD = "0007"
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
    """The last migration that was applied to a gradebook; None where none was."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
