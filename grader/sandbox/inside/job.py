"""One job in the child: load the files, hand back the names asked for, make the calls."""

import base64
from typing import Any

from . import clock
from .answers import Answers, File, Found
from .calls import find_functions, make_call
from .caps import READ_CPU_S
from .encode import plain
from .frames import FrameTooLarge, Reply
from .kinds import name_of
from .numbers_text import opaque
from .requests import Requests


def work(requests: Requests, reply: Reply) -> None:
    """Do the whole job; every reading is sent as soon as it is there.

    A call comes only when the one before it is answered: what a later one is called with may tell what an
    earlier one should have given.
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
    while (call := requests.next()) is not None:
        fault = make_call(call, functions[call["function"]], answers, reply)
        if fault is not None:
            reply.send("call-fault", call=call["index"], fault=fault)


def send_name(name: str, found: Found, reply: Reply) -> None:
    """Send one name's value; one that is too large costs only itself."""
    try:
        reply.send("name", file=found.file, name=name, value=read(found.value))
    except (FrameTooLarge, MemoryError):
        reply.send("name", file=found.file, name=name, value=opaque("a value that is too large to read"))


def read(value: object) -> dict[str, Any]:
    """One name's plain value; a value that fights back is opaque."""
    try:
        with clock.Limited(READ_CPU_S):
            return plain(value, is_name=True)
    except clock.TooLong:
        return opaque("a value that takes too long to read")
    except MemoryError:
        return opaque("a value that is too large to read")
    except BaseException as error:
        return opaque(f"a value that cannot be read ({name_of(type(error))})")
