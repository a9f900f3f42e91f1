"""From the text of a course file to a `Course`, with errors that name the key."""

from __future__ import annotations

import zoneinfo

from grader.gradebook.course import Course, WrittenAttempts, WrittenExtension, WrittenLate, read_share
from grader.specs.decoding import decode, parse_toml
from grader.specs.mistakes import shown, spec_error

MOST_MINUTES = 366 * 24 * 60
MOST_DAYS = 3660


def read_course(text: str, where: str) -> Course:
    """The course that a file describes.

    Args:
        text: TOML.
        where: The file's name in errors.

    Raises:
        SpecError: For the first mistake: file, key path, what was found, what was wanted, nearest match.
    """
    table = parse_toml(text.encode("utf-8", "replace"), where)
    course = decode(table, Course, where, lambda path: path.removeprefix("."))
    _require_time_zone(course.time_zone, where)
    _require_late(course.late, where, "late")
    _require_limit(course.attempts.limit, where, "attempts.limit", "leave it out where any number is allowed")
    for name, one in course.exercise.items():
        _require_late(one.late or WrittenLate(), where, f"exercise.{name}.late")
        limit, key = (one.attempts or WrittenAttempts()).limit, f"exercise.{name}.attempts.limit"
        _require_limit(limit, where, key, "leave it out where that of [attempts] stands")
    for number, extension in enumerate(course.extension):
        _require_extension(extension, where, f"extension[{number}]")
    return course


def _require_time_zone(name: str, where: str) -> None:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        message = f"no time zone is called {name!r}"
        raise spec_error(where, "time_zone", message, "Europe/Zurich is one") from None


def _require_late(late: WrittenLate, where: str, key: str) -> None:
    for name in ("per_day", "cap"):
        written = getattr(late, name)
        if written is not None and not _is_share(written):
            raise spec_error(where, f"{key}.{name}", f'found {shown(written)}, wanted a share such as "10%"')
    minutes = late.grace_minutes
    # Written as "not <=" and not as ">": NaN must fail.
    if minutes is not None and not 0 <= minutes <= MOST_MINUTES:
        wanted = "minutes from 0 on" if not minutes > 0 else f"minutes up to {MOST_MINUTES}, a year"
        raise spec_error(where, f"{key}.grace_minutes", f"found {minutes:g}, wanted {wanted}")


def _is_share(written: str | float) -> bool:
    try:
        return 0 <= read_share(written) <= 1
    except (ValueError, ZeroDivisionError):
        return False


def _require_limit(limit: int | None, where: str, key: str, hint: str) -> None:
    if limit is not None and limit < 1:
        raise spec_error(where, key, f"found {limit}, wanted a number of attempts from 1 on", hint)


def _require_extension(one: WrittenExtension, where: str, key: str) -> None:
    if (one.days, one.until, one.limit) == (None, None, None):
        message = f"nothing is extended for {one.student!r}"
        raise spec_error(where, key, message, "give days, until or limit")
    # Written as "not <=" and not as ">": NaN must fail.
    if one.days is not None and not 0 <= one.days <= MOST_DAYS:
        wanted = "days from 0 on" if not one.days > 0 else f"days up to {MOST_DAYS}, ten years"
        raise spec_error(where, f"{key}.days", f"found {one.days:g}, wanted {wanted}")
    _require_limit(one.limit, where, f"{key}.limit", "leave it out where no more attempts are given")
