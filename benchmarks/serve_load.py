"""How long students wait for pages and reports while many hand in at once.

    python benchmarks/serve_load.py [--students N] [--rate R] [--seconds T] [--loopers N]

Hand-ins come at random instants, RATE a second in the mean, from browsers that look again until the report is
there. A looper hands in code without end as soon as the last came back. Times are those of the others.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from serving import EXERCISE, LOOP, QUESTION, TYPED, CourseServer

LOOK_S = 0.5
LONGEST_S = 120.0


@dataclass
class Measured:
    """Seconds, by what was waited for, and what went wrong.

    Args:
        pages: For a page.
        kept: From pressing until it is acknowledged.
        reports: From pressing until the report is read.
        later: How often the server said "later".
        errors: Anything else than it should be.
    """

    pages: list[float] = field(default_factory=list)
    kept: list[float] = field(default_factory=list)
    reports: list[float] = field(default_factory=list)
    later: int = 0
    errors: list[str] = field(default_factory=list)


async def measure(server: CourseServer, rate: float, seconds: float, n_loopers: int, seed: int) -> Measured:
    """Hand in for so long."""
    measured = Measured()
    draw = random.Random(seed)
    instants = sorted(draw.uniform(0, seconds) for _ in range(int(rate * seconds)))
    numbers = itertools.cycle(range(n_loopers, server.n_students))
    ends = time.monotonic() + seconds
    limits = httpx2.Limits(max_connections=200)
    async with httpx2.AsyncClient(base_url=server.root, timeout=60, limits=limits) as client:
        cookies = [await _sign_in(client, server, number) for number in range(server.n_students)]
        began = time.monotonic()
        jobs: list[Awaitable[None]] = [
            _student(client, cookies[next(numbers)], began + at, str(press), measured)
            for press, at in enumerate(instants)
        ]
        jobs += [_looper(client, cookies[number], ends) for number in range(n_loopers)]
        await asyncio.gather(*jobs)
    return measured


async def _sign_in(client: httpx2.AsyncClient, server: CourseServer, number: int) -> dict[str, str]:
    answer = await client.post(f"/in/{server.links[number]}", headers={"origin": server.root})
    cookie = answer.headers["set-cookie"].partition(";")[0]
    client.cookies.clear()
    return {"cookie": cookie, "origin": server.root}


async def _student(
    client: httpx2.AsyncClient, headers: dict[str, str], at: float, press: str, measured: Measured
) -> None:
    """Opens the exercise, hands in, and looks until the report is there."""
    await asyncio.sleep(max(0.0, at - time.monotonic()))
    try:
        await _page(client, f"/exercise/{EXERCISE}", headers, measured)
        began = time.perf_counter()
        typed = {**TYPED, "press": press}
        sent = await client.post(f"/exercise/{EXERCISE}/{QUESTION}", data=typed, headers=headers)
        if sent.status_code == 503:
            measured.later += 1
            return
        measured.kept.append(time.perf_counter() - began)
        if sent.status_code != 303:
            measured.errors.append(f"handing in: {sent.status_code}")
            return
        while time.perf_counter() - began < LONGEST_S:
            text = await _page(client, sent.headers["location"], headers, measured)
            if "waiting to be marked" not in text:
                measured.reports.append(time.perf_counter() - began)
                return
            await asyncio.sleep(LOOK_S)
        measured.errors.append("no report")
    except httpx2.HTTPError as error:
        measured.errors.append(repr(error))


async def _page(client: httpx2.AsyncClient, path: str, headers: dict[str, str], measured: Measured) -> str:
    began = time.perf_counter()
    answer = await client.get(path, headers=headers)
    measured.pages.append(time.perf_counter() - began)
    if answer.status_code != 200:
        measured.errors.append(f"{path}: {answer.status_code}")
    return answer.text


async def _looper(client: httpx2.AsyncClient, headers: dict[str, str], ends: float) -> None:
    for press in itertools.count():
        if time.monotonic() > ends:
            return
        files = {"file": ("answer.py", LOOP)}
        sent = await client.post(
            f"/exercise/{EXERCISE}", files=files, data={"press": f"loop{press}"}, headers=headers
        )
        while time.monotonic() < ends and sent.status_code == 303:
            page = await client.get(sent.headers["location"], headers=headers)
            if "waiting to be marked" not in page.text:
                break
            await asyncio.sleep(LOOK_S)


def _quantiles(seconds: list[float]) -> str:
    if len(seconds) < 2:
        return "none"
    ms = [1000 * one for one in sorted(seconds)]
    middle, high = statistics.median(ms), ms[int(0.95 * len(ms))]
    return f"{len(ms):6d} p50 {middle:7.0f} ms p95 {high:7.0f} max {ms[-1]:7.0f}"


def main() -> None:
    """Run it and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--rate", type=float, default=5.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--loopers", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = CourseServer(Path(folder, "course"), given.students)
        server.prepare()
        server.start()
        try:
            work = measure(server, given.rate, given.seconds, given.loopers, given.seed)
            measured = asyncio.run(asyncio.wait_for(work, given.seconds + 2 * LONGEST_S))
            server.wait_until_done(LONGEST_S)
            status = Path(f"/proc/{server.process.pid}/status").read_text() if server.process else ""
        finally:
            server.stop()
    for name in ("pages", "kept", "reports"):
        print(f"{name:8} {_quantiles(getattr(measured, name))}")
    print(f"later    {measured.later:6d}\nerrors   {len(measured.errors):6d} {measured.errors[:3]}")
    print(*(line for line in status.splitlines() if line.startswith(("VmRSS", "VmHWM"))), sep="\n")
    raise SystemExit(bool(measured.errors))


if __name__ == "__main__":
    main()
