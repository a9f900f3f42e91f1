"""The sandbox inside other people's programs: with many open files, in threads, while a loop runs."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import pytest

import rnngrade

RIGHT = Path(__file__).parents[3] / "submissions_example" / "rnn-by-formula" / "amara.py"
MANY = 1500
"""More than `select` can watch: it ends at descriptor 1023."""
PROGRAM = f"""
import asyncio, os, resource, sys
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
if most != resource.RLIM_INFINITY and most < 2 * {MANY}:
    sys.exit(77)
resource.setrlimit(resource.RLIMIT_NOFILE, (2 * {MANY}, most))
held = [os.open(os.devnull, os.O_RDONLY) for _ in range({MANY})]
import rnngrade

async def main():
    return rnngrade.grade({str(RIGHT)!r}, "rnn-by-formula")

print(asyncio.run(main()).points, max(held) > 1024)
"""


def test_a_program_with_many_open_files_may_mark() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode == 77:
        pytest.skip("NOT TESTED: the system allows too few open files")
    assert done.stdout == "16 True\n", done.stderr


def test_threads_may_mark_at_once() -> None:
    with ThreadPoolExecutor(4) as threads:
        points = list(threads.map(lambda _: rnngrade.grade(RIGHT, "rnn-by-formula").points, range(8)))
    assert points == [Fraction(16)] * 8
