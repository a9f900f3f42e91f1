"""Whether this server can take and mark what comes in, for load balancers and those who watch it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from grader.serve import inbox
from grader.serve.inbox import Load
from grader.serve.server import Server

ANSWERS_WITHIN_S = 5.0
"""Seconds for the database, and the scheduler of a Dask cluster, to answer."""

LOOKS_WITHIN_S = 60.0
"""Seconds within which the inbox must be looked into; twice a second where nothing is wrong."""

LIMITER = anyio.CapacityLimiter(4)
"""Threads that wait at once for what does not answer: pages have others."""

T = TypeVar("T")


async def health(server: Server, request: Request) -> Response:
    """200 where hand-ins are taken and marked, 503 where not; numbers only, nobody's name."""
    load, workers = await _in_thread(_load, server), await _in_thread(_workers, server)
    is_looking = server.marker.looked_s_ago < LOOKS_WITHIN_S
    problems = [
        *(["database"] if load is None else []),
        *(["workers"] if not workers else []),
        *([] if is_looking else ["marking"]),
    ]
    report = {
        "status": "cannot mark" if problems else "ok",
        "problems": problems,
        "waiting": load and load.waiting,
        "running": load and load.running,
        "oldest_waiting_s": load and _seconds_since(load.oldest),
        "workers": workers,
    }
    return JSONResponse(report, 503 if problems else 200)


async def _in_thread(question: Callable[[Server], T | None], server: Server) -> T | None:
    """Ask something in a thread; None where that fails or takes too long."""
    with anyio.move_on_after(ANSWERS_WITHIN_S):
        return await anyio.to_thread.run_sync(question, server, abandon_on_cancel=True, limiter=LIMITER)
    return None


def _load(server: Server) -> Load | None:
    try:
        with server.book.reading() as connection:
            return inbox.load_of(connection, server.course.exercises)
    except Exception:
        return None


def _workers(server: Server) -> int | None:
    try:
        return server.marker.machines.n_alive()
    except Exception:
        return None


def _seconds_since(at: str | None) -> float:
    if at is None:
        return 0.0
    return round(
        (datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(at)).total_seconds(), 1
    )


ROUTES = (("/health", health, "GET"),)
