"""How long a child was kept waiting for a processor: what tells a busy machine from a program that sleeps."""

from __future__ import annotations

from pathlib import Path


def waited_s(zygote: int) -> float | None:
    """Seconds that the zygote's child was ready to run and did not; None where the system does not tell.

    Args:
        zygote: Process number of what was started; in a namespace of its own the zygote is the child of it.

    Source: the second number of /proc/PID/schedstat, Documentation/scheduler/sched-stats.rst.
    """
    try:
        youngest = zygote
        while below := Path(f"/proc/{youngest}/task/{youngest}/children").read_text().split():
            youngest = int(below[0])
        return int(Path(f"/proc/{youngest}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return None
