"""The words between the grader and the zygote: fixed-size messages on a Unix socket.

The zygote runs no student's code, so these need no decoder; only its children's replies do.
"""

import socket
import struct
from typing import NamedTuple

RUN = b"R"
KILL = b"K"
CPU = b"C"
READY = b"Y"
ENDED = b"E"

FAILED = 70
"""EX_SOFTWARE of sysexits.h: the exit status of a child whose own program did not get to its end."""

ORDER = struct.Struct("<cIIII")
NEWS = struct.Struct("<cidQ")


class Order(NamedTuple):
    """From the grader: run a child, kill it, or tell its CPU time.

    With RUN come three descriptors: requests, replies and printed text.

    Args:
        word: RUN, KILL or CPU.
        memory_mib: Above what the zygote itself has mapped.
        cpu_s: The kernel's own limit, for the whole child.
        output_bytes: Printed text that is kept.
        processes: Processes and threads of the child.
    """

    word: bytes
    memory_mib: int = 0
    cpu_s: int = 0
    output_bytes: int = 0
    processes: int = 0


class News(NamedTuple):
    """From the zygote: it is ready, its child has ended, or the CPU time that was asked for.

    Args:
        word: READY, ENDED or CPU.
        status: As `os.wait4` gives it.
        cpu_s: CPU seconds of the child so far; negative where the platform cannot tell.
        max_rss_kib: Peak memory of the child.
    """

    word: bytes
    status: int = 0
    cpu_s: float = 0.0
    max_rss_kib: int = 0


def send_news(control: socket.socket, news: News) -> None:
    """Send one message to the grader."""
    control.sendall(NEWS.pack(*news))


def receive_order(control: socket.socket) -> tuple[Order, list[int]] | None:
    """The next order and its descriptors; None when the grader is gone."""
    try:
        data, fds, _, _ = socket.recv_fds(control, ORDER.size, 3)
        while data and len(data) < ORDER.size:
            data += control.recv(ORDER.size - len(data)) or b"\0" * ORDER.size
    except ConnectionError:
        return None
    return (Order(*ORDER.unpack(data[: ORDER.size])), fds) if data else None
