"""A host with many open files: none of them reaches an answer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.model.exercise import Limits
from grader.model.run import Read
from grader.model.submission import AnswerFile, Submission
from grader.model.value import Number
from grader.sandbox import Sandbox
from grader.sandbox.host import zygote

PATIENT = Limits(load_cpu_s=10.0, wall_s=60.0)


@pytest.fixture
def many_open_files() -> Iterator[list[int]]:
    """200 descriptors, every other one inheritable, as a server or a Jupyter kernel may have them."""
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(200)]
    for fd in opened[::2]:
        os.set_inheritable(fd, True)
    yield opened
    for fd in opened:
        os.close(fd)


LISTS_DESCRIPTORS = """
import os
value = 0
for fd in range(6, 1024):
    try:
        os.fstat(fd)
        value += 1
    except OSError:
        pass
"""


@pytest.mark.parametrize("level", ["full", "kernel", "sealed"])
def test_a_host_with_many_open_files_leaves_none_open(many_open_files: list[int], level: zygote.Level):
    assert max(many_open_files) > 200
    with Sandbox(level=level) as sandbox:
        assert sandbox.jail_report().could["descriptors"] == ""
        assert sandbox.protection().level == sandbox.jail_report().level
        answer = AnswerFile("answer.py", LISTS_DESCRIPTORS.encode())
        submission = Submission(student="eve", files=(answer,), digest="sha256:0")
        assert sandbox.run(submission, [Read("value")], PATIENT).names == {"value": Number("0", "int")}


def test_the_processes_of_the_sandbox_keep_none_of_them(many_open_files: list[int]):
    if os.getuid() != 0:
        pytest.skip("NOT TESTED: only root may list what a process has open that hides its memory")
    with Sandbox() as sandbox:
        sandbox.jail_report()
        assert sandbox._zygote is not None
        pids = [sandbox._zygote.pid]
        pids += map(int, Path(f"/proc/{pids[0]}/task/{pids[0]}/children").read_text().split())
        kept = [int(fd) for pid in pids for fd in os.listdir(f"/proc/{pid}/fd")]
    assert max(kept) < 64
