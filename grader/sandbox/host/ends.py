"""What the end of a child means, in words for the student."""

from __future__ import annotations

import os
import signal
from typing import Literal, TypeAlias

from grader.model.run import Fault
from grader.sandbox.host.session import Session
from grader.sandbox.inside.control import FAILED

Killed: TypeAlias = Literal["cpu", "wall", "step", "protocol"]


TOO_LONG_TO_LOAD = (
    "running the file took more than {:g} s of CPU time and could not be ended gently: nothing in it counts. "
    "What takes longer, as training may, is run beforehand: hand in what came out"
)
TOO_LONG = "took too long in all; the program waits for something or is slow"


def ended_by(
    status: int, killed: Killed | None, problem: str | None, session: Session, is_used_up: bool
) -> Fault:
    """The fault of a child that ended before its job was done.

    Args:
        status: As `os.wait4` gives it.
        killed: Why the grader killed it, if it did.
        problem: What was wrong with its frames.
        session: How far it came.
        is_used_up: Whether its CPU time reached the kernel's limit, which ends it by SIGKILL.
    """
    if killed == "protocol":
        return Fault(kind="protocol", message=f"the program {problem}")
    if killed == "wall" or (killed is None and is_used_up and os.WIFSIGNALED(status)):
        return Fault(kind="timeout", message=TOO_LONG)
    if killed == "step":
        return Fault(
            kind="timeout", message=f"waited for more than {session.step_wall_s():g} s and had to be stopped"
        )
    if killed == "cpu" and session.loaded is None:
        return Fault(kind="timeout", message=TOO_LONG_TO_LOAD.format(session.step_cpu_s()))
    if killed == "cpu" or is_signal(status, "SIGXCPU"):
        return Fault(kind="timeout", message=f"took more than {session.step_cpu_s():g} s of CPU time")
    if is_signal(status, "SIGSYS"):
        return Fault(kind="forbidden", message="asked the system for what an answer may not use")
    if os.WIFSIGNALED(status):
        return Fault(
            kind="crash", message=f"the program crashed ({signal.Signals(os.WTERMSIG(status)).name})"
        )
    if os.WEXITSTATUS(status) == FAILED:
        return Fault(kind="crash", message="the program ended unexpectedly")
    return Fault(kind="exit", message="the code ends the program (os._exit)")


def is_signal(status: int, name: str) -> bool:
    """Whether a process was ended by the signal of this name, where the platform has it."""
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == getattr(signal, name, None)
