"""Requests to other servers, with bounds: https only, no redirects, limited bytes and seconds."""

from __future__ import annotations

import contextlib
import functools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

import httpx2

from grader.errors import GraderError
from grader.gradebook.course_identity import origin_of

T = TypeVar("T")

LONGEST_ANSWER = 256 * 1024
LONGEST_WAIT_S = 10.0
STEP_S = 5.0
"""Seconds for connecting, and for each part of an answer."""

HEADERS = {"accept-encoding": "identity", "user-agent": "rnngrade"}
FRESH_S = 3600.0
STALE_S = 24 * 3600.0
"""Seconds for which a value that was read serves while its server does not answer."""

PAUSE_S = 30.0
"""Seconds between two requests to a server that failed, or that was asked for something new."""


class OutsideError(GraderError):
    """Another server does not answer, or with something else than was asked for."""


class Bounded(httpx2.BaseTransport):
    """Sends requests where they may go, and reads answers of bounded size and time."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """One request and its whole answer.

        Raises:
            OutsideError: If the address may not be asked, or the answer is too long or too slow.
        """
        if not origin_of(str(request.url)):
            raise OutsideError("only addresses of https:// are asked")
        until = time.monotonic() + LONGEST_WAIT_S
        answer = _connections().handle_request(request)
        with contextlib.closing(answer):
            if answer.headers.get("content-encoding", "identity") != "identity":
                raise OutsideError("it answers packed, which was not asked for")
            body = b"".join(_parts(answer, until))
        return httpx2.Response(answer.status_code, headers=answer.headers, content=body)


@functools.cache
def _connections() -> httpx2.HTTPTransport:
    """One for all clients: reading the machine's certificates takes longer than most requests."""
    return httpx2.HTTPTransport()


def _parts(answer: httpx2.Response, until: float) -> Iterator[bytes]:
    n_bytes = 0
    assert isinstance(answer.stream, httpx2.SyncByteStream)
    for part in answer.stream:
        n_bytes += len(part)
        if n_bytes > LONGEST_ANSWER:
            raise OutsideError(f"its answer is longer than {LONGEST_ANSWER // 1024} KiB")
        if time.monotonic() > until:
            raise OutsideError(f"its answer takes longer than {LONGEST_WAIT_S:g} s")
        yield part


def client_settings() -> dict[str, Any]:
    """How a client asks; `authlib`'s takes the same."""
    return {"transport": Bounded(), "timeout": STEP_S, "headers": HEADERS, "follow_redirects": False}


def json_at(address: str) -> dict[str, Any]:
    """The JSON object at an address.

    Raises:
        OutsideError: If there is none.
    """
    with as_outside_errors(address), httpx2.Client(**client_settings()) as client:
        answer = client.get(address, headers={"accept": "application/json"})
        if answer.status_code != 200:
            raise OutsideError(f"it answers {answer.status_code}")
        found = answer.json()
    if not isinstance(found, dict):
        raise OutsideError("it answers something else than was asked for", where=address)
    return found


@contextlib.contextmanager
def as_outside_errors(address: str) -> Iterator[None]:
    """Turn whatever goes wrong while another server is asked into one kind of error.

    Raises:
        OutsideError: If something does.
    """
    try:
        yield
    except OutsideError as error:
        raise OutsideError(error.message, where=error.where or address) from None
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise OutsideError(f"it does not answer ({type(error).__name__})", where=address) from None
    except (ValueError, RecursionError):
        raise OutsideError("it answers something else than was asked for", where=address) from None


class Remembered(Generic[T]):
    """Something of another server, read seldom; what was read before serves while it does not answer.

    Args:
        read: Reads it.
    """

    def __init__(self, read: Callable[[], T]) -> None:
        self.read = read
        self._lock = threading.Lock()
        self._found: T | None = None
        self._read_at = self._tried_at = -STALE_S
        self._failure = OutsideError("it does not answer")

    def get(self, *, anew: bool = False) -> T:
        """The value, read again when it is old.

        Args:
            anew: Whether to read it again now, because something was missing in it.

        Raises:
            OutsideError: If it cannot be read, and has not been for a day.
        """
        with self._lock:
            now = time.monotonic()
            age = now - self._read_at
            if (anew or age > FRESH_S) and now - self._tried_at > PAUSE_S:
                self._try(now)
            if self._found is None or now - self._read_at > STALE_S:
                raise self._failure
            return self._found

    def _try(self, now: float) -> None:
        self._tried_at = now
        try:
            self._found, self._read_at = self.read(), now
        except OutsideError as error:
            self._failure = error
