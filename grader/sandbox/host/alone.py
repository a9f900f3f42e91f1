"""The place of a submission that shares its process with no other; `turns` has those that share one."""

from __future__ import annotations

import select
import time

from grader.sandbox.host.activity import GLANCE_S
from grader.sandbox.host.zygote import Forker


class Alone:
    """The place of a submission that shares its process with no other."""

    is_shared = False
    """Whether others may be in flight at the same time."""

    def stay_alone(self) -> None:
        """No others can be in flight at the same time here."""

    def no_more(self) -> None:
        """There is room for one less than are in flight."""

    def wait(self, poll: select.poll, seconds: float) -> list[tuple[int, int]]:
        """Wait for what comes from a child.

        Args:
            poll: What is waited for.
            seconds: At most so long.
        """
        return poll.poll(seconds * 1000)

    def now(self) -> float:
        """Seconds on a clock that stands still while the child is stopped."""
        return time.monotonic()

    def begins(self, forker: Forker) -> None:
        """A child was ordered."""

    def answers(self) -> None:
        """The child has made a step."""

    def look(self) -> float:
        """See what the child does; seconds until it is to be looked at again."""
        return GLANCE_S

    def ends(self, cpu_s: float) -> None:
        """The child has ended.

        Args:
            cpu_s: What it used.
        """
