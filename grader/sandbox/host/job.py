"""What one child is to do and under which limits: the job, and its calls as requests to the program inside.

What is the same for every answer to an exercise is made ready once: the names to read, and requests as JSON.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

import msgspec

from grader.model.exercise import Limits
from grader.model.run import Call, Probe, Read
from grader.sandbox.inside.messages import RUN, Order

PROCESSES = 64
"""Threads and processes of one child: a numpy that ignores its settings may start one for each core."""

Function: TypeAlias = tuple[tuple[tuple[str, ...], ...], int]
"""Where a function may be found, best first, and how many arguments it gets."""

NumberedCall: TypeAlias = tuple[int, Call]
"""A call with its number among all calls of an answer."""

AHEAD_BYTES = 1 << 18
"""Of arguments that are sent together: they take some of the answer's memory."""

MOST_KEPT_BYTES = 1 << 20
"""Of requests for the same calls."""


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
    calls: tuple[NumberedCall, ...]
    limits: Limits
    wall_s: float

    @property
    def load_cpu_s(self) -> float:
        """CPU seconds for loading all files."""
        return self.limits.load_cpu_s * len(self.files)

    @cached_property
    def asked(self) -> Calls:
        """The calls as requests."""
        return CALLS.of(self.calls)

    @property
    def first_request(self) -> dict[str, Any]:
        """The job as the program inside reads it; nothing of what the functions are called with."""
        return {
            "files": self.files,
            "load_cpu_s": self.limits.load_cpu_s,
            "reads": self.reads,
            "functions": self.asked.functions,
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


Key = TypeVar("Key")
Made = TypeVar("Made")


class MadeOnce(Generic[Key, Made]):
    """What is made of things that never change, each once as long as there are few.

    They are told apart by their places in memory: to compare calls takes longer than to make them ready.

    Args:
        make: What is remembered of a thing.
        most: Of how many; with more all are forgotten.
    """

    def __init__(self, make: Callable[[Key], Made], most: int) -> None:
        self._make = make
        self._most = most
        self._made: dict[int, tuple[Key, Made]] = {}

    def of(self, thing: Key) -> Made:
        """What was made of it; it is kept, so that its place in memory stays its own."""
        found = self._made.get(id(thing))
        if found is None:
            if len(self._made) >= self._most:
                self._made.clear()
            found = self._made[id(thing)] = thing, self._make(thing)
        return found[1]


class ReadsAndCalls(NamedTuple):
    """Probes by their sort: the names to read, each once, and the calls with their numbers."""

    reads: tuple[str, ...]
    calls: tuple[NumberedCall, ...]


def _sorted_probes(probes: Sequence[Probe]) -> ReadsAndCalls:
    return ReadsAndCalls(
        tuple(dict.fromkeys(probe.name for probe in probes if isinstance(probe, Read))),
        tuple(enumerate(probe for probe in probes if isinstance(probe, Call))),
    )


_SORTED = MadeOnce[tuple[Probe, ...], ReadsAndCalls](_sorted_probes, 8)


def reads_and_calls(probes: Sequence[Probe]) -> ReadsAndCalls:
    """What probes ask for: for one answer as for the next where the same ones are asked.

    Args:
        probes: In order.
    """
    return _SORTED.of(probes) if isinstance(probes, tuple) else _sorted_probes(probes)


def function_of(call: Call) -> Function:
    """The function of a call: nothing of what it is called with but the number of its arguments."""
    return call.function, len(call.args) + len(call.kwargs)


class CallAsJson:
    """What a call is made with, as JSON.

    Args:
        call: The call.
    """

    def __init__(self, call: Call) -> None:
        self.args, self.kwargs = (
            msgspec.Raw(msgspec.json.encode(one)) for one in (tuple(call.args), call.kwargs)
        )
        self.size = len(bytes(self.args)) + len(bytes(self.kwargs))


_AS_JSON = MadeOnce[Call, CallAsJson](CallAsJson, 512)


def how_many_together(calls: Sequence[NumberedCall]) -> int:
    """How many of the first calls may be sent at once: one, or several independent ones of a question.

    What another question is called with comes later: its author may have put there what this one gives.

    Args:
        calls: At least one.
    """
    question, size = calls[0][1].question, 0
    for count, (_, call) in enumerate(calls):
        if call.question != question:
            return count
        size += _AS_JSON.of(call).size
        if count and size > AHEAD_BYTES:
            return count
        if not call.is_independent:
            return max(count, 1)
    return len(calls)


class Calls:
    """The calls of a job: their functions, and the requests for them.

    Args:
        calls: All of them.
    """

    def __init__(self, calls: tuple[NumberedCall, ...]) -> None:
        self.functions: list[Function] = list(dict.fromkeys(function_of(call) for _, call in calls))
        self._numbers = {function: number for number, function in enumerate(self.functions)}
        self._requests: dict[tuple[int, ...], tuple[int, msgspec.Raw]] = {}
        self._bytes = 0

    def next_request(self, left: Sequence[NumberedCall]) -> tuple[int, msgspec.Raw]:
        """How many of the calls that are left are sent now, and the request for them, as JSON.

        Args:
            left: At least one, in order.
        """
        key = tuple(number for number, _ in left)
        found = self._requests.get(key)
        if found is None:
            count = how_many_together(left)
            content = {"calls": [self._content(*one) for one in left[:count]], "is_last": count == len(left)}
            found = count, msgspec.Raw(msgspec.json.encode(content))
            self._bytes += len(bytes(found[1]))
            if self._bytes <= MOST_KEPT_BYTES:
                self._requests[key] = found
        return found

    def _content(self, number: int, call: Call) -> dict[str, Any]:
        """A call as the program inside reads it; its function by number."""
        as_json = _AS_JSON.of(call)
        return {
            "index": number,
            "function": self._numbers[function_of(call)],
            "args": as_json.args,
            "kwargs": as_json.kwargs,
            "times": call.times,
            "cpu_s": call.cpu_s,
            "returns_arguments": call.returns_arguments,
        }


CALLS = MadeOnce[tuple[NumberedCall, ...], Calls](Calls, 8)
"""Of the same calls, as they are asked of one answer after the other."""
