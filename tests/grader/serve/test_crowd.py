"""More people at one moment than pages can be made for: each is answered, soon, and nothing typed is lost."""

from __future__ import annotations

import asyncio
import contextlib
import html
import re
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from grader.serve.app import application
from grader.serve.crowd import LATEST_S, PAGES_AT_ONCE, SENT_AT_ONCE, SOONEST_S, Crowd
from grader.serve.server import Server
from grader.serve.student import exercise_page
from tests.grader.serve.conftest import OURS, signed_in
from tests.grader.serve.page_forms import OpenPage

EXERCISE = "/exercise/mit-6390-recitation-8"


@contextlib.asynccontextmanager
async def browser(server: Server, app: Any = None) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser that asks for several things at once, signed in."""
    cookie = signed_in(server, "amara").cookies[server.cookie]
    headers = {"origin": OURS, "cookie": f"{server.cookie}={cookie}"}
    transport = httpx2.ASGITransport(app or application(server))
    async with httpx2.AsyncClient(transport=transport, base_url=OURS, headers=headers, timeout=60) as made:
        yield made


def hidden_in(page: str) -> dict[str, str]:
    """What a page sends along unseen."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


async def take_all(turns: Crowd, stack: contextlib.AsyncExitStack) -> None:
    for _ in range(turns.at_once):
        await stack.enter_async_context(turns.turn())


