"""SQLite file or PostgreSQL server: from a name or URL to an engine, and one writer at a time."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from grader.errors import CannotDo, not_on_windows
from grader.extras import install_command

PRIVATE = 0o600

BUSY_S = 30
"""How long a command waits while another one writes."""

LOOK_AGAIN_S = 0.02
"""Seconds between two tries at what SQLite does not wait for by itself."""

CONNECT_S = 10
"""How long PostgreSQL may take to answer."""

MOST_MORE = 25
"""Connections to PostgreSQL beside the five that stay open: a server's pages ask in as many threads."""

WRITES = "rnngrade_writes"
"""Execution option of connections whose transactions write: there is one at a time."""


class GradebookError(CannotDo):
    """The gradebook cannot be opened, read or written."""


class GradebookInUse(GradebookError):
    """Somebody else writes to it."""


def engine_for(place: str, *, must_exist: bool, only_reads: bool = False) -> Engine:
    """An engine for a gradebook.

    Args:
        place: A file, or a URL such as postgresql://user@host/class.
        must_exist: Refuse a file that is not there instead of making it.
        only_reads: Also open one that cannot be written.

    Raises:
        GradebookError: If it cannot be.
    """
    if "://" not in place:
        return _sqlite(Path(place), must_exist=must_exist, only_reads=only_reads)
    try:
        url = make_url(place)
        if url.get_backend_name() == "sqlite":
            return _sqlite(Path(url.database or ""), must_exist=must_exist, only_reads=only_reads)
        if url.drivername in ("postgresql", "postgres"):
            url = url.set(drivername="postgresql+psycopg")
        if url.get_backend_name() != "postgresql":
            raise GradebookError(
                f"{url.get_backend_name()} cannot hold a gradebook", "give a file or postgresql://...", place
            )
        # A connection that the server closed meanwhile is found out, and another taken, before it is used.
        engine = create_engine(
            url, pool_pre_ping=True, max_overflow=MOST_MORE, connect_args={"connect_timeout": CONNECT_S}
        )
        event.listen(engine, "begin", _begin_on_postgresql)
        return engine
    except ImportError:
        raise GradebookError("PostgreSQL needs psycopg", install_command("postgres")) from None
    except (ArgumentError, NoSuchModuleError) as error:
        raise GradebookError(
            f"no gradebook is there: {error}", "give a file or postgresql://...", place
        ) from None


def _sqlite(path: Path, *, must_exist: bool, only_reads: bool) -> Engine:
    if must_exist and not path.is_file():
        raise GradebookError(
            "there is no such gradebook", "`rnngrade batch` makes one; --gradebook names it", str(path)
        )
    if not path.name:
        raise GradebookError("a gradebook in memory would keep nothing", "give a file")
    if not path.absolute().parent.is_dir():
        raise GradebookError("the folder of the gradebook is not there", where=str(path))
    if not _is_writable(path):
        if not only_reads or not path.is_file():
            raise GradebookError(
                "the gradebook cannot be written", "it or its folder is read-only", str(path)
            )
        return _read_only(path)
    _make_private(path)
    # Not as text: a "?" or "%" in a file's name would mean something there.
    engine = create_engine(
        URL.create("sqlite", database=str(path.absolute())), connect_args={"timeout": BUSY_S}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _make_private(path: Path) -> None:
    """Make a new gradebook for its owner only; what SQLite puts beside it gets the same mode."""
    with contextlib.suppress(OSError):
        os.close(os.open(os.path.realpath(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))


def _is_writable(path: Path) -> bool:
    # SQLite writes its log beside the file.
    return os.access(path.absolute().parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def _read_only(path: Path) -> Engine:
    log = Path(f"{path}-wal")
    # Without a log nothing beside the file matters, and SQLite need not write its shared memory there.
    has_log = log.is_file() and log.stat().st_size > 0
    query = "mode=ro" if has_log else "mode=ro&immutable=1"
    address = f"file:{quote(str(path.absolute()))}?{query}"
    return create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool)


def _prepare(connection: Any, _: Any) -> None:
    # Python's driver would begin a transaction by itself, but not for tables: a first run that is killed
    # half-way would leave half a gradebook.
    connection.isolation_level = None
    cursor = connection.cursor()
    _keep_a_log(cursor)
    # A commit then needs no fsync. After a power cut the last results may be gone, never half there: the next
    # run marks them again. What a person types is written with `synchronous=FULL`.
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _keep_a_log(cursor: sqlite3.Cursor) -> None:
    """Have a database written ahead: where two begin a new one at once, SQLite does not wait but refuses."""
    end = time.monotonic() + BUSY_S
    while True:
        try:
            # On network file systems there is no WAL; SQLite then keeps its older journal by itself.
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(LOOK_AGAIN_S)


def _begin(connection: Connection) -> None:
    # A transaction that reads before it writes must be the writer from its start: SQLite refuses to make it
    # one later if another has written meanwhile.
    kind = "IMMEDIATE" if connection.get_execution_options().get(WRITES) else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {kind}")


def _begin_on_postgresql(connection: Connection) -> None:
    # As on SQLite: what a transaction that writes has read is still so when it writes.
    if connection.get_execution_options().get(WRITES):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_S}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_KEY})")


