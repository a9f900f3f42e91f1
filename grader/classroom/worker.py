"""The program of a worker process: one warm sandbox, tasks in, reports out, until its parent is gone.

Frames are a length of four bytes, then so many bytes. An answer begins with OK or FAILED.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import traceback

LENGTH = struct.Struct(">I")
OK, FAILED = b"+", b"-"


def send(channel: socket.socket, data: bytes) -> None:
    """One frame.

    Args:
        channel: To the other side.
        data: What it holds.
    """
    channel.sendall(LENGTH.pack(len(data)))
    channel.sendall(data)


def receive(channel: socket.socket) -> bytes:
    """One frame.

    Args:
        channel: To the other side.

    Raises:
        EOFError: If the other side is gone.
    """
    (size,) = LENGTH.unpack(_exactly(channel, LENGTH.size))
    return _exactly(channel, size)


def _exactly(channel: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = channel.recv(min(size - len(data), 1 << 20))
        if not part:
            raise EOFError
        data += part
    return bytes(data)


def main() -> None:
    """Serve the socket whose number is the only argument."""
    from grader.classroom.parent import end_with_parent

    channel = socket.socket(fileno=int(sys.argv[1]))
    end_with_parent(channel)
    from grader.classroom.task import mark_bytes, warm_sandbox

    warm_sandbox(os.getpid()).start()
    while True:
        try:
            task = receive(channel)
        except (EOFError, OSError):
            return
        try:
            answer = OK + mark_bytes(task)
        except Exception:
            # The parent tries once more in a new worker, and tells staff these words if that fails too.
            answer = FAILED + traceback.format_exc(limit=-6).encode("utf-8", "backslashreplace")
        try:
            send(channel, answer)
        except OSError:
            return


if __name__ == "__main__":
    main()
