"""One job in the child: load the files, hand back the names asked for, make the calls."""

import base64
import json
from typing import Any

from . import clock
from .answers import Answers, File, Found
from .calls import find_functions, make_calls
from .caps import READ_CPU_S
from .encode import plain
from .frames import FrameTooLarge, Reply
from .kinds import name_of
from .numbers_text import opaque


def read_job(fd: int) -> dict[str, Any]:
    """The job, up to the end of the pipe. Its bytes are the student's: they are read in the jail."""
    with open(fd, "rb", buffering=0, closefd=False) as file:
        job = json.loads(file.read())
    assert isinstance(job, dict)
    return job


def work(job: dict[str, Any], reply: Reply) -> None:
    """Do the whole job; every reading is sent as soon as it is there."""
    files = [File(file["index"], file["name"], base64.b64decode(file["data"])) for file in job["files"]]
    answers = Answers(files, job["load_cpu_s"])
    answers.load()
    reply.send("loaded", faults=answers.faults, seen=answers.seen, notes=answers.notes)
    for name in job["reads"]:
        if name in answers.names:
            send_name(name, answers.names[name], reply)
    functions, absent = find_functions(job["calls"], answers)
    reply.send("all-read", absent=absent)
    make_calls([call for call in job["calls"] if call["index"] in functions], functions, answers, reply)
    reply.send("done")


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
