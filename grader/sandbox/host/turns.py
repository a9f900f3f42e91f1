"""Whose turn it is to compute: many submissions run in one process, and one of them computes at a time.

One that is begun is in front. One that waits, for a clock or for nothing, leaves its place, and others begin
meanwhile. One that computes for long, or again after it has waited, is behind: stopped by the kernel while
anyone is in front; when nobody is, one after the other goes on. So quick work comes first, what never ends
costs what its limits allow, and no program computes beside another.
"""

from __future__ import annotations

import contextlib
import select
import statistics
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator

from grader.sandbox.host.activity import Activity, activity_of, child_of
from grader.sandbox.host.alone import Alone
from grader.sandbox.host.zygote import Forker
from grader.sandbox.inside.messages import GO_ON, STOP, Order

LOOK_S = 0.015
"""Seconds without an answer after which a child is looked at."""

LOOK_TWICE_S = 0.007
"""Seconds to a second look where the first saw nothing done; each sleeper takes a core that much longer."""

WAITING_LOOK_S = (0.03, 0.5)
"""Seconds between the first two looks at one that waits, and between later ones at most."""

WOKEN_SHARE = 0.125
"""Share of the time that one has waited: it may compute that long before it is noticed."""

STOPPED_LOOK_S = 0.25

FRONT_CPU_S = 1.0
"""CPU seconds of a submission that stays in front, until it is known what others need."""

FRONT_TIMES = 5
"""This many times what half of the last submissions needed is normal, and at least LEAST_FRONT_CPU_S."""

LEAST_FRONT_CPU_S = 0.05
KNOWN = 5
REMEMBERED = 31
"""The last submissions whose need is remembered."""

WAITS_SHARE = 0.5
"""Share of the time since the last look: one that computed for less is waiting."""

WAKES_SHARE = 0.02
"""Share of the time since the last look: one that computed for more is no longer waiting."""


class Turns:
    """The places of the submissions that are in flight in this process; only its own thread runs for each.

    Args:
        most: How many may be in flight.
        on_room: Called when one more may begin; not again before one has.
        has_memory: Whether there is some for one more.
    """

    def __init__(self, most: int, on_room: Callable[[], None], has_memory: Callable[[], bool]) -> None:
        self.most = most
        self.on_room = on_room
        self.has_memory = has_memory
        # Held by the thread that runs; it lets others run while it waits for its child.
        self.running = threading.Lock()
        self.front: PlaceInTurn | None = None
        self.behind: deque[PlaceInTurn] = deque()
        self.in_flight = 0
        self._needed: deque[float] = deque(maxlen=REMEMBERED)
        self.front_cpu_s = FRONT_CPU_S
        self._is_asked = False

    def begin(self) -> None:
        """Ask for the first."""
        with self.running:
            self._go_on()

    @contextlib.contextmanager
    def place(self) -> Iterator[PlaceInTurn]:
        """The place of one more, in front."""
        with self.running:
            place = PlaceInTurn(self)
            self._is_asked = False
            self.in_flight += 1
            self.front = place
            if self.behind:
                self.behind[0].stop()
            try:
                yield place
            finally:
                self.in_flight -= 1
                if place.used_s:
                    self.needed(place.used_s)
                self._take_away(place)
                self._go_on()

    def waits(self, place: PlaceInTurn) -> None:
        """It waits: another may begin, or go on."""
        self._take_away(place)
        self._go_on()

    def is_slow(self, place: PlaceInTurn) -> None:
        """It computes for long, or again: from now on it is behind."""
        self._take_away(place)
        self.behind.append(place)
        if self.front is not None or self.behind[0] is not place:
            place.stop()
        self._go_on()

    def needed(self, cpu_s: float) -> None:
        """Note what a submission has needed.

        Args:
            cpu_s: CPU seconds.
        """
        self._needed.append(cpu_s)
        if len(self._needed) >= KNOWN:
            # Of half of them: what a few that never end have used says nothing of the others.
            self.front_cpu_s = max(LEAST_FRONT_CPU_S, FRONT_TIMES * statistics.median(self._needed))

    def _take_away(self, place: PlaceInTurn) -> None:
        if place is self.front:
            self.front = None
        elif place in self.behind:
            self.behind.remove(place)

    def _has_room(self) -> bool:
        return not self.in_flight or (self.in_flight < self.most and self.has_memory())

    def _go_on(self) -> None:
        """With nobody in front the first of those behind goes on, until one more begins."""
        if self.front is not None:
            return
        n_waiting = self.in_flight - len(self.behind)
        if self.behind and (not n_waiting or self.has_memory()):
            self.behind[0].go_on()
        if not self._is_asked and self._has_room():
            self._is_asked = True
            self.on_room()


