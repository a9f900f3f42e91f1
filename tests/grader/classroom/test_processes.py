from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.classroom.processes import cpu_s_while_waiting

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what a process does")

SAY_SO = "import subprocess, sys, time; print(flush=True); "
SLEEPS = f"{SAY_SO}time.sleep(60)"
COMPUTES = f"{SAY_SO}\nwhile True: pass"
CHILD_SLEEPS = f"{SAY_SO}subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
CHILD_COMPUTES = f"{SAY_SO}subprocess.run([sys.executable, '-c', 'while True: pass'])"


@pytest.fixture
def started(request) -> Iterator[int]:
    with subprocess.Popen([sys.executable, "-c", request.param], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.5)
        yield process.pid
        for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)
        process.kill()


@pytest.mark.parametrize("started", [SLEEPS, CHILD_SLEEPS], ids=["itself", "a child"], indirect=True)
def test_what_sleeps_does_nothing_between_two_looks(started: int):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        before = cpu_s_while_waiting(started)
        time.sleep(0.05)
        if before is not None and before == cpu_s_while_waiting(started):
            return
    pytest.fail("it never waits")


@pytest.mark.parametrize("started", [COMPUTES, CHILD_COMPUTES], ids=["itself", "a child"], indirect=True)
def test_what_computes_does_not_wait_however_busy_the_machine_is(started: int):
    looks = []
    for _ in range(20):
        looks.append(cpu_s_while_waiting(started))
        time.sleep(0.01)
    assert looks == [None] * 20


def test_what_is_gone_does_not_wait():
    with subprocess.Popen([sys.executable, "-c", "pass"]) as process:
        process.wait()
    assert cpu_s_while_waiting(process.pid) is None
