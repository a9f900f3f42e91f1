"""The database: whether the server can keep everything in it, and how safely."""

from __future__ import annotations

import datetime
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from grader.errors import GraderError
from grader.gradebook.database import GradebookInUse, engine_for
from grader.gradebook.gradebook import HEAD, version_of
from grader.serve import people
from grader.serve.checks.finding import CheckFinding, ToServe, Weight, finding_of
from grader.serve.people import Role

NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p", "fuse.sshfs", "ceph", "glusterfs", "lustre"}
)
"""File systems on which SQLite's locks and its log in shared memory do not hold."""

LEAST_BYTES, FEW_BYTES = 200 * 2**20, 2 * 2**30
MOST_SKEW_S = 5.0
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def is_file(options: ToServe) -> bool:
    """Whether the gradebook is a file of SQLite."""
    return "://" not in options.place or options.place.startswith("sqlite:")


def file_of(options: ToServe) -> Path:
    """The file that holds an SQLite database."""
    return Path(make_url(options.place).database or "") if "://" in options.place else Path(options.place)


def drive(options: ToServe) -> Iterator[CheckFinding]:
    """The drive of a file: writable, here, private, and with room."""
    if not is_file(options):
        return
    file = file_of(options)
    folder = file.absolute().parent
    if not folder.is_dir():
        yield CheckFinding(Weight.WRONG, str(folder), "there is no such folder", "make it")
        return
    if not os.access(folder, os.W_OK) or (file.exists() and not os.access(file, os.W_OK)):
        yield CheckFinding(
            Weight.WRONG, str(file), "it cannot be written", "give its folder to who runs the server"
        )
    if (kind := _file_system(folder)) in NETWORK:
        what = f"it lies on a network drive ({kind}), where SQLite can lose what it was told to keep"
        yield CheckFinding(Weight.WRONG, str(file), what, "take a drive of this machine, or PostgreSQL")
    if file.exists() and file.stat().st_mode & OTHERS:
        what = "others on this machine can open it: it holds answers and marks"
        yield CheckFinding(Weight.RISKY, str(file), what, f"chmod 600 {file}")
    free = shutil.disk_usage(folder).free
    if free < FEW_BYTES:
        weight = Weight.WRONG if free < LEAST_BYTES else Weight.RISKY
        yield CheckFinding(weight, str(folder), f"{free // 2**20} MiB are free", "make room")


def _file_system(folder: Path) -> str:
    """The type of the file system that a folder is on, by the longest mount point; "" if not told."""
    try:
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    real = folder.resolve()
    mounts = [line.split(" ") for line in lines]
    found = [(one[1], one[2]) for one in mounts if len(one) > 2]
    on = [(where, kind) for where, kind in found if real.is_relative_to(where.replace("\\040", " "))]
    return max(on, key=lambda one: len(one[0]))[1] if on else ""


def gradebook(options: ToServe) -> Iterator[CheckFinding]:
    """Whether the gradebook can be opened and used; it is only read, not brought up to date."""
    if is_file(options) and not file_of(options).is_file():
        yield CheckFinding(Weight.NOTE, options.place, "it is not there yet: the first start makes it")
        return
    try:
        engine = engine_for(options.place, must_exist=True, only_reads=True)
    except GraderError as error:
        yield finding_of(error, _shown(options))
        return
    try:
        with engine.connect() as connection:
            yield from _contents(connection, options)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        what = f"it cannot be opened: {reason}"
        yield CheckFinding(Weight.WRONG, _shown(options), what, "see that it runs")
    finally:
        engine.dispose()


