"""Pipes and files between the grader and one child: requests, answers, rings, and what it printed."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec

from grader.sandbox.host.process import anonymous_file
from grader.sandbox.inside.messages import LENGTH

READ_BYTES = 1 << 16


class Watched(NamedTuple):
    """Where a child's answers come from.

    Args:
        replies: The pipe of its frames.
        bell: The pipe of its rings.
        is_narrow: That of its frames holds little, so that each of them is taken at once.
    """

    replies: int
    bell: int
    is_narrow: bool


def widen(pipe: int) -> int:
    """Let a pipe hold what comes between two looks; 1 MiB is what Linux gives anyone (pipe(7)).

    Returns:
        The bytes that it holds; 0 where the system does not say.
    """
    import fcntl  # not on Windows, where this module is imported too

    if not hasattr(fcntl, "F_SETPIPE_SZ"):
        return 0
    with suppress(OSError):
        return fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 1 << 20)
    return fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)


def file_of_size(size: int) -> int:
    """A descriptor of an anonymous file of zeros that no holder can make larger, where the platform can."""
    if not hasattr(os, "memfd_create"):
        with anonymous_file() as file:
            return os.dup(file.fileno())
    import fcntl  # not on Windows, where this module is imported too

    fd = os.memfd_create("rnngrade", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(fd, size)
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK)
    return fd


def printed_text(fd: int, most_bytes: int) -> bytes:
    """What stands in a file of `file_of_size`; in memory one that nobody wrote into has no blocks."""
    if hasattr(os, "memfd_create") and os.fstat(fd).st_blocks == 0:
        return b""
    return os.pread(fd, most_bytes, 0).rstrip(b"\0")


class RequestPipe:
    """The pipe on which one child is asked: written as there is room, never waited for.

    Args:
        fd: Its writing end; becomes non-blocking.
    """

    def __init__(self, fd: int) -> None:
        os.set_blocking(fd, False)
        self.fd = fd
        self.left = memoryview(b"")

    def send(self, request: dict[str, Any] | msgspec.Raw) -> None:
        """Write a request, or begin to; the one before is read, as it is answered."""
        body = bytes(request) if isinstance(request, msgspec.Raw) else msgspec.json.encode(request)
        self.left = memoryview(LENGTH.pack(len(body)) + body)
        self.write()

    def write(self) -> None:
        """Write what there is room for."""
        while self.left:
            try:
                self.left = self.left[os.write(self.fd, self.left) :]
            except BlockingIOError:
                return
