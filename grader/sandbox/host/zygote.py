"""The grader's end of the zygote: a warm process that forks one child for each submission."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any, Literal, TypeAlias

import msgspec

from grader.errors import SandboxError
from grader.sandbox.host.visible_paths import hidden_paths, known_copies, library_folders, library_paths
from grader.sandbox.inside.messages import EVENT, LENGTH, ORDER, READY, Order, ZygoteEvent

Level: TypeAlias = Literal["full", "kernel", "sealed", "limits"]

INSIDE = Path(__file__).parents[1] / "inside"

ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",  # a fork with live BLAS threads hangs (OpenBLAS #294), and one core is fair
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",  # the same order of sets in every run
    "PYTHONDONTWRITEBYTECODE": "1",
    "LANG": "C.UTF-8",
    "TORCHINDUCTOR_CACHE_DIR": "/",  # torch.optim makes this folder when imported: one that is there
}

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


class Zygote:
    """One zygote process. `start` returns at once; `wait_ready` waits until it is warm.

    Args:
        preload: Modules to import before any child is made.
        level: The highest level to try.
        off: Layers to leave out, to test that each of them matters.
    """

    def __init__(self, preload: tuple[str, ...], level: Level = "full", off: tuple[str, ...] = ()) -> None:
        # macOS: a fork after Accelerate has started threads is not safe, so there numpy is the child's.
        self.preload = preload if sys.platform == "linux" else ()
        self.level = level
        self.off = off
        self.jail_report = JailReport()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._complaints: IO[bytes] | None = None
        self._ready = False

    @property
    def control(self) -> socket.socket:
        """The socket to it."""
        assert self._control is not None, "the zygote was not started"
        return self._control

    @property
    def pid(self) -> int:
        """Number of the process that was started."""
        assert self._process is not None, "the zygote was not started"
        return self._process.pid

    def start(self) -> None:
        """Start the process; it warms up while the caller goes on."""
        if not hasattr(os, "fork"):
            raise SandboxError(
                "answers with code cannot be run on Windows itself",
                hint="run rnngrade in WSL2 (wsl --install) or in a Linux container, or hand in where your "
                "course marks; answers in .json are marked here too",
            )
        libraries = library_folders()
        options = json.dumps({"path": libraries, "preload": self.preload})
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._complaints = anonymous_file()
        with theirs:
            # -P -s -S and an environment of our own: what -I does, but -I would ignore PYTHONHASHSEED,
            # and the .pth files of `site` take 80 ms and could bring the grader's packages in.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-s", "-S", str(INSIDE), options],
                env=ENVIRONMENT,
                cwd="/",
                # Its standard ones and no other, however many this process has open: one that is passed
                # keeps its number, and above the limit for open files none could be closed any more.
                close_fds=True,
                stdin=subprocess.DEVNULL,
                stdout=theirs.fileno(),
                stderr=self._complaints,
                start_new_session=True,
            )
        self._send_jail_options(libraries)

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
        jail = {
            "level": self.level,
            "off": self.off,
            "readable": readable,
            "hidden": hidden_paths(readable, libraries),
            "slot": os.getpid(),
        }
        return {
            "copies": known_copies(readable, libraries),
            "preload_sealed": PRELOAD_SEALED,
            "jail": jail,
        }

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

    def last_words(self) -> str:
        """The last line that the process wrote on its stderr."""
        assert self._complaints is not None
        self._complaints.seek(0)
        lines = self._complaints.read()[-4000:].decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""

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
        """So many bytes from the zygote.

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

    def stop(self) -> None:
        """End the process, and with it its child."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._complaints is not None:
            self._complaints.close()


def anonymous_file() -> IO[bytes]:
    """A file without a name, in memory where the platform can."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("rnngrade", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING), "w+b")
    return tempfile.TemporaryFile()


def file_of_size(size: int) -> IO[bytes]:
    """An anonymous file of zeros that whoever holds it cannot make larger, where the platform can."""
    file = anonymous_file()
    if hasattr(os, "memfd_create"):
        import fcntl  # not on Windows, where this module is imported too

        file.truncate(size)
        fcntl.fcntl(file, fcntl.F_ADD_SEALS, fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK)
    return file
