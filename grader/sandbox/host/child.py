"""Run one job in one child: send its requests, take its frames, watch its limits."""

from __future__ import annotations

import os
import select
from contextlib import ExitStack
from typing import Any

import msgspec

from grader.model.run import Fault
from grader.sandbox.host import activity
from grader.sandbox.host.activity import StepClock, cpu_of, waited_s
from grader.sandbox.host.alone import Alone
from grader.sandbox.host.frames import FrameReader, ProtocolError
from grader.sandbox.host.pipes import READ_BYTES, RequestPipe, Watched, file_of_size, printed_text, widen
from grader.sandbox.host.session import Killed, Session, ended_by
from grader.sandbox.host.turns import LOOK_S
from grader.sandbox.host.zygote import Forker
from grader.sandbox.inside.messages import CPU, ENDED, KILL, RING_BYTES, Order, ZygoteEvent

MOST_RINGS = 10_000
"""How often a child may ring: once for each request and each 32 KiB. More only keeps the grader busy."""

DIE_S = 15.0
"""Seconds from the order to kill to the end: the kernel frees 1 GB in one, or in some when busy."""


class ZygoteLost(Exception):
    """The zygote has ended or hangs."""


class End(msgspec.Struct, frozen=True, kw_only=True):
    """How one child ended.

    Args:
        fault: Why its job was not done, if so.
        killed: Why the grader killed it, if it did.
        cpu_s: CPU seconds.
        wall_s: Wall seconds.
        step_cpu_s: CPU seconds of the step in which it ended.
        waited_s: Seconds that it waited for a processor until it was killed for its wall time: of the step,
            where that took too long, else of all. None where the system does not say.
        max_rss_mib: Peak memory.
        output: What it printed.
    """

    fault: Fault | None
    killed: Killed | None
    cpu_s: float
    wall_s: float
    step_cpu_s: float
    waited_s: float | None
    max_rss_mib: float
    output: bytes


