"""An exception as a fault for the student: no path, no traceback."""

import errno
from typing import Any

from . import caps
from .clock import TooLong
from .isolation.own_folder import MOST_FILES, SIZE_MIB, State
from .messages import FrameTooLarge
from .objects import name_of

Fault = dict[str, Any]

GRADER_PACKAGES = ("grader", "reference", "exercises")
"""The grader's own packages: not to be had by an answer."""


ABSENT_NAMES: dict[str, str] = {}
"""Names whose import was left out, with the note that the student gets."""


NO_FILES = "on this machine an answer may not use files, the network or other programs"
FOLDER_ONLY = "an answer may write files where it starts; it cannot count on others, the network or programs"
FOLDER_FULL = f"an answer's own folder holds {SIZE_MIB} MiB and {MOST_FILES} files"


class Forbidden(ImportError):
    """An answer asked for one of the grader's packages."""


def fault(kind: str, message: str, where: str = "") -> Fault:
    """A fault in the form of `grader.model.run.Fault`."""
    return {
        "kind": kind,
        "message": as_text(message)[: caps.MAX_MESSAGE],
        "where": as_text(where)[: caps.MAX_DESCRIPTION],
    }


def as_text(text: str) -> str:
    """Text without lone surrogates, which no JSON reader takes."""
    return text.encode("utf-8", "replace").decode()


def from_exception(error: BaseException, files: set[str], cpu_s: float, where: str = "") -> Fault:
    """The fault that tells the student of an exception.

    Args:
        error: Raised by the student's code.
        files: File names that the student's code was compiled with.
        cpu_s: The CPU limit that was set.
        where: Where it was, if the traceback has no line of the answer.
    """
    try:
        kind, message = kind_and_message(error, files, cpu_s)
        found = fault(kind, message, place(error, files) or where)
        return found | {"error": as_text(name_of(type(error)))[: caps.MAX_NAME]}
    except BaseException:  # the student's class may raise whatever is asked of it
        return fault("exception", "an exception that cannot be shown", where)


def kind_and_message(error: BaseException, files: set[str], cpu_s: float) -> tuple[str, str]:
    """The fault's kind and one line about it."""
    if isinstance(error, TooLong):
        return "timeout", f"took more than {cpu_s:g} s of CPU time"
    if isinstance(error, FrameTooLarge):
        return "output", "what was returned is too large to be handed back"
    if isinstance(error, SyntaxError) and is_students(error.filename, files):
        return "syntax", f"{name_of(type(error))}: {error.msg}"
    if isinstance(error, SystemExit):
        return "exit", "the code ends the program (exit or sys.exit)"
    if isinstance(error, MemoryError):
        return "memory", "needed more memory than is allowed"
    line = exception_line(error)
    if isinstance(error, NameError) and error.name in ABSENT_NAMES:
        return "exception", f"{line} ({ABSENT_NAMES[error.name]})"
    if isinstance(error, Forbidden):
        return "forbidden", line
    if isinstance(error, FileNotFoundError):
        return "exception", f"{line} (only the answer itself is there; files beside it are not)"
    if isinstance(error, EOFError) and "reading a line" in line:
        return "exception", f"{line} (nobody is there to type what input() asks for: write it into the file)"
    if isinstance(error, OSError) and error.errno in (errno.EPERM, errno.EACCES, errno.EROFS):
        return "forbidden", f"{line} ({FOLDER_ONLY if State.is_there else NO_FILES})"
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EFBIG) and State.is_there:
        return "exception", f"{line} ({FOLDER_FULL})"
    return "exception", line


def exception_line(error: BaseException) -> str:
    """`Type: message` in one line. The student's class may do anything in `__str__`: it may raise too."""
    name = name_of(type(error))
    try:
        message = str(error)
        return f"{name}: {' '.join(message[: 4 * caps.MAX_MESSAGE].split())}" if message else name
    except Exception:
        return name


def place(error: BaseException, files: set[str]) -> str:
    """The innermost line of the student's own code: "answer.py, line 12"."""
    if isinstance(error, SyntaxError) and is_students(error.filename, files):
        return f"{error.filename}, line {error.lineno or 1}"
    found = ""
    step = error.__traceback__
    while step is not None:
        name = step.tb_frame.f_code.co_filename
        if is_students(name, files):
            found = f"{name}, line {step.tb_lineno}"
        step = step.tb_next
    return found


def is_students(name: object, files: set[str]) -> bool:
    """Whether code was compiled from an answer file; a notebook's cells have their number behind it."""
    return isinstance(name, str) and name.partition(", cell ")[0] in files
