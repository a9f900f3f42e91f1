"""A copy of a gradebook in one file, made while others write, and put back in its place."""

from __future__ import annotations

import contextlib
import datetime
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from grader.gradebook.database import BUSY_S, PRIVATE, GradebookError, engine_for, sole_writer
from grader.gradebook.gradebook import HEAD
from grader.model.text import counted

PASSING = frozenset({"alembic_version", "sessions", "claims", "turns"})
"""Tables that hold nothing to be lost: who is signed in, who looks at what, whose turn it is."""

MOST_NAMED = 6


class CopyContents(NamedTuple):
    """What a copy holds.

    Args:
        attempts: How many were marked.
        hand_ins: How many were submitted in a browser; 0 in a gradebook from before there was one.
    """

    attempts: int
    hand_ins: int


def back_up(place: str, copy: Path, *, replaces: bool = False) -> CopyContents:
    """Copy a gradebook as it is at one instant of the call; others may write meanwhile.

    Args:
        place: The gradebook.
        copy: The new file, which is there whole or not at all.
        replaces: Whether one that is there is replaced.

    Raises:
        GradebookError: If it cannot be copied, or is on a server, which has a program for it.
    """
    source = _file(place, "pg_dump --format=custom --file=FILE {url}")
    _require_file(source)
    if copy.exists() and not replaces:
        raise GradebookError("a file is there already", "give another name, or --force", str(copy))
    with _part_of(copy) as part:
        _copy(source, part)
        kept = _checked(part, source)
    return kept


def restore(copy: Path, place: str, *, loses: bool = False) -> Path | None:
    """Put a copy in the place of a gradebook, which is moved aside and kept.

    Everybody signs in anew: who had signed out since the copy was made would be signed in again.

    Args:
        copy: From `back_up`.
        place: Of the gradebook.
        loses: Whether the copy may lack something that the gradebook has.

    Returns:
        Where what was there is now; None where nothing was.

    Raises:
        GradebookError: If the copy cannot be used or lacks something, or the gradebook is in use.
    """
    target = _file(place, "pg_restore --clean --if-exists --dbname={url} FILE")
    _require_file(copy)
    if not target.parent.is_dir():
        raise GradebookError("the folder of the gradebook is not there", where=str(target))
    if not target.exists():
        with _part_of(target) as part:
            _lay_down(copy, part)
        return None
    engine = engine_for(str(target), must_exist=True)
    try:
        # No server has it, and none gets it, until the copy is in its place.
        with sole_writer(engine), _part_of(target) as part:
            _lay_down(copy, part)
            lost = [] if loses else list(_only_in(target, part))
            if lost:
                more = " ..." if len(lost) > MOST_NAMED else ""
                raise GradebookError(
                    f"it has what {copy} has not: {', '.join(lost[:MOST_NAMED])}{more}",
                    "--force puts the copy in its place all the same, and keeps it under another name",
                    str(target),
                )
            return _kept_aside(target)
    finally:
        engine.dispose()


def _lay_down(copy: Path, part: Path) -> None:
    _copy(copy, part)
    _checked(part, copy)
    with contextlib.closing(sqlite3.connect(part)) as connection:
        if _has(connection, "sessions"):
            connection.execute("DELETE FROM sessions")
            connection.commit()


