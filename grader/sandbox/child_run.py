"""What one child is to do: its job as the program inside reads it, its limits as the kernel takes them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from grader.model.exercise import Limits
from grader.model.probe import Call
from grader.sandbox.inside.caps import READ_CPU_S
from grader.sandbox.inside.control import RUN, Order

PROCESSES = 64
"""Threads and processes of one child: a numpy that ignores its settings may start one for each core."""


@dataclass(frozen=True)
class ChildRun:
    """What one child is to do.

    Args:
        files: All files with code or arrays.
        reads: Names to read.
        calls: Calls to make, with their numbers among all calls.
        limits: For one submission.
    """

    files: list[dict[str, Any]]
    reads: tuple[str, ...]
    calls: tuple[tuple[int, Call], ...]
    limits: Limits

    @property
    def load_cpu_s(self) -> float:
        """CPU seconds for loading all files."""
        return self.limits.load_cpu_s * len(self.files)

    @property
    def job(self) -> dict[str, Any]:
        """As the program inside reads it."""
        return {
            "files": self.files,
            "load_cpu_s": self.limits.load_cpu_s,
            "reads": self.reads,
            "calls": [{"index": number, **as_job(call)} for number, call in self.calls],
        }

    @property
    def order(self) -> Order:
        """The kernel's limits; its CPU limit is for all steps together."""
        calls_s = sum(call.times * call.cpu_s for _, call in self.calls)
        return Order(
            RUN,
            memory_mib=self.limits.memory_mib,
            cpu_s=math.ceil(self.load_cpu_s + READ_CPU_S * len(self.reads) + calls_s) + 2,
            output_bytes=self.limits.output_kib * 1024,
            processes=PROCESSES,
        )


def as_job(call: Call) -> dict[str, Any]:
    """A call as the program inside reads it."""
    return {
        "question": call.question,
        "function": call.function,
        "args": call.args,
        "kwargs": call.kwargs,
        "times": call.times,
        "cpu_s": call.cpu_s,
        "returns_arguments": call.returns_arguments,
    }
