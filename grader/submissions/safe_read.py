"""Read files that strangers handed in: no links, no devices, nothing larger than the limit."""

from __future__ import annotations

import os
import stat
from typing import TypeAlias

from grader.errors import SubmissionError

MIB = 2**20
FILE_LIMIT_BYTES = 2 * MIB
PART_BYTES = MIB // 16

Folder: TypeAlias = int | str
"""A descriptor of an open folder; where the system has none, as Windows, its path."""

HAS_FOLDER_DESCRIPTORS = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY")


def flags(*names: str) -> int:
    """Flags for opening, as far as the system has them; bytes are not translated."""
    return sum(getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", *names))


def status_in(name: str, folder: Folder | None = None) -> os.stat_result:
    """What a file is; a link is not followed.

    Args:
        name: Its path, relative to the folder where one is given.
        folder: The open folder.
    """
    if isinstance(folder, str):
        return os.stat(os.path.join(folder, name), follow_symlinks=False)
    return os.stat(name, dir_fd=folder, follow_symlinks=False)


class Refused(SubmissionError):
    """A file that is there and is not read; the message is the reason."""


def too_large(limit_bytes: int, more: str = "") -> Refused:
    """The error for a file that is too large.

    Args:
        limit_bytes: The largest that is read, in whole MiB.
        more: What else the message says.
    """
    return Refused(f"larger than {limit_bytes // MIB} MiB{more}")


def read_regular_file(name: str, folder: Folder | None = None, limit_bytes: int = FILE_LIMIT_BYTES) -> bytes:
    """The bytes of a regular file of no more than the limit.

    Args:
        name: Path of the file, relative to the folder where one is given.
        folder: The open folder.
        limit_bytes: The largest file that is read, in whole MiB.

    Raises:
        Refused: If it is a link, no regular file, or too large; says which.
        OSError: If it cannot be opened.
    """
    before = status_in(name, folder)
    _refuse(before, limit_bytes)
    # The name can be exchanged after it was looked at: links are refused again on opening, a pipe
    # does not block, and what was opened is looked at once more.
    ways = os.O_RDONLY | flags("O_NOFOLLOW", "O_NONBLOCK")
    if isinstance(folder, str):
        descriptor = os.open(os.path.join(folder, name), ways)
    else:
        descriptor = os.open(name, ways, dir_fd=folder)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        opened = os.fstat(descriptor)
        _refuse(opened, limit_bytes)
        if not os.path.samestat(before, opened):
            raise Refused("exchanged while it was read; hand in the file itself")
        # No more room than it needs: to make 2 MiB for each takes longer than to read.
        data = file.read(opened.st_size + 1)
        while len(data) <= limit_bytes and (more := file.read(PART_BYTES)):
            # It has grown, or came in parts.
            data += more
    if len(data) > limit_bytes:
        raise too_large(limit_bytes)
    return data


def _refuse(status: os.stat_result, limit_bytes: int) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise Refused("a symbolic link; hand in the file itself")
    if stat.S_ISDIR(status.st_mode):
        raise Refused("a folder; only one level is read")
    if not stat.S_ISREG(status.st_mode):
        raise Refused("not a regular file")
    if status.st_size > limit_bytes:
        raise too_large(limit_bytes)
