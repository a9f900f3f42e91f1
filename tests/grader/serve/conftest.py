"""A small course, and a server of it that is asked without a network."""

from __future__ import annotations

import contextlib
import functools
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from grader.classroom import machines
from grader.classroom.machines import Machines
from grader.classroom.pool import LocalPool
from grader.serve import people, running
from grader.serve.app import application
from grader.serve.people import Person, Role
from grader.serve.running import server_for
from grader.serve.server import Server

OURS = "http://127.0.0.1"
SECRET = "made up for the tests"
FROM_OUR_PAGE = {"origin": OURS}


def course_in(folder: Path, *exercises: str) -> Path:
    """A course's folder with two students, of exercises that come along."""
    course = folder / "course"
    course.mkdir()
    tables = "".join(f'[exercise."{name}"]\n' for name in exercises or ("mit-6390-recitation-8",))
    (course / "course.toml").write_text(f'time_zone = "Europe/Berlin"\nsecret = "{SECRET}"\n{tables}')
    (course / "roster.csv").write_text("student,name\namara,Amara\nbruno,Bruno\n")
    return course


IDLE: dict[tuple[int, float], list[LocalPool]] = {}
"""Workers that a server has left with nothing to do, for the next one: each takes long to start."""


class WhenAsked(Executor):
    """The workers of this machine, started with the first hand-in: most tests mark none.

    Args:
        jobs: How many.
        limit_s: Wall seconds for one submission.
    """

    def __init__(self, jobs: int, limit_s: float) -> None:
        self._kind = (jobs, limit_s)
        self._pool: LocalPool | None = None
        self._given: list[Future[Any]] = []
        self._lock = threading.Lock()

    def submit(self, *given: Any, **named: Any) -> Any:
        """Start them where that was not done, and give them something."""
        with self._lock:
            if self._pool is None:
                idle = IDLE.get(self._kind)
                self._pool = idle.pop() if idle else LocalPool(*self._kind)
            future = self._pool.submit(*given, **named)
            self._given.append(future)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Keep those that have done all for the next; end any others."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is None:
            return
        if wait and not cancel_futures and all(one.done() and not one.cancelled() for one in self._given):
            IDLE.setdefault(self._kind, []).append(pool)
        else:
            pool.shutdown(wait, cancel_futures=cancel_futures)


@pytest.fixture(autouse=True, scope="session")
def workers_when_asked() -> Iterator[None]:
    """No worker starts before there is something to mark."""

    @contextlib.contextmanager
    def local(jobs: int, limit_s: float) -> Iterator[Machines]:
        pool = WhenAsked(jobs, limit_s)
        yield Machines(pool, jobs, lambda: pool.shutdown(wait=False), lambda: jobs)
        pool.shutdown()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "local", local)
        yield
    for pools in IDLE.values():
        for pool in pools:
            pool.shutdown()


@pytest.fixture(autouse=True, scope="session")
def isolation_is_tried_once() -> Iterator[None]:
    """Whether strangers' code can be shut in on this machine is tried by the first server, not by each."""

    @functools.cache
    def tried(sandbox: type) -> None:
        machines.require_isolation_here()

    with pytest.MonkeyPatch.context() as patch:
        # A test may put another sandbox there.
        patch.setattr(running, "require_isolation_here", lambda: tried(machines.Sandbox))
        yield


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of such a course that marks nothing until it runs."""
    with server_for(course_in(tmp_path), jobs=1, root=OURS) as made:
        yield made


def new_client(server: Server) -> TestClient:
    """A browser of somebody who is not signed in."""
    return TestClient(
        application(server),
        base_url=OURS,
        headers=FROM_OUR_PAGE,
        follow_redirects=False,
        raise_server_exceptions=False,
    )


def signed_in(server: Server, person: str, role: Role = Role.STUDENT) -> TestClient:
    """A browser of a person, who is put on the list first where that is needed."""
    with server.book.writing_durably() as connection:
        if people.find_person(connection, person) is None:
            people.keep_people(connection, [Person(id=person, name=person, role=role)])
        secret = people.new_link(connection, person)
    client = new_client(server)
    assert client.post(f"/in/{secret}").status_code == 303
    return client


def text_of(page: str) -> str:
    """A page's text, without its elements."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def press_of(page: str) -> str:
    """What a form of a page sends along so that pressing twice is one hand-in."""
    found = re.search(r'name="press" value="([^"]+)"', page) or re.search(
        r'value="([^"]+)" name="press"', page
    )
    assert found
    return found[1]


def wait_until_done(client: TestClient) -> None:
    """Wait until nothing waits or is being marked."""
    for _ in range(1200):
        load = client.get("/health").json()
        if load["waiting"] == load["running"] == 0:
            return
        time.sleep(0.1)
    raise AssertionError("not everything was marked within two minutes")
