"""Step 4: what came back from the sandbox. A student's failure is data here, never an exception."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from grader.model.value import Value

FaultKind: TypeAlias = Literal[
    "syntax",  # the file does not parse
    "exception",  # the code raised
    "exit",  # the code ended the process or called sys.exit
    "timeout",  # CPU or wall limit
    "memory",
    "output",  # printed or returned more than the cap
    "crash",  # killed by a signal
    "forbidden",  # tried what the sandbox does not allow
    "missing",  # no such function
    "not-callable",
    "unreadable",  # a file that cannot be read as its format
    "protocol",  # sent something that is not an answer
    "not-run",  # an earlier call of the same question ended it
]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong in the student's process, in words for the student.

    Args:
        kind: Stable word.
        message: One line: "ZeroDivisionError: division by zero". No path, no traceback.
        where: "answer.py, line 12" or "lab.ipynb, cell 7, line 3"; empty where unknown.
    """

    kind: FaultKind
    message: str
    where: str = ""


class CallReading(msgspec.Struct, frozen=True, kw_only=True):
    """What one `Call` gave: a value for each time it was called, until a fault."""

    results: tuple[Value, ...] = ()
    fault: Fault | None = None


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What the student's process used; CPU and wall in seconds, peak memory in MiB."""

    cpu_s: float = 0.0
    wall_s: float = 0.0
    max_rss_mib: float = 0.0


class Protection(msgspec.Struct, frozen=True, kw_only=True):
    """What stood between the student's code and the rest, as seen by probes.

    Args:
        level: "full", "kernel", "sealed", "limits", or "no-code" when nothing was executed.
        layers: Names of the active layers.
    """

    level: str
    layers: tuple[str, ...] = ()


class RunResult(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that came back for one submission.

    Args:
        names: The asked-for top-level names that were found.
        seen: Every public top-level name of the answer, for "did you mean".
        calls: One reading for each `Call`, in order.
        faults: What went wrong while the files were read, in order; names defined before still count.
        notes: What was left out of the files and why, in words for the student: cells, imports.
        output: What the student's code printed: capped, cleaned of control characters.
        given_twice: Names that more than one file defines; the first file counts.
    """

    names: dict[str, Value]
    seen: tuple[str, ...] = ()
    calls: tuple[CallReading, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    output: str = ""
    usage: Usage = Usage()
    protection: Protection = Protection(level="no-code")
    given_twice: tuple[str, ...] = ()
