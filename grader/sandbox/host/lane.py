"""Lanes: forks of a warm zygote that fork children as it does, so that one zygote has several at once."""

from __future__ import annotations

import contextlib
import socket
import struct

from grader.errors import SandboxError
from grader.sandbox.host.zygote import START_S, Forker, Zygote, child_of
from grader.sandbox.inside.messages import EVENT, LANE, READY, RUN, Order, ZygoteEvent

CREDENTIALS = struct.Struct("iII")
"""struct ucred of unix(7): process, user and group as seen by who receives it."""


class Lane(Forker):
    """A lane of a zygote that is ready; its children have namespaces and a user of their own, too.

    Args:
        zygote: What it is forked from, and ends with.

    Raises:
        SandboxError: If the system does not allow one.
    """

    def __init__(self, zygote: Zygote) -> None:
        self.zygote = zygote
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with theirs:
                self._control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
                zygote.send(Order(LANE), (theirs.fileno(),))
            self._pid = self._wait_ready()
        except (OSError, EOFError, AttributeError) as error:
            self.stop()
            raise SandboxError("the sandbox makes no lanes here", hint=repr(error)) from None

    def _wait_ready(self) -> int:
        """Wait until it can take orders; its number, which only the kernel can tell."""
        self._control.settimeout(START_S)
        data, control, _, _ = self._control.recvmsg(EVENT.size, socket.CMSG_SPACE(CREDENTIALS.size))
        told = [CREDENTIALS.unpack(part) for _, sort, part in control if sort == socket.SCM_CREDENTIALS]
        if len(data) < EVENT.size or ZygoteEvent(*EVENT.unpack(data)).word != READY or not told:
            raise EOFError("the lane is gone")
        self.zygote.learn_lanes()
        self._control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
        self._control.settimeout(None)
        return int(told[0][0])

    @property
    def control(self) -> socket.socket:
        """The socket to it."""
        return self._control

    @property
    def pid(self) -> int:
        """Number of the process that forks."""
        return self._pid

    def child(self) -> int | None:
        """As above: it never has two."""
        return child_of(self._pid)

    def send(self, order: Order, fds: tuple[int, ...] = ()) -> None:
        """Send an order; the children are a user that no other process of this machine is."""
        super().send(order._replace(slot=self._pid) if order.word == RUN else order, fds)

    def stop(self) -> None:
        """End it, and with it its child: it sees that nobody is there any more."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        self._control.close()
