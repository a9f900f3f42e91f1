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

    def _call(self, number: int, call: Call) -> dict[str, Any]:
        """A call as the program inside reads it; its function by number."""
        args, kwargs = _arguments(call)
        return {
            "index": number,
            "function": self.numbers[function_of(call)],
            "args": args,
            "kwargs": kwargs,
            "times": call.times,
            "cpu_s": call.cpu_s,
            "returns_arguments": call.returns_arguments,
        }

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
    """How many of the first calls may be sent at once: one, or several of a question that are all drawn.

    What another question is called with comes later: its author may have put there what this one gives.

    Args:
        calls: At least one, with their numbers.
    """
    question, size = calls[0][1].question, 0
    for count, (_, call) in enumerate(calls):
        size += sum(len(bytes(one)) for one in _arguments(call))
        if count and (call.question != question or size > AHEAD_BYTES):
            return count
        if not call.is_independent:
            return max(count, 1)
    return len(calls)


def function_of(call: Call) -> Function:
    """The function of a call: nothing of what it is called with but the number of its arguments."""
    return call.function, len(call.args) + len(call.kwargs)


MOST_KEPT = 512
_kept: dict[int, tuple[Call, msgspec.Raw, msgspec.Raw]] = {}
"""Arguments as JSON, of calls that are made of every answer, by the id of the call that is kept beside."""


def _arguments(call: Call) -> tuple[msgspec.Raw, msgspec.Raw]:
    """What a call is made with, as JSON."""
    if id(call) not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        args, kwargs = (msgspec.Raw(msgspec.json.encode(one)) for one in (call.args, call.kwargs))
        _kept[id(call)] = call, args, kwargs
    return _kept[id(call)][1:]


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
