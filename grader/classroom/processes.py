"""Whether the processes of a worker compute, or wait for something."""

from __future__ import annotations

import sys
import time
from pathlib import Path

WAITING = "S"
"""In /proc: sleeps until something happens. What is ready to run and gets no processor is none of these."""


def cpu_s_while_waiting(process: int) -> float | None:
    """CPU seconds of a process and all below it, if each of them waits for something.

    Args:
        process: Its number.

    Returns:
        The same number at the next look where nothing was done meanwhile; None where one of them is ready to
        run, and where the system does not say.

    Source: proc(5); the clock of another process as clock_getcpuclockid(3) computes it.
    """
    if sys.platform != "linux":
        return None
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][:1]
        used = time.clock_gettime((~process << 3) | 2)
        below = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return None
    parts = [used if state == WAITING else None, *(cpu_s_while_waiting(int(child)) for child in below)]
    found = [part for part in parts if part is not None]
    return sum(found) if len(found) == len(parts) else None
