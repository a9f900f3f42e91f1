"""The course file: due times, penalties, attempts and extensions, in TOML."""

from __future__ import annotations

import datetime
import re
import zoneinfo
from fractions import Fraction
from typing import TypeVar

import msgspec

from grader.gradebook.course_identity import CourseLti, CourseOidc, require_lti, require_oidc
from grader.gradebook.late_days import LatePenalty, days_after, in_utc
from grader.gradebook.policy import AttemptRule, Counts, Policy
from grader.gradebook.submission_times import EARLIEST, LATEST
from grader.model.share import closed_up
from grader.model.text import composed
from grader.specs.decoding import decode, parse_toml, shown, spec_error
from grader.specs.hint_policy import HintPolicy, require_hint_policy

T = TypeVar("T")

WRITTEN_NUMBER = re.compile(
    r"[+-]?(\d{1,20}/\d{1,20}|(\d{1,20}(\.\d{0,40})?|\.\d{1,40})(e[+-]?\d{1,3})?)", re.I | re.A
)
"""Fraction itself takes "1e-999999999" and works on it for ever."""


class CourseLate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[late]`; shares as "10%", "1/10" or 0.1. What is left out is None."""

    grace_minutes: float | None = None
    per_day: str | float | None = None
    cap: str | float | None = None

    def with_rest(self, general: CourseLate) -> CourseLate:
        """This table, with what it leaves out taken from a more general one."""
        return CourseLate(
            grace_minutes=_first(self.grace_minutes, general.grace_minutes),
            per_day=_first(self.per_day, general.per_day),
            cap=_first(self.cap, general.cap),
        )

    def penalty(self) -> LatePenalty:
        """The penalty that the table describes."""
        return LatePenalty(
            grace=datetime.timedelta(minutes=self.grace_minutes or 0),
            per_day=read_share(_first(self.per_day, "0%")),
            cap=read_share(_first(self.cap, "100%")),
        )


class CourseAttempts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[attempts]`. What is left out is None."""

    counts: Counts | None = None
    limit: int | None = None
    per_hour: int | None = None

    def with_rest(self, general: CourseAttempts) -> CourseAttempts:
        """This table, with what it leaves out taken from a more general one."""
        return CourseAttempts(
            counts=_first(self.counts, general.counts),
            limit=_first(self.limit, general.limit),
            per_hour=_first(self.per_hour, general.per_hour),
        )

    def rule(self, limit: int | None) -> AttemptRule:
        """Which attempt counts, with the limit that a student has."""
        return AttemptRule(counts=self.counts or "last", limit=limit, per_hour=self.per_hour)


class CourseExercise(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table `[exercise.ID]`: what is different for this exercise."""

    opens: datetime.datetime | None = None
    due: datetime.datetime | None = None
    cutoff: datetime.datetime | None = None
    late: CourseLate | None = None
    attempts: CourseAttempts | None = None
    hint_policy: HintPolicy | None = None


class CourseExtension(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry `[[extension]]`: more time for one student, in one exercise or in all."""

    student: str
    exercise: str | None = None
    days: float | None = None
    until: datetime.datetime | None = None
    cutoff: datetime.datetime | None = None
    limit: int | None = None
    why: str = ""


class Course(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A course file, as written."""

    time_zone: str = "UTC"
    secret: str = ""
    late: CourseLate = CourseLate()
    attempts: CourseAttempts = CourseAttempts()
    hint_policy: HintPolicy | None = None
    exercise: dict[str, CourseExercise] = {}
    extension: tuple[CourseExtension, ...] = ()
    oidc: CourseOidc | None = None
    lti: CourseLti | None = None

    def policy(self, student: str, exercise: str) -> Policy:
        """The due time, penalty and attempt rule of one student in one exercise."""
        own = self.exercise.get(exercise, CourseExercise())
        late = (own.late or CourseLate()).with_rest(self.late)
        attempts = (own.attempts or CourseAttempts()).with_rest(self.attempts)
        due, limit = _local(own.due, self.time_zone), attempts.limit
        cutoff = _moment(own.cutoff, self.time_zone)
        for one in self.extension:
            if composed(one.student) == composed(student) and one.exercise in (None, exercise):
                # Where nothing is due, the cutoff is all that there is to be moved.
                cutoff = self._extended(cutoff, one) if own.due is None else cutoff
                cutoff = _later(cutoff, _moment(one.cutoff, self.time_zone))
                due = self._extended(due, one)
                limit = max(limit, one.limit) if limit is not None and one.limit is not None else limit
        return Policy(
            opens=_local(own.opens, self.time_zone),
            due=due,
            cutoff=_later(cutoff, due),
            late=late.penalty(),
            attempts=attempts.rule(limit),
            hints=self.hint_policy
            if own.hint_policy is None
            else own.hint_policy.with_rest(self.hint_policy),
        )

    def _extended(self, due: datetime.datetime | None, one: CourseExtension) -> datetime.datetime | None:
        if due is None:
            return None
        return _later(days_after(due, one.days or 0), _local(one.until, self.time_zone))


NO_POLICIES = Course()
"""Nothing is late, the last attempt counts."""


def _local(at: datetime.datetime | None, time_zone: str) -> datetime.datetime | None:
    """A time on the course's clocks: its days begin and end there, whatever offset it is written with."""
    if at is None:
        return None
    zone = zoneinfo.ZoneInfo(time_zone)
    try:
        return at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)
    except OverflowError:
        return at


