"""Pages that watch their place in the queue, and slow browsers: others are answered all the same."""

from __future__ import annotations

import asyncio
import http.client
import resource
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import uvicorn

from grader.serve import crowd, people
from grader.serve.app import application
from grader.serve.crowd import MOST_OF_ONE, most_connections
from grader.serve.people import Person, Role
from grader.serve.running import config_of
from grader.serve.server import Server
from tests.grader.serve.conftest import signed_in

QUESTION = "/exercise/mit-6390-recitation-8/a_i"


def waiting(server: Server, person: str) -> tuple[str, str]:
    """The path of something that waits to be marked, and the cookie of its student; nothing is marked."""
    client = signed_in(server, person)
    sent = client.post(QUESTION, data={"field.Wss": "2x2", "press": "1"})
    return f"{sent.headers['location']}/events", client.cookies["rnngrade"]


class Watching:
    """A browser that watches for as long as it is wanted, asked of the application itself.

    Args:
        app: The application.
        path: What it watches.
        cookie: Of whom.
    """

    def __init__(self, app: Any, path: str, cookie: str) -> None:
        self.app, self.path, self.cookie = app, path, cookie
        self.status: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.left = asyncio.Event()
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        headers = [(b"host", b"127.0.0.1"), (b"cookie", f"rnngrade={self.cookie}".encode())]
        scope = {
            "type": "http",
            "method": "GET",
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": b"",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
            "scheme": "http",
            "http_version": "1.1",
            "asgi": {"version": "3.0", "spec_version": "2.0"},
        }
        sent: list[dict[str, Any]] = [{"type": "http.request", "body": b"", "more_body": False}]

        async def receive() -> dict[str, Any]:
            if sent:
                return sent.pop()
            await self.left.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                self.status.set_result(message["status"])

        await self.app(scope, receive, send)

    async def leave(self) -> None:
        self.left.set()
        await asyncio.wait_for(self.task, 20)


async def statuses(app: Any, *of: tuple[str, str]) -> tuple[list[int], list[Watching]]:
    """What each gets who begins to watch, one after the other; and all of them, still watching."""
    tabs, found = [], []
    for path, cookie in of:
        tabs.append(Watching(app, path, cookie))
        found.append(await asyncio.wait_for(tabs[-1].status, 20))
    return found, tabs


def test_one_student_watches_so_many_places_and_others_too(server: Server) -> None:
    amara, bruno = waiting(server, "amara"), waiting(server, "bruno")
    app = application(server)

    async def watch() -> None:
        found, tabs = await statuses(app, *[amara] * (MOST_OF_ONE + 2), bruno)
        assert found == [200] * MOST_OF_ONE + [204] * 2 + [200]
        for one in tabs:
            await one.leave()
        # Who leaves makes room.
        found, tabs = await statuses(app, amara)
        assert found == [200]
        for one in tabs:
            await one.leave()
        assert not server.watching

    asyncio.run(watch())


def test_all_together_leave_half_of_the_connections_to_pages(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    amara, bruno = waiting(server, "amara"), waiting(server, "bruno")
    app = application(server)
    monkeypatch.setattr(crowd, "most_connections", lambda: 6)

    async def watch() -> None:
        found, tabs = await statuses(app, amara, bruno, bruno, amara, bruno)
        assert found == [200] * 3 + [204] * 2
        for one in tabs:
            await one.leave()

    asyncio.run(watch())


@pytest.mark.parametrize(
    ("soft", "hard", "most"),
    [(1024, 4096, 3946), (1024, 2**20, 4000), (256, 256, 106), (64, 64, 100), (-1, -1, 4000)],
)
def test_as_many_connections_as_files_may_be_open(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, most: int
) -> None:
    limits = [soft, hard]
    monkeypatch.setattr(resource, "getrlimit", lambda which: tuple(limits))
    monkeypatch.setattr(resource, "setrlimit", lambda which, new: limits.__setitem__(slice(0, 2), new))
    assert most_connections.__wrapped__() == most


@pytest.fixture
def running(server: Server) -> Any:
    """The server, listening as it does when it is run; it marks nothing."""
    server.marker.start = lambda: None  # type: ignore[method-assign]
    server.marker.stop = lambda: None  # type: ignore[method-assign]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = uvicorn.Server(config_of(server, "127.0.0.1", port))
    thread = threading.Thread(target=made.run)
    thread.start()
    while not made.started:
        time.sleep(0.05)
    yield made
    made.should_exit = True
    thread.join(30)


@pytest.fixture
def address(running: uvicorn.Server) -> tuple[str, int]:
    return "127.0.0.1", running.config.port


CADDY_S, NGINX_S = 120, 60
"""For which they keep a connection to a server that they stand in front of, unless told otherwise."""


@pytest.mark.parametrize(("most", "is_crowded"), [(4000, False), (2, True)])
def test_a_proxy_closes_its_connection_before_the_server_does_and_no_request_meets_a_closed_door(
    running: uvicorn.Server, monkeypatch: pytest.MonkeyPatch, most: int, is_crowded: bool
) -> None:
    monkeypatch.setattr(crowd, "most_connections", lambda: most)
    asking = http.client.HTTPConnection("127.0.0.1", running.config.port, timeout=20)
    for _ in range(2):
        asking.request("GET", "/health")
        asking.getresponse().read()
    (one,) = running.server_state.connections
    end = time.monotonic() + 20
    # The client may have read the answer before the server has noted that it is sent.
    while (closing := one.timeout_keep_alive_task) is None:
        assert time.monotonic() < end
        time.sleep(0.01)
    left_s = closing.when() - one.loop.time()
    assert left_s < 30 if is_crowded else left_s > max(CADDY_S, NGINX_S) + 10
    asking.close()


def opened(address: tuple[str, int], text: str) -> socket.socket:
    made = socket.create_connection(address, timeout=20)
    made.sendall(text.encode())
    return made


@pytest.mark.slow
def test_a_thousand_that_watch_and_a_thousand_that_never_finish_asking_starve_nobody(
    server: Server, address: tuple[str, int]
) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    path, _ = waiting(server, "amara")
    with server.book.writing_durably() as connection:
        staff = [Person(id=f"assistant {n}", name="", role=Role.ASSISTANT) for n in range(200)]
        people.keep_people(connection, staff)
        cookies = [people.sign_in(connection, one) for one in staff]
    host = f"Host: {address[0]}:{address[1]}\r\n"
    watching = [
        opened(address, f"GET {path} HTTP/1.1\r\n{host}Cookie: rnngrade={cookies[n % 200]}\r\n\r\n")
        for n in range(1000)
    ]
    assert {one.recv(12) for one in watching} == {b"HTTP/1.1 200"}
    slow = [
        opened(address, f"POST {QUESTION} HTTP/1.1\r\n{host}Content-Length: 9999\r\n") for _ in range(1000)
    ]
    ask: Callable[[], int] = lambda: _status(address, cookies[0])  # noqa: E731
    assert [ask() for _ in range(5)] == [200] * 5
    for one in [*watching, *slow]:
        one.close()


def _status(address: tuple[str, int], cookie: str) -> int:
    asking = http.client.HTTPConnection(*address, timeout=20)
    asking.request("GET", "/staff", headers={"Cookie": f"rnngrade={cookie}"})
    return asking.getresponse().status
