"""Step 3: what the sandbox is asked to do. No expected value is ever in a probe."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from grader.model.value import Value


class Read(msgspec.Struct, frozen=True, tag="read"):
    """Hand back the top-level name, where the answer defines it."""

    name: str


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
    """

    question: str
    function: tuple[tuple[str, ...], ...]
    args: tuple[Value, ...] = ()
    kwargs: dict[str, Value] = {}
    times: int = 1
    cpu_s: float = 2.0
    returns_arguments: bool = False


Probe: TypeAlias = Read | Call
