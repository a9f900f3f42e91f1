"""How long students wait for pages and reports while many hand in at once.

    python benchmarks/serve_load.py [plain] [loopers] [overload] [--students N] [--seconds T] [--seed N]

Each run has a server of its own, on this machine only. `plain`: 5 hand-ins a second at random instants.
`loopers`: two students beside them hand in code without end as soon as the last came back. `overload`: 50 a
second. A student opens an exercise, answers one of its questions, right or wrong, and looks until the report
is there: of five, four look as a browser with scripts does and one as a browser without. In the end all that
was acknowledged has to be in the database, marked once. Times are those of the others, not of loopers. The
program that hands in takes CPU time of the same machine, about as much as the server.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import httpx2
from serve_answers import EXERCISES, Typed, typed_answers, varied
from serving import EXERCISE, LOOP, CourseServer, problems_in

LONGEST_S = 300.0
"""For a report, and for all that waits at the end."""

LATER = (429, 503)
WAITS = "Kept, and waiting to be marked"
REFRESH = re.compile(r'http-equiv="refresh" content="(\d+)"|content="(\d+)" http-equiv="refresh"')


class Run(NamedTuple):
    """What is measured: hand-ins a second, and how many loop beside them."""

    rate: float
    n_loopers: int


RUNS = {"plain": Run(5.0, 0), "loopers": Run(5.0, 2), "overload": Run(50.0, 0)}


@dataclass
class Measured:
    """Seconds, by what was waited for, and what went wrong.

    Args:
        pages: For a page.
        refused: For a page that said to come back later, which browsers do by themselves.
        kept: From pressing until it is acknowledged.
        reports: From pressing until the report is read.
        replaced: How often a later hand-in of the question took a place.
        later: How often the server said "later".
        acknowledged: Numbers of hand-ins.
        loops: Hand-ins of loopers.
        cpu_s: Of server and workers before the first hand-in.
        errors: Anything else than it should be.
    """

    pages: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    kept: list[float] = field(default_factory=list)
    reports: list[float] = field(default_factory=list)
    replaced: int = 0
    later: int = 0
    acknowledged: list[int] = field(default_factory=list)
    loops: int = 0
    cpu_s: tuple[float, float] = (0.0, 0.0)
    errors: list[str] = field(default_factory=list)


@dataclass
class Students:
    """All students of a run.

    Args:
        client: Of all of them.
        server: Whom they ask.
        measured: What they saw.
    """

    client: httpx2.AsyncClient
    server: CourseServer
    measured: Measured

    async def sign_in(self, number: int) -> dict[str, str]:
        """The headers of one who is signed in."""
        answer = await self.client.post(
            f"/in/{self.server.links[number]}", headers={"origin": self.server.root}
        )
        cookie = answer.headers["set-cookie"].partition(";")[0]
        self.client.cookies.clear()
        return {"cookie": cookie, "origin": self.server.root}

    async def hand_in(self, headers: dict[str, str], at: float, typed: Typed, press: int) -> None:
        """Open the exercise, hand in, and look until the report is there."""
        await asyncio.sleep(max(0.0, at - time.monotonic()))
        try:
            async with asyncio.timeout(LONGEST_S):
                await self._page(f"/exercise/{typed.exercise}", headers)
            began = time.perf_counter()
            sent = await self._send(typed, headers, press)
            if sent.status_code in LATER:
                self.measured.later += 1
                return
            if sent.status_code != 303:
                self.measured.errors.append(f"handing in {typed.question}: status {sent.status_code}")
                return
            self.measured.kept.append(time.perf_counter() - began)
            where = sent.headers["location"]
            self.measured.acknowledged.append(int(where.rpartition("/")[2]))
            async with asyncio.timeout(LONGEST_S):
                page = await self._report(where, headers, has_scripts=bool(press % 5))
            if ">Replaced<" in page:
                self.measured.replaced += 1
            else:
                self.measured.reports.append(time.perf_counter() - began)
        except (httpx2.HTTPError, TimeoutError) as error:
            self.measured.errors.append(repr(error))

    async def _send(self, typed: Typed, headers: dict[str, str], press: int) -> httpx2.Response:
        data: dict[str, str | list[str]] = {"press": str(press), "action": "submit"}
        for name, group in itertools.groupby(sorted(typed.fields), lambda one: one[0]):
            data[name] = [value for _, value in group]
        path = f"/exercise/{typed.exercise}/{typed.question}"
        return await self.client.post(path, data=data, headers=headers)

    async def _page(self, path: str, headers: dict[str, str]) -> str:
        while True:
            began = time.perf_counter()
            answer = await self.client.get(path, headers=headers)
            took = time.perf_counter() - began
            if answer.status_code not in LATER or "refresh" not in answer.headers:
                break
            self.measured.refused.append(took)
            await asyncio.sleep(float(answer.headers["refresh"]))
        self.measured.pages.append(took)
        if answer.status_code != 200:
            self.measured.errors.append(f"{path}: {answer.status_code}")
        return answer.text

    async def _report(self, where: str, headers: dict[str, str], *, has_scripts: bool) -> str:
        while WAITS in (page := await self._page(where, headers)):
            if has_scripts:
                async with self.client.stream("GET", f"{where}/events", headers=headers) as events:
                    async for line in events.aiter_lines():
                        if line == "event: done":
                            break
                    is_live = events.status_code == 200
                if is_live:
                    continue
            found = REFRESH.search(page)
            await asyncio.sleep(float((found[1] or found[2]) if found else 10))
        return page

    async def loop(self, headers: dict[str, str], ends: float) -> None:
        """Hand in what never ends, again and again."""
        for press in itertools.count():
            files = {"file": ("answer.py", LOOP)}
            data = {"press": f"loop{press}"}
            sent = await self.client.post(f"/exercise/{EXERCISE}", files=files, data=data, headers=headers)
            self.measured.loops += sent.status_code == 303
            while sent.status_code == 303 and time.monotonic() < ends:
                page = await self.client.get(sent.headers["location"], headers=headers)
                if WAITS not in page.text:
                    break
                await asyncio.sleep(0.5)
            if time.monotonic() > ends:
                return
            await asyncio.sleep(0.1 if sent.status_code == 303 else 1.0)


async def measure(server: CourseServer, run: Run, seconds: float, seed: int) -> Measured:
    """Hand in for so long."""
    draw = random.Random(seed)
    answers = typed_answers()
    instants = sorted(draw.uniform(0, seconds) for _ in range(int(run.rate * seconds)))
    numbers = itertools.cycle(range(run.n_loopers, server.n_students))
    # A browser looks for as long as it is told, and what comes live has no end of its own. All waiting is
    # measured: where the machine is busy, this program may be what is late.
    limits, timeout = httpx2.Limits(max_connections=4000), httpx2.Timeout(LONGEST_S)
    async with httpx2.AsyncClient(base_url=server.root, timeout=timeout, limits=limits) as client:
        students = Students(client, server, Measured())
        headers = [await students.sign_in(number) for number in range(server.n_students)]
        students.measured.cpu_s = server.used()
        began = time.monotonic()
        jobs: list[Awaitable[None]] = [
            students.hand_in(headers[next(numbers)], began + at, varied(draw.choice(answers), draw), press)
            for press, at in enumerate(instants)
        ]
        jobs += [students.loop(headers[number], began + seconds) for number in range(run.n_loopers)]
        await asyncio.gather(*jobs)
        return students.measured


def row(name: str, run: Run, options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """One run as a row of the table, and what went wrong in it."""
    with tempfile.TemporaryDirectory() as folder:
        server = CourseServer(Path(folder, "course"), options.students, exercises=EXERCISES)
        server.prepare()
        server.start()
        try:
            before = server.rss_mib()
            work = measure(server, run, options.seconds, options.seed)
            measured = asyncio.run(asyncio.wait_for(work, options.seconds + 2 * LONGEST_S))
            server.wait_until_done(LONGEST_S)
            (own, workers), after = server.used(), server.rss_mib()
        finally:
            server.stop()
        lost = problems_in(server.place, measured.acknowledged)
    own_before, workers_before = measured.cpu_s
    n_marked = len(measured.reports) + measured.loops
    cells = [
        name,
        f"{int(run.rate * options.seconds)}",
        f"{len(measured.errors)}",
        *_quantiles(measured.pages, 1000, 0),
        f"{len(measured.refused)}",
        *_quantiles(measured.refused, 1000, 0),
        *_quantiles(measured.kept, 1000, 0),
        *_quantiles(measured.reports, 1, 1),
        f"{measured.later}",
        f"{measured.replaced}",
        f"{len(measured.acknowledged)}",
        f"{len(lost)}",
        f"{1000 * (own - own_before) / max(len(measured.acknowledged), 1):.0f}",
        f"{1000 * (workers - workers_before) / max(n_marked, 1):.0f}",
        f"{before:.0f}, {after:.0f}",
    ]
    return cells, [*_counted(measured.errors), *lost[:5]]


def _counted(errors: list[str]) -> Iterator[str]:
    """Each error once, with how often it came; numbers in it are of one hand-in."""
    for text, count in Counter(re.sub(r"/\d+", "/N", one) for one in errors).most_common(5):
        yield f"{count} times {text}"


COLUMNS = (
    *(
        "run",
        "hand-ins",
        "errors",
        "pages p50 ms",
        "p95",
        "refused",
        "p50 ms",
        "p95",
        "kept p50 ms",
        "p95",
        "reports p50 s",
        "p95",
    ),
    *("later", "replaced", "acknowledged", "lost or twice", "server CPU ms each", "workers CPU ms each"),
    "server MiB before, after",
)


def _quantiles(seconds: list[float], factor: int, places: int) -> Iterator[str]:
    ordered = sorted(seconds)
    for share in (0.5, 0.95):
        at = min(int(share * len(ordered)), len(ordered) - 1)
        yield f"{factor * ordered[at]:.{places}f}" if ordered else "-"


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", nargs="*", choices=[*RUNS, []], help="all of them if left out")
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    problems = []
    print(f"load of the machine: {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors\n", flush=True)
    print(f"| {' | '.join(COLUMNS)} |\n|{' --- |' * len(COLUMNS)}", flush=True)
    for name in given.runs or RUNS:
        cells, wrong = row(name, RUNS[name], given)
        print(f"| {' | '.join(cells)} |", flush=True)
        problems += [f"{name}: {one}" for one in wrong]
    print("\n" + ("\n".join(problems) or "no error, nothing lost, nothing marked twice"))
    raise SystemExit(bool(problems))


if __name__ == "__main__":
    main()
