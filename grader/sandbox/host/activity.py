"""What a child has done, as the kernel says: what it computed and waited for, in all and in one step."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import NamedTuple

GLANCE_S = 0.1
"""Seconds between two looks at the limits of a submission that is alone in its process."""

HARD_GRACE_S = 0.5
"""CPU seconds after the gentle limit before the child is killed."""

UNKNOWN_CPU_SHARE = 0.5
"""Where the platform does not say a process's CPU time, half of the wall time is taken for it."""


class StepClock:
    """The time since the last step, by wall clock and by the child's CPU clock: bytes do not end a step.

    Args:
        cpu_s: CPU seconds that the child may use for this one.
        wall_s: Wall seconds that it may take for it.
        now: Wall seconds; stands still while the child is stopped.
        first_s: CPU seconds that the child has used before; None counts from the first look on.
    """

    def __init__(self, cpu_s: float, wall_s: float, now: Callable[[], float], first_s: float | None) -> None:
        self.limit_s = cpu_s + HARD_GRACE_S
        self.now = now
        self.started = now()
        self.deadline = self.started + wall_s
        self.next_look = self.started + GLANCE_S
        self.first_s = first_s
        self.first_waited_s: float | None = None

    def is_due(self) -> bool:
        """Whether to ask for the CPU time now; it is not due again before it could be used up."""
        now = self.now()
        if now < self.next_look:
            return False
        self.next_look = now + GLANCE_S
        return True

    def waited(self, waited_s: float | None) -> float | None:
        """Seconds of this step for which the child waited for a processor, when it has so many in all."""
        if self.first_waited_s is None:
            self.first_waited_s = waited_s
        return None if waited_s is None or self.first_waited_s is None else waited_s - self.first_waited_s

    def used_s(self, cpu_s: float) -> float:
        """CPU seconds of this step, when the child has used so many in all."""
        return cpu_s - (self.first_s or 0.0)

    def is_used_up(self, cpu_s: float) -> bool:
        """Whether the child has used more than the step's limit; what it used before is not counted."""
        if cpu_s < 0:
            cpu_s = (self.now() - self.started) * UNKNOWN_CPU_SHARE
        if self.first_s is None:
            self.first_s = cpu_s
        left_s = self.limit_s - (cpu_s - self.first_s)
        self.next_look = max(self.next_look, self.now() + left_s)
        return left_s <= 0


class Activity(NamedTuple):
    """What a process has done so far.

    Args:
        is_ready: Whether it computes or would, if it had a processor.
        cpu_s: CPU seconds of all its threads.
        active_s: These, and for how long it waited for a processor.
    """

    is_ready: bool
    cpu_s: float
    active_s: float


def activity_of(process: int) -> Activity | None:
    """What a process has done so far; None where the system does not say.

    Source: proc(5).
    """
    try:
        state = read_proc_file(f"/proc/{process}/stat").rpartition(b") ")[2][:1]
        waited_s = _waited_s(process)
    except (OSError, ValueError, IndexError):
        return None
    cpu_s = cpu_of(process)
    if cpu_s is None:
        return None
    return Activity(state == b"R", cpu_s, cpu_s + waited_s)


def waited_s(zygote: int) -> float | None:
    """Seconds that the zygote's child was ready to run and got no processor, as on a busy machine.

    Args:
        zygote: Process number of what was started; in a namespace of its own the zygote is the child of it.

    Returns:
        Seconds, which are few for a program that sleeps; None where the system does not say.
    """
    try:
        youngest = zygote
        while below := read_proc_file(f"/proc/{youngest}/task/{youngest}/children").split():
            youngest = int(below[0])
        return _waited_s(youngest)
    except (OSError, ValueError, IndexError):
        return None


def _waited_s(process: int) -> float:
    """Seconds that a process waited for a processor.

    Source: the second number of /proc/PID/schedstat, Documentation/scheduler/sched-stats.rst.
    """
    return int(read_proc_file(f"/proc/{process}/schedstat").split()[1]) / 1e9


def children_of(process: int) -> list[int]:
    """The children of a process, oldest first; none where the system does not say. Source: proc(5)."""
    try:
        return [int(one) for one in read_proc_file(f"/proc/{process}/task/{process}/children").split()]
    except OSError:
        return []


def read_proc_file(path: str) -> bytes:
    """A file in /proc, in few steps: one is read for every answer.

    Raises:
        OSError: If it is not there.
    """
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        return b"".join(iter(lambda: os.read(fd, 1 << 12), b""))
    finally:
        os.close(fd)


def child_of(process: int) -> int | None:
    """The oldest child of a process; None where it has none, or the system does not say."""
    return next(iter(children_of(process)), None)


def cpu_of(process: int) -> float | None:
    """CPU seconds of all threads of a process so far; None where the system does not say.

    Source: the clock of another process, as clock_getcpuclockid(3) computes it.
    """
    try:
        return time.clock_gettime((~process << 3) | 2)
    except OSError:
        return None
