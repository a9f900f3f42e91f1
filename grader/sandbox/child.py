"""One child from order to end: its job goes in, its frames come out, its limits are watched."""

from __future__ import annotations

import os
import select
import time
from contextlib import ExitStack, suppress
from typing import Any

import msgspec

from grader.model.run import Fault
from grader.sandbox.ends import Killed, ended_by
from grader.sandbox.frames import FrameReader, ProtocolError
from grader.sandbox.inside.control import CPU, ENDED, KILL, News, Order
from grader.sandbox.session import Session
from grader.sandbox.zygote import Zygote, anonymous_file

HARD_GRACE_S = 0.5
"""CPU seconds after the gentle limit before the child is killed."""

NAP_S = 0.002
"""Between two looks at the replies at first; twice as long after each that found nothing."""

GLANCE_S = 0.1
"""A step that takes longer than this is watched by its CPU time."""

UNKNOWN_CPU_SHARE = 0.5
"""Where the platform does not tell a process's CPU time, half of the wall time is taken for it."""

READ_BYTES = 1 << 18

DIE_S = 15.0
"""From the order to kill to the news of the end: the kernel frees 1 GB in a second, when busy in some."""


class ZygoteLost(Exception):
    """The zygote has ended or hangs."""


class End(msgspec.Struct, frozen=True, kw_only=True):
    """How one child ended: its fault, if its job was not done, and what it used; `step_cpu_s` at its end."""

    fault: Fault | None
    killed: Killed | None
    cpu_s: float
    step_cpu_s: float
    wall_s: float
    max_rss_mib: float
    output: bytes


class Child:
    """Runs one job in one child of the zygote.

    Args:
        zygote: Ready.
        session: Follows the frames.
        order: The kernel's limits.
        wall_s: Wall seconds that it may take, from now on.
    """

    def __init__(self, zygote: Zygote, session: Session, order: Order, wall_s: float) -> None:
        self.zygote = zygote
        self.session = session
        self.order = order
        self.started = time.monotonic()
        self.deadline = self.started + wall_s
        self.frames = FrameReader()
        self.killed: Killed | None = None
        self.problem: str | None = None
        self.step = Step(0.0, 0.0)

    def run(self, job: dict[str, Any]) -> End:
        """Run to the end."""
        with anonymous_file() as job_file, anonymous_file() as printed, ExitStack() as opened:
            reading, writing = os.pipe()
            opened.callback(os.close, reading)
            os.set_blocking(reading, False)
            widen(writing)
            try:
                job_file.write(msgspec.json.encode(job))
                job_file.flush()
                job_file.seek(0)
                self.zygote.send(self.order, (job_file.fileno(), writing, printed.fileno()))
            finally:
                os.close(writing)
            news = self.watch(reading)
            output = os.pread(printed.fileno(), self.order.output_bytes, 0)
        fault = (
            None if self.session.is_done else ended_by(news.status, self.killed, self.problem, self.session)
        )
        return End(
            fault=fault,
            killed=self.killed,
            cpu_s=news.cpu_s,
            step_cpu_s=self.step.used_s(news.cpu_s),
            wall_s=time.monotonic() - self.started,
            max_rss_mib=news.max_rss_kib / 1024,
            output=output,
        )

    def watch(self, replies: int) -> News:
        """Take frames until the child has ended.

        The replies are looked at every few milliseconds and not at each frame: waking up for every one
        of 40 results would take as long as the results themselves.
        """
        poll = select.poll()
        poll.register(self.zygote.control, select.POLLIN)
        self.step = self.next_step()
        nap_s = NAP_S
        while True:
            news = self.zygote.receive() if poll.poll(nap_s * 1000) else None
            taken = self.frames.total
            while not self.take_frames(replies) and news is not None and news.word == ENDED:
                continue
            if news is not None and news.word == ENDED:
                return news
            if self.frames.total > taken:
                self.step, nap_s = self.next_step(), NAP_S
            elif news is None:
                nap_s = min(2 * nap_s, GLANCE_S)
            self.check_limits(news)

    def next_step(self) -> Step:
        """What the child may use up to its next frame."""
        return Step(self.session.step_cpu_s(), self.session.step_wall_s())

    def check_limits(self, news: News | None) -> None:
        """Kill a child that is over a limit; ask for its CPU time when that is due."""
        if news is not None and news.word == CPU and self.step.is_used_up(news.cpu_s):
            self.kill("cpu")
        if time.monotonic() >= self.deadline:
            if self.killed is not None:
                raise ZygoteLost("the zygote does not answer")
            self.kill("wall")
        elif self.killed is None and time.monotonic() >= self.step.deadline:
            self.kill("step")
        elif self.killed is None and self.step.is_due():
            self.zygote.send(Order(CPU))

    def take_frames(self, replies: int) -> bool:
        """Take what has come; True at the end of the stream."""
        while True:
            try:
                data = os.read(replies, READ_BYTES)
            except BlockingIOError:
                return False
            if not data:
                return True
            if self.problem is None:
                try:
                    for frame in self.frames.feed(data):
                        self.session.take(frame)
                except ProtocolError as error:
                    self.problem = str(error)
                    self.kill("protocol")

    def kill(self, reason: Killed) -> None:
        """Kill the child, once; its end is news from the zygote."""
        if self.killed is None:
            self.killed = reason
            self.deadline = time.monotonic() + DIE_S
            self.zygote.send(Order(KILL))


class Step:
    """The time since the last frame, by wall clock and by the child's CPU clock.

    Args:
        cpu_s: CPU seconds that the child may use before the next frame.
        wall_s: Wall seconds that it may take for it.
    """

    def __init__(self, cpu_s: float, wall_s: float) -> None:
        self.limit_s = cpu_s + HARD_GRACE_S
        self.started = time.monotonic()
        self.deadline = self.started + wall_s
        self.next_look = self.started + GLANCE_S
        self.first_s: float | None = None

    def is_due(self) -> bool:
        """Whether to ask for the CPU time now; it is not due again before it could be used up."""
        now = time.monotonic()
        if now < self.next_look:
            return False
        self.next_look = now + GLANCE_S
        return True

    def used_s(self, cpu_s: float) -> float:
        """CPU seconds of this step, when the child has used so many in all."""
        return cpu_s - (self.first_s or 0.0)

    def is_used_up(self, cpu_s: float) -> bool:
        """Whether the child has used more than the step's limit; what it used before is not counted."""
        if cpu_s < 0:
            cpu_s = (time.monotonic() - self.started) * UNKNOWN_CPU_SHARE
        if self.first_s is None:
            self.first_s = cpu_s
        left_s = self.limit_s - (cpu_s - self.first_s)
        self.next_look = max(self.next_look, time.monotonic() + left_s)
        return left_s <= 0


def widen(pipe: int) -> None:
    """Let a pipe hold what comes between two looks; 1 MiB is what Linux gives anyone (pipe(7))."""
    import fcntl  # not on Windows, where this module is imported too

    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 1 << 20)
