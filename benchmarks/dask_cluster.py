"""A Dask scheduler and its workers on loopback, for tests and benchmarks; they are ended afterwards."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

STARTS_WITHIN_S = 60.0


class Program:
    """A Dask program whose output goes to a file.

    Args:
        log: The file.
        arguments: "scheduler" or "worker", and what it is given.
    """

    def __init__(self, log: Path, *arguments: str) -> None:
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]],
                stdout=out,
                stderr=out,
                env={**os.environ, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "3"},
            )

    def wait_for(self, pattern: str) -> str:
        """The first group of a pattern, as soon as the output matches it."""
        end = time.monotonic() + STARTS_WITHIN_S
        while not (found := re.search(pattern, self.log.read_text(errors="replace"))):
            assert self.process.poll() is None, self.log.read_text(errors="replace")
            assert time.monotonic() < end, self.log.read_text(errors="replace")
            time.sleep(0.05)
        return found[1]

    def kill(self) -> None:
        """End it at once."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@dataclass
class Cluster:
    """A scheduler that runs, and its workers.

    Args:
        folder: For their files.
        scheduler: The scheduler.
        address: Its own, HOST:PORT.
        workers: Those that were started, the killed ones too.
    """

    folder: Path
    scheduler: Program
    address: str
    workers: list[Program]

    def restart_scheduler(self) -> None:
        """Start it again, after it was killed, at its address and without workers."""
        host, _, port = self.address.partition(":")
        self.scheduler = Program(self.folder / "scheduler.log", "scheduler", *_at(host, port))
        self.scheduler.wait_for(r"(Scheduler at:)")

    def add_worker(self) -> None:
        """Start one more."""
        name = f"worker{len(self.workers)}"
        options = ("--no-nanny", "--no-dashboard", "--nthreads", "1", "--host", "127.0.0.1")
        place = ("--local-directory", str(self.folder / name))
        started = Program(self.folder / f"{name}.log", "worker", self.address, *options, *place)
        self.workers.append(started)
        started.wait_for(r"(Registered to)")


@contextlib.contextmanager
def dask_cluster(folder: Path, n_workers: int) -> Iterator[Cluster]:
    """A cluster of so many workers of one thread each.

    Args:
        folder: For their files.
        n_workers: How many.
    """
    scheduler = Program(folder / "scheduler.log", "scheduler", *_at("127.0.0.1", "0"))
    cluster = Cluster(folder, scheduler, "", [])
    try:
        cluster.address = scheduler.wait_for(r"Scheduler at:\s+tcp://(127\.0\.0\.1:\d+)")
        for _ in range(n_workers):
            cluster.add_worker()
        yield cluster
    finally:
        for program in (*reversed(cluster.workers), cluster.scheduler):
            program.kill()


def _at(host: str, port: str) -> tuple[str, ...]:
    return ("--host", host, "--port", port, "--no-dashboard")
