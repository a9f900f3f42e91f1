"""The grader's end of the zygote: a warm process that forks one child for each submission."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from typing import Any, Literal, TypeAlias

import msgspec

from grader.errors import SandboxError
from grader.sandbox.host.process import Process, anonymous_file, start_process
from grader.sandbox.host.visible_paths import hidden_paths, known_copies, library_paths
from grader.sandbox.inside.messages import CPU, EVENT, LENGTH, ORDER, READY, Order, ZygoteEvent

Level: TypeAlias = Literal["full", "kernel", "sealed", "limits"]

PRELOAD_SEALED = (
    "array", "bisect", "cmath", "collections.abc", "contextlib", "copy", "csv", "datetime", "enum",
    "functools", "heapq", "inspect", "io", "itertools", "json", "logging", "numbers", "numpy.fft",
    "numpy.polynomial", "operator", "os", "pathlib", "pickle", "pprint", "re", "statistics", "string",
    "sympy", "textwrap", "threading", "time", "timeit", "traceback", "types", "typing", "unittest",
    "warnings",
)  # fmt: skip
"""What an answer may import where no file can be opened."""

START_S = 60.0
"""To become ready: importing numpy takes 0.3 s, on a cold disk under load some seconds."""


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
        preload: Modules to import before any child is made.
        level: The highest level to try.
        off: Layers to leave out, to test that each of them matters.
        process: One with this preload that was started already.
    """

    def __init__(
        self,
        preload: tuple[str, ...],
        level: Level = "full",
        off: tuple[str, ...] = (),
        process: Process | None = None,
    ) -> None:
        self.preload = preload
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
            self._process = start_process(self.preload)
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
        """As above; lanes are children of it, too."""
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


def children_of(process: int) -> list[int]:
    """The children of a process, oldest first; none where the system does not say. Source: proc(5)."""
    try:
        return [int(one) for one in told_by_system(f"/proc/{process}/task/{process}/children").split()]
    except OSError:
        return []


def told_by_system(path: str) -> bytes:
    """A file in /proc, in few steps: one is read for every answer.

    Raises:
        OSError: If it is not there.
    """
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        return b"".join(iter(lambda: os.read(fd, 1 << 12), b""))
    finally:
        os.close(fd)


def child_of(process: int) -> int | None:
    """The oldest child of a process; None where it has none, or the system does not say."""
    return next(iter(children_of(process)), None)


def cpu_of(process: int) -> float | None:
    """CPU seconds of all threads of a process so far; None where the system does not say.

    Source: the clock of another process, as clock_getcpuclockid(3) computes it.
    """
    try:
        return time.clock_gettime((~process << 3) | 2)
    except OSError:
        return None


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
