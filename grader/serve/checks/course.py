"""The course's folder: exercises, course file, class list."""

from __future__ import annotations

import contextlib
import datetime
import importlib.util
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from grader.answers.drawing import SECRET_ENV
from grader.errors import GraderError
from grader.extras import install_command
from grader.gradebook.course import NO_POLICIES, Course, read_course
from grader.gradebook.late_days import in_utc
from grader.lms.roster import RosterRow, read_roster
from grader.model.exercise import Exercise
from grader.serve.checks.finding import CheckFinding, ToServe, Weight, finding_of
from grader.serve.courses import (
    COURSE_FILE,
    EXERCISES,
    ROSTER_FILE,
    CourseFolder,
    exercise_files,
    read_exercise,
    require_secret,
)
from grader.specs.decoding import parse_toml

MOST_NAMED = 5
LTI_KEY = "lti-key.pem"
IDENTITY_PACKAGES = ("authlib", "httpx2", "joserfc")
OTHERS_READ = stat.S_IRGRP | stat.S_IROTH


def course_file(options: ToServe) -> Iterator[CheckFinding]:
    """Whether the course file can be read, and says on which clocks its times are."""
    file = options.folder / COURSE_FILE
    if not options.folder.is_dir():
        yield CheckFinding(
            Weight.WRONG, str(options.folder), "there is no such folder", "give the course's folder"
        )
    if not file.is_file():
        return
    try:
        course = _course(options)
    except (GraderError, UnicodeDecodeError, OSError) as error:
        yield _unreadable(error, file)
        return
    bare = [
        f"exercise.{id}.{key}"
        for id, one in course.exercise.items()
        for key in ("opens", "due", "cutoff")
        if (at := getattr(one, key)) is not None and at.tzinfo is None
    ]
    if bare and "time_zone" not in parse_toml(file.read_bytes(), str(file)):
        what = f"{_some(bare)} has no time zone, and the file names none: it counts as UTC"
        yield CheckFinding(Weight.RISKY, str(file), what, 'write time_zone = "Europe/Berlin" or the like')
    if course.secret and file.stat().st_mode & OTHERS_READ:
        what = "others on this machine can read the secret by which variants are drawn"
        yield CheckFinding(Weight.RISKY, str(file), what, f"chmod 600 {file}")


def times(options: ToServe) -> Iterator[CheckFinding]:
    """Whether what is to be handed in can still be."""
    now = datetime.datetime.now(datetime.UTC)
    file = str(options.folder / COURSE_FILE)
    course = _course_or_none(options)
    for id in course.exercise if course is not None else ():
        assert course is not None
        policy, where = course.policy("", id), f"{file}: exercise.{id}"
        if policy.due is None:
            yield CheckFinding(Weight.NOTE, where, "it is never due: what comes at any time counts in full")
            continue
        if in_utc(policy.due) < now:
            what = f"it was due on {policy.due:%Y-%m-%d %H:%M %Z}, which is past"
            yield CheckFinding(Weight.RISKY, where, what, "give this term's time")
        if policy.opens is not None and in_utc(policy.opens) >= in_utc(policy.due):
            what = "it opens when it is due already: nobody can be in time"
            yield CheckFinding(Weight.WRONG, where, what, "let it open earlier")


def exercises(options: ToServe) -> Iterator[CheckFinding]:
    """Whether each exercise can be read: all of them, not only up to the first that cannot."""
    course = _course_or_none(options)
    try:
        files = exercise_files(options.folder, course or NO_POLICIES)
    except GraderError as error:
        yield finding_of(error, str(options.folder))
        return
    found: list[Exercise] = []
    for file in files:
        try:
            found.append(read_exercise(file))
        except (GraderError, OSError, UnicodeDecodeError) as error:
            yield _unreadable(error, file)
    yield from _untried(options, files)
    counts = Counter(one.id for one in found)
    for id in (id for id, n in counts.items() if n > 1):
        what = f"more than one file is the exercise {id}: only the last is served"
        yield CheckFinding(Weight.WRONG, str(options.folder / EXERCISES), what, "rename one of them")
    is_lost = course is None and (options.folder / COURSE_FILE).is_file()
    if not files and not is_lost:
        to_do = f"put some into {EXERCISES}/, or name one that comes along in {COURSE_FILE}: [exercise.ID]"
        yield CheckFinding(Weight.WRONG, str(options.folder), "the course has no exercises", to_do)
    if is_lost:
        return
    try:
        by_id = {one.id: one for one in found}
        require_secret(CourseFolder(options.folder, course or NO_POLICIES, "", by_id))
    except GraderError as error:
        yield finding_of(error, SECRET_ENV)
    for extension in course.extension if course is not None else ():
        if extension.exercise is not None and extension.exercise not in counts:
            what = f"{extension.student} has more time for {extension.exercise}, which the course has not"
            where = str(options.folder / COURSE_FILE)
            yield CheckFinding(Weight.RISKY, where, what, "write the exercise's id")