class Child:
    """Runs one job in one child of the zygote, or of a lane of it.

    Args:
        zygote: Ready.
        session: Follows the frames.
        order: The kernel's limits.
        wall_s: Wall seconds that it may take, from now on.
        place: Among the submissions that are in flight.
    """

    def __init__(
        self, zygote: Forker, session: Session, order: Order, wall_s: float, place: Alone | None = None
    ) -> None:
        self.zygote = zygote
        self.session = session
        self.order = order
        self.place = place or Alone()
        self.started = self.place.now()
        self.deadline = self.started + wall_s
        self.frames = FrameReader()
        self.killed: Killed | None = None
        self.is_ending = False
        self.problem: str | None = None
        self.waited_s: float | None = None
        self.steps = 0
        self.rings = 0
        self.number: int | None = None
        self.ended_cpu_s: float | None = None
        self.asked_cpu_s: float | None = 0.0
        self.is_known = True
        self.step = self.next_step(0.0)

    def run(self, job: dict[str, Any]) -> End:
        """Run to the end."""
        with ExitStack() as opened:
            printed = file_of_size(self.order.output_bytes)
            opened.callback(os.close, printed)
            replies, replying = os.pipe()
            opened.callback(os.close, replies)
            os.set_blocking(replies, False)
            is_narrow = widen(replying) < 2 * RING_BYTES
            # Its reading end stays open here too: to write to a child that is gone is no error then.
            asked, asking = os.pipe()
            opened.callback(os.close, asked)
            opened.callback(os.close, asking)
            widen(asking)
            bell, ringing = os.pipe()
            opened.callback(os.close, bell)
            opened.callback(os.close, ringing)
            requests = RequestPipe(asking)
            requests.send(job)
            try:
                self.zygote.send(self.order, (asked, replying, ringing, printed))
            finally:
                os.close(replying)
            self.place.begins(self.zygote)
            event = self.watch(Watched(replies, bell, is_narrow), requests)
            self.place.ends(event.cpu_s)
            output = printed_text(printed, self.order.output_bytes)
        return End(
            fault=None if self.session.is_done else self.fault(event),
            killed=self.killed,
            cpu_s=event.cpu_s,
            wall_s=self.place.now() - self.started,
            step_cpu_s=self.step.used_s(event.cpu_s),
            waited_s=self.waited_s,
            max_rss_mib=event.max_rss_kib / 1024,
            output=output,
        )

    def fault(self, event: ZygoteEvent) -> Fault:
        """Why the job was not done."""
        is_used_up = event.cpu_s >= self.order.cpu_s
        return ended_by(event.status, self.killed, self.problem, self.session, is_used_up)

    def watch(self, watched: Watched, requests: RequestPipe) -> ZygoteEvent:
        """Ask for one thing after the other and take the answers, until the child has ended.

        Answers are looked at when the bell rings, and every tenth of a second from those who do not ring.
        """
        poll = select.poll()
        control = self.zygote.control.fileno()
        poll.register(control, select.POLLIN)
        poll.register(watched.bell, select.POLLIN)
        if watched.is_narrow:
            poll.register(watched.replies, select.POLLIN)
        is_writing = False
        patience_s = LOOK_S
        while True:
            if is_writing != bool(requests.left):
                is_writing = not is_writing
                poll.register(requests.fd, select.POLLOUT if is_writing else 0)
            ready = dict(self.place.wait(poll, patience_s))
            event = self.zygote.receive() if control in ready else None
            if event is not None and event.word == ENDED:
                self.ended_cpu_s = event.cpu_s
                while not self.take_frames(watched.replies):
                    continue
                if not self.is_known:
                    self.check_granted()
                return event
            if watched.bell in ready:
                self.take_rings(watched.bell)
            if self.take_frames(watched.replies) and watched.is_narrow:
                poll.unregister(watched.replies)
                watched = watched._replace(is_narrow=False)
            if not self.is_ending:
                self.go_on(requests)
                self.check_cpu(event)
            self.check_wall()
            patience_s = self.place.look()

    def go_on(self, requests: RequestPipe) -> None:
        """Ask for what is next, if it is time for that; the clock of a step ends with the step only."""
        requests.write()
        if self.session.is_done:
            self.end()
        elif self.session.steps > self.steps:
            # Before the request: until that comes the child does nothing.
            cpu_s = self.cpu_s()
            if cpu_s is None and self.number is not None:
                return
            self.steps = self.session.steps
            request = self.next_request()
            if request is not None:
                self.asked_cpu_s = cpu_s
                requests.send(request)
            self.step = self.next_step(cpu_s)
            self.place.answers()

    def next_request(self) -> msgspec.Raw | None:
        """What to ask for next; what it is called with may be drawn now, which is not the answer's time."""
        before = self.place.now()
        request = self.session.next_request()
        passed_s = self.place.now() - before
        self.started += passed_s
        self.deadline += passed_s
        return request

    def next_step(self, cpu_s: float | None) -> StepClock:
        """What the child may use for what it is doing now.

        Args:
            cpu_s: What it has used before, if that is known.
        """
        return StepClock(self.session.step_cpu_s(), self.session.step_wall_s(), self.place.now, cpu_s)

    def cpu_s(self) -> float | None:
        """CPU seconds of the child so far; None where the system does not say, and once it is gone."""
        if self.ended_cpu_s is not None:
            return self.ended_cpu_s
        if self.number is None:
            self.number = self.zygote.child()
        return None if self.number is None else cpu_of(self.number)

    def check_granted(self) -> None:
        """Kill a child that has used more than all it was granted since it was asked: no answer since counts.

        This is asked when an answer is there, as a grader that gets no processor may look too late.
        """
        cpu_s = self.cpu_s()
        self.is_known = cpu_s is not None
        if cpu_s is None or self.asked_cpu_s is None or self.killed is not None:
            return
        granted_s = sum(self.session.granted) + activity.HARD_GRACE_S * len(self.session.granted)
        if cpu_s - self.asked_cpu_s > granted_s:
            self.session.take_back()
            self.kill("cpu")
            self.killed = "cpu"

    def check_cpu(self, event: ZygoteEvent | None) -> None:
        """Kill a child that has used up the step's CPU time; ask for that time when it is due."""
        if event is not None and event.word == CPU and self.step.is_used_up(event.cpu_s):
            self.check_granted()
            self.kill("cpu")
        elif self.step.is_due():
            self.step.waited(waited_s(self.zygote.pid))
            self.zygote.send(Order(CPU))

    def check_wall(self) -> None:
        """Kill a child that takes too long.

        Raises:
            ZygoteLost: If it was to end and does not.
        """
        now = self.place.now()
        if self.is_ending:
            if now >= self.deadline:
                raise ZygoteLost("the zygote does not answer")
        elif now >= self.deadline:
            self.waited_s = waited_s(self.zygote.pid)
            self.kill("wall")
        elif now >= self.step.deadline:
            self.waited_s = self.step.waited(waited_s(self.zygote.pid))
            self.kill("step")

    def take_rings(self, bell: int) -> None:
        """Take the rings that have come; how many does not matter, unless they are far too many."""
        self.rings += len(os.read(bell, READ_BYTES))
        if self.rings > MOST_RINGS and self.problem is None:
            self.problem = "says without end that it has answered"
            self.kill("protocol")

    def take_frames(self, replies: int) -> bool:
        """Pass the frames that have come to the session; True at the end of the stream."""
        while True:
            try:
                data = os.read(replies, READ_BYTES)
            except BlockingIOError:
                return False
            if not data:
                return True
            # What comes after it was to be killed came too late, however long the kernel took for that.
            if self.problem is None and self.killed is None:
                try:
                    for frame in self.frames.feed(data):
                        self.session.take(frame)
                except ProtocolError as error:
                    self.problem = str(error)
                    self.kill("protocol")
                if not self.is_ending:
                    self.check_granted()
            if len(data) < READ_BYTES:
                # Most likely all of it; what has come since, and the end, the next look tells.
                return False

    def kill(self, reason: Killed) -> None:
        """Kill the child, for one reason."""
        if not self.is_ending:
            self.killed = reason
            self.end()

    def end(self) -> None:
        """Have the child end; that it has is an event of the zygote."""
        self.is_ending = True
        self.deadline = self.place.now() + DIE_S
        self.zygote.send(Order(KILL))