def _contents(connection: Connection, options: ToServe) -> Iterator[CheckFinding]:
    where = _shown(options)
    yield from _soundness(connection, where)
    version = version_of(connection)
    if version is None:
        if inspect(connection).get_table_names():
            yield CheckFinding(Weight.WRONG, where, "this database is not a gradebook", "give another one")
        else:
            yield CheckFinding(Weight.NOTE, where, "it is empty: the first start makes its tables")
        return
    if version > HEAD:
        yield CheckFinding(Weight.WRONG, where, "a later rnngrade wrote it", "update rnngrade")
    elif version < HEAD:
        what = "an earlier rnngrade wrote it: the first start brings it up to date, and there is no way back"
        yield CheckFinding(Weight.RISKY, where, what, "`rnngrade gradebook backup` first")
    else:
        yield from _instructors(connection, where)


def _instructors(connection: Connection, where: str) -> Iterator[CheckFinding]:
    everybody = people.everybody(connection)
    instructors = [one.id for one in everybody if one.role is Role.INSTRUCTOR]
    if not instructors:
        to_do = "the next start makes one, `staff`; make yourself one by name then"
        yield CheckFinding(Weight.RISKY, where, "nobody is an instructor", to_do)
    elif instructors == [people.FIRST_INSTRUCTOR]:
        what = f"the only instructor is {people.FIRST_INSTRUCTOR!r}, so that the log cannot say who did what"
        yield CheckFinding(Weight.NOTE, where, what, "make instructors by name")


def _soundness(connection: Connection, where: str) -> Iterator[CheckFinding]:
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("PRAGMA quick_check(1)")).scalar()
        if found != "ok":
            yield CheckFinding(Weight.WRONG, where, f"the file is damaged: {found}", "restore a backup")
        return
    if connection.execute(text("SHOW fsync")).scalar() != "on":
        what = "PostgreSQL runs with fsync off: a power cut loses what students were told is kept"
        yield CheckFinding(Weight.WRONG, where, what, "set fsync = on")
    if connection.execute(text("SHOW synchronous_commit")).scalar() == "off":
        what = "synchronous_commit is off: a crash loses what students were told is kept"
        yield CheckFinding(Weight.WRONG, where, what, "set synchronous_commit = on")
    there = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    skew = abs((datetime.datetime.now(datetime.UTC) - there).total_seconds())
    if skew > MOST_SKEW_S:
        what = f"its machine's clock and this one's are {skew:.0f} s apart"
        yield CheckFinding(Weight.RISKY, where, what, "let NTP keep both")
    if not connection.execute(text("SELECT has_schema_privilege(current_schema(), 'CREATE')")).scalar():
        what = "this user may not make tables, as the first start and updates do"
        yield CheckFinding(Weight.WRONG, where, what, "GRANT CREATE ON SCHEMA public TO ...")


def run_of_a_batch(options: ToServe) -> Iterator[CheckFinding]:
    """Whether a batch or a regrade has it now, beside which no server starts."""
    if not is_file(options) or not file_of(options).is_file():
        return
    from grader.gradebook.database import one_of_several_writers

    lock = Path(f"{os.path.realpath(file_of(options))}.lock")
    if not lock.exists():
        return
    engine = engine_for(options.place, must_exist=True, only_reads=True)
    try:
        with one_of_several_writers(engine):
            pass
    except GraderError as error:
        to_do = "wait until it has ended" if isinstance(error, GradebookInUse) else ""
        yield CheckFinding(Weight.RISKY, options.place, error.message, to_do)
    finally:
        engine.dispose()


def password(options: ToServe) -> Iterator[CheckFinding]:
    """A password on the command line is read by everybody on the machine."""
    try:
        has_one = "://" in options.place and make_url(options.place).password is not None
    except ArgumentError:
        return
    if has_one:
        what = "the password on the command line can be seen by others in the list of processes"
        yield CheckFinding(Weight.RISKY, "--database", what, "put it into ~/.pgpass, mode 600")


def _shown(options: ToServe) -> str:
    """The address of a database without its password."""
    try:
        return make_url(options.place).render_as_string() if "://" in options.place else options.place
    except ArgumentError:
        return "--database"


CHECKS = (drive, gradebook, run_of_a_batch, password)
