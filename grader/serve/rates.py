"""How many requests a session may make: one program of a student must not take the pages of the others."""

from __future__ import annotations

import math
import time
from collections import OrderedDict

PER_S = 10.0
"""Requests a second that a session may make for as long as it likes."""

BURST = 100.0
"""Requests that it may make at once."""

MOST_KNOWN = 10_000
"""Sessions that are remembered; of more, those that asked longest ago are forgotten."""


class Rates:
    """A bucket for each session, from which every request takes a token, and which fills by itself."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, session: str, now: float | None = None) -> int:
        """Seconds until a session may ask again; 0 where it may now, which takes a token.

        Args:
            session: Its token.
            now: On a clock that only goes forward.
        """
        now = time.monotonic() if now is None else now
        tokens, at = self._buckets.pop(session, (BURST, now))
        tokens = min(BURST, tokens + PER_S * (now - at))
        may = tokens >= 1
        self._buckets[session] = (tokens - 1 if may else tokens, now)
        if len(self._buckets) > MOST_KNOWN:
            self._buckets.popitem(last=False)
        return 0 if may else math.ceil((1 - tokens) / PER_S)