def _kept_aside(target: Path) -> Path:
    """Give a gradebook that nobody writes a second name; its log is first written into the file."""
    with contextlib.closing(sqlite3.connect(target, timeout=BUSY_S)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for ending in ("-wal", "-shm"):
        # Empty now; SQLite would take them for the new file's.
        target.with_name(target.name + ending).unlink(missing_ok=True)
    at = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = target.with_name(f"{target.name}.replaced-{at}")
    try:
        # There is a gradebook at each instant.
        aside.hardlink_to(target)
    except OSError:
        target.rename(aside)
    return aside


def _file(place: str, otherwise: str) -> Path:
    """The file of a gradebook; of one on a server, what to do there."""
    try:
        url = make_url(place) if "://" in place else None
    except ArgumentError as error:
        raise GradebookError(f"no gradebook is there: {error}", where=place) from None
    if url is not None and url.get_backend_name() != "sqlite":
        shown = url.set(drivername="postgresql").render_as_string()
        hint = otherwise.format(url=f"'{shown}'")
        raise GradebookError("PostgreSQL has its own programs for that", hint, shown)
    return Path(os.path.realpath(place if url is None else url.database or ""))


def _require_file(file: Path) -> None:
    if not file.is_file():
        raise GradebookError("there is no such gradebook", where=str(file))


@contextlib.contextmanager
def _part_of(file: Path) -> Iterator[Path]:
    """A file to write to that takes the place of another at the end; removed where something fails."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, PRIVATE)
    except OSError as error:
        raise GradebookError(f"cannot be written: {error.strerror}", where=str(file)) from None
    try:
        yield part
        os.fsync(descriptor)
        part.replace(file)
    finally:
        os.close(descriptor)
        part.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _copy(source: Path, part: Path) -> None:
    try:
        with (
            contextlib.closing(_reading(source)) as there,
            contextlib.closing(sqlite3.connect(part)) as here,
        ):
            # In one step: what others commit meanwhile is not in it, and does not make it begin anew.
            there.backup(here, pages=-1)
            # One file, without a log beside it.
            here.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise GradebookError(f"cannot be copied: {error}", where=str(source)) from None


def _reading(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, timeout=BUSY_S)


def _checked(part: Path, source: Path) -> CopyContents:
    """What the copy holds, once it is known to be whole.

    Raises:
        GradebookError: If it is damaged, no gradebook, or of a later rnngrade.
    """
    with contextlib.closing(sqlite3.connect(part)) as connection:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise GradebookError(f"is damaged: {found}", where=str(source))
        if not (_has(connection, "alembic_version") and _has(connection, "attempts")):
            raise GradebookError("this database is not a gradebook", where=str(source))
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if version > HEAD:
            raise GradebookError("it was written by a later rnngrade", "update rnngrade", str(source))
        tables = ("attempts", "hand_ins")
        return CopyContents(*(_count(connection, table) for table in tables))


def _has(connection: sqlite3.Connection, table: str) -> bool:
    return table in _tables(connection)


def _tables(connection: sqlite3.Connection, schema: str = "main") -> list[str]:
    found = connection.execute(f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table'")
    return sorted(name for (name,) in found if not name.startswith("sqlite_"))


def _count(connection: sqlite3.Connection, table: str) -> int:
    if not _has(connection, table):
        return 0
    return int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])


def _only_in(target: Path, copy: Path) -> Iterator[str]:
    """What a gradebook has and a copy has not, as "3 rows of attempts"."""
    with contextlib.closing(_reading(target)) as connection:
        connection.execute("ATTACH ? AS copy", (f"file:{quote(str(copy))}?mode=ro",))
        in_copy = _tables(connection, "copy")
        for table in _tables(connection):
            if table in PASSING:
                continue
            n_lost = _count(connection, table)
            if table in in_copy:
                columns = _columns(connection, "main", table) & _columns(connection, "copy", table)
                names = ", ".join(f'"{name}"' for name in sorted(columns))
                only = f'SELECT {names} FROM main."{table}" EXCEPT SELECT {names} FROM copy."{table}"'
                n_lost = int(connection.execute(f"SELECT count(*) FROM ({only})").fetchone()[0])
            if n_lost:
                yield f"{counted(n_lost, 'row')} of {table}"


def _columns(connection: sqlite3.Connection, schema: str, table: str) -> set[str]:
    """Those by which rows are told apart: files are, by their digests."""
    rows = connection.execute(f'PRAGMA {schema}.table_info("{table}")')
    return {row[1] for row in rows if row[2] != "BLOB"}
