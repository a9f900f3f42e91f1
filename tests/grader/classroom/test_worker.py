"""Nothing of a run stays behind when its main process is killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.classroom.worker import SeveralAtOnce

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")

PATIENCE_S = 60  # with a busy machine; nothing waits that long unless it hangs
MARKING = 3  # the worker, its sandbox, and at least one process of the answer
SOON_S = 6  # two are promised, on a machine with nothing else to do; the answer runs for much longer


def children(process: int) -> set[int]:
    """All processes below one."""
    parents = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                fields = (place / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents[int(place.name)] = int(fields[1])
    found: set[int] = set()
    while more := {one for one, parent in parents.items() if parent in found | {process}} - found:
        found |= more
    return found


def waited(for_what: Callable[[], object], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if for_what():
            return True
        time.sleep(0.05)
    return False


def lasting(process: int) -> set[int]:
    """Processes below one that are not gone after a second, as those that only try the sandbox are."""
    before = children(process)
    time.sleep(1)
    return before & children(process)


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_workers_and_what_they_run_end_with_the_main_process(tmp_path: Path):
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "eve.py").write_text("import time\ntime.sleep(1000)\n")
    arguments = [
        "batch",
        "class",
        "--exercise",
        "mit-6390-recitation-8",
        "--gradebook",
        "g.db",
        "--jobs",
        "1",
    ]
    main = subprocess.Popen(
        [sys.executable, "-c", "import grader.cli\ngrader.cli.main()", *arguments],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert waited(lambda: len(lasting(main.pid)) >= MARKING, PATIENCE_S)
        below = children(main.pid)
        assert len(below) >= MARKING
    finally:
        main.kill()
        main.wait()
    try:
        assert waited(lambda: not any(map(is_alive, below)), SOON_S)
    finally:
        for one in filter(is_alive, below):
            os.kill(one, signal.SIGKILL)


def test_a_worker_that_is_ready_after_its_parent_is_gone_ends_without_an_error() -> None:
    parents, own = socket.socketpair()
    parents.close()
    with own:
        SeveralAtOnce(own, lambda task, place: task, most=1, has_memory=lambda: True).serve()
