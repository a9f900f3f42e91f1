"""What the server tells those who run it: a line of JSON for each request and each failure.

No line holds what a person typed or was sent: a request is told by the pattern of its route, a failure by the
type of the exception and the places in the code. Messages of exceptions may quote an answer and stay out.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import logging
import logging.handlers
import os
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from grader.errors import CannotDo

LOG = logging.getLogger("rnngrade.serve.requests")

OWN = "rnngrade"
"""Loggers below this name say only what is meant for the log."""

EXTRA = "rnngrade.extra"
"""The key in a request's scope of what only its own log line says."""

GRADER = str(Path(__file__).parents[1])
REPEATED_S = 60.0
"""Seconds for which the same failure is counted and not logged again: a database may be gone for hours."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
PRIVATE = 0o600


class RequestLog:
    """ASGI middleware that writes a line for each request, when all of its answer is sent.

    Args:
        app: What is behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; log it afterwards, also where it failed."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.monotonic()
        extra: dict[str, Any] = {"route": None, "person": None}
        scope[EXTRA] = extra
        sent: dict[str, Any] = {"status": None, "bytes": 0}

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent["status"] = message["status"]
            elif message["type"] == "http.response.body":
                sent["bytes"] += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, counted)
        except Exception:
            sent["status"] = 500
            LOG.exception("this page failed", extra={"fields": {**_of_request(scope), **extra}})
            raise
        finally:
            ms = round(1000 * (time.monotonic() - began), 1)
            LOG.info("request", extra={"fields": {**_of_request(scope), **extra, **sent, "ms": ms}})


def tell(scope: Scope, **more: str | None) -> None:
    """Add to a request's log line which route it takes, or who asks; nothing that was typed."""
    scope.setdefault(EXTRA, {}).update(more)


def _of_request(scope: Scope) -> dict[str, str]:
    return {"method": scope["method"] if scope["method"] in METHODS else "other"}


class JsonLines(logging.Formatter):
    """Records as JSON, one a line."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line: dict[str, object] = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": _event(record),
            **getattr(record, "fields", {}),
        }
        if not _is_own(record):
            line["logger"] = record.name
        if record.exc_info and record.exc_info[1] is not None:
            line["failure"] = list(failure(record.exc_info[1]))
        return json.dumps(line)


def _is_own(record: logging.LogRecord) -> bool:
    return record.name == OWN or record.name.startswith(f"{OWN}.")


def _event(record: logging.LogRecord) -> str:
    """Our own messages in full; of others' the first line of the template, without its arguments."""
    if _is_own(record):
        return record.getMessage()
    if isinstance(record.msg, BaseException):
        return f"{type(record.msg).__name__}{_code_of(record.msg)}"
    return str(record.msg).partition("\n")[0]


def failure(error: BaseException) -> Iterator[str]:
    """An exception and those that led to it: types, codes of the system or database, places in the code."""
    seen: set[int] = set()
    this: BaseException | None = error
    while this is not None and id(this) not in seen:
        seen.add(id(this))
        yield f"{type(this).__module__}.{type(this).__qualname__}{_code_of(this)}"
        yield from _places(this.__traceback__)
        if isinstance(this, BaseExceptionGroup):
            for one in this.exceptions:
                yield from failure(one)
        this = this.__cause__ or (None if this.__suppress_context__ else this.__context__)


def _code_of(error: BaseException) -> str:
    """The name that the system or the database has for an error, in brackets; empty if it has none."""
    if isinstance(error, OSError) and error.errno is not None:
        return f" ({os.strerror(error.errno)})"
    found = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
    return f" ({found})" if isinstance(found, str) else ""


def _places(trace: TracebackType | None) -> Iterator[str]:
    """Where it passed our code, and where it was raised."""
    frames = traceback.extract_tb(trace)
    for number, frame in enumerate(frames, 1):
        if number == len(frames) or frame.filename.startswith(GRADER):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"


def write_log(file: Path | None) -> None:
    """Send everything that is logged, by us and by what we use, to one place as JSON lines.

    Args:
        file: It may be moved away while it is written to; standard error if left out.

    Raises:
        CannotDo: If it cannot be written.
    """
    handler = logging.StreamHandler(sys.stderr) if file is None else _into(file)
    handler.setFormatter(JsonLines())
    handler.addFilter(OnlyNew())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(OWN).setLevel(logging.INFO)
    # Where the disk is full, the server goes on, and does not print what it could not log.
    logging.raiseExceptions = False
    for name in list(logging.root.manager.loggerDict):
        # Some libraries bring handlers of their own, which would quote what they were given.
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    threading.excepthook = _thread_failed
    sys.unraisablehook = _could_not_raise
    warnings.showwarning = _warned


def _into(file: Path) -> logging.Handler:
    try:
        with contextlib.suppress(FileExistsError):
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
        return logging.handlers.WatchedFileHandler(file, encoding="utf-8")
    except OSError as error:
        raise CannotDo(f"the log cannot be written: {error.strerror}", where=str(file)) from None


class OnlyNew(logging.Filter):
    """Drops failures that were logged within the last minute."""

    def __init__(self) -> None:
        super().__init__()
        self._logged: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written; if so, it gets the count of the same ones dropped before it."""
        if not record.exc_info or record.exc_info[1] is None:
            return True
        if record.name == "uvicorn.error":
            # It repeats what failed behind a page.
            return False
        this = (str(record.msg), next(failure(record.exc_info[1])))
        last_at, missed = self._logged.get(this, (-REPEATED_S, 0))
        if record.created - last_at < REPEATED_S:
            self._logged[this] = (last_at, missed + 1)
            return False
        self._logged[this] = (record.created, 0)
        if missed:
            record.fields = {**getattr(record, "fields", {}), "repeated": missed}
        return True


def _thread_failed(failed: threading.ExceptHookArgs) -> None:
    name = failed.thread.name if failed.thread is not None else ""
    error = failed.exc_value
    logging.getLogger(OWN).error("the thread %s ended", name, exc_info=error if error is not None else True)


def _could_not_raise(failed: Any) -> None:
    logging.getLogger(OWN).error("something failed while it was cleared away", exc_info=failed.exc_value)


def _warned(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: object, **__: object
) -> None:
    logging.getLogger(OWN).warning("%s at %s:%s", category.__name__, filename, lineno)
