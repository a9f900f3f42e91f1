"""A server for benchmarks, and browsers of its students: on this machine only, and ended at the end."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx2
from sqlalchemy import text

from grader.gradebook.gradebook import open_gradebook
from grader.serve import inbox, people
from grader.serve.people import Person, Role

EXERCISE = "mit-6390-recitation-8"
QUESTION = "b_i"
TYPED = {
    "field.s0": "0 0",
    "field.Wss": "0 0; 0 1",
    "field.Wsx": "[[1, 0, 0], [1, 1, 1]]",
    "field.Wo": "1 0; 0 0; 0 0; 0 1",
}
LOOP = b'EXERCISE = "mit-6390-recitation-8"\nwhile True:\n    pass\n'
STARTS_WITHIN_S = 30.0


@dataclass
class CourseServer:
    """A server of a course in a process of its own, which can be killed and started again.

    Args:
        folder: An empty folder for the course.
        n_students: How many there are: s0, s1, ...
        database: Where it keeps everything; a file in the folder if left out.
        executor: dask://HOST:PORT; workers of its own if left out.
        port: Where it listens; a free one if left out.
        exercises: Of the course.
    """

    folder: Path
    n_students: int
    database: str | None = None
    executor: str | None = None
    port: int = 0
    exercises: tuple[str, ...] = (EXERCISE,)
    links: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Lay down the course and give everybody a link."""
        self.folder.mkdir(exist_ok=True)
        tables = "".join(f'[exercise."{name}"]\n' for name in self.exercises)
        (self.folder / "course.toml").write_text(tables)
        with open_gradebook(self.place) as book, book.writing_durably() as connection:
            ids = [f"s{number}" for number in range(self.n_students)]
            people.keep_people(connection, [Person(id=one, name="", role=Role.STUDENT) for one in ids])
            self.links = [people.new_link(connection, one) for one in ids]

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.port = self.port or _free_port()
        more = [f"--database={self.database}"] if self.database else []
        more += [f"--executor={self.executor}"] if self.executor else []
        # A file and not a pipe: it writes a line for each request, which nobody would read.
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "grader", "serve", str(self.folder), "--port", str(self.port), *more],
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        ends = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < ends and self.process.poll() is None:
            try:
                httpx2.get(f"{self.root}/health", timeout=5)
            except httpx2.HTTPError:
                time.sleep(0.05)
            else:
                return
        self.stop()
        raise RuntimeError(f"the server did not start: {self.log.read_text(errors='replace')}")

    @property
    def place(self) -> str:
        """Where it keeps everything."""
        return self.database or str(self.folder / "course.db")

    @property
    def log(self) -> Path:
        """The file of its log, beside the course's folder."""
        return self.folder.with_name(f"{self.folder.name}-{self.port}.log")

    @property
    def is_running(self) -> bool:
        """Whether its process is there."""
        return self.process is not None and self.process.poll() is None

    def beside(self) -> CourseServer:
        """Another server of the same course, on the same database, not started yet."""
        return replace(self, port=0, process=None)

    @property
    def root(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def health(self) -> Mapping[str, object]:
        """What it answers at `/health`."""
        found: Mapping[str, object] = httpx2.get(f"{self.root}/health", timeout=30).json()
        return found

    def wait_until_done(self, limit_s: float) -> None:
        """Wait until nothing waits or is being marked."""
        ends = time.monotonic() + limit_s
        while time.monotonic() < ends:
            load = self.health()
            # None where the database did not answer.
            if load["waiting"] == load["running"] == 0:
                return
            time.sleep(0.2)
        raise RuntimeError(f"not everything was marked within {limit_s:g} s")

    def kill(self) -> None:
        """End the process that serves at once; its workers end with it."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it in order."""
        if self.process is not None and self.is_running:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def children(self) -> list[int]:
        """Its worker processes."""
        assert self.process is not None
        return _children(self.process.pid)

    def used(self) -> tuple[float, float]:
        """CPU seconds of the process that serves, and of its workers with all that they ran."""
        assert self.process is not None
        workers = 0.0
        for one in processes_below(self.process.pid):
            with contextlib.suppress(OSError):
                workers += sum(_cpu_s(one))
        return _cpu_s(self.process.pid)[0], workers

    def rss_mib(self) -> float:
        """Memory of the process that serves."""
        assert self.process is not None
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def _cpu_s(pid: int) -> tuple[float, float]:
    """CPU seconds of a process, and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own, ended = (sum(map(int, fields[at : at + 2])) / os.sysconf("SC_CLK_TCK") for at in (11, 13))
    return own, ended


def _children(pid: int) -> list[int]:
    listed = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(one) for one in listed.stdout.split()]


def processes_below(pid: int) -> list[int]:
    """Children of a process, and theirs."""
    found = _children(pid)
    return found + [below for one in found for below in processes_below(one)]


def browser(server: CourseServer, number: int) -> httpx2.Client:
    """The browser of a student who is signed in."""
    client = httpx2.Client(base_url=server.root, headers={"origin": server.root}, timeout=60)
    assert client.post(f"/in/{server.links[number]}").status_code == 303
    return client


def problems_in(place: str, acknowledged: Collection[int]) -> list[str]:
    """What is wrong once nothing waits: each hand-in must be there, in exactly one attempt.

    Args:
        place: Of the gradebook.
        acknowledged: Numbers of the hand-ins that a student was told are kept.
    """
    with open_gradebook(place) as book, book.reading() as connection:
        states = {row[0]: row[1] for row in connection.execute(text("select id, state from hand_ins"))}
        attempts = Counter(connection.execute(text("select source from attempts")).scalars())
        results = connection.execute(text("select count(*) from results")).scalar_one()
    found = [] if acknowledged else ["nothing was handed in"]
    found += [f"hand-in {one} is lost" for one in acknowledged if one not in states]
    settled = (inbox.DONE, inbox.REPLACED)
    found += [f"hand-in {one} is {state}" for one, state in states.items() if state not in settled]
    found += [f"{source} was marked {times} times" for source, times in attempts.items() if times != 1]
    marked = sum(state == inbox.DONE for state in states.values())
    if len(attempts) != marked or results != marked:
        found.append(f"{marked} hand-ins are done, with {len(attempts)} attempts and {results} results")
    return found


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