ADVISORY_KEY = 0x726E6E67
"""Any number that other programs on the server do not use; "rnng"."""

WRITER_KEY = 0x726E6E77
"""Another such number, for a transaction that writes; "rnnw"."""

IN_USE = "another run, or a server, is writing to this gradebook"
HINT = "wait until it has ended"


@contextlib.contextmanager
def sole_writer(engine: Engine) -> Iterator[None]:
    """Hold the gradebook for one run; given back by the system however the process ends.

    Raises:
        GradebookError: If another run has it.
    """
    with _run_lock(engine, is_shared=False):
        yield


@contextlib.contextmanager
def one_of_several_writers(engine: Engine) -> Iterator[None]:
    """Keep away runs that must be alone; others who write one transaction at a time may join.

    Raises:
        GradebookError: If a run has it.
    """
    with _run_lock(engine, is_shared=True):
        yield


@contextlib.contextmanager
def _run_lock(engine: Engine, *, is_shared: bool) -> Iterator[None]:
    if engine.dialect.name == "sqlite":
        with _file_lock(str(engine.url.database), is_shared=is_shared):
            yield
        return
    kind = "_shared" if is_shared else ""
    with engine.connect() as connection:
        # Of the session and not of a transaction: it lasts until this connection closes.
        lock = text(f"SELECT pg_try_advisory_lock{kind}(:key)")
        got = connection.execute(lock, {"key": ADVISORY_KEY}).scalar()
        connection.commit()
        if not got:
            raise GradebookInUse(IN_USE, HINT)
        try:
            yield
        finally:
            # With the connection the lock is gone, too.
            with contextlib.suppress(DBAPIError):
                connection.execute(text(f"SELECT pg_advisory_unlock{kind}(:key)"), {"key": ADVISORY_KEY})
                connection.commit()


@contextlib.contextmanager
def _file_lock(database: str, *, is_shared: bool) -> Iterator[None]:
    """Lock a file beside the real database, and the database itself where it has several names."""
    try:
        import fcntl
    except ModuleNotFoundError:
        raise not_on_windows("a class cannot be marked") from None

    # A symbolic link leads to the same gradebook.
    real = os.path.realpath(database)
    kind = fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX
    mode = stat.S_IMODE(os.stat(real).st_mode)
    beside = _lock_file(f"{real}.lock", database, kind, os.O_CREAT, mode)
    try:
        if os.stat(real).st_nlink == 1:
            yield
            return
        itself = _lock_file(real, database, kind)
        try:
            yield
        finally:
            # Not closed: closing any descriptor of the database drops SQLite's own locks (POSIX).
            fcntl.flock(itself, fcntl.LOCK_UN)
    finally:
        os.close(beside)


def _lock_file(path: str, database: str, kind: int, more: int = 0, mode: int = 0) -> int:
    import fcntl

    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | more, mode)
    except OSError as error:
        raise GradebookError(f"it cannot be locked: {error.strerror}", where=database) from None
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise GradebookInUse(IN_USE, HINT, database) from None
    return descriptor
