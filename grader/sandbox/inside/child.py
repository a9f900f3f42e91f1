"""One child's process, from fork to exit: the jail first, then its job, and what it may print."""

import base64
import io
import json
import os
import resource
import signal
import sys
from typing import Any

from . import clock
from .answers import Answers, Definition, File
from .calls import find_functions, make_call
from .caps import READ_CPU_S
from .encode import plain
from .isolation.jail import Jail
from .isolation.probes import run_probes
from .messages import ENDS_QUESTION, FAILED, FrameTooLarge, Order, Reply, Requests
from .objects import name_of
from .scalars import opaque

REPLY_FD, REQUEST_FD, BELL_FD = 3, 4, 5


def run_child(order: Order, fds: list[int], jail: Jail) -> None:
    """Become the process of one submission; never returns.

    Args:
        order: Its limits.
        fds: Where requests are read, replies are written and printed text goes.
        jail: Put on before the first byte of a request is read.
    """
    try:
        settle(order, fds, jail)
        # Each write at once, so that a crash loses nothing.
        ROOM[0] = order.output_bytes
        sys.argv = ["answer"]
        work(Requests(REQUEST_FD, BELL_FD), Reply(REPLY_FD, BELL_FD))
        os._exit(0)
    finally:
        # Whatever happens: never back into the zygote's loop.
        os._exit(FAILED)


def run_probe_child(order: Order, fds: list[int], jail: Jail, copies: list[str]) -> None:
    """Become a process that tries its jail and writes what it could do; never returns.

    Args:
        order: Its limits.
        fds: As for `run_child`.
        jail: As for `run_child`.
        copies: Where the grader's own packages lie.
    """
    try:
        settle(order, fds, jail)
        os.write(REPLY_FD, json.dumps(run_probes(copies)).encode())
        os._exit(0)
    finally:
        os._exit(FAILED)


def settle(order: Order, fds: list[int], jail: Jail) -> None:
    """Keep only what a submission may have, and put the jail on."""
    os.setsid()
    arrange_descriptors(fds, jail.rules)
    signal.set_wakeup_fd(-1)
    jail.put_on(order)


def arrange_descriptors(fds: list[int], keep: int | None) -> None:
    """Nothing on 0, printed text on 1 and 2, then replies, requests and bell; else only what the jail needs.

    An answer that asks for input finds none: a request on 0 would be taken for it.
    """
    requests, reply, bell, printed = fds
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    os.dup2(reply, REPLY_FD)
    os.dup2(requests, REQUEST_FD)
    os.dup2(bell, BELL_FD)
    end = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if keep is not None:
        os.closerange(BELL_FD + 1, keep)
    os.closerange(BELL_FD + 1 if keep is None else keep + 1, end)


def work(requests: Requests, reply: Reply) -> None:
    """Load the files, send the names asked for, make the calls; every reading is sent as soon as it is there.

    A call comes only when those before it are answered, as what it is called with may show what they should
    have given; of one question several come together where that cannot be.
    """
    job = requests.next()
    assert job is not None
    files = [File(file["index"], file["name"], base64.b64decode(file["data"])) for file in job["files"]]
    answers = Answers(files, job["load_cpu_s"])
    answers.load()
    reply.send("loaded", faults=answers.faults, seen=answers.seen, notes=answers.notes)
    for name in job["reads"]:
        if name in answers.names:
            send_name(name, answers.names[name], reply)
    functions, absent = find_functions(job["functions"], answers)
    reply.send("all-read", absent=absent)
    is_last = not functions
    while not is_last:
        request = requests.next()
        if request is None:
            return
        make_calls(request["calls"], functions, answers, reply)
        is_last = request["is_last"]


def make_calls(
    calls: list[dict[str, Any]], functions: dict[int, Any], answers: Answers, reply: Reply
) -> None:
    """Make calls of one question, until one has used up a limit: the others would only take as long."""
    for call in calls:
        fault = make_call(call, functions[call["function"]], answers, reply)
        if fault is not None:
            reply.send("call-fault", call=call["index"], fault=fault)
            if fault["kind"] in ENDS_QUESTION:
                return


def send_name(name: str, definition: Definition, reply: Reply) -> None:
    """Send one name's value; one that is too large costs only itself."""
    try:
        reply.send("name", file=definition.file, name=name, value=read(definition.value))
    except (FrameTooLarge, MemoryError):
        reply.send("name", file=definition.file, name=name, value=opaque("a value that is too large to read"))


def read(value: object) -> dict[str, Any]:
    """One name's plain value; opaque where reading it raises or takes too long."""
    try:
        with clock.Limited(READ_CPU_S):
            return plain(value, is_name=True)
    except clock.TooLong:
        return opaque("a value that takes too long to read")
    except MemoryError:
        return opaque("a value that is too large to read")
    except BaseException as error:
        return opaque(f"a value that cannot be read ({name_of(type(error))})")


ROOM = [0]
"""Bytes that may still be printed, on stdout and stderr together; none before a child has its limits."""


class Capped(io.RawIOBase):
    """A file descriptor that takes a number of bytes and ignores the rest.

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


def prepare_output() -> None:
    """Put capped streams on descriptor 1 in the place of stdout and stderr, once, in the zygote."""
    for name in ("stdout", "stderr"):
        stream = io.TextIOWrapper(
            Capped(1, ROOM),  # type: ignore[type-var]
            encoding="utf-8",
            errors="replace",
            write_through=True,
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
