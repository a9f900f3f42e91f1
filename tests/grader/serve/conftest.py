"""A small course, and a server of it that is asked without a network."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from grader.serve import people
from grader.serve.app import Server, application
from grader.serve.people import Person, Role
from grader.serve.running import server_for

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
    with server.book.signing() as connection:
        if people.find_person(connection, person) is None:
            people.keep_people(connection, [Person(id=person, name=person, role=role)])
        secret = people.new_link(connection, person)
    client = new_client(server)
    assert client.post(f"/in/{secret}").status_code == 303
    return client


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
        if not load["waiting"] and not load["running"]:
            return
        time.sleep(0.1)
    raise AssertionError("not everything was marked within two minutes")
