"""The sandbox: a warm zygote, and runs of whole submissions in its children."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence

from grader.errors import SandboxError
from grader.model.exercise import Limits
from grader.model.run import Probe, Protection, RunResult
from grader.model.submission import Submission, has_code
from grader.sandbox.host.child import Child, End, ZygoteLost
from grader.sandbox.host.job import Job, wall_s
from grader.sandbox.host.levels import proven_level, refusal
from grader.sandbox.host.process import PRELOAD, Process
from grader.sandbox.host.readings import Readings, read_data
from grader.sandbox.host.session import Session
from grader.sandbox.host.zygote import JailReport, Level, Zygote

WAITED_SHARE = 0.5
"""Of its wall time: a child that waited longer for a processor had too little of one."""

STARVED_SHARE = 0.2
"""Where the system does not say how long it waited: one that ran for less of its time, on a busy machine."""


class Sandbox:
    """Runs submissions, one at a time, each in a fresh child of one warm process.

    Use as a context manager, or `start` it early: the process warms up while the caller does other work.

    Args:
        preload: Modules that every child finds already imported.
        level: The highest level to try.
        off: Layers to leave out, to test that each of them matters.
        process: The program inside with this preload, where it was started already.
    """

    def __init__(
        self,
        preload: tuple[str, ...] = PRELOAD,
        level: Level = "full",
        off: tuple[str, ...] = (),
        process: Process | None = None,
    ) -> None:
        self._preload = preload
        self._level: Level = level
        self._off = off
        self._zygote = Zygote(preload, level, off, process) if process else None
        if self._zygote is not None:
            self._zygote.start()
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
        return protection_of(self.jail_report())

    def require_isolation(self, unsafe_ok: bool = False) -> None:
        """Make sure that other people's code may be run here.

        Args:
            unsafe_ok: The person in charge allows it, whatever the level.

        Raises:
            Unprotected: If the level is below "sealed".
        """
        if not unsafe_ok:
            refused = refusal(self.jail_report())
            if refused is not None:
                raise refused

    def jail_report(self) -> JailReport:
        """What the warm process reports of its jail; waits until it is ready."""
        with self._lock:
            return self._ready_zygote().jail_report

    def run(self, submission: Submission, probes: Sequence[Probe], limits: Limits) -> RunResult:
        """Read and call what the probes ask for.

        Raises:
            SandboxError: If the sandbox itself fails; never for what a submission does.
        """
        if not has_code(file.name for file in submission.files):
            return read_data(submission, probes)
        readings = Readings(submission, probes)
        with self._lock:
            report = self._ready_zygote().jail_report
            # Clocks start when the zygote is warm.
            started = time.monotonic()
            self._run_code(readings, limits)
        return readings.result(time.monotonic() - started, protection_of(report))

    def _run_code(self, readings: Readings, limits: Limits) -> None:
        """Run children until every call is made or given up."""
        bound_s = left_s = wall_s(limits, (call for _, call in readings.calls))
        job = Job(readings.code_files, readings.reads, readings.calls, limits, bound_s)
        may_retry = True
        while True:
            session, end = self._run_child(job, left_s)
            left_s -= end.wall_s
            again = may_retry and was_starved(session, end)
            if again:
                may_retry = False
                left_s = bound_s
                if not session.all_read:
                    continue
            calls = readings.take(session, end, job.calls, again)
            if not calls:
                return
            job = Job(readings.code_files, (), calls, limits, left_s)

    def _run_child(self, job: Job, wall_s: float) -> tuple[Session, End]:
        """Run one child; a zygote that breaks is replaced, once, and the new child has all the time again.

        Raises:
            SandboxError: If the new one breaks too.
        """
        for _ in range(2):
            session = Session(job)
            try:
                zygote = self._ready_zygote()
                return session, Child(zygote, session, job.order, wall_s).run(job.first_request)
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


def protection_of(report: JailReport) -> Protection:
    """The protection that a zygote reports, as far as its probes prove it."""
    return Protection(level=proven_level(report), layers=report.layers)


def processors() -> int:
    """Processors that this process may use: in a container often fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def was_starved(session: Session, end: End) -> bool:
    """Whether a child ran out of wall time because the machine was busy, not because it slept."""
    if end.killed not in ("step", "wall"):
        return False
    is_step = end.killed == "step"
    wall_s, cpu_s = (session.step_wall_s(), end.step_cpu_s) if is_step else (end.wall_s, end.cpu_s)
    if end.waited_s is not None:
        return end.waited_s >= WAITED_SHARE * wall_s
    return cpu_s <= STARVED_SHARE * wall_s and os.getloadavg()[0] > processors()
