"""How many browsers may be connected at once, and how many of these may watch their place in the queue.

A browser keeps several connections open, and one that watches holds one as long as it waits: what is left
to all others is what pages are answered on.
"""

from __future__ import annotations

import contextlib
import functools
import resource

MOST = 4000
FEWEST = 100
OTHER_FILES = 150
"""Of the database, the workers and the log."""

MOST_OF_ONE = 6
"""Places that one person watches at once; a browser opens no more connections to a server."""


@functools.cache
def most_connections() -> int:
    """How many connections the server takes; it asks the system for as many open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        more = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    room = MOST if soft == resource.RLIM_INFINITY else soft - OTHER_FILES
    return min(max(room, FEWEST), MOST)


def most_watching() -> int:
    """How many of them may be held by pages that watch; the others ask again every few seconds."""
    return most_connections() // 2
