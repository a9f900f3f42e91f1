"""A process that the zygote forked: its CPU time, signals to it, and the end of all that it left running."""

import os
import signal
import sys
import time


def cpu_of(pid: int) -> float:
    """CPU seconds of a running process; negative where the platform does not say."""
    if sys.platform != "linux":
        return -1.0
    # The clock of another process: (~pid << 3) | CPUCLOCK_SCHED, include/linux/posix-timers.h
    # (what clock_getcpuclockid(3) computes).
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def kill(pid: int) -> None:
    """Kill the child and its process group."""
    tell(pid, signal.SIGKILL)


def tell(pid: int, number: signal.Signals) -> None:
    """Send a signal to the child and its process group."""
    for send in (os.kill, os.killpg):
        try:
            send(pid, number)
        except (ProcessLookupError, PermissionError):
            continue


def kill_rest(pid: int) -> None:
    """Kill and reap whatever the child has left running.

    As process 1 of a namespace this reaches everything; -1 is all but oneself.
    """
    is_first = os.getpid() == 1
    try:
        os.kill(-1, signal.SIGKILL) if is_first else os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        # Nobody is there, not even one that has ended and was not waited for.
        return
    except PermissionError:
        pass
    while is_first:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return
