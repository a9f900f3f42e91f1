"""The grader's end of the pipe on which a child is asked: written as there is room, never waited for."""

from __future__ import annotations

import os
from typing import Any

import msgspec

from grader.sandbox.inside.frames import LENGTH


class Asking:
    """What is still to be written to one child.

    Args:
        fd: The pipe's writing end; becomes non-blocking.
    """

    def __init__(self, fd: int) -> None:
        os.set_blocking(fd, False)
        self.fd = fd
        self.left = memoryview(b"")

    def ask(self, request: dict[str, Any]) -> None:
        """Write a request, or begin to; the one before is read, as it is answered."""
        body = msgspec.json.encode(request)
        self.left = memoryview(LENGTH.pack(len(body)) + body)
        self.write()

    def write(self) -> None:
        """Write what there is room for."""
        while self.left:
            try:
                self.left = self.left[os.write(self.fd, self.left) :]
            except BlockingIOError:
                return
