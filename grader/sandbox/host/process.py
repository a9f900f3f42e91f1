"""Starting the program inside, with as little as that takes: what talks to it is imported meanwhile."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from typing import IO, NamedTuple

from grader.errors import SandboxError
from grader.sandbox.host.visible_paths import library_folders

INSIDE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "inside")

ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",  # a fork with live BLAS threads hangs (OpenBLAS #294), and one core is fair
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",  # the same order of sets in every run
    "LANG": "C.UTF-8",
    "TORCHINDUCTOR_CACHE_DIR": "/",  # torch.optim makes this folder when imported: one that is there
}

PRELOAD = ("numpy", "numpy.linalg", "numpy.random", "fractions", "decimal", "math", "random", "dataclasses")
"""What nearly every answer imports: it is there before any child is made."""

PRELOAD_SEALED = (
    "array", "bisect", "cmath", "collections.abc", "contextlib", "copy", "csv", "datetime", "enum",
    "functools", "heapq", "inspect", "io", "itertools", "json", "logging", "numbers", "numpy.fft",
    "numpy.polynomial", "operator", "os", "pathlib", "pickle", "pprint", "re", "statistics", "string",
    "sympy", "textwrap", "threading", "time", "timeit", "traceback", "types", "typing", "unittest",
    "warnings",
)  # fmt: skip
"""What an answer may import where no file can be opened."""


class Process(NamedTuple):
    """The program inside, just started.

    Args:
        program: The process.
        control: The socket to it.
        complaints: What it writes on its stderr.
        libraries: The folders from which an answer may import.
    """

    program: subprocess.Popen[bytes]
    control: socket.socket
    complaints: IO[bytes]
    libraries: list[str]


def start_process() -> Process:
    """Start it; it imports, and then waits to be told what its jail is made of.

    Raises:
        SandboxError: On Windows, which cannot fork.
    """
    if not hasattr(os, "fork"):
        raise SandboxError(
            "answers with code cannot be run on Windows itself",
            hint="run rnngrade in WSL2 (wsl --install) or in a Linux container, or hand in where your "
            "course marks; answers in .json are marked here too",
        )
    libraries = library_folders()
    # macOS: a fork after Accelerate has started threads is not safe, so there numpy is the child's.
    options = json.dumps({"path": libraries, "preload": PRELOAD if sys.platform == "linux" else ()})
    control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    complaints = anonymous_file()
    with theirs:
        # -P -s -S and an environment of our own: what -I does, but -I would ignore PYTHONHASHSEED,
        # and the .pth files of `site` take 80 ms and could bring the grader's packages in.
        program = subprocess.Popen(
            [sys.executable, "-P", "-s", "-S", INSIDE, options],
            env=environment(),
            cwd="/",
            # Its standard ones and no other, however many this process has open: one that is passed
            # keeps its number, and above the limit for open files none could be closed any more.
            close_fds=True,
            stdin=subprocess.DEVNULL,
            stdout=theirs.fileno(),
            stderr=complaints,
            start_new_session=True,
        )
    return Process(program, control, complaints, libraries)


def environment() -> dict[str, str]:
    """What the program inside is started with: nothing of this process's own.

    Whether compiled files are kept is as here; they are those of trusted code, since before anything of an
    answer is there it keeps no more of them.
    """
    keeps = not sys.dont_write_bytecode and sys.pycache_prefix is None
    return ENVIRONMENT if keeps else ENVIRONMENT | {"PYTHONDONTWRITEBYTECODE": "1"}


def anonymous_file() -> IO[bytes]:
    """A file without a name, in memory where the platform can."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("rnngrade", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING), "w+b")
    import tempfile

    return tempfile.TemporaryFile()
