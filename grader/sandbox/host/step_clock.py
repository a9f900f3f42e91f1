"""The time that one step of a child takes: on the wall, of the processor, and waiting for one."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from grader.sandbox.host.alone import GLANCE_S

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

    def __init__(
        self,
        cpu_s: float,
        wall_s: float,
        now: Callable[[], float] = time.monotonic,
        first_s: float | None = None,
    ) -> None:
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


def waited_s(zygote: int) -> float | None:
    """Seconds that the zygote's child was ready to run and got no processor, as on a busy machine.

    Args:
        zygote: Process number of what was started; in a namespace of its own the zygote is the child of it.

    Returns:
        Seconds, which are few for a program that sleeps; None where the system does not say.

    Source: the second number of /proc/PID/schedstat, Documentation/scheduler/sched-stats.rst.
    """
    try:
        youngest = zygote
        while below := Path(f"/proc/{youngest}/task/{youngest}/children").read_text().split():
            youngest = int(below[0])
        return int(Path(f"/proc/{youngest}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return None
