"""Read the times that exports write, and turn them into moments. Pure.

A zone's name or abbreviation is kept as it was written: the course says later which zone it is in, and that
decides what "CST" means.
"""

from __future__ import annotations

import datetime
import functools
import re
import zoneinfo
from collections.abc import Iterable
from typing import NamedTuple

EARLIEST, LATEST = 2000, 2100
"""Years that can be meant; another year is a mistake or an attack, and arithmetic ends with 9999."""

LONGEST = 80
"""Characters of a time; what is longer is cut off in messages."""

FARTHEST_OFFSET = datetime.timedelta(hours=14)
"""The largest offset from UTC: Kiribati."""

DAYS = "(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\\.?,?\\s+)?"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?P<word>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
YEAR = r"(?P<year>\d{4})"
CLOCK = (
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d+)?)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?"
)
BETWEEN = r"(?:\s*[,T]\s*|\s+(?:at\s+)?|\s*,\s*at\s+)"
DATES = (
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
    r"(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})",
    # As people in the USA write it, and nbgrader reads it; the other way round where that is no date.
    r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})",
    r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})",
    r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})",
    rf"{DAYS}{DAY}[ -]{MONTH}(?:[ -],?|,)\s*{YEAR}",
    rf"{DAYS}{MONTH}\s+{DAY},?\s+{YEAR}",
)
DASHED = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)-(?P<hour>\d\d)-(?P<minute>\d\d)-(?P<second>\d\d)",
    re.ASCII,
)
COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)T(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?P<zone>Z?)",
    re.ASCII,
)
# As a C library or a browser writes it: the year comes last, or before the clock.
UNIX = re.compile(
    rf"{DAYS}{MONTH}\s+{DAY}\s+(?:(?P<early>\d{{4}})\s+)?{CLOCK}(?:\s+(?P<zone>[A-Za-z+-][\w/+:-]*(?:\s*\([^()]*\))?))?(?:\s+(?P<late>\d{{4}}))?",
    re.ASCII | re.IGNORECASE,
)
WRITTEN = tuple(
    re.compile(
        rf"{date}{BETWEEN}{CLOCK}(?P<zone>(?:\s*[+-]|\s*Z\b|\s+\(?[A-Za-z]).*)?", re.ASCII | re.IGNORECASE
    )
    for date in DATES
)
# Some write its name behind an offset: (CEST), [Europe/Berlin], PDT, or +0530 once more. The offset counts.
NAME_BEHIND = r"(?:\s*\([^()]*\)|\s*\[[^\[\]]*\]|\s+[A-Z]{1,5}|\s+[+-]\d{2,4})"
OFFSET = re.compile(rf"(?:UTC|GMT)?([+-])(\d{{1,2}})(?::?(\d\d))?(?::?(\d\d))?{NAME_BEHIND}?", re.ASCII)
UNIVERSAL = ("Z", "UTC", "GMT", "UT")
# RFC 2822, section 4.3: what these mean where the course's zone and region do not tell.
NORTH_AMERICAN = {
    **{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5},
    **{"MST": -7, "MDT": -6, "PST": -8, "PDT": -7},
}


class WrittenTime(NamedTuple):
    """A time as it is written, in two parts.

    Args:
        clock: As it stands there, without a zone.
        zone: A name or abbreviation, an offset in ISO 8601, or nothing.
    """

    clock: datetime.datetime
    zone: str


class SubmissionTime(NamedTuple):
    """When something was submitted.

    Args:
        at: With an offset; None where there is none or it cannot be read.
        problem: Why it cannot be used, for staff; empty where it can, or there is none.
    """

    at: datetime.datetime | None = None
    problem: str = ""


def kept_time(text: str) -> str | None:
    """A time as it is kept: ISO 8601 with what is written of a zone; else the text itself, for a message.

    Args:
        text: As an export has it.

    Returns:
        None only where nothing is written.
    """
    text = _on_one_line(text)
    if not text:
        return None
    written = read_time(text)
    if written is None:
        return text
    gap = "" if not written.zone or written.zone[0] in "+-" else " "
    return f"{written.clock.isoformat()}{gap}{written.zone}"


def read_time(text: str) -> WrittenTime | None:
    """A time in one of the forms that platforms write; None where it is none.

    Args:
        text: "2026-10-05 10:22:33.123456 UTC", "2026-10-05-10-22-33", "10/30/2026 7:30 PM EST",
            "Friday, 30 October 2026, 7:30 PM", "Fri Oct 30 19:30:00 CET 2026", ...
    """
    text = " ".join(text.split())
    if len(text) > LONGEST:
        return None
    for pattern in (DASHED, COMPACT, *WRITTEN, UNIX):
        if (match := pattern.fullmatch(text)) and (written := _written(match.groupdict())):
            return written
    return None


