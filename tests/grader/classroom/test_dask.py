"""A real scheduler and two worker processes on loopback, one of them killed half-way."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.classroom.batch import run_class
from grader.classroom.machines import dask
from grader.errors import CannotDo
from grader.gradebook.reading import stored_attempts
from grader.gradebook.records import Attempt
from grader.version import VERSION

pytest.importorskip("distributed")

STARTS_WITHIN_S = 60.0


class Program:
    """A Dask program and what it has said so far."""

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
        """The first group of a pattern in what it says."""
        end = time.monotonic() + STARTS_WITHIN_S
        while not (found := re.search(pattern, self.log.read_text(errors="replace"))):
            assert self.process.poll() is None, self.log.read_text(errors="replace")
            assert time.monotonic() < end, self.log.read_text(errors="replace")
            time.sleep(0.05)
        return found[1]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def worker(tmp_path: Path, name: str, address: str) -> Program:
    options = ("--no-nanny", "--no-dashboard", "--nthreads", "1", "--local-directory", str(tmp_path / name))
    started = Program(tmp_path / f"{name}.log", "worker", address, "--host", "127.0.0.1", *options)
    started.wait_for(r"(Registered to)")
    return started


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[Program]]]:
    programs: list[Program] = []
    try:
        options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        programs.append(Program(tmp_path / "scheduler.log", "scheduler", *options))
        address = programs[0].wait_for(r"Scheduler at:\s+tcp://(127\.0\.0\.1:\d+)")
        programs += [worker(tmp_path, name, address) for name in ("one", "two")]
        yield address, programs
    finally:
        for program in reversed(programs):
            program.kill()


def test_all_marks_are_right_once_each_though_a_worker_is_killed(
    assignment, book, cluster, submit: Callable[..., Attempt]
):
    address, (_, first, _) = cluster
    count = 40
    done = []

    def watch(event: object) -> None:
        done.append(event)
        if len(done) == count // 4:
            first.kill()

    # Slow enough that the worker is killed while it marks.
    handed_in = [
        submit(f"s{at:02}", f"import time; time.sleep(0.1)\nnumber = {42 if at % 2 else 41}  # {at}")
        for at in range(count)
    ]
    with dask(f"dask://{address}", VERSION) as machines:
        run_class(assignment, handed_in, book, machines, watch)  # type: ignore[arg-type]
    with book.reading() as connection:
        found = [(one.student, one.marks[1].points) for one in stored_attempts(connection)]
        (results,) = connection.exec_driver_sql("SELECT count(*) FROM results").one()
    assert found == [(f"s{at:02}", str(at % 2)) for at in range(count)]
    assert (len(done), results) == (count, count)


def test_a_worker_of_another_version_is_refused(cluster):
    address, _ = cluster
    with pytest.raises(CannotDo, match=r"this worker has"), dask(f"dask://{address}", "0.0.0"):
        pass


def test_a_scheduler_that_is_not_there_is_said(monkeypatch):
    monkeypatch.setattr("grader.classroom.machines.CONNECT_S", 0.5)
    nowhere = "dask://127.0.0.1:1"
    with pytest.raises(CannotDo, match=f"{nowhere}: no Dask scheduler"), dask(nowhere, "1"):
        pass
