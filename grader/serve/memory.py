"""Memory of a server that runs for a term: what was needed for a moment is given back to the machine.

No object stays (`benchmarks/serve_memory.py`), but glibc gives threads heaps of their own, each with holes,
and returns only what is free at the end of one; SQLite keeps pages of the database for each connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
from typing import Any

from starlette.concurrency import run_in_threadpool

M_ARENA_MAX = -8
"""A constant of glibc's malloc.h."""

MOST_HEAPS = 2
"""Python's threads compute one at a time."""

GIVE_BACK_S = 30.0

SQLITE_CACHE_KIB = 512
"""For each connection; the system holds the file in memory anyway."""


def share_heaps() -> None:
    """Let all threads that begin from now on share few heaps; nothing where the C library is not glibc."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, MOST_HEAPS)


def give_back() -> None:
    """Give free memory back to the machine; nothing where the C library is not glibc."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


async def give_back_again_and_again() -> None:
    """Give it back every half a minute, until cancelled: a rush needs much for a moment."""
    while True:
        await asyncio.sleep(GIVE_BACK_S)
        await run_in_threadpool(give_back)


def keep_few_pages(connection: Any, _: Any) -> None:
    """For each new connection to SQLite: keep few pages of the database."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA cache_size=-{SQLITE_CACHE_KIB}")
    cursor.close()