class PlaceInTurn(Alone):
    """One submission's place.

    Args:
        turns: Where.
    """

    def __init__(self, turns: Turns) -> None:
        self.is_shared = turns.most > 1
        self.turns = turns
        self._forker: Forker | None = None
        self._child: int | None = None
        self.used_s = 0.0
        self._every_s = LOOK_S
        self._most_s = WAITING_LOOK_S[1]
        self._waits_since = 0.0
        self._stopped_s = 0.0
        self._stopped_at: float | None = None
        self._seen: Activity | None = None
        self._seen_at = 0.0

    def stay_alone(self) -> None:
        """See `Alone`; from now on nothing else is taken into this process."""
        self.is_shared = False
        self.turns.most = 1

    def no_more(self) -> None:
        """See `Alone`."""
        self.turns.most = max(1, self.turns.in_flight - 1)

    @property
    def is_waiting(self) -> bool:
        """Whether it is neither in front nor behind."""
        return self is not self.turns.front and self not in self.turns.behind

    def wait(self, poll: select.poll, seconds: float) -> list[tuple[int, int]]:
        """Wait for what comes from a child; meanwhile others run."""
        self.turns.running.release()
        try:
            return poll.poll(seconds * 1000)
        finally:
            self.turns.running.acquire()

    def now(self) -> float:
        """Seconds on a clock that stands still while the child is stopped."""
        return (self._stopped_at or time.monotonic()) - self._stopped_s

    def stop(self) -> None:
        """Have the kernel stop its child."""
        if self._stopped_at is None:
            self._stopped_at = time.monotonic()
            self._tell(STOP)

    def go_on(self) -> None:
        """Have its child go on."""
        if self._stopped_at is not None:
            self._stopped_s += time.monotonic() - self._stopped_at
            self._stopped_at = None
            self._seen = None
            self._tell(GO_ON)

    def _tell(self, word: bytes) -> None:
        # A forker that is gone is found by the thread that waits for it.
        with contextlib.suppress(OSError):
            if self._forker is not None:
                self._forker.send(Order(word))

    def begins(self, forker: Forker) -> None:
        """A child was ordered; a further one of who waited, or is stopped, does not compute beside others."""
        self._forker, self._child = forker, None
        self.answers()
        if self.is_waiting:
            self.turns.is_slow(self)
        elif self._stopped_at is not None:
            self._tell(STOP)

    def answers(self) -> None:
        """The child has made a step: what it did before says nothing of whether it waits now."""
        self._seen, self._seen_at, self._every_s = None, time.monotonic(), LOOK_S

    def look(self) -> float:
        """See what the child does, and change its place; seconds until the next look."""
        now = time.monotonic()
        if self._stopped_at is not None:
            return STOPPED_LOOK_S
        if now - self._seen_at < self._every_s:
            return self._seen_at + self._every_s - now
        seen, before = self._activity(), self._seen
        if seen is not None and before is not None:
            self._move(before, seen, now - self._seen_at)
        self._seen, self._seen_at = seen, now
        if not self.is_waiting:
            self._every_s = LOOK_S if seen is None or seen.is_ready else LOOK_TWICE_S
        return self._every_s

    def _move(self, before: Activity, seen: Activity, seconds: float) -> None:
        """Change the place as what the child did between two looks asks for."""
        if self.is_waiting:
            self._every_s = min(2 * self._every_s, self._most_s)
            if seen.cpu_s - before.cpu_s > WAKES_SHARE * seconds:
                waited_s = time.monotonic() - self._waits_since
                self._most_s = min(max(LOOK_S, WOKEN_SHARE * waited_s), WAITING_LOOK_S[1])
                self.turns.is_slow(self)
        elif not seen.is_ready and seen.active_s - before.active_s < WAITS_SHARE * seconds:
            self._every_s = min(WAITING_LOOK_S[0], self._most_s)
            self._waits_since = time.monotonic()
            self.turns.waits(self)
        elif self is self.turns.front and self.used_s + seen.cpu_s > self.turns.front_cpu_s:
            self.turns.is_slow(self)

    def _activity(self) -> Activity | None:
        if self._child is None and self._forker is not None:
            self._child = child_of(self._forker.pid)
        return None if self._child is None else activity_of(self._child)

    def ends(self, cpu_s: float) -> None:
        """The child has ended; its CPU seconds are added to those of the submission."""
        self.used_s += cpu_s
        self._forker = self._child = None
