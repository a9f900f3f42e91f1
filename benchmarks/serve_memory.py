"""Whether a server that has taken 20,000 hand-ins is larger than one that has taken 2,000.

    python benchmarks/serve_memory.py [HAND-INS] [--students N] [--pages K]

In one process without a socket: each hand-in goes through the application, the inbox, the workers and the
gradebook, as one of a browser does; every K-th student looks at the exercise, the course and the report, and
watches the place in the queue until it is marked. Prints the memory of the process, and of its workers and
their sandboxes together, after every tenth. In the end it must not have grown by more than a tenth since the
first fifth was done.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import random
import tempfile
import time
from pathlib import Path

import httpx2
from serve_answers import EXERCISES, typed_answers, varied
from serving import CourseServer, processes_below

from grader.serve import admission, crowd
from grader.serve.app import application
from grader.serve.running import server_for
from grader.serve.server import Server

ROOT = "http://127.0.0.1"
AT_ONCE = 16
LONGEST_S = 300.0
MOST_GROWTH = 1.10


def rss_mib(pid: int) -> float:
    """Memory of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


async def hand_in_all(server: Server, links: list[str], count: int, every: int) -> list[float]:
    """Hand in so often; the memory of this process after every tenth."""
    app = application(server)
    # Nobody is sent away here: all of them are kept, and looked at.
    server.page_turns.longest_s = server.form_turns.longest_s = LONGEST_S
    draw, answers = random.Random(1), [one for one in typed_answers() if one.fields[0][0] != "field.code"]
    sizes_mib: list[float] = []
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url=ROOT, timeout=LONGEST_S
        ) as client,
    ):
        headers = []
        for link in links:
            answer = await client.post(f"/in/{link}", headers={"origin": ROOT})
            client.cookies.clear()
            headers.append({"cookie": answer.headers["set-cookie"].partition(";")[0], "origin": ROOT})
        room = asyncio.Semaphore(AT_ONCE)

        async def one(number: int) -> None:
            own, typed = headers[number % len(headers)], varied(draw.choice(answers), draw)
            data: dict[str, str | list[str]] = {"press": str(number), **dict(typed.fields)}
            async with room:
                sent = await client.post(
                    f"/exercise/{typed.exercise}/{typed.question}", data=data, headers=own
                )
                assert sent.status_code == 303, sent.text
                where = sent.headers["location"]
                if number % every == 0:
                    await client.get(f"{where}/events", headers=own)
                    for path in ("/", f"/exercise/{typed.exercise}", where):
                        assert (await client.get(path, headers=own)).status_code == 200
                while ((await client.get("/health")).json()["waiting"] or 0) > 2 * AT_ONCE:
                    await asyncio.sleep(0.05)

        began = time.monotonic()
        for tenth in range(10):
            first, last = tenth * count // 10, (tenth + 1) * count // 10
            await asyncio.gather(*(one(number) for number in range(first, last)))
            gc.collect()
            own, below = rss_mib(os.getpid()), sum(map(rss_mib, processes_below(os.getpid())))
            took = time.monotonic() - began
            print(
                f"| {last} | {own:.0f} | {below:.0f} | {took:.0f} | {time.process_time():.0f} |", flush=True
            )
            sizes_mib.append(own)
        while (load := (await client.get("/health")).json())["waiting"] != 0 or load["running"] != 0:
            await asyncio.sleep(0.1)
    return sizes_mib


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", nargs="?", type=int, default=20_000)
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--pages", type=int, default=10)
    given = parser.parse_args()
    # What is looked for is what stays, not how fast one program may hand in.
    admission.MOST_AT_ONCE, crowd.ASKED_PER_S, crowd.ASKED_AT_ONCE = given.count, 1e6, 1e6
    crowd.LONGEST_WAIT_S = crowd.LONGEST_WAIT_SENT_S = LONGEST_S
    print(f"load of the machine: {os.getloadavg()[0]:.1f}\n")
    print(
        "| hand-ins | server MiB | workers MiB | s | CPU s of the server |\n| --- | --- | --- | --- | --- |"
    )
    with tempfile.TemporaryDirectory() as folder:
        course = CourseServer(Path(folder, "course"), given.students, exercises=EXERCISES)
        course.prepare()
        with server_for(course.folder) as server:
            found = asyncio.run(hand_in_all(server, course.links, given.count, given.pages))
    grown = found[-1] / found[1]
    print(f"\n{grown:.2f} times as large after {given.count} as after {given.count // 5}")
    raise SystemExit(grown > MOST_GROWTH)


if __name__ == "__main__":
    main()
