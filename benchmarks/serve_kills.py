"""Kill a server, or its workers, at random instants while students hand in; nothing acknowledged may be lost.

    python benchmarks/serve_kills.py [KILLS] [--seed N]

Each kill is `kill -9`. In the end every hand-in that was acknowledged is marked, in exactly one attempt, or a
later one of the same question took its place.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import httpx2
from serving import EXERCISE, QUESTION, TYPED, CourseServer, browser, problems_in

N_STUDENTS = 8
PAUSE_S = (0.2, 1.5)
"""Between two kills."""


class Killed(NamedTuple):
    """What came of it.

    Args:
        kills: How often which sort of process was killed.
        acknowledged: Numbers of the hand-ins that a student was told are kept.
        problems: What was not as it must be.
    """

    kills: Counter[str]
    acknowledged: int
    problems: list[str]


def run(folder: Path, n_kills: int, seed: int) -> Killed:
    """Kill so often, then hold what was acknowledged against the database."""
    server = CourseServer(folder, N_STUDENTS)
    server.prepare()
    server.start()
    acknowledged: list[int] = []
    is_ending = threading.Event()
    students = [
        threading.Thread(target=_hand_in, args=(server, number, acknowledged, is_ending), daemon=True)
        for number in range(N_STUDENTS)
    ]
    for one in students:
        one.start()
    kills: Counter[str] = Counter()
    draw = random.Random(seed)
    try:
        for _ in range(n_kills):
            time.sleep(draw.uniform(*PAUSE_S))
            workers = server.children()
            if workers and draw.random() < 0.5:
                os.kill(draw.choice(workers), signal.SIGKILL)
                kills["worker"] += 1
            else:
                server.kill()
                kills["server"] += 1
                server.start()
        is_ending.set()
        for one in students:
            one.join(60)
        _expire_leases(folder / "course.db")
        server.wait_until_done(300)
    finally:
        is_ending.set()
        server.stop()
    return Killed(kills, len(acknowledged), problems_in(server.place, acknowledged))


def _hand_in(server: CourseServer, number: int, acknowledged: list[int], is_ending: threading.Event) -> None:
    """One answer after the other; what is not acknowledged is sent again with the same press."""
    draw = random.Random(number)
    count = 0
    while not is_ending.is_set():
        try:
            with closing(browser(server, number)) as client:
                while not is_ending.is_set():
                    typed = {**TYPED, "field.s0": f"0 {count}", "press": f"{number}-{count}"}
                    sent = client.post(f"/exercise/{EXERCISE}/{QUESTION}", data=typed)
                    if sent.status_code == 303:
                        acknowledged.append(int(sent.headers["location"].rpartition("/")[2]))
                        count += 1
                    time.sleep(draw.uniform(0.05, 0.5))
        except (httpx2.HTTPError, AssertionError):
            time.sleep(0.1)


def _expire_leases(database: Path) -> None:
    """What killed servers had is free at once, not after the half minute of a lease."""
    with sqlite3.connect(database, timeout=30) as connection:
        connection.execute("update hand_ins set until = '2000' where state = 'running'")


def main() -> None:
    """Run it and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kills", nargs="?", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        killed = run(Path(folder, "course"), given.kills, given.seed)
    print(f"{dict(killed.kills)} killed, {killed.acknowledged} hand-ins acknowledged")
    print("\n".join(killed.problems) or "none lost, none marked twice")
    raise SystemExit(bool(killed.problems))


if __name__ == "__main__":
    main()
