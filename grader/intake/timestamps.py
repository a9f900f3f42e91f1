"""Times as exports write them."""

from __future__ import annotations

import re
from datetime import datetime

DASHED = re.compile(r"(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)")
# Ruby writes nanoseconds, a space before the offset, and UTC by name.
WRITTEN = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(\.\d+)?\s*(Z|UTC|[+-]\d\d:?\d\d)?", re.ASCII
)


def iso_time(text: str) -> str | None:
    """A time in ISO 8601, with its offset where one is written; None where it is no time.

    Args:
        text: As the export has it: "2026-10-05-10-22-33", "2026-10-05 10:22:33.123456 UTC", ISO 8601.
    """
    text = text.strip()
    if dashed := DASHED.fullmatch(text):
        year, month, day, hour, minute, second = dashed.groups()
        text = f"{year}-{month}-{day} {hour}:{minute}:{second}"
    written = WRITTEN.fullmatch(text)
    if written is None:
        return None
    day, clock, _, zone = written.groups()
    offset = "+00:00" if zone in ("Z", "UTC") else zone or ""
    try:
        return datetime.fromisoformat(f"{day}T{clock}{offset}").isoformat()
    except ValueError:
        return None
