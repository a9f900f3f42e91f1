"""The sandbox: a warm zygote, and runs of whole submissions in its children."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator, Sequence

from grader.errors import SandboxError
from grader.model.exercise import Limits
from grader.model.run import Probe, Protection, RunResult
from grader.model.submission import Submission
from grader.sandbox.host.alone import Alone
from grader.sandbox.host.child import Child, End, ZygoteLost
from grader.sandbox.host.job import Job, wall_s
from grader.sandbox.host.levels import proven_level, refusal
from grader.sandbox.host.process import Process
from grader.sandbox.host.readings import Readings, read_data
from grader.sandbox.host.session import Session
from grader.sandbox.host.zygote import Forker, JailReport, Lane, Level, Zygote

WAITED_SHARE = 0.5
"""Share of the wall time: a child that waited longer for a processor had too little of one."""

STARVED_SHARE = 0.2
"""Where the system does not say how long it waited: one that ran for less of its time, on a busy machine."""


class Sandbox:
    """Runs submissions, each in a fresh child of one warm process: one at a time, or in lanes several.

    Use as a context manager, or `start` it early: the process warms up while the caller does other work.

    Args:
        level: The highest level to try.
        off: Layers to leave out, to test that each of them matters.
        process: The program inside, where it was started already.
    """

    def __init__(
        self,
        level: Level = "full",
        off: tuple[str, ...] = (),
        process: Process | None = None,
    ) -> None:
        self._level: Level = level
        self._off = off
        self._zygote = Zygote(level, off, process) if process else None
        if self._zygote is not None:
            self._zygote.start()
        self._lock = threading.RLock()
        self._alone = threading.Lock()
        self._has_lanes: bool | None = None
        self._idle: list[Lane] = []

    def start(self) -> Sandbox:
        """Start the warm process without waiting for it."""
        with self._lock:
            if self._zygote is None:
                self._zygote = Zygote(self._level, self._off)
                self._zygote.start()
        return self

    def _may_share(self, place: Alone) -> bool:
        """Whether several may be run at the same time: asked for, and this system can keep them apart."""
        if not place.is_shared:
            return False
        with self._lock:
            if self._has_lanes is None:
                zygote = self._ready_zygote()
                try:
                    self._idle.append(Lane(zygote))
                    self._has_lanes = True
                except SandboxError:
                    self._has_lanes = False
        if not self._has_lanes:
            place.stay_alone()
        return self._has_lanes

    def close(self, *, wait_s: float = 0.0) -> None:
        """End the warm process.

        Args:
            wait_s: How long it may take to end by itself.
        """
        with self._lock:
            self._stop(wait_s)

    def _stop(self, wait_s: float = 0.0) -> None:
        self._stop_idle()
        if self._zygote is not None:
            self._zygote.stop(wait_s=wait_s)
            self._zygote = None

    def _stop_idle(self) -> None:
        while self._idle:
            self._idle.pop().stop()

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

    def run(
        self,
        submission: Submission,
        probes: Sequence[Probe],
        limits: Limits,
        place: Alone | None = None,
    ) -> RunResult:
        """Read and call what the probes ask for.

        Args:
            submission: What was submitted.
            probes: What is asked for.
            limits: The exercise's.
            place: Among the submissions that are in flight, where there are lanes.

        Raises:
            SandboxError: If the sandbox itself fails; never for what a submission does.
        """
        if not submission.has_code:
            return read_data(submission, probes)
        readings, place = Readings(submission, probes), place or Alone()
        with contextlib.nullcontext() if self._may_share(place) else self._alone:
            report = self.jail_report()
            # Clocks start when the zygote is warm.
            started = place.now()
            self._run_code(readings, limits, place)
        return readings.result(place.now() - started, protection_of(report))

    def _run_code(self, readings: Readings, limits: Limits, place: Alone) -> None:
        """Run children until every call is made or given up."""
        bound_s = left_s = wall_s(limits, (call for _, call in readings.calls))
        job = Job(readings.code_files, readings.reads, readings.calls, limits, bound_s)
        may_retry = True
        while True:
            session, end = self._run_child(job, left_s, place)
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

    def _run_child(self, job: Job, wall_s: float, place: Alone) -> tuple[Session, End]:
        """Run one child; a zygote that breaks is replaced, once, and the new child has all the time again.

        Raises:
            SandboxError: If the new one breaks too.
        """
        for _ in range(2):
            session = Session(job)
            try:
                with self._forker(place) as forker:
                    child = Child(forker, session, job.order, wall_s, place)
                    return session, child.run(job.first_request)
            except (OSError, EOFError, ZygoteLost) as error:
                problem = error
        raise SandboxError("the sandbox broke while running an answer", hint=repr(problem)) from problem

    @contextlib.contextmanager
    def _forker(self, place: Alone) -> Iterator[Forker]:
        """What is free to fork a child: the zygote, or a lane; not used again if that went wrong."""
        forker = self._free_lane(place) if place.is_shared else self._ready_zygote()
        try:
            yield forker
        except BaseException:
            if isinstance(forker, Lane):
                forker.stop()
                self._stop_idle()
            else:
                self._stop()
            raise
        if isinstance(forker, Lane):
            self._give_back(forker)

    def _give_back(self, lane: Lane) -> None:
        with self._lock:
            if lane.zygote is self._zygote:
                self._idle.append(lane)
            else:
                lane.stop()

    def _free_lane(self, place: Alone) -> Lane:
        """One that has no child; a zygote that is gone is replaced.

        Raises:
            SandboxError: If this system has no room for one more.
        """
        with self._lock:
            if self._idle:
                return self._idle.pop()
            try:
                return Lane(self._ready_zygote())
            except SandboxError:
                if self._ready_zygote().answers():
                    place.no_more()
                    raise
                self._stop()
                return Lane(self._ready_zygote())

    def _ready_zygote(self) -> Zygote:
        if self._zygote is None:
            self._zygote = Zygote(self._level, self._off)
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
