"""Moments as the database has them: ISO 8601 in UTC, to the microsecond, so that texts sort as they do."""

from __future__ import annotations

import datetime


def precise_now() -> str:
    """This moment."""
    return as_kept(datetime.datetime.now(datetime.UTC))


def seconds_from_now(seconds: float) -> str:
    """The moment after so many seconds."""
    return as_kept(datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds))


def as_kept(at: datetime.datetime) -> str:
    """A moment as a column has it.

    Args:
        at: In UTC.
    """
    return at.isoformat(timespec="microseconds")
