"""Where a class is marked, as it is asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from grader.classroom import machines
from grader.model.exercise import Exercise


def test_there_is_one_worker_a_core_where_no_number_is_given(monkeypatch: pytest.MonkeyPatch):
    started = []

    @contextlib.contextmanager
    def local(jobs: int, limit_s: float, most_waiting: int) -> Iterator[None]:
        started.append(jobs)
        yield

    monkeypatch.setattr(machines, "local", local)
    monkeypatch.setattr(machines, "processors", lambda: 5)
    exercise = Exercise(id="e", title="", source="", questions=(), digest="")
    for jobs in (None, 2):
        with machines.machines_for(None, jobs, exercise, needs_isolation=False):
            pass
    assert started == [5, 2]
