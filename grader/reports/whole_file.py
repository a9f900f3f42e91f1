"""Write a file completely or not at all, so that what was there before is never half lost."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

# Windows has O_BINARY, without which it changes line ends.
CLOSED = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
PRIVATE = 0o600
"""For files that hold marks: for their owner only."""


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
        OSError: If it cannot be written.
    """
    if not replaces:
        _write_new(path, data, is_private)
        return
    before = _mode(path)
    if before is not None and not stat.S_ISREG(before) and not stat.S_ISLNK(before):
        # A pipe or a terminal, such as /dev/stdout: there is nothing to lose, and nothing to rename over.
        path.write_bytes(data)
        return
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    _write_new(part, data, is_private or before is not None)
    try:
        if mode is not None or (before is not None and stat.S_ISREG(before)):
            os.chmod(part, stat.S_IMODE(mode or before or 0))
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


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
