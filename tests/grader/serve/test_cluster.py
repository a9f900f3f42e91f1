"""Two servers on one database with Dask workers: whatever is killed, what was acknowledged is not lost."""

from __future__ import annotations

import time
import warnings
from pathlib import Path

import pytest

from benchmarks.dask_cluster import dask_cluster
from benchmarks.postgresql import programs
from grader.classroom import machines
from grader.gradebook.gradebook import open_gradebook
from grader.serve.running import server_for
from grader.version import VERSION
from tests.grader.classroom.conftest import load_benchmark
from tests.grader.serve.conftest import OURS, course_in, new_client, signed_in, wait_until_done

pytest.importorskip("distributed")

EXERCISE = "mit-6390-recitation-8"


def test_a_browser_may_come_to_any_server_at_any_time(tmp_path: Path) -> None:
    """Sessions, drafts, the queue and what stands are the database's."""
    folder = course_in(tmp_path)
    with (
        server_for(folder, jobs=1, root=OURS) as one,
        server_for(folder, jobs=1, root=OURS) as other,
        signed_in(one, "amara") as here,
        new_client(other) as there,
    ):
        there.cookies = here.cookies
        save = {"field.Wss": "saved here", "press": "1", "action": "save"}
        assert here.post(f"/exercise/{EXERCISE}/a_i", data=save).status_code == 303
        assert "saved here" in there.get(f"/exercise/{EXERCISE}").text
        press = {"field.Wss": "2x2", "press": "2"}
        first = there.post(f"/exercise/{EXERCISE}/a_i", data=press)
        second = here.post(f"/exercise/{EXERCISE}/a_i", data=press)
        assert first.headers["location"] == second.headers["location"], "one press is one hand-in"
        wait_until_done(here)
        assert here.get(first.headers["location"]).text == there.get(first.headers["location"]).text
        assert there.post("/out").status_code == 200
        assert here.get("/").status_code == 401
    with open_gradebook(folder / "course.db") as book, book.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from results").scalar() == 1


@pytest.mark.slow
def test_with_a_worker_and_a_server_killed_each_hand_in_is_marked_once(tmp_path: Path) -> None:
    """`python benchmarks/serve_cluster.py 50` kills more."""
    if programs() is None:
        warnings.warn("PostgreSQL is not installed: two servers were NOT tested on it", stacklevel=1)
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    killed = load_benchmark("serve_cluster").run(tmp_path, ["worker", "server"], restarts=False)
    assert killed.problems == []
    assert len(killed.acknowledged) == 2, "both servers took something"


@pytest.mark.slow
def test_a_scheduler_that_was_away_for_long_is_taken_up_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machines, "CONNECT_S", 2.0)
    with (
        dask_cluster(tmp_path, 1) as cluster,
        machines.dask(f"dask://{cluster.address}", VERSION, patience_s=600) as found,
    ):
        assert found.n_alive() == 1
        cluster.scheduler.kill()
        cluster.workers[0].kill()
        time.sleep(3 * machines.CONNECT_S)
        assert found.n_alive() == 0
        cluster.restart_scheduler()
        cluster.add_worker()
        assert found.executor.submit(abs, -1).result(timeout=60) == 1
        assert found.n_alive() == 1
