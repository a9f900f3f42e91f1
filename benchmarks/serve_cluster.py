"""Two servers on one PostgreSQL database, two Dask workers, some of them killed while students hand in.

    python benchmarks/serve_cluster.py [KILLS] [--seed N]

Each kill is `kill -9`; what was killed is started again. Students whose server is gone go to the other, as
a proxy would send them. In the end every hand-in that was acknowledged is marked, in exactly one attempt, or
a later one of the same question took its place.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import httpx2
from dask_cluster import Cluster, dask_cluster
from postgresql import new_database, postgresql, programs
from serving import EXERCISE, QUESTION, TYPED, CourseServer, browser, problems_in

N_SERVERS, N_WORKERS, N_STUDENTS = 2, 2, 6
PAUSE_S = (2.0, 5.0)
"""Between two kills."""

WITHIN_S = 120.0
"""For what is left to be marked when the last student has gone."""


class Killed(NamedTuple):
    """How often what was killed, and what went wrong.

    Args:
        kills: How often which sort of process was killed.
        acknowledged: How many hand-ins a student was told are kept, by the server that said so.
        problems: What was not as it must be.
    """

    kills: Counter[str]
    acknowledged: Counter[str]
    problems: list[str]


class Student(threading.Thread):
    """A student who hands in one answer after the other.

    Args:
        number: Which student.
        servers: Any of them takes what the student sends.
    """

    def __init__(self, number: int, servers: Sequence[CourseServer]) -> None:
        super().__init__(daemon=True)
        self.number = number
        self.servers = servers
        self.acknowledged: list[tuple[int, str]] = []
        self.is_ending = threading.Event()

    def run(self) -> None:
        """Hand in; what is not acknowledged is sent again with the same press, to another server."""
        draw, turn = random.Random(self.number), self.number
        while not self.is_ending.is_set():
            server = self.servers[turn % len(self.servers)]
            turn += 1
            try:
                with closing(browser(server, self.number)) as client:
                    while not self.is_ending.is_set():
                        self._hand_in(client, server)
                        time.sleep(draw.uniform(0.2, 0.8))
            except (httpx2.HTTPError, AssertionError):
                time.sleep(0.1)

    def _hand_in(self, client: httpx2.Client, server: CourseServer) -> None:
        count = len(self.acknowledged)
        typed = {**TYPED, "field.s0": f"0 {count}", "press": f"{self.number}-{count}"}
        sent = client.post(f"/exercise/{EXERCISE}/{QUESTION}", data=typed)
        if sent.status_code == 303:
            self.acknowledged.append((int(sent.headers["location"].rpartition("/")[2]), server.root))


def run(folder: Path, kills: Sequence[str], seed: int = 1, *, restarts: bool = True) -> Killed:
    """Kill one after the other, then hold what was acknowledged against the database.

    Args:
        folder: An empty folder.
        kills: "server" or "worker", each.
        seed: Of the pauses, and of which of them is killed.
        restarts: Whether what was killed is started again.
    """
    where = programs()
    if where is None:
        raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")
    with postgresql(where) as socket, dask_cluster(folder, N_WORKERS) as cluster:
        first = CourseServer(
            folder / "course",
            N_STUDENTS,
            database=new_database(socket),
            executor=f"dask://{cluster.address}",
        )
        first.prepare()
        servers = [first, *(first.beside() for _ in range(N_SERVERS - 1))]
        try:
            return _killed(servers, cluster, kills, random.Random(seed), restarts=restarts)
        finally:
            for one in servers:
                one.stop()


def _killed(
    servers: list[CourseServer],
    cluster: Cluster,
    kills: Sequence[str],
    draw: random.Random,
    *,
    restarts: bool,
) -> Killed:
    for one in servers:
        one.start()
    students = [Student(number, servers) for number in range(N_STUDENTS)]
    for student in students:
        student.start()
    for what in kills:
        time.sleep(draw.uniform(*PAUSE_S))
        if what == "server":
            server = draw.choice(servers)
            server.kill()
            if restarts:
                server.start()
        else:
            draw.choice([one for one in cluster.workers if one.process.poll() is None]).kill()
            if restarts:
                cluster.add_worker()
    time.sleep(PAUSE_S[1])
    for student in students:
        student.is_ending.set()
    for student in students:
        student.join(60)
    next(one for one in servers if one.is_running).wait_until_done(WITHIN_S)
    acknowledged = [one for student in students for one in student.acknowledged]
    problems = problems_in(servers[0].place, [number for number, _ in acknowledged])
    return Killed(Counter(kills), Counter(root for _, root in acknowledged), problems)


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kills", nargs="?", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    draw = random.Random(given.seed)
    kills = [draw.choice(("server", "worker")) for _ in range(given.kills)]
    with tempfile.TemporaryDirectory() as folder:
        killed = run(Path(folder), kills, given.seed)
    print(f"{dict(killed.kills)} killed, hand-ins acknowledged: {dict(killed.acknowledged)}")
    print("\n".join(killed.problems) or "none lost, none marked twice")
    raise SystemExit(bool(killed.problems))


if __name__ == "__main__":
    main()
