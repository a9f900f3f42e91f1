"""What one child is to do, as requests to the program inside, and under which limits."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import msgspec

from grader.model.exercise import Limits
from grader.model.run import Call
from grader.sandbox.host.requests import CALLS, Calls, NumberedCall
from grader.sandbox.inside.messages import RUN, Order

PROCESSES = 64
"""Threads and processes of one child: a numpy that ignores its settings may start one for each core."""


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