def when(text: str | None, time_zone: str) -> SubmissionTime:
    """The moment of a time that was kept as text.

    Args:
        text: From `kept_time`.
        time_zone: The course's, for a time without an offset and for what an abbreviation means.
    """
    if not text:
        return SubmissionTime()
    written = read_time(text)
    if written is None:
        return SubmissionTime(problem=f"the time of handing in cannot be read: {_on_one_line(text)!r}")
    if not EARLIEST <= written.clock.year <= LATEST:
        return SubmissionTime(problem=f"the time of handing in cannot be meant: {_on_one_line(text)!r}")
    zone = _zone(written, time_zone)
    if zone is None:
        problem = f"{written.zone!r} in the time of handing in is no time zone, or can be several"
        return SubmissionTime(problem=f"{problem}: {_on_one_line(text)!r}")
    at = written.clock.replace(tzinfo=zone)
    # With its offset alone: an hour that comes twice is the first one, in the student's favour.
    return SubmissionTime(at.replace(tzinfo=datetime.timezone(at.utcoffset() or datetime.timedelta(0))))


def _written(parts: dict[str, str | None]) -> WrittenTime | None:
    year = parts.get("year") or parts.get("early") or parts.get("late")
    if year is None or (parts.get("early") and parts.get("late")):
        return None
    word = parts.get("word")
    month = MONTHS.index(word[:3].lower()) + 1 if word else int(parts["month"] or 0)
    day, hour = int(parts["day"] or 0), _hour(int(parts["hour"] or 0), parts.get("half"))
    if hour is None or (parts["minute"] is None and not parts.get("half")):
        return None
    try:
        clock = datetime.datetime(
            int(year), month, day, hour, int(parts["minute"] or 0), int(parts["second"] or 0)
        )
    except ValueError:
        return None
    zone = _iso_zone((parts.get("zone") or "").strip())
    return None if zone is None else WrittenTime(clock, zone)


def _hour(hour: int, half: str | None) -> int | None:
    if half is None:
        return hour
    return hour % 12 + (12 if half.lower().startswith("p") else 0) if 1 <= hour <= 12 else None


def _iso_zone(text: str) -> str | None:
    """An offset as ISO 8601 has it, a name as it is; None for an offset of no place on earth."""
    if text.startswith("("):
        text = text[1:].removesuffix(")").strip()
    if text.upper() in UNIVERSAL:
        return "+00:00"
    match = OFFSET.fullmatch(text.upper())
    if match is None:
        return None if text.startswith(("+", "-")) else text
    sign, hours, minutes, seconds = match.groups()
    offset = datetime.timedelta(hours=int(hours), minutes=int(minutes or 0), seconds=int(seconds or 0))
    if offset > FARTHEST_OFFSET or int(minutes or 0) > 59:
        return None
    return f"{sign}{int(hours):02}:{int(minutes or 0):02}"


def _zone(written: WrittenTime, time_zone: str) -> datetime.tzinfo | None:
    """The zone of a time; None if its name is unknown, or means several and the course does not say which."""
    name = written.zone
    if not name:
        return zoneinfo.ZoneInfo(time_zone)
    if name[0] in "+-":
        return datetime.datetime.fromisoformat(f"2000-01-01T00:00:00{name}").tzinfo
    if "/" in name:
        return _named(name)
    offset = _offset(name.upper(), written.clock.year, time_zone)
    return _named(name) if offset is None else datetime.timezone(offset)


def _offset(name: str, year: int, time_zone: str) -> datetime.timedelta | None:
    """The offset that an abbreviation means: in the course's zone, else near it, in mail, or anywhere."""
    region = f"{time_zone.partition('/')[0]}/"
    near = [one for one in _zones() if one.startswith(region)] if "/" in time_zone else []
    for zones in ([time_zone], near):
        meanings = _meanings(zones, year).get(name, set())
        if len(meanings) == 1:
            return next(iter(meanings))
    if name in NORTH_AMERICAN:
        return datetime.timedelta(hours=NORTH_AMERICAN[name])
    meanings = _meanings(_zones(), year).get(name, set())
    return next(iter(meanings)) if len(meanings) == 1 else None


def _meanings(zones: Iterable[str], year: int) -> dict[str, set[datetime.timedelta]]:
    return _all_meanings(tuple(zones), year)


@functools.lru_cache(maxsize=64)
def _all_meanings(zones: tuple[str, ...], year: int) -> dict[str, set[datetime.timedelta]]:
    """The offsets that each abbreviation stands for in the course of a year."""
    found: dict[str, set[datetime.timedelta]] = {}
    for name in zones:
        zone = _named(name)
        for month in range(1, 13) if zone is not None else ():
            at = datetime.datetime(year, month, 1, 12, tzinfo=zone)
            offset = at.utcoffset()
            if offset is not None:
                found.setdefault((at.tzname() or "").upper(), set()).add(offset)
    return found


@functools.cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(one for one in zoneinfo.available_timezones() if "/" in one))


def _named(name: str) -> datetime.tzinfo | None:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _on_one_line(text: str) -> str:
    """A stranger's text on one line, not longer than a time is."""
    plain = " ".join(text.split())
    plain = "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in plain[: LONGEST + 1]
    )
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 4]} ..."