def _moment(at: datetime.datetime | None, time_zone: str) -> datetime.datetime | None:
    """As `_local`, but a time with an offset keeps it: it tells an hour that comes twice apart."""
    return at if at is not None and at.tzinfo is not None else _local(at, time_zone)


def _later(at: datetime.datetime | None, other: datetime.datetime | None) -> datetime.datetime | None:
    """The later of two moments; None where there is no first one."""
    return at if at is None or other is None else max(at, other, key=in_utc)


def _first(own: T, general: T) -> T:
    # Not "own or general": 0 is a value, too.
    return general if own is None else own


def read_share(written: str | float | None) -> Fraction:
    """The exact share that is written: "10%", "1/10" or 0.1.

    Raises:
        ValueError: If it is no number, or one that nobody means.
    """
    text = closed_up(str(written))
    return read_exact(text.removesuffix("%")) / (100 if text.endswith("%") else 1)


def read_exact(text: str) -> Fraction:
    """A number that a person writes: "3", "2.5", "7/2".

    Raises:
        ValueError: If it is none, or of a size that would take for ever to work with.
    """
    if not WRITTEN_NUMBER.fullmatch(text):
        raise ValueError(f"{text[:50]!r} is no number")
    return Fraction(text)


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
    _require_secret(table.get("secret"), where)
    course = decode(table, Course, where, lambda path: path.removeprefix("."))
    _require_time_zone(course.time_zone, where)
    _require_late(course.late, where, "late")
    _require_attempts(course.attempts, where, "attempts", "leave it out where any number is allowed")
    require_hint_policy(course.hint_policy, where, "hint_policy")
    for name, one in course.exercise.items():
        key = f"exercise.{name}"
        _require_late(one.late or CourseLate(), where, f"{key}.late")
        stands = "leave it out where that of [attempts] stands"
        _require_attempts(one.attempts or CourseAttempts(), where, f"{key}.attempts", stands)
        require_hint_policy(one.hint_policy, where, f"{key}.hint_policy")
        _require_cutoff(one, course.time_zone, where, f"{key}.cutoff")
    require_oidc(course.oidc, where)
    require_lti(course.lti, where)
    for number, extension in enumerate(course.extension):
        _require_extension(extension, where, f"extension[{number}]")
    return course


LEAST_SECRET = 16
"""Characters; a shorter secret could be found from one student's code by trying."""


def _require_secret(written: object, where: str) -> None:
    """Check the secret; no message has it."""
    if written is None or (isinstance(written, str) and len(written) >= LEAST_SECRET):
        return
    hint = "python -c 'import secrets; print(secrets.token_hex())' makes one"
    raise spec_error(where, "secret", f"wanted a text of at least {LEAST_SECRET} letters", hint)


def _require_time_zone(name: str, where: str) -> None:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        message = f"no time zone is called {name!r}"
        raise spec_error(where, "time_zone", message, "Europe/Zurich is one") from None


def _require_late(late: CourseLate, where: str, key: str) -> None:
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


def _require_cutoff(one: CourseExercise, time_zone: str, where: str, key: str) -> None:
    if one.cutoff is None:
        return
    _require_year(one.cutoff, where, key)
    cutoff = _moment(one.cutoff, time_zone)
    for name, at in (("due", one.due), ("opens", one.opens)):
        other = _moment(at, time_zone)
        if cutoff is not None and other is not None and in_utc(cutoff) < in_utc(other):
            message = f"found {one.cutoff}, which is before `{name}`, {at}"
            raise spec_error(where, key, message, f"wanted {at} or later")


def _require_year(at: datetime.datetime, where: str, key: str) -> None:
    if not EARLIEST <= at.year <= LATEST:
        raise spec_error(where, key, f"found {at}, wanted a year from {EARLIEST} to {LATEST}")


def _require_attempts(attempts: CourseAttempts, where: str, key: str, hint: str) -> None:
    for name in ("limit", "per_hour"):
        _require_limit(getattr(attempts, name), where, f"{key}.{name}", hint)


def _require_limit(limit: int | None, where: str, key: str, hint: str) -> None:
    if limit is not None and limit < 1:
        raise spec_error(where, key, f"found {limit}, wanted a number of attempts from 1 on", hint)


def _require_extension(one: CourseExtension, where: str, key: str) -> None:
    if (one.days, one.until, one.cutoff, one.limit) == (None,) * 4:
        message = f"nothing is extended for {one.student!r}"
        raise spec_error(where, key, message, "give days, until, cutoff or limit")
    if one.cutoff is not None:
        _require_year(one.cutoff, where, f"{key}.cutoff")
    # Written as "not <=" and not as ">": NaN must fail.
    if one.days is not None and not 0 <= one.days <= MOST_DAYS:
        wanted = "days from 0 on" if not one.days > 0 else f"days up to {MOST_DAYS}, ten years"
        raise spec_error(where, f"{key}.days", f"found {one.days:g}, wanted {wanted}")
    _require_limit(one.limit, where, f"{key}.limit", "leave it out where no more attempts are given")
