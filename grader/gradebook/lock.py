"""One writer at a time: a second run on the same gradebook is refused, not mixed in."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator

from sqlalchemy import Engine, text

from grader.errors import not_on_windows
from grader.gradebook.opening import GradebookError

ADVISORY_KEY = 0x726E6E67
"""Any number that other programs on the server do not use; "rnng"."""

IN_USE = "another run is writing to this gradebook"
HINT = "wait until it has ended"


@contextlib.contextmanager
def sole_writer(engine: Engine) -> Iterator[None]:
    """Hold the gradebook for one run; given back by the system however the process ends.

    Args:
        engine: The gradebook's.

    Raises:
        GradebookError: If another run has it.
    """
    if engine.dialect.name == "sqlite":
        with _file_lock(str(engine.url.database)):
            yield
        return
    with engine.connect() as connection:
        # Of the session and not of a transaction: it lasts until this connection closes.
        got = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_KEY}).scalar()
        connection.commit()
        if not got:
            raise GradebookError(IN_USE, HINT)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_KEY})
            connection.commit()


@contextlib.contextmanager
def _file_lock(database: str) -> Iterator[None]:
    """Hold a file beside the real database, and the database itself where that has more names than one."""
    try:
        import fcntl
    except ModuleNotFoundError:
        raise not_on_windows("a class cannot be marked") from None

    # A symbolic link leads to the same gradebook.
    real = os.path.realpath(database)
    beside = _locked(f"{real}.lock", database, os.O_CREAT, stat.S_IMODE(os.stat(real).st_mode))
    try:
        if os.stat(real).st_nlink == 1:
            yield
            return
        itself = _locked(real, database)
        try:
            yield
        finally:
            # Not closed: closing any descriptor of the database drops SQLite's own locks (POSIX).
            fcntl.flock(itself, fcntl.LOCK_UN)
    finally:
        os.close(beside)


def _locked(path: str, database: str, more: int = 0, mode: int = 0) -> int:
    import fcntl

    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | more, mode)
    except OSError as error:
        raise GradebookError(f"it cannot be locked: {error.strerror}", where=database) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise GradebookError(IN_USE, HINT, database) from None
    return descriptor
