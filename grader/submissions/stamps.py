"""Stamps of files: states that every change alters, so that untouched files need not be read again.

The moment of the last change of a file (`st_ctime`) is set by the system alone: whoever writes a file, gives
it another's times, puts it in another's place or copies it back cannot set that. Source: POSIX.1-2017, XBD
4.9, and utimensat(2). As in git, it proves nothing where it is as recent as the stamp itself: all writes in
one tick of the clock have the same moment (git, Documentation/technical/racy-git.txt).
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
import sys
import time
from pathlib import Path

from grader.submissions.safe_read import flags

OPEN_FOLDER = os.O_RDONLY | flags("O_DIRECTORY")

SURELY_OLDER_NS = 2 * 10**9
"""How much older than its stamp a change must be: the coarsest of these file systems counts seconds."""

FILE_SYSTEMS = {
    0xEF53: "ext2, ext3, ext4",
    0x58465342: "xfs",
    0x9123683E: "btrfs",
    0xF2F52010: "f2fs",
    0x2FC12FC1: "zfs",
    0xCA451A4E: "bcachefs",
    0x01021994: "tmpfs",
    0x794C7630: "overlay",
}
"""File systems that set the moment of change themselves, by their number in statfs(2). On a stick (FAT) or
over a network a program may be able to set it, or it may arrive late."""

DEEPEST, MOST_FOUND = 5, 4000
"""Levels of a folder, and names with states in it, up to which it has a stamp: more than is ever read."""

STATE = struct.Struct("=QQQQqq")

STATFS_BYTES = 1024
"""Larger than `struct statfs` on any system."""


class FolderStamps:
    """Stamps of what lies in a folder.

    Args:
        root: The folder.

    Raises:
        OSError: If it cannot be opened.
    """

    def __init__(self, root: Path) -> None:
        self._descriptor = os.open(root, OPEN_FOLDER)
        self._device = os.fstat(self._descriptor).st_dev
        self._is_sure = _is_sure(self._descriptor)

    def of(self, path: str) -> bytes:
        """The states of a file, or of a folder with all that is in it; empty where they prove nothing.

        Args:
            path: Relative to the folder.
        """
        if not self._is_sure:
            return b""
        try:
            status = os.stat(path, dir_fd=self._descriptor, follow_symlinks=False)
            if not stat.S_ISDIR(status.st_mode):
                return state_of(status, self._device)
            found: list[bytes] = []
            is_told = self._add_folder(path, self._descriptor, found, DEEPEST)
            # Lengths first: no name can pass for another name and what follows it.
            return b"".join(b"%d:%b" % (len(one), one) for one in found) if is_told else b""
        except OSError:
            return b""

    def close(self) -> None:
        """Close the folder."""
        os.close(self._descriptor)

    def _add_folder(self, path: str, above: int, found: list[bytes], deeper: int) -> bool:
        """Add the names and states of all that is in a folder; False where one of them proves nothing."""
        descriptor = os.open(path, OPEN_FOLDER | flags("O_NOFOLLOW"), dir_fd=above)
        try:
            with os.scandir(descriptor) as entries:
                inside = sorted(entries, key=lambda one: one.name)
                found.append(b"%d in it" % len(inside))
                return all(self._add_entry(one, descriptor, found, deeper) for one in inside)
        finally:
            os.close(descriptor)

    def _add_entry(self, entry: os.DirEntry[str], above: int, found: list[bytes], deeper: int) -> bool:
        status = entry.stat(follow_symlinks=False)
        is_folder = stat.S_ISDIR(status.st_mode)
        # A folder's own moment says nothing of changes inside its files: its entries are looked at instead.
        state = b"folder" if is_folder else state_of(status, self._device)
        found += os.fsencode(entry.name), state
        if not state or len(found) > MOST_FOUND:
            return False
        return not is_folder or (deeper > 0 and self._add_folder(entry.name, above, found, deeper - 1))


def state_of(status: os.stat_result, device: int) -> bytes:
    """The state of a file; empty where it changed just now, is on another device, or has an odd date.

    Args:
        status: Of the file, looked at now.
        device: On which its moment of change is known to be the system's.
    """
    if time.time_ns() - status.st_ctime_ns < SURELY_OLDER_NS or status.st_dev != device:
        return b""
    times = status.st_mtime_ns, status.st_ctime_ns
    try:
        return STATE.pack(status.st_dev, status.st_ino, status.st_mode, status.st_size, *times)
    except struct.error:
        # Anybody can date a file before 1677 or after 2262: more nanoseconds than 64 bits hold.
        return b""


def state_of_open(descriptor: int, before: os.stat_result) -> bytes:
    """The state of an open file; empty where it proves nothing.

    Args:
        descriptor: Of the file.
        before: Its status before it was opened, which must still be the same.
    """
    state = state_of(os.fstat(descriptor), before.st_dev)
    return state if state == state_of(before, before.st_dev) and _is_sure(descriptor) else b""


def _is_sure(descriptor: int) -> bool:
    """Whether an open file lies on a file system that sets the moment of change itself."""
    if not sys.platform.startswith("linux"):
        return False
    room = ctypes.create_string_buffer(STATFS_BYTES)
    try:
        if ctypes.CDLL(None).fstatfs(descriptor, room):
            return False
    except (OSError, AttributeError):
        return False
    # The number of the file system is the first field of `struct statfs`.
    return ctypes.c_long.from_buffer(room).value & 0xFFFFFFFF in FILE_SYSTEMS
