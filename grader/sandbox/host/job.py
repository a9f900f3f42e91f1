"""What one child is to do, as requests to the program inside, and under which limits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, TypeAlias

import msgspec

from grader.model.exercise import Limits
from grader.model.run import Call
from grader.sandbox.inside.messages import RUN, Order

PROCESSES = 64
"""Threads and processes of one child: a numpy that ignores its settings may start one for each core."""

Function: TypeAlias = tuple[tuple[tuple[str, ...], ...], int]
"""Where a function may be found, best first, and how many arguments it gets."""


class Job(msgspec.Struct, frozen=True, dict=True):
    """What one child is to do.

    Args:
        files: All files with code or arrays.
        reads: Names to read.
        calls: Calls to make, with their numbers among all calls.
        limits: For one submission.
        wall_s: Seconds that it may take in all.
    """

    files: list[dict[str, Any]]
    reads: tuple[str, ...]
    calls: tuple[tuple[int, Call], ...]
    limits: Limits
    wall_s: float

    @property
    def load_cpu_s(self) -> float:
        """CPU seconds for loading all files."""
        return self.limits.load_cpu_s * len(self.files)

    @cached_property
    def functions(self) -> list[Function]:
        """The functions that are called, each once."""
        return list(dict.fromkeys(function_of(call) for _, call in self.calls))

    @property
    def first_request(self) -> dict[str, Any]:
        """The job as the program inside reads it; nothing of what the functions are called with."""
        return {
            "files": self.files,
            "load_cpu_s": self.limits.load_cpu_s,
            "reads": self.reads,
            "functions": self.functions,
        }

    @cached_property
    def numbers(self) -> dict[Function, int]:
        """The number of each function."""
        return {function: number for number, function in enumerate(self.functions)}

    def request(self, calls: Sequence[tuple[int, Call]], is_last: bool) -> dict[str, Any]:
        """Calls as the program inside reads them.

        Args:
            calls: Some of this job's, with their numbers.
            is_last: No others come after them.
        """
        return {"calls": [self._call(*one) for one in calls], "is_last": is_last}

    def _call(self, number: int, call: Call) -> msgspec.Raw:
        """A call as the program inside reads it; its function by number."""
        kept = _kept_call(call)
        return kept.as_json(number, self.numbers[kept.function])

    @property
    def order(self) -> Order:
        """The kernel's limits; its CPU limit is for all steps together, on one processor."""
        return Order(
            RUN,
            memory_mib=self.limits.memory_mib,
            cpu_s=math.ceil(self.wall_s) + 2,
            output_bytes=self.limits.output_kib * 1024,
            processes=PROCESSES,
        )


AHEAD_BYTES = 1 << 18
"""Of arguments that are sent together: they take some of the answer's memory."""


def how_many_together(calls: Sequence[tuple[int, Call]]) -> int:
    """How many of the first calls may be sent at once: one, or several independent ones of a question.

    What another question is called with comes later: its author may have put there what this one gives.

    Args:
        calls: At least one, with their numbers.
    """
    question, size = calls[0][1].question, 0
    for count, (_, call) in enumerate(calls):
        if call.question != question:
            return count
        size += _kept_call(call).size
        if count and size > AHEAD_BYTES:
            return count
        if not call.is_independent:
            return max(count, 1)
    return len(calls)


def function_of(call: Call) -> Function:
    """The function of a call: nothing of what it is called with but the number of its arguments."""
    return call.function, len(call.args) + len(call.kwargs)


class KeptCall:
    """A call as JSON: most are made of every answer.

    Args:
        call: Kept, so that its place in memory stays its own.
    """

    def __init__(self, call: Call) -> None:
        self.call = call
        self.function = function_of(call)
        given = tuple(call.args), call.kwargs
        self.args, self.kwargs = (msgspec.Raw(msgspec.json.encode(one)) for one in given)
        self.size = len(bytes(self.args)) + len(bytes(self.kwargs))
        self._numbers = (-1, -1)
        self._json = msgspec.Raw()

    def as_json(self, number: int, function: int) -> msgspec.Raw:
        """All of it; made anew only for other numbers than the last time.

        Args:
            number: The call's.
            function: Its function's.
        """
        if self._numbers != (number, function):
            self._numbers = (number, function)
            content = {
                "index": number,
                "function": function,
                "args": self.args,
                "kwargs": self.kwargs,
                "times": self.call.times,
                "cpu_s": self.call.cpu_s,
                "returns_arguments": self.call.returns_arguments,
            }
            self._json = msgspec.Raw(msgspec.json.encode(content))
        return self._json


MOST_KEPT = 512
_kept: dict[int, KeptCall] = {}
"""By the id of the call."""


def _kept_call(call: Call) -> KeptCall:
    """The call as JSON, made once."""
    kept = _kept.get(id(call))
    if kept is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        kept = _kept[id(call)] = KeptCall(call)
    return kept


def wall_s(limits: Limits, calls: Iterable[Call]) -> float:
    """Wall seconds for one submission: the exercise's own; more where it grants more than the usual time.

    Where loading may take longer than usual, or a question allows its calls more than the others', that is
    meant: loading and the longest call of each such question must fit. Its other calls try the same on small
    sizes, and those with the usual limit need a thousandth of it.

    Args:
        limits: The exercise's.
        calls: All calls for one submission.
    """
    longest_s: dict[str, float] = {}
    for call in calls:
        if call.cpu_s > limits.call_cpu_s:
            longest_s[call.question] = max(longest_s.get(call.question, 0.0), call.cpu_s)
    if not longest_s and limits.load_cpu_s <= Limits().load_cpu_s:
        return limits.wall_s
    return max(limits.wall_s, limits.load_cpu_s + sum(longest_s.values()))
