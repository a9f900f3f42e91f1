"""The grader's end of the zygote, a warm process that forks one child for each submission, and of its lanes.

A lane is a fork of the zygote that forks children as it does, so that one zygote has several at once.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import subprocess
from abc import ABC, abstractmethod
from typing import Any, Literal, TypeAlias

import msgspec

from grader.errors import SandboxError
from grader.sandbox.host.activity import child_of, children_of
from grader.sandbox.host.process import PRELOAD_SEALED, Process, start_process
from grader.sandbox.host.visible_paths import hidden_paths, known_copies, library_paths
from grader.sandbox.inside.messages import CPU, EVENT, LANE, LENGTH, ORDER, READY, RUN, Order, ZygoteEvent

Level: TypeAlias = Literal["full", "kernel", "sealed", "limits"]

START_S = 60.0
"""To become ready: importing numpy takes 0.3 s, on a cold disk under load some seconds."""

CREDENTIALS = struct.Struct("iII")
"""struct ucred of unix(7): process, user and group as seen by who receives it."""


class JailReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a zygote reports of its jail when it is ready.

    Args:
        level: What its layers make.
        layers: Names of what is active.
        problems: Why other layers are not.
        could: For each probe what it could do, "" where it was stopped.
    """

    level: Level = "limits"
    layers: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    could: dict[str, str] = {}


class Forker(ABC):
    """What forks children and watches over them, one at a time: a zygote, or one of its lanes."""

    @property
    @abstractmethod
    def control(self) -> socket.socket:
        """The socket to it."""

    @property
    @abstractmethod
    def pid(self) -> int:
        """Number of its process; in namespaces of its own the process that forks is the child of that."""

    @abstractmethod
    def child(self) -> int | None:
        """Number of the child that it has now; None where it has none, or the system does not say."""

    def send(self, order: Order, fds: tuple[int, ...] = ()) -> None:
        """Send an order."""
        socket.send_fds(self.control, [ORDER.pack(*order)], fds)

    def receive(self) -> ZygoteEvent:
        """The next message.

        Raises:
            EOFError: If the zygote is gone.
        """
        return ZygoteEvent(*EVENT.unpack(self.receive_bytes(EVENT.size)))

    def receive_bytes(self, size: int) -> bytes:
        """Exactly `size` bytes from the zygote.

        Raises:
            EOFError: If the zygote is gone.
        """
        data = b""
        while len(data) < size:
            part = self.control.recv(size - len(data))
            if not part:
                raise EOFError("the zygote is gone")
            data += part
        return data


class Zygote(Forker):
    """One zygote process. `start` returns at once; `wait_ready` waits until it is warm.

    Args:
        level: The highest level to try.
        off: Layers to leave out, to test that each of them matters.
        process: One that was started already.
    """

    def __init__(
        self,
        level: Level = "full",
        off: tuple[str, ...] = (),
        process: Process | None = None,
    ) -> None:
        self.level = level
        self.off = off
        self.jail_report = JailReport()
        self._process = process
        self._ready = False
        self._forking = 0
        self._lanes: set[int] = set()

    @property
    def control(self) -> socket.socket:
        """The socket to it."""
        return self._started().control

    @property
    def pid(self) -> int:
        """Number of the process that was started."""
        return self._started().program.pid

    def _started(self) -> Process:
        assert self._process is not None, "the zygote was not started"
        return self._process

    def start(self) -> None:
        """Start the process, unless it is; it warms up while the caller goes on."""
        if self._process is None:
            self._process = start_process()
        self._send_jail_options(self._process.libraries)

    def _send_jail_options(self, libraries: list[str]) -> None:
        """Look for what must be hidden while numpy is being imported inside, and send it."""
        body = json.dumps(self.jail_options(libraries)).encode()
        self.control.settimeout(START_S)
        # One that is gone already, or does not read, is found by `wait_ready`, with its last words.
        with contextlib.suppress(OSError):
            self.control.sendall(LENGTH.pack(len(body)) + body)
        self.control.settimeout(None)

    def jail_options(self, libraries: list[str]) -> dict[str, Any]:
        """What the program inside makes its jail of; nothing of it is secret.

        Args:
            libraries: The folders from which an answer may import.
        """
        readable = library_paths()
        copies = known_copies(readable, libraries)
        jail = {
            "level": self.level,
            "off": self.off,
            "readable": readable,
            "hidden": hidden_paths(copies, readable, libraries),
            "slot": os.getpid(),
        }
        return {"copies": copies, "preload_sealed": PRELOAD_SEALED, "jail": jail}

    def wait_ready(self) -> None:
        """Wait until it can take orders.

        Raises:
            SandboxError: If it does not start; the hint has its last words, for staff.
        """
        if self._ready:
            return
        self.control.settimeout(START_S)
        try:
            event = self.receive()
            self.jail_report = msgspec.json.decode(self.receive_bytes(event.status), type=JailReport)
            self._ready = event.word == READY
        except (OSError, EOFError, msgspec.MsgspecError) as error:
            raise SandboxError("the sandbox does not start", hint=self.last_words() or repr(error)) from None
        self.control.settimeout(None)
        self._forking = self.pid
        while (below := child_of(self._forking)) is not None:
            self._forking = below

    def child(self) -> int | None:
        """As `Forker.child`; its lanes, which are children of it, too, are left out."""
        below = [one for one in children_of(self._forking) if one not in self._lanes]
        return below[-1] if below else None

    def learn_lanes(self) -> None:
        """A lane is ready: while it opens one it has no child, so that all that it has are lanes."""
        self._lanes.update(children_of(self._forking))

    def last_words(self) -> str:
        """The last line that the process wrote on its stderr."""
        complaints = self._started().complaints
        complaints.seek(0)
        lines = complaints.read()[-4000:].decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""

    def answers(self) -> bool:
        """Whether it is there and takes orders; asked while it has no child."""
        self.control.settimeout(START_S)
        try:
            self.send(Order(CPU))
            return self.receive().word == CPU
        except (OSError, EOFError):
            return False
        finally:
            self.control.settimeout(None)

    def stop(self, *, wait_s: float = 0.0) -> None:
        """End the process, and with it its child.

        Args:
            wait_s: How long it may take to end by itself; only then is what its children used counted.
        """
        if self._process is not None:
            self._process.control.close()
            if wait_s:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.program.wait(wait_s)
            self._process.program.kill()
            self._process.program.wait()
            self._process.complaints.close()


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
        """As `Forker.child`; a lane never has two children."""
        return child_of(self._pid)

    def send(self, order: Order, fds: tuple[int, ...] = ()) -> None:
        """Send an order; the children are a user that no other process of this machine is."""
        super().send(order._replace(slot=self._pid) if order.word == RUN else order, fds)

    def stop(self) -> None:
        """End it, and with it its child: it sees that nobody is there any more."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        self._control.close()
