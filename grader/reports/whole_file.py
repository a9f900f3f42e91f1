"""Write a file completely or not at all, so that what was there before is never half lost."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from pathlib import Path

# Windows has O_BINARY, without which it changes line ends.
CLOSED = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
PRIVATE = 0o600
"""The mode of files that hold marks: only their owner may read them."""

# Of a database, and of what is not in it yet. Source: sqlite.org, Database File Format, 1.3 and 4.1.
DATABASE_STARTS = (b"SQLite format 3\0", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
IS_DATABASE = "it is a database, such as a gradebook, which is never written over; name another file"


def write_whole(
    path: Path, data: bytes, *, replaces: bool = True, mode: int | None = None, is_private: bool = False
) -> None:
    """Write a file at once; a disk that is full leaves what was there.

    Args:
        path: Of the file; a link of that name is replaced, not written through.
        data: All of it.
        replaces: Whether a file that is there may be replaced.
        mode: Who may read it; as it was if left out.
        is_private: Whether only its owner may read a file that was not there before.

    Raises:
        FileExistsError: If it is there and may not be replaced.
        OSError: If it cannot be written, or is a database.
    """
    if not replaces:
        _write_new(path, data, is_private)
        return
    before = _mode(path)
    if before is not None and not stat.S_ISREG(before) and not stat.S_ISLNK(before):
        # A pipe or a terminal, such as /dev/stdout: there is nothing to lose, and nothing to rename over.
        path.write_bytes(data)
        return
    if is_database(path):
        raise OSError(errno.EPERM, IS_DATABASE, str(path))
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    _write_new(part, data, is_private or before is not None)
    try:
        if mode is not None or (before is not None and stat.S_ISREG(before)):
            os.chmod(part, stat.S_IMODE(mode or before or 0))
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def is_database(path: Path) -> bool:
    """Whether a file may be a gradebook: all else can be made again, and a command need not know of it.

    Args:
        path: It need not be there; what cannot be read, or is a link, is none.
    """
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return False
        with path.open("rb") as file:
            return file.read(len(DATABASE_STARTS[0])).startswith(DATABASE_STARTS)
    except OSError:
        return False


def _mode(path: Path) -> int | None:
    try:
        return os.lstat(path).st_mode
    except FileNotFoundError:
        return None


def _write_new(path: Path, data: bytes, is_private: bool) -> None:
    descriptor = os.open(
        path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | CLOSED, PRIVATE if is_private else 0o666
    )
    with os.fdopen(descriptor, "wb") as file:
        try:
            file.write(data)
            file.flush()
        except OSError:
            path.unlink(missing_ok=True)
            raise
