"""What the student's code prints: kept up to a cap, then dropped without a word to the code."""

import io
import os
import sys


class Capped(io.RawIOBase):
    """A file descriptor that takes so many bytes and ignores the rest.

    Dropped and not refused: a forgotten print in a loop must not cost the answer its mark.

    Args:
        fd: Where to write.
        room: A list with the bytes left, shared by stdout and stderr.
    """

    def __init__(self, fd: int, room: list[int]) -> None:
        self.fd = fd
        self.room = room

    def writable(self) -> bool:
        """Part of the file protocol."""
        return True

    def fileno(self) -> int:
        """Part of the file protocol."""
        return self.fd

    def write(self, data: object) -> int:
        """Write what there is room for; say that all was written."""
        raw = memoryview(data).cast("B")  # type: ignore[arg-type]
        part = raw[: max(self.room[0], 0)]
        self.room[0] -= len(raw)
        if part:
            try:
                os.write(self.fd, part)
            except OSError:
                self.room[0] = 0
        return len(raw)


ROOM = [0]
"""Bytes left, of stdout and stderr together."""


def prepare() -> None:
    """Make the streams, once, in the zygote; they lead nowhere until a child has `capture`d them."""
    for name in ("stdout", "stderr"):
        stream = io.TextIOWrapper(
            Capped(1, ROOM),  # type: ignore[type-var]
            encoding="utf-8",
            errors="replace",
            write_through=True,
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def capture(cap_bytes: int) -> None:
    """Let stdout and stderr write to descriptor 1, each write at once, so that a crash loses nothing."""
    ROOM[0] = cap_bytes