def _untried(options: ToServe, files: list[Path]) -> Iterator[CheckFinding]:
    """Questions of the course's own that no example answer was ever marked with."""
    for file in files:
        if not file.is_relative_to(options.folder):
            continue
        with contextlib.suppress(GraderError, OSError, UnicodeDecodeError):
            exercise = read_exercise(file, with_examples=True)
            if names := [one.id for one in exercise.questions if not one.examples]:
                what = f"no example answers for {_some(names)}: nothing shows that what is right is marked so"
                yield CheckFinding(Weight.NOTE, str(file), what, "add a right and a wrong one; author lint")


def roster(options: ToServe) -> Iterator[CheckFinding]:
    """Whether there is somebody to come in, and each under one name."""
    file = options.folder / ROSTER_FILE
    if not file.is_file():
        to_do = f"put {ROSTER_FILE} there, or upload a class list in the browser"
        yield CheckFinding(Weight.RISKY, str(file), "there is no class list", to_do)
        return
    try:
        people = read_roster(file)
    except GraderError as error:
        yield finding_of(error, str(file))
        return
    if not people:
        yield CheckFinding(Weight.RISKY, str(file), "there is nobody in it", "add a line for each student")
    yield from _names(people, file)
    course = _course_or_none(options)
    keys = {key for one in people for key in (one.id, *one.keys)}
    strangers = sorted({one.student for one in course.extension if one.student not in keys} if course else ())
    if strangers and people:
        what = f"{_some(strangers)} has more time and is not in {ROSTER_FILE}"
        yield CheckFinding(
            Weight.RISKY, str(options.folder / COURSE_FILE), what, "write the id as the list does"
        )


def _names(people: tuple[RosterRow, ...], file: Path) -> Iterator[CheckFinding]:
    twice = sorted(id for id, n in Counter(one.id for one in people).items() if n > 1)
    if twice:
        what = f"{_some(twice)} is there more than once: they would share one account"
        yield CheckFinding(Weight.WRONG, str(file), what, "give each an id of their own")
    if any(not one.id.strip() for one in people):
        yield CheckFinding(Weight.WRONG, str(file), "a line has no id", "write one")


def identity(options: ToServe) -> Iterator[CheckFinding]:
    """Whether a provider or a platform can say who somebody is."""
    course = _course_or_none(options)
    if course is None or (course.oidc is None and course.lti is None):
        return
    file = str(options.folder / COURSE_FILE)
    missing = [name for name in IDENTITY_PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        what = f"{_some(missing)} must be installed for [oidc] and [lti]"
        yield CheckFinding(Weight.WRONG, file, what, install_command("serve"))
    elif course.oidc is not None:
        from grader.serve.identity.provider import oidc_secret

        try:
            oidc_secret(course.oidc, options.folder)
        except GraderError as error:
            yield finding_of(error, file)
    key = options.folder / LTI_KEY
    if course.lti is not None and key.is_file() and key.stat().st_mode & OTHERS_READ:
        what = "others on this machine can read the key by which a platform knows this server"
        yield CheckFinding(Weight.WRONG, str(key), what, f"chmod 600 {key}")
    if not (options.root or "").startswith("https:"):
        weight = Weight.RISKY if course.lti is None else Weight.WRONG
        what = "a provider or platform sends people back by https only"
        yield CheckFinding(weight, "--root", what, "give https://..., with Caddy or nginx before the server")


def _course(options: ToServe) -> Course:
    file = options.folder / COURSE_FILE
    return read_course(file.read_text(encoding="utf-8"), str(file)) if file.is_file() else NO_POLICIES


def _course_or_none(options: ToServe) -> Course | None:
    """The course; None where it cannot be read, which `course_file` says."""
    try:
        return _course(options)
    except (GraderError, UnicodeDecodeError, OSError):
        return None


def _unreadable(error: Exception, file: Path) -> CheckFinding:
    if isinstance(error, GraderError):
        return finding_of(error, str(file))
    return CheckFinding(Weight.WRONG, str(file), f"it cannot be read: {error}", "save it as UTF-8 text")


def _some(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


CHECKS = (course_file, times, exercises, roster, identity)
