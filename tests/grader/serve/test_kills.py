"""Whatever a server stands on is taken from under it: what was acknowledged is marked, once."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from benchmarks.postgresql import new_database, postgresql, programs
from tests.grader.classroom.conftest import load_benchmark

KILLS = ("worker", "database", "server", "sandbox", "database", "server")


@pytest.mark.slow
def test_what_was_acknowledged_is_marked_once_whatever_is_killed(tmp_path: Path) -> None:
    """`python benchmarks/serve_kills.py` kills more."""
    killed = load_benchmark("serve_kills").run(tmp_path, KILLS)
    assert killed.problems == []
    assert killed.acknowledged > len(KILLS)


@pytest.mark.slow
def test_connections_that_end_under_a_server_lose_and_double_nothing(tmp_path: Path) -> None:
    if (where := programs()) is None:
        warnings.warn("PostgreSQL is not installed: a server was NOT tested on it", stacklevel=1)
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    with postgresql(where) as socket:
        database = new_database(socket)
        killed = load_benchmark("serve_kills").run(tmp_path, ("database",) * 6, database=database)
    assert killed.problems == []
    assert killed.acknowledged > 6
