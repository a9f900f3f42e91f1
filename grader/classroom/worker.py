"""The program of a worker process: one warm sandbox, tasks in, results out, until its parent is gone.

A frame is its length in four bytes, then so many bytes. A reply begins with OK or FAILED, where there
are several tasks behind the number of its own.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.sandbox.host.turns import PlaceInTurn

LENGTH = struct.Struct(">I")
NUMBER = struct.Struct(">Q")
OK, FAILED = b"+", b"-"

END_S = 1.0
"""Seconds that the sandbox has to end by itself; fewer than the parent waits for this process."""


def send(channel: socket.socket, data: bytes) -> None:
    """Send one frame."""
    channel.sendall(framed(data))


def framed(data: bytes) -> bytes:
    """One frame in one piece, so that the other side is woken once for it."""
    return LENGTH.pack(len(data)) + data


def receive(channel: socket.socket) -> bytes:
    """Wait for one frame.

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


def end_with_parent(channel: socket.socket) -> None:
    """Arrange that this process is killed at once when its parent is gone.

    Args:
        channel: To the parent; its loss tells where the kernel does not.
    """
    if sys.platform == "linux":
        from grader.sandbox.inside.isolation import kernel

        # The kernel kills even while a long computation lets no other thread run. It watches the thread that
        # started this process, which lives as long as its worker.
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    elif hasattr(select, "poll"):
        threading.Thread(target=_wait_for_loss, args=(channel.fileno(),), daemon=True).start()


def _wait_for_loss(channel: int) -> None:
    poll = select.poll()
    poll.register(channel, 0)
    # With no event asked for, poll reports only that the other end is gone.
    poll.poll()
    os._exit(1)


def opened_channel() -> socket.socket:
    """The socket to the parent, whose number is the first argument; this process ends with its parent."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    end_with_parent(channel)
    return channel


def serve(channel: socket.socket, mark: Callable[[bytes], bytes]) -> None:
    """Answer one task after the other, until the parent is gone.

    Args:
        channel: To the parent.
        mark: From a task to its result.
    """
    while True:
        try:
            task = receive(channel)
        except (EOFError, OSError):
            return
        try:
            reply = OK + mark(task)
        except Exception:
            # The parent tries once more in a new worker, and tells staff these words if that fails too.
            reply = FAILED + traceback.format_exc(limit=-6).encode("utf-8", "backslashreplace")
        try:
            send(channel, reply)
        except OSError:
            return


class SeveralAtOnce:
    """Answers tasks until the parent is gone, several at once: while a program waits, others are marked.

    A task is its number and then what is to be marked; a reply is its number and then the result. A frame
    that is empty says that there is room for one more task, for which one thread waits. As long as no program
    waits that is the one that has just replied: nothing is handed from thread to thread.

    Args:
        channel: To the parent.
        mark: From a task and its place to its result.
        most: How many may be in flight.
        has_memory: Whether there is some for one more.
    """

    def __init__(
        self,
        channel: socket.socket,
        mark: Callable[[bytes, PlaceInTurn], bytes],
        most: int,
        has_memory: Callable[[], bool],
    ) -> None:
        from grader.sandbox.host.turns import Turns

        self._channel = channel
        self._mark = mark
        self._turns = Turns(most, self._tell_room, has_memory)
        self._threads = ThreadPoolExecutor(most)
        self._thread = _OfThread()
        self._ended = threading.Event()

    def serve(self) -> None:
        """Serve until the parent is gone."""
        try:
            self._turns.begin()
        except BrokenPipeError:
            # It had nothing to mark, and was gone before this process was ready.
            return
        # What still waits for a program then is given up.
        self._ended.wait()

    def _tell_room(self) -> None:
        """Report room for one more task, after the reply that is due if any; call while no other sends."""
        reply, self._thread.reply = self._thread.reply, None
        if reply is None:
            send(self._channel, b"")
            self._threads.submit(self._take)
        else:
            self._thread.has_room = True
            self._channel.sendall(framed(reply) + framed(b""))

    def _take(self) -> None:
        """Answer one task after the other, as long as each leaves room for the next."""
        try:
            self._thread.has_room = True
            while self._thread.has_room:
                self._answer(receive(self._channel))
        except BaseException:
            # The parent is gone; or what has failed here is not known, and it starts another worker.
            self._ended.set()
            raise

    def _answer(self, frame: bytes) -> None:
        self._thread.has_room = False
        with self._turns.place() as place:
            try:
                reply = OK + self._mark(frame[NUMBER.size :], place)
            except Exception:
                reply = FAILED + traceback.format_exc(limit=-6).encode("utf-8", "backslashreplace")
            self._thread.reply = frame[: NUMBER.size] + reply
        reply_left, self._thread.reply = self._thread.reply, None
        if reply_left is not None:
            # It has left no room. Under the lock, as all that is sent: no two frames mix.
            with self._turns.running:
                send(self._channel, reply_left)


class _OfThread(threading.local):
    """The reply that one thread is about to send, and whether it may wait for one more task."""

    reply: bytes | None = None
    has_room = False


def main() -> None:
    """Serve the socket whose number is the first argument."""
    channel = opened_channel()
    from grader.classroom.memory import Reserve
    from grader.classroom.task import mark_bytes, warm_sandbox
    from grader.networks.mutants.handed_on import HandedOn

    sandbox = warm_sandbox(os.getpid()).start()
    most, kept_free_mib, *tables = map(int, sys.argv[2:])
    HandedOn.shared = HandedOn(tables[0]) if tables else None
    SeveralAtOnce(channel, mark_bytes, most, Reserve(kept_free_mib).is_there).serve()
    # Not through the interpreter's end, which waits for threads: some may still wait for programs.
    sandbox.close(wait_s=END_S)
    os._exit(0)


if __name__ == "__main__":
    main()
