"""Moments as the database has them: ISO 8601 in UTC, to the microsecond, so that texts sort as they do."""

from __future__ import annotations

import datetime
import zoneinfo


def precise_now() -> str:
    """This moment, as the database keeps moments."""
    return seconds_from_now(0)


def seconds_from_now(seconds: float) -> str:
    """The moment some seconds from now."""
    at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
    return at.isoformat(timespec="microseconds")


def on_clocks(at: str, time_zone: str, *, with_seconds: bool = False) -> str:
    """A kept moment for staff, as "2026-11-28 14:03" on the course's clocks; the page says which those are.

    Args:
        at: ISO 8601; without an offset it is on these clocks already. What is none is left as it is: one
            such row must not cost staff their page.
        time_zone: The course's.
        with_seconds: For what happens several times in a minute.
    """
    try:
        read = datetime.datetime.fromisoformat(at)
    except ValueError:
        return at
    own = read.astimezone(zoneinfo.ZoneInfo(time_zone)) if read.tzinfo else read
    return f"{own:%Y-%m-%d %H:%M:%S}" if with_seconds else f"{own:%Y-%m-%d %H:%M}"
