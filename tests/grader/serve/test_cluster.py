"""Two servers on one database with Dask workers: whatever is killed, what was acknowledged is not lost."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from benchmarks.postgresql import programs
from tests.grader.classroom.conftest import load_benchmark

pytest.importorskip("distributed")


@pytest.mark.slow
def test_with_a_worker_and_a_server_killed_each_hand_in_is_marked_once(tmp_path: Path) -> None:
    """`python benchmarks/serve_cluster.py 50` kills more."""
    if programs() is None:
        warnings.warn("PostgreSQL is not installed: two servers were NOT tested on it", stacklevel=1)
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    killed = load_benchmark("serve_cluster").run(tmp_path, ["worker", "server"], restarts=False)
    assert killed.problems == []
    assert len(killed.acknowledged) == 2, "both servers took something"