def test_so_many_pages_are_worked_on_at_once_and_all_are_answered_in_the_end(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, lock, counts = exercise_page.student_view, threading.Lock(), Counter[str]()

    def slowly(*given: Any) -> Any:
        with lock:
            counts["now"] += 1
            counts["most"] = max(counts["most"], counts["now"])
        time.sleep(0.01)
        with lock:
            counts["now"] -= 1
        return found(*given)

    monkeypatch.setattr(exercise_page, "student_view", slowly)
    server.page_turns.longest_s = 60.0

    async def ask() -> list[int]:
        async with browser(server) as client:
            answers = await asyncio.gather(*(client.get(EXERCISE) for _ in range(20)))
            return [one.status_code for one in answers]

    assert asyncio.run(ask()) == [200] * 20
    assert counts["most"] == PAGES_AT_ONCE


def test_who_would_wait_for_long_is_told_so_at_once_and_the_page_comes_by_itself(server: Server) -> None:
    async def ask() -> tuple[list[httpx2.Response], httpx2.Response]:
        async with browser(server) as client:
            async with contextlib.AsyncExitStack() as stack:
                await take_all(server.page_turns, stack)
                # A turn takes ten seconds: whoever waited would wait for longer than that.
                server.page_turns._mean_s = 10.0 * server.page_turns.at_once
                at_once = [await asyncio.wait_for(client.get(EXERCISE), 5) for _ in range(3)]
            return at_once, await client.get(EXERCISE)

    refused, after = asyncio.run(ask())
    for one in refused:
        assert one.status_code == 503
        assert int(one.headers["retry-after"]) >= SOONEST_S
        # By which browsers look again, with and without scripts.
        assert one.headers["refresh"] == one.headers["retry-after"]
        assert f"{one.headers['refresh']} seconds" in one.text
    assert after.status_code == 200


def test_nobody_waits_for_longer_than_was_said_though_nothing_moves(server: Server) -> None:
    async def ask() -> list[int]:
        server.page_turns.longest_s = 0.2
        async with browser(server) as client, contextlib.AsyncExitStack() as stack:
            await take_all(server.page_turns, stack)
            answers = await asyncio.gather(*(client.get(EXERCISE) for _ in range(5)))
            return [one.status_code for one in answers]

    assert asyncio.run(asyncio.wait_for(ask(), 30)) == [503] * 5


def test_a_form_that_has_no_turn_comes_back_with_what_was_typed_and_does_not_send_itself(
    server: Server,
) -> None:
    data = {"press": "p", "action": "submit", "field.s0": "31 41"}

    async def ask() -> tuple[httpx2.Response, httpx2.Response]:
        server.form_turns.longest_s = 0.05
        async with browser(server) as client:
            async with contextlib.AsyncExitStack() as stack:
                await take_all(server.form_turns, stack)
                refused = await client.post(f"{EXERCISE}/b_i", data=data)
                # Who only looks is answered meanwhile.
                assert (await client.get(EXERCISE)).status_code == 200
            return refused, await client.post(f"{EXERCISE}/b_i", data=hidden_in(refused.text))

    refused, again = asyncio.run(ask())
    assert (refused.status_code, "31 41" in refused.text) == (503, True)
    assert "retry-after" in refused.headers
    assert "refresh" not in refused.headers
    assert again.status_code == 303


def test_all_questions_of_a_form_that_has_no_turn_come_back_and_are_kept_when_it_is_sent_again(
    server: Server,
) -> None:
    client = signed_in(server, "amara")
    page = OpenPage(client, EXERCISE).type("b_i", s0="31 41").type("a_i", Wss="2x2 \N{INFINITY} <&>")
    code = "def mean(x):\n    return sum(x)\n"
    page.fields = {"field.late/code": code, **page.fields}

    async def ask() -> tuple[httpx2.Response, httpx2.Response]:
        server.form_turns.longest_s = 0.05
        async with browser(server) as sender:
            async with contextlib.AsyncExitStack() as stack:
                await take_all(server.form_turns, stack)
                refused = await sender.post(f"{EXERCISE}/b_i", data={**page.fields, "action": "submit"})
            return refused, await sender.post(f"{EXERCISE}/b_i", data=hidden_in(refused.text))

    refused, again = asyncio.run(ask())
    assert refused.status_code == 503
    assert hidden_in(refused.text) == {**page.fields, "action": "submit"}
    assert again.headers["location"] == "/hand-in/1"
    after = OpenPage(client, EXERCISE).fields
    assert after["field.a_i/Wss"] == page.fields["field.a_i/Wss"]
    assert after["field.b_i/s0"] == "31 41"


def test_who_sends_slowly_has_no_turn_before_everything_is_there(server: Server) -> None:
    async def ask() -> int:
        app = application(server)
        never: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        async def slow() -> None:
            path = f"{EXERCISE}/b_i"
            headers = [(b"host", b"127.0.0.1"), (b"origin", OURS.encode()), (b"content-length", b"99")]
            scope = {
                "type": "http",
                "method": "POST",
                "path": path,
                "raw_path": path.encode(),
                "scheme": "http",
            }
            more = {"query_string": b"", "headers": headers, "server": ("127.0.0.1", 80), "root_path": ""}

            async def receive() -> Any:
                return await never

            async def send(_: Any) -> None:
                """Nobody reads it."""

            await app({**scope, **more}, receive, send)

        senders = [asyncio.create_task(slow()) for _ in range(SENT_AT_ONCE + 1)]
        await asyncio.sleep(0.05)
        assert not any(one.done() for one in senders)
        async with browser(server, app) as client:
            sent = await client.post(f"{EXERCISE}/b_i", data={"press": "p", "field.s0": "1 2"})
        never.cancel()
        await asyncio.gather(*senders, return_exceptions=True)
        return sent.status_code

    assert asyncio.run(asyncio.wait_for(ask(), 30)) == 303


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    served: list[int] = []

    async def one(turns: Crowd, number: int) -> None:
        async with turns.turn():
            served.append(number)
            await asyncio.sleep(0)

    async def all_of_them() -> None:
        turns = Crowd(1, 30.0, "")
        await asyncio.gather(*(one(turns, number) for number in range(50)))

    asyncio.run(all_of_them())
    assert served == list(range(50))


def test_the_more_are_sent_away_the_later_they_are_to_come_back() -> None:
    async def seconds(count: int) -> list[int]:
        turns = Crowd(1, 1.0, "{when}")
        turns._mean_s = 0.1  # ten a second
        return [int(turns._later().headers["retry-after"]) for _ in range(count)]  # type: ignore[index]

    found = asyncio.run(seconds(2000))
    assert all(SOONEST_S <= one <= SOONEST_S * 1.5 for one in found[:10])
    # Four hundred of them take at least forty seconds at ten a second.
    assert all(39 <= one <= LATEST_S * 1.5 for one in found[400:])
    # And not all at one moment.
    assert len(set(found[1000:])) > 10
