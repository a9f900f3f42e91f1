"""Step 4: what came back from the sandbox. A student's failure is data here, never an exception."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, TypeAlias, get_args, overload

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
        error: The name of the exception's class, where the answer's code raised one.
    """

    kind: FaultKind
    message: str
    where: str = ""
    error: str = ""

    @property
    def code(self) -> str:
        """Code of the feedback that tells of it."""
        return f"{DOES_NOT_RUN}{self.kind}"

    @property
    def text(self) -> str:
        """Where it happened, and what: "answer.py, line 12: ZeroDivisionError: division by zero"."""
        return f"{self.where}: {self.message}" if self.where else self.message


DOES_NOT_RUN = "does-not-run-"
NOT_RUN_CODES = frozenset(f"{DOES_NOT_RUN}{kind}" for kind in get_args(FaultKind))
"""Codes of feedback that tells of a fault."""


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
    """What held the student's code in, as probes in its process found it.

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


class Read(msgspec.Struct, frozen=True, tag="read"):
    """Hand back the top-level name, where the answer defines it."""

    name: str


class DrawnArguments(Sequence[Value]):
    """Arguments that are drawn when they are first looked at: few answers have every function that is asked.

    Args:
        count: How many there are.
        draw: Gives them, the same every time.
    """

    def __init__(self, count: int, draw: Callable[[], tuple[Value, ...]]) -> None:
        self._count = count
        self._draw = draw

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Value: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Value, ...]: ...
    def __getitem__(self, index: int | slice) -> Value | tuple[Value, ...]:
        return tuple(self)[index]

    def __iter__(self) -> Iterator[Value]:
        return iter(self._draw())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DrawnArguments | tuple) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


class Call(msgspec.Struct, frozen=True, tag="call", kw_only=True):
    """Call a function of the answer and hand back what it returns.

    Args:
        question: Id of the question the call belongs to. A child that dies in one question is started
            again for the next.
        function: Where to look for it, best first: each a path of names, e.g. ("q1a_code", "elman").
        args: Positional arguments. Every call gets fresh copies.
        kwargs: Named arguments.
        times: How often to call it with the same arguments; more than once shows kept state.
        cpu_s: CPU seconds allowed for each of the calls.
        returns_arguments: Hand back the arguments too as they are after the call (for functions that
            work in place): the result is then Items((returned, arg_1, ..., arg_n)).
        is_independent: Its arguments tell nothing of what any other call of its question should give: it may
            be sent before those that come first are answered.
    """

    question: str
    function: tuple[tuple[str, ...], ...]
    args: Sequence[Value] = ()
    kwargs: dict[str, Value] = {}
    times: int = 1
    cpu_s: float = 2.0
    returns_arguments: bool = False
    is_independent: bool = False


Probe: TypeAlias = Read | Call
