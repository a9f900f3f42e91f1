"""A server started for a course's folder: database, people, workers, uvicorn."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from sqlalchemy import Connection, event

from grader.classroom.machines import AHEAD, Machines, dask, local, longest_s, require_isolation_here
from grader.classroom.task import CannotMark
from grader.errors import CannotDo
from grader.gradebook.gradebook import Gradebook, open_gradebook
from grader.gradebook.write_records import keep_course
from grader.sandbox.host.sandbox import processors
from grader.serve import people
from grader.serve.actions import log_action
from grader.serve.app import application
from grader.serve.courses import DATABASE, ChangingFolder, CourseFolder, read_course_folder
from grader.serve.crowd import Connected, most_connections
from grader.serve.identity.begun import keep_key
from grader.serve.journal import write_log
from grader.serve.marking import Marker
from grader.serve.memory import keep_few_pages, share_heaps
from grader.serve.people import Person, Role
from grader.serve.server import Server
from grader.version import VERSION

PATIENCE_S = 30 * 86400.0
"""Seconds for a scheduler to come back; meanwhile hand-ins are kept, and pages are served."""

SPARE_WORKERS = 2
"""Spare workers, for when others have been at one hand-in for long; while idle they need memory only."""


@contextlib.contextmanager
def server_for(
    folder: Path,
    *,
    database: str | None = None,
    executor: str | None = None,
    jobs: int | None = None,
    is_unsafe_ok: bool = False,
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost"),
    root: str = "",
) -> Iterator[Server]:
    """A server of a course, ready to run; its workers end with it.

    Args:
        folder: Of the course.
        database: A file or URL; `course.db` in the folder if left out.
        executor: dask://HOST:PORT; worker processes of this machine if left out.
        jobs: How many hand-ins are marked at once; one a core if left out.
        is_unsafe_ok: Run code in a sandbox that strangers can get out of.
        hosts: Names under which the server is asked.
        root: Its address, for links.

    Raises:
        GraderError: If the course cannot be read, the database not be opened, or code not be shut in.
    """
    share_heaps()
    course = ChangingFolder(folder)
    first = course.read()
    if executor is None and not is_unsafe_ok:
        _require_isolation()
    with (
        open_gradebook(database or folder / DATABASE) as book,
        # A batch counts attempts while it runs; another server writes a transaction at a time, as this one.
        book.one_of_several_writers(),
        _machines(executor, jobs, first, is_unsafe_ok=is_unsafe_ok) as (machines, n_workers, n_spare),
    ):
        if book.engine.dialect.name == "sqlite":
            event.listen(book.engine, "connect", keep_few_pages)
        with book.writing_durably() as connection:
            keep_key(connection)
            _keep_course_and_people(connection, first)
        marker = Marker(book, course.read, machines, n_workers, n_spare=n_spare, is_unsafe_ok=is_unsafe_ok)
        yield Server(book, course.read, marker, hosts, root.startswith("https:"), root)


def _require_isolation() -> None:
    """Serve nobody from a machine that cannot hold strangers' code."""
    try:
        require_isolation_here()
    except CannotMark as error:
        raise CannotDo(error.message, error.hint) from None


def _keep_course_and_people(connection: Connection, course: CourseFolder) -> None:
    if course.course_text:
        keep_course(connection, course.course_text)
    if course.roster:
        students = (Person(id=one.id, name=one.name, role=Role.STUDENT) for one in course.roster)
        # Who was removed comes back when somebody says so, and not by the server's being started again.
        others = {one.id for one in people.everybody(connection) if one.is_staff}
        others |= {one.id for one in people.removed(connection)}
        people.keep_people(connection, (one for one in students if one.id not in others))
    if not any(one.role is Role.INSTRUCTOR for one in people.everybody(connection)):
        people.keep_people(connection, [Person(id=people.FIRST_INSTRUCTOR, name="", role=Role.INSTRUCTOR)])


@contextlib.contextmanager
def _machines(
    executor: str | None, jobs: int | None, course: CourseFolder, *, is_unsafe_ok: bool
) -> Iterator[tuple[Machines, int, int]]:
    """Where hand-ins are marked, how many at once, and how many workers more there are."""
    n_workers = jobs or processors()
    if executor is not None:
        with dask(executor, VERSION, needs_isolation=not is_unsafe_ok, patience_s=PATIENCE_S) as machines:
            # No more at once than are marked: what waits stays in the inbox, where each has a turn.
            yield machines, max(machines.window // AHEAD, 1), 0
        return
    limit_s = max(map(longest_s, course.exercises.values()))
    with local(n_workers + SPARE_WORKERS, limit_s) as machines:
        yield machines, n_workers, SPARE_WORKERS


def staff_link(book: Gradebook, root: str) -> str:
    """A new link for the first instructor; it is good for a day."""
    with book.writing_durably() as connection:
        instructor = next(one for one in people.everybody(connection) if one.role is Role.INSTRUCTOR)
        secret = people.new_link(connection, instructor.id, people.STAFF_LINK_HOURS)
    return f"{root}/in/{secret}"


def link_for(folder: Path, database: str | None, person: str, root: str) -> str:
    """A new link for one person, made from the command line, while a server runs or not.

    Args:
        folder: Of the course.
        database: A file or URL; `course.db` in the folder if left out.
        person: The id; staff's links are good for a day.
        root: The address of the server.

    Raises:
        GraderError: If the course cannot be read, or there is no such person.
    """
    course = read_course_folder(folder)
    with (
        open_gradebook(database or folder / DATABASE) as book,
        book.one_of_several_writers(),
        book.writing_durably() as connection,
    ):
        _keep_course_and_people(connection, course)
        found = people.find_person(connection, person)
        hours = people.STAFF_LINK_HOURS if found is not None and found.is_staff else None
        secret = people.new_link(connection, person, hours)
        who = Person(id="command line", name="", role=Role.INSTRUCTOR)
        log_action(connection, who, "link", person)
    return f"{root}/in/{secret}"


def run(server: Server, host: str, port: int, log: Path | None = None) -> None:
    """Serve until interrupted.

    Args:
        server: What is served.
        host: The address to listen at.
        port: The port.
        log: The file that is written to, a line a request; standard error if left out.
    """
    write_log(log)
    uvicorn.Server(config_of(server, host, port)).run()


def config_of(server: Server, host: str, port: int) -> uvicorn.Config:
    """How a server is run; see `run`."""
    return uvicorn.Config(
        application(server),
        host=host,
        port=port,
        log_config=None,  # `journal` writes it
        access_log=False,  # paths of links would be in it
        proxy_headers=False,
        http=Connected,  # by h11, which bounds headers; httptools, taken where it is installed, does not
        server_header=False,
        timeout_graceful_shutdown=5,
        limit_concurrency=most_connections(),
    )
