"""The machine: what shuts code in, its clock, and how browsers reach it."""

from __future__ import annotations

import ctypes
import datetime
import resource
import shutil
import tempfile
import zoneinfo
from collections.abc import Iterator
from urllib.parse import urlsplit

from grader.classroom.machines import dask
from grader.errors import GraderError
from grader.gradebook.course_identity import is_loopback
from grader.sandbox import Sandbox
from grader.sandbox.host.levels import LEVELS_FOR_OTHERS
from grader.serve.checks.finding import CheckFinding, ToServe, Weight, finding_of
from grader.version import VERSION

EARLIEST = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
"""Before this there was no server: a clock that shows less is wrong."""

TIME_ERROR = 5
"""What adjtimex(2) returns where no program keeps the clock."""

SIZE_OF_TIMEX = 4096
"""Bytes; more than struct timex takes on any machine."""

FEWEST_FILES = 1024
LEAST_BYTES = 500 * 2**20


def sandbox(options: ToServe) -> Iterator[CheckFinding]:
    """Whether a stranger's code is shut in, here or on each worker of the cluster."""
    if options.executor is not None:
        try:
            with dask(options.executor, VERSION, needs_isolation=not options.is_unsafe_ok):
                return
        except GraderError as error:
            yield finding_of(error, options.executor)
            return
    try:
        with Sandbox() as made:
            level = made.protection().level
    except GraderError as error:
        yield finding_of(error, "sandbox")
        return
    if level not in LEVELS_FOR_OTHERS:
        what = f"code would not be shut in here (protection {level!r}): it could read what you can read"
        if options.is_unsafe_ok:
            yield CheckFinding(
                Weight.RISKY, "sandbox", f"{what}, and --unsafe-ok runs it", "see `rnngrade doctor`"
            )
        else:
            yield CheckFinding(Weight.WRONG, "sandbox", what, "see `rnngrade doctor`, or say --unsafe-ok")


def address(options: ToServe) -> Iterator[CheckFinding]:
    """Whether nobody on the way can read what browsers send."""
    if options.root is None:
        if not is_loopback(options.host):
            what = (
                f"it listens at {options.host}, and everything goes over plain http: links, cookies, answers"
            )
            yield CheckFinding(
                Weight.RISKY, "--host", what, "put Caddy or nginx before it, and give --root https://..."
            )
        return
    parts = urlsplit(options.root)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield CheckFinding(Weight.WRONG, "--root", f"{options.root} is no address", "give https://NAME")
    elif parts.scheme == "http" and not is_loopback(parts.hostname):
        what = "without https everybody on the way reads links, cookies and answers"
        yield CheckFinding(
            Weight.RISKY, "--root", what, "give https://..., with Caddy or nginx before the server"
        )
    if parts.path.strip("/"):
        what = f"the server's pages are at the top of a name, not below {parts.path}"
        yield CheckFinding(Weight.WRONG, "--root", what, "give it a name of its own")


def clock(options: ToServe) -> Iterator[CheckFinding]:
    """Whether the clock is right, as far as this can tell, and time zones are known."""
    now = datetime.datetime.now(datetime.UTC)
    if now < EARLIEST:
        yield CheckFinding(Weight.WRONG, "clock", f"it shows {now:%Y-%m-%d}", "set it")
    if _is_unkept():
        what = "the kernel knows of nothing that keeps it right, and hand-ins are late by it"
        yield CheckFinding(
            Weight.NOTE, "clock", what, "install chrony or systemd-timesyncd, unless the host does it"
        )
    try:
        zoneinfo.ZoneInfo("Europe/Berlin")
    except zoneinfo.ZoneInfoNotFoundError:
        yield CheckFinding(Weight.WRONG, "time zones", "none are known here", "pip install tzdata")


def _is_unkept() -> bool:
    """Whether the kernel says that no program keeps its clock; where it does not say, no."""
    try:
        return int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(SIZE_OF_TIMEX))) == TIME_ERROR
    except (OSError, AttributeError):
        return False


def room(options: ToServe) -> Iterator[CheckFinding]:
    """Open files and temporary room."""
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < FEWEST_FILES:
        yield CheckFinding(
            Weight.RISKY, "open files", f"{most} are allowed", f"ulimit -n {FEWEST_FILES}, or more"
        )
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    if free < LEAST_BYTES:
        what = f"{free // 2**20} MiB are free, where answers are run"
        yield CheckFinding(Weight.RISKY, folder, what, "make room")


CHECKS = (sandbox, address, clock, room)
