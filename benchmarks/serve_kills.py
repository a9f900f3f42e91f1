"""Kill a server, or what it depends on, at random instants while students hand in; nothing may be lost.

    python benchmarks/serve_kills.py [KILLS] [--seed N] [--postgresql]

Killed (`kill -9`) are the server, a worker, or what runs the code below a worker. Of the database, another
program holds the write lock for some seconds (SQLite), or all connections are ended under the server
(PostgreSQL). In the end every hand-in that was acknowledged is marked, in exactly one attempt, or a later one
of the same question took its place; and nobody saw a page that lost what was typed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from postgresql import new_database, postgresql, programs
from serve_cluster import Student
from serving import CourseServer, problems_in, processes_below
from sqlalchemy import text

from grader.gradebook.gradebook import open_gradebook

N_STUDENTS = 16
PAUSE_S = (0.2, 1.5)
"""Between two kills."""

LOCKED_S = (0.2, 4.0)
WITHIN_S = 300.0
"""For what is left to be marked when the last student has gone."""

FAILED = '"status": 500'
"""In the log: a page that failed, with what was typed into it."""

SORTS = ("server", "worker", "sandbox", "database")


class Killed(NamedTuple):
    """How often what was killed, and what went wrong.

    Args:
        kills: How often what was killed.
        acknowledged: How many hand-ins a student was told are kept.
        problems: What was not as it must be.
    """

    kills: Counter[str]
    acknowledged: int
    problems: list[str]


def run(folder: Path, kills: Sequence[str], seed: int = 1, *, database: str | None = None) -> Killed:
    """Kill one after the other, then hold what was acknowledged against the database.

    Args:
        folder: An empty folder.
        kills: Of `SORTS`, each.
        seed: Of the pauses, and of which process is killed.
        database: Of PostgreSQL; a file in the course's folder if left out.
    """
    draw = random.Random(seed)
    server = CourseServer(folder / "course", N_STUDENTS, database=database)
    server.prepare()
    server.start()
    students = [Student(number, [server]) for number in range(N_STUDENTS)]
    for student in students:
        student.start()
    try:
        for what in kills:
            time.sleep(draw.uniform(*PAUSE_S))
            _kill(what, server, draw)
        time.sleep(PAUSE_S[1])
        for student in students:
            student.is_ending.set()
        for student in students:
            student.join(60)
        server.wait_until_done(WITHIN_S)
    finally:
        for student in students:
            student.is_ending.set()
        server.stop()
    acknowledged = [number for student in students for number, _ in student.acknowledged]
    problems = problems_in(server.place, acknowledged)
    log = server.log.read_text(errors="replace")
    problems += [f"{log.count(FAILED)} pages failed"] if FAILED in log else []
    return Killed(Counter(kills), len(acknowledged), problems)


def _kill(what: str, server: CourseServer, draw: random.Random) -> None:
    workers = server.children()
    match what:
        case "server":
            server.kill()
            server.start()
        case "worker" if workers:
            os.kill(draw.choice(workers), signal.SIGKILL)
        case "sandbox" if workers and (below := processes_below(draw.choice(workers))):
            with contextlib.suppress(ProcessLookupError):
                os.kill(draw.choice(below), signal.SIGKILL)
        case "database" if server.database is None:
            _lock(server.place, draw.uniform(*LOCKED_S))
        case "database":
            _end_connections(server.place)


def _lock(place: str, seconds: float) -> None:
    """Hold the write lock, as another program on the database does."""
    with contextlib.closing(sqlite3.connect(place, timeout=30, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        other.execute("ROLLBACK")


def _end_connections(place: str) -> None:
    """End every connection to the database but the one that asks."""
    with open_gradebook(place) as book, book.reading() as connection:
        connection.execute(
            text(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid()"
            )
        )


@contextlib.contextmanager
def _database(is_postgresql: bool) -> Iterator[str | None]:
    if not is_postgresql:
        yield None
        return
    where = programs()
    if where is None:
        raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")
    with postgresql(where) as socket:
        yield new_database(socket)


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kills", nargs="?", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    draw = random.Random(given.seed)
    kills = [draw.choice(SORTS) for _ in range(given.kills)]
    with tempfile.TemporaryDirectory() as folder, _database(given.postgresql) as database:
        killed = run(Path(folder), kills, given.seed, database=database)
    print(f"{dict(killed.kills)} killed, {killed.acknowledged} hand-ins acknowledged")
    print("\n".join(killed.problems) or "none lost, none marked twice")
    raise SystemExit(bool(killed.problems))


if __name__ == "__main__":
    main()
