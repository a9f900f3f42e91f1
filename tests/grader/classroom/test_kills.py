"""Whatever is killed, and when, the class ends with the same marks."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


@pytest.mark.parametrize("kills", [8, pytest.param(50, marks=pytest.mark.slow)])
def test_killed_runs_end_with_the_same_export(tmp_path: Path, benchmark, kills: int):
    killed = benchmark("kills").kill_and_resume(tmp_path, kills, seed=kills)
    assert killed.problems == []
    assert killed.kills.total() >= kills
