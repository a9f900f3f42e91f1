"""A real scheduler and two worker processes on loopback, one of them killed half-way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.dask_cluster import Cluster, dask_cluster
from grader.classroom.batch import run_class
from grader.classroom.machines import dask
from grader.errors import CannotDo
from grader.gradebook.read_records import stored_attempts
from grader.gradebook.records import Attempt
from grader.version import VERSION

distributed = pytest.importorskip("distributed")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with dask_cluster(tmp_path, 2) as found:
        yield found


def test_all_marks_are_right_once_each_though_a_worker_is_killed(
    assignment, book, cluster: Cluster, submit: Callable[..., Attempt]
):
    count = 40
    done = []

    def watch(event: object) -> None:
        done.append(event)
        if len(done) == count // 4:
            cluster.workers[0].kill()

    # Slow enough that the worker is killed while it marks.
    handed_in = [
        submit(f"s{at:02}", f"import time; time.sleep(0.1)\nnumber = {42 if at % 2 else 41}  # {at}")
        for at in range(count)
    ]
    with dask(f"dask://{cluster.address}", VERSION) as machines:
        run_class(assignment, handed_in, book, machines, watch)  # type: ignore[arg-type]
    with book.reading() as connection:
        found = [(one.student, one.marks[1].points) for one in stored_attempts(connection)]
        (results,) = connection.exec_driver_sql("SELECT count(*) FROM results").one()
    assert found == [(f"s{at:02}", str(at % 2)) for at in range(count)]
    assert (len(done), results) == (count, count)


def test_a_worker_of_another_version_is_refused(cluster: Cluster):
    with pytest.raises(CannotDo, match=r"this worker has"), dask(f"dask://{cluster.address}", "0.0.0"):
        pass


def test_a_scheduler_that_is_not_there_is_said(monkeypatch):
    monkeypatch.setattr("grader.classroom.machines.CONNECT_S", 0.5)
    nowhere = "dask://127.0.0.1:1"
    with pytest.raises(CannotDo, match=f"{nowhere}: no Dask scheduler"), dask(nowhere, "1"):
        pass


def test_an_error_while_a_result_is_fetched_ends_its_future(monkeypatch):
    async def lost(self: object, futures: object, **how: object) -> None:
        raise OSError("the worker that had it is gone")

    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, protocol="tcp", dashboard_address=None
        ) as here,
        dask(here.scheduler_address.replace("tcp", "dask"), VERSION, needs_isolation=False) as machines,
    ):
        assert machines.executor.submit(int, "7").result(timeout=20) == 7
        with pytest.raises(ValueError, match="seven"):
            machines.executor.submit(int, "seven").result(timeout=20)
        monkeypatch.setattr(distributed.Client, "_gather", lost)
        with pytest.raises(OSError, match="is gone"):
            machines.executor.submit(int, "7").result(timeout=20)
