"""How many browsers may be connected at once, and how many of these may watch their place in the queue.

A browser keeps several connections open, and one that watches holds one as long as it waits: what is left
to all others is what pages are answered on.
"""

from __future__ import annotations

import contextlib
import functools
import resource

from uvicorn.protocols.http.h11_impl import H11Protocol

IDLE_S = 150
"""For which a connection is kept open unused. Who asks has to be the first to close it: else a request is
under way on one that is just being closed, and has no answer. Caddy keeps its own for 120 s, nginx for 60."""

SHORT_IDLE_S = 10
"""Where half of the connections are open: browsers send again what a connection did not take."""

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


class Connected(H11Protocol):
    """One connection, which may be unused for the longer the fewer there are."""

    def on_response_complete(self) -> None:
        """Begin to count for how long it is unused."""
        is_room = len(self.connections) < most_connections() // 2
        self.timeout_keep_alive = IDLE_S if is_room else SHORT_IDLE_S
        super().on_response_complete()
