"""When an answer has been saved: its files are looked at a few times a second, and read when they rest.

Looking costs some microseconds, works on every file system (folders shared over a network or with a
container tell nobody of a change) and needs no package.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

LOOK_S = 0.04
"""Seconds between two looks."""

REST_S = 0.08
"""Editors empty a file and write it in parts, some milliseconds apart."""

GONE_S = 0.5
"""An editor that saves under another name and renames leaves the name free for a moment."""

AGAIN_S = 2.5
"""File times may be as coarse as two seconds (FAT): once so long after a save the bytes are compared."""

MOST_ENTRIES = 1000
"""Entries of a folder that are looked at; a submission has at most twenty files."""

Stamp: TypeAlias = tuple[object, ...]
GONE: Stamp = ()


class Saves:
    """Tells when it is time to read an answer again.

    Args:
        path: A file, or a folder.
        clock: In seconds.
    """

    def __init__(self, path: str | Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = os.fspath(path)
        self._clock = clock
        self._stamp = stamp_of(self._path)
        self._changed_at: float | None = None
        self._again_at: float | None = clock() + AGAIN_S
        self._restless_since: float | None = None

    @property
    def is_restless(self) -> bool:
        """Whether its files were still changing at the last look."""
        return self._restless_since is not None

    @property
    def restless_s(self) -> float:
        """For how many seconds its files have been changing."""
        return 0.0 if self._restless_since is None else self._clock() - self._restless_since

    def is_due(self) -> bool:
        """Whether the answer may have changed, and its files change no longer: it is to be read now."""
        stamp, now = stamp_of(self._path), self._clock()
        if stamp != self._stamp:
            self._stamp, self._changed_at = stamp, now
            self._restless_since = now if self._restless_since is None else self._restless_since
        if self._changed_at is not None:
            if now - self._changed_at < (GONE_S if stamp == GONE else REST_S):
                return False
            self._changed_at = self._restless_since = None
            self._again_at = now + AGAIN_S
            return True
        if self._again_at is not None and now >= self._again_at:
            self._again_at = None
            return True
        return False


def stamp_of(path: str) -> Stamp:
    """What changes when a file, or a file in a folder, is saved; `GONE` where there is nothing.

    Args:
        path: A file, or a folder; a link is not followed.
    """
    try:
        status = os.lstat(path)
        if not stat.S_ISDIR(status.st_mode):
            return _marks(status)
        with os.scandir(path) as entries:
            names = sorted(entry.name for entry, _ in zip(entries, range(MOST_ENTRIES), strict=False))
    except OSError:
        return GONE
    return ("folder", *((name, _stamp_in(path, name)) for name in names))


def _stamp_in(folder: str, name: str) -> Stamp:
    try:
        return _marks(os.lstat(os.path.join(folder, name)))
    except OSError:
        return GONE


def _marks(status: os.stat_result) -> Stamp:
    # The inode changes where an editor renames, the change time where a file is put back with its old times.
    return status.st_mode, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
