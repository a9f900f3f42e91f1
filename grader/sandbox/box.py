"""The sandbox: a warm zygote, and runs of whole submissions in its children."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence

from grader.errors import SandboxError
from grader.model.exercise import Limits
from grader.model.probe import Probe
from grader.model.run import Protection, RunResult
from grader.model.submission import Submission
from grader.sandbox.child import Child, End, ZygoteLost
from grader.sandbox.child_run import ChildRun
from grader.sandbox.gather import Gathered
from grader.sandbox.protection import proven_level, refusal
from grader.sandbox.session import Session
from grader.sandbox.zygote import Level, Told, Zygote

PRELOAD = ("numpy", "numpy.linalg", "numpy.random", "fractions", "decimal", "math", "random", "dataclasses")
"""What nearly every answer imports."""

STARVED_SHARE = 0.2
"""Of its wall time: a child that had less of a processor, on a busy machine, was kept waiting."""


class Sandbox:
    """Runs submissions, one at a time, each in a fresh child of one warm process.

    Use as a context manager, or `start` it early: the process warms up while the caller does other work.

    Args:
        preload: Modules that every child finds already imported.
        level: The highest level to try.
        off: Layers to leave out, to test that each of them matters.
    """

    def __init__(
        self, preload: tuple[str, ...] = PRELOAD, level: Level = "full", off: tuple[str, ...] = ()
    ) -> None:
        self._preload = preload
        self._level: Level = level
        self._off = off
        self._zygote: Zygote | None = None
        self._lock = threading.Lock()

    def start(self) -> Sandbox:
        """Start the warm process without waiting for it."""
        with self._lock:
            if self._zygote is None:
                self._zygote = Zygote(self._preload, self._level, self._off)
                self._zygote.start()
        return self

    def close(self) -> None:
        """End the warm process."""
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        if self._zygote is not None:
            self._zygote.stop()
            self._zygote = None

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.close()

    def protection(self) -> Protection:
        """What stands between a submission's code and the rest, as the probes have seen it.

        Raises:
            SandboxError: If the sandbox cannot be started.
        """
        return protection_of(self.told())

    def require_walls(self, unsafe_ok: bool = False) -> None:
        """Make sure that other people's code may be run here.

        Args:
            unsafe_ok: The person in charge has said that it may be, whatever the level.

        Raises:
            Unprotected: If the level is below "sealed".
        """
        if not unsafe_ok:
            told = self.told()
            refused = refusal(proven_level(told), told)
            if refused is not None:
                raise refused

    def told(self) -> Told:
        """What the warm process says of its jail; waits until it is ready."""
        with self._lock:
            return self._ready_zygote().told

    def run(self, submission: Submission, probes: Sequence[Probe], limits: Limits) -> RunResult:
        """Read and call what the probes ask for.

        Raises:
            SandboxError: If the sandbox itself fails; never for what a submission does.
        """
        started = time.monotonic()
        gathered = Gathered(submission, probes)
        if gathered.code_files:
            with self._lock:
                # Clocks start when the zygote is warm.
                told = self._ready_zygote().told
                started = time.monotonic()
                self._run_code(gathered, limits)
            return gathered.result(time.monotonic() - started, protection_of(told))
        return gathered.result(time.monotonic() - started, Protection(level="no-code"))

    def _run_code(self, gathered: Gathered, limits: Limits) -> None:
        """Run children until every call is made or given up."""
        run = ChildRun(gathered.code_files, gathered.reads, gathered.calls, limits)
        left_s = limits.wall_s
        may_retry = True
        while True:
            session, end = self._run_child(run, left_s)
            left_s -= end.wall_s
            again = may_retry and was_starved(session, end, limits)
            if again:
                may_retry = False
                left_s = limits.wall_s
                if not session.all_read:
                    continue
            calls = gathered.take(session, end, run.calls, again)
            if not calls:
                return
            run = ChildRun(gathered.code_files, (), calls, limits)

    def _run_child(self, run: ChildRun, wall_s: float) -> tuple[Session, End]:
        """Run one child; a zygote that breaks is replaced, once, and the new child has all the time again.

        Raises:
            SandboxError: If the new one breaks too.
        """
        for _ in range(2):
            session = Session(run.load_cpu_s, run.reads, run.calls)
            try:
                zygote = self._ready_zygote()
                return session, Child(zygote, session, run.order, wall_s).run(run.job)
            except (OSError, EOFError, ZygoteLost) as error:
                self._stop()
                problem = error
            except BaseException:
                self._stop()
                raise
        raise SandboxError("the sandbox broke while running an answer", hint=repr(problem)) from problem

    def _ready_zygote(self) -> Zygote:
        if self._zygote is None:
            self._zygote = Zygote(self._preload, self._level, self._off)
            self._zygote.start()
        try:
            self._zygote.wait_ready()
        except SandboxError:
            self._stop()
            raise
        return self._zygote


def protection_of(told: Told) -> Protection:
    """What a zygote's word and its probes come to."""
    return Protection(level=proven_level(told), layers=told.layers)


def processors() -> int:
    """Processors that this process may use: in a container often fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def was_starved(session: Session, end: End, limits: Limits) -> bool:
    """Whether a child ran out of wall time because the machine was busy, not because it waited."""
    if end.killed == "step":
        is_starved = end.step_cpu_s <= STARVED_SHARE * session.step_wall_s()
    else:
        is_starved = end.killed == "wall" and end.cpu_s <= STARVED_SHARE * limits.wall_s
    return is_starved and os.getloadavg()[0] > processors()
