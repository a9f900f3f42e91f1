"""Reading files that a stranger laid down: no links, no devices, no more than the cap."""

from __future__ import annotations

import os
import stat

from grader.errors import SubmissionError

FILE_LIMIT_BYTES = 2 * 1024 * 1024
LIMIT_WORDS = "2 MiB"


class Refused(SubmissionError):
    """A file that is there and is not read; the message is the reason."""


def refusal(status: os.stat_result, limit_bytes: int = FILE_LIMIT_BYTES) -> str | None:
    """Why a file is not read, by what it is, or None where it may be.

    Args:
        status: From lstat or fstat.
        limit_bytes: The largest file that is read, in whole MiB.
    """
    if stat.S_ISLNK(status.st_mode):
        return "a symbolic link; hand in the file itself"
    if stat.S_ISDIR(status.st_mode):
        return "a folder; only one level is read"
    if not stat.S_ISREG(status.st_mode):
        return "not a regular file"
    if status.st_size > limit_bytes:
        return f"larger than {limit_bytes // 2**20} MiB"
    return None


def read_regular_file(name: str, folder: int | None = None, limit_bytes: int = FILE_LIMIT_BYTES) -> bytes:
    """The bytes of a regular file of no more than the limit.

    Args:
        name: Path of the file, relative to the folder where one is given.
        folder: Descriptor of an open folder.
        limit_bytes: The largest file that is read, in whole MiB.

    Raises:
        Refused: If it is a link, no regular file, or too large; says which.
        OSError: If it cannot be opened.
    """
    _refuse(os.stat(name, dir_fd=folder, follow_symlinks=False), limit_bytes)
    # The name can be exchanged after it was looked at: links are refused again on opening, a pipe
    # does not block, and what was opened is looked at once more.
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    with os.fdopen(descriptor, "rb") as file:
        _refuse(os.fstat(descriptor), limit_bytes)
        data = file.read(limit_bytes + 1)
    if len(data) > limit_bytes:
        raise Refused(f"larger than {limit_bytes // 2**20} MiB")
    return data


def _refuse(status: os.stat_result, limit_bytes: int) -> None:
    if reason := refusal(status, limit_bytes):
        raise Refused(reason)
