"""One writer at a time: a second run on the same gradebook is refused, not mixed in."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from sqlalchemy import Engine, text

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
        with _file_lock(f"{engine.url.database}.lock"):
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
def _file_lock(path: str) -> Iterator[None]:
    import fcntl

    # A file of its own: closing any descriptor of the database drops SQLite's own locks (POSIX).
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise GradebookError(IN_USE, HINT, path.removesuffix(".lock")) from None
    try:
        yield
    finally:
        os.close(descriptor)
