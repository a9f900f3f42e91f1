"""Step 4: the only place where a student's code or files are run or parsed."""

from __future__ import annotations

import atexit
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.model.exercise import Limits
    from grader.model.run import Probe, RunResult
    from grader.model.submission import Submission
    from grader.sandbox.host.levels import Unprotected
    from grader.sandbox.host.process import Process
    from grader.sandbox.host.sandbox import Sandbox

__all__ = ["Sandbox", "Unprotected", "require_isolation", "run", "warm_up"]

_SANDBOXES: dict[int, Sandbox] = {}
"""One for each process: a forked one must not talk to its parent's zygote."""


def warm_up() -> None:
    """Start the process that `run` will use, without waiting: it warms up while the caller goes on.

    It is started before what talks to it is imported, which takes half as long as its own imports.
    """
    if os.getpid() in _SANDBOXES:
        _shared().start()
    else:
        from grader.sandbox.host.process import start_process

        _shared(start_process())


def run(submission: Submission, probes: Sequence[Probe], limits: Limits) -> RunResult:
    """Run one submission; the warm process is kept for the next one.

    Raises:
        SandboxError: If the sandbox itself fails; never for what a submission does.
    """
    if not submission.has_code:
        from grader.sandbox.host.readings import read_data

        return read_data(submission, probes)
    return _shared().run(submission, probes, limits)


def require_isolation(unsafe_ok: bool = False) -> None:
    """Make sure that `run` may be given other people's code on this machine.

    Args:
        unsafe_ok: The person in charge allows it, whatever the level.

    Raises:
        Unprotected: If the isolation is too weak.
    """
    _shared().require_isolation(unsafe_ok)


def _shared(process: Process | None = None) -> Sandbox:
    """The sandbox of this process.

    Args:
        process: The program inside, where it was started for a sandbox that is not there yet.
    """
    number = os.getpid()
    if number not in _SANDBOXES:
        from grader.sandbox.host.sandbox import Sandbox

        _SANDBOXES[number] = Sandbox(process=process)
        atexit.register(_SANDBOXES[number].close)
    return _SANDBOXES[number]


def __getattr__(name: str) -> Any:
    """The types, found when they are asked for."""
    import importlib

    homes = {"Sandbox": "grader.sandbox.host.sandbox", "Unprotected": "grader.sandbox.host.levels"}
    if name not in homes:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(homes[name]), name)
