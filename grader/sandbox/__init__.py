"""Step 4: the only place where a student's code or files are run or parsed."""

from __future__ import annotations

import atexit
import functools
import os
from collections.abc import Sequence

from grader.model.exercise import Limits
from grader.model.run import Probe, RunResult
from grader.model.submission import Submission
from grader.sandbox.host.levels import Unprotected
from grader.sandbox.host.sandbox import Sandbox

__all__ = ["Sandbox", "Unprotected", "require_isolation", "run", "warm_up"]


def warm_up() -> None:
    """Start the process that `run` will use, without waiting: it warms up while the caller goes on."""
    _shared(os.getpid()).start()


def run(submission: Submission, probes: Sequence[Probe], limits: Limits) -> RunResult:
    """Run one submission; the warm process is kept for the next one.

    Raises:
        SandboxError: If the sandbox itself fails; never for what a submission does.
    """
    return _shared(os.getpid()).run(submission, probes, limits)


def require_isolation(unsafe_ok: bool = False) -> None:
    """Make sure that `run` may be given other people's code on this machine.

    Args:
        unsafe_ok: The person in charge allows it, whatever the level.

    Raises:
        Unprotected: If the isolation is too weak.
    """
    _shared(os.getpid()).require_isolation(unsafe_ok)


@functools.cache
def _shared(process: int) -> Sandbox:
    """One sandbox for each process: a forked one must not talk to its parent's zygote."""
    sandbox = Sandbox()
    atexit.register(sandbox.close)
    return sandbox
