"""All that goes between the grader and the processes inside.

Orders and events are fixed-size messages on a Unix socket: the zygote runs no student's code, so these need
no decoder. Requests and replies are frames on two pipes of a child, a length and then JSON: what a child
sends may be forged, and `host/frames.py` decodes it strictly. A third pipe is the bell: a byte on it says
that it is time to look.
"""

import json
import os
import socket
import struct
from typing import Any, NamedTuple

from . import caps

RUN = b"R"
LANE = b"L"
STOP = b"S"
GO_ON = b"G"
KILL = b"K"
CPU = b"C"
READY = b"Y"
ENDED = b"E"

FAILED = 70
"""EX_SOFTWARE of sysexits.h: the exit status of a child whose own program did not get to its end."""

CHILD_DESCRIPTORS = 6
"""A child has so many: nothing, printed text twice, replies, requests, the bell."""

ENDS_QUESTION = ("timeout", "memory")
"""After such a fault the other calls of the question are not made: they would only take as long again."""

ORDER = struct.Struct("<cIIIII")
EVENT = struct.Struct("<cidQ")
LENGTH = struct.Struct("<I")
FD = struct.Struct("i")
FOUR_DESCRIPTORS = socket.CMSG_SPACE(4 * FD.size) if hasattr(socket, "CMSG_SPACE") else 0

READ_BYTES = 1 << 18

RING_BYTES = 1 << 15
"""After so many the bell is rung: half of what a pipe holds, so that no writer waits for long."""

ROOM_FOR_FAULTS = 1 << 20
"""Of all that may be sent: so much is kept free of values, to say that there were too many."""

_encode = json.JSONEncoder(ensure_ascii=True, check_circular=False).encode


class Order(NamedTuple):
    """From the grader: run a child, stop it, let it go on, kill it, or report its CPU time; or open a lane.

    With RUN come four descriptors: requests, replies, the bell and printed text. With LANE comes the socket
    to it.

    Args:
        word: RUN, STOP, GO_ON, KILL, CPU or LANE.
        memory_mib: Above what the zygote itself has mapped.
        cpu_s: The kernel's own limit, for the whole child.
        output_bytes: Printed text that is kept.
        processes: Processes and threads of the child.
        slot: Of RUN in a lane: a number that no other process of this machine has.
    """

    word: bytes
    memory_mib: int = 0
    cpu_s: int = 0
    output_bytes: int = 0
    processes: int = 0
    slot: int = 0


class ZygoteEvent(NamedTuple):
    """From the zygote: it is ready, its child has ended, or the CPU time that was asked for.

    Args:
        word: READY, ENDED or CPU.
        status: As `os.wait4` gives it; of READY the number of bytes that follow, which are JSON.
        cpu_s: CPU seconds of the child so far; negative where the platform does not say.
        max_rss_kib: Peak memory of the child.
    """

    word: bytes
    status: int = 0
    cpu_s: float = 0.0
    max_rss_kib: int = 0


def send_event(control: socket.socket, event: ZygoteEvent) -> None:
    """Send one message to the grader."""
    control.sendall(EVENT.pack(*event))


def receive_order(control: socket.socket) -> tuple[Order, list[int]] | None:
    """The next order and its descriptors; None when the grader is gone."""
    try:
        data, told, _, _ = control.recvmsg(ORDER.size, FOUR_DESCRIPTORS)
        fds = [fd for _, sort, part in told if sort == socket.SCM_RIGHTS for (fd,) in FD.iter_unpack(part)]
        while data and len(data) < ORDER.size:
            data += control.recv(ORDER.size - len(data)) or b"\0" * ORDER.size
    except ConnectionError:
        return None
    return (Order(*ORDER.unpack(data[: ORDER.size])), fds) if data else None


def ring(bell: int | None) -> None:
    """Have the grader look at what was sent: it is not woken by each frame."""
    if bell is not None:
        os.write(bell, b"!")


class Requests:
    """What a child is asked, one frame at a time: the job first, then calls when those before are answered.

    The zygote reads one as well, before there is any child: of what to make its jail.

    Args:
        fd: Where they are read.
        bell: Rung before waiting for one that has to be asked for: each but the first. None for none.
    """

    def __init__(self, fd: int, bell: int | None = None) -> None:
        self.fd = fd
        self.bell = bell
        self.is_first = True

    def next(self) -> dict[str, Any] | None:
        """The next request; None where no more comes. It holds the student's bytes: read it in the jail."""
        if not self.is_first:
            ring(self.bell)
        self.is_first = False
        head = self.exactly(LENGTH.size)
        if not head:
            return None
        request = json.loads(self.exactly(*LENGTH.unpack(head)))
        assert isinstance(request, dict)
        return request

    def exactly(self, size: int) -> bytes:
        """This many bytes; fewer only at the end of the pipe."""
        parts = []
        while size:
            part = os.read(self.fd, min(size, READ_BYTES))
            if not part:
                break
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


class FrameTooLarge(Exception):
    """The value does not fit one frame, or what is left of all of them."""


class Reply:
    """What a child sends back.

    Args:
        fd: The pipe's writing end.
        bell: Rung whenever `RING_BYTES` were written; None for none.
    """

    def __init__(self, fd: int, bell: int | None = None) -> None:
        self.fd = fd
        self.bell = bell
        self.unread = 0
        self.room = caps.MAX_REPLY_BYTES - ROOM_FOR_FAULTS

    def send(self, kind: str, **content: Any) -> None:
        """Write one frame whole.

        Raises:
            FrameTooLarge: If it holds a value, and with it more would be sent than may be.
        """
        body = _encode({"k": kind, **content}).encode("ascii")
        if "value" in content:
            if len(body) > min(caps.MAX_FRAME_BYTES, self.room):
                raise FrameTooLarge
            self.room -= len(body)
        left = memoryview(LENGTH.pack(len(body)) + body)
        while left:
            written = os.write(self.fd, left[:RING_BYTES])
            left = left[written:]
            self.unread += written
            if self.unread >= RING_BYTES:
                ring(self.bell)
                self.unread = 0
