"""Writing a file so that it is there complete, or is what it was before."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path


def write_whole(path: Path, data: bytes, *, replaces: bool = True, mode: int | None = None) -> None:
    """Write a file at once; a disk that is full leaves what was there.

    Args:
        path: Of the file; a link of that name is replaced, not written through.
        data: All of it.
        replaces: Whether a file that is there may be replaced.
        mode: Who may read it; as it was if left out.

    Raises:
        FileExistsError: If it is there and may not be replaced.
        OSError: If it cannot be written.
    """
    if not replaces:
        _write_new(path, data)
        return
    before = _mode(path)
    if before is not None and not stat.S_ISREG(before) and not stat.S_ISLNK(before):
        # A pipe or a terminal, such as /dev/stdout: there is nothing to lose, and nothing to rename over.
        path.write_bytes(data)
        return
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    _write_new(part, data)
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


def _write_new(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        try:
            file.write(data)
            file.flush()
        except OSError:
            path.unlink(missing_ok=True)
            raise
