"""What the kernel says that a process has done: whether it computes, waits or is ready to go on."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from grader.sandbox.host.zygote import cpu_of


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

    Source: proc(5); Documentation/scheduler/sched-stats.rst.
    """
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][:1]
        waited_s = int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return None
    cpu_s = cpu_of(process)
    if cpu_s is None:
        return None
    return Activity(state == "R", cpu_s, cpu_s + waited_s)
