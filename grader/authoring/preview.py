"""An exercise in the browser while it is written: shown as students see it, and anew on every save."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from grader.errors import SpecError
from grader.model.exercise import Exercise
from grader.reports.html.elements import Child, element, list_of
from grader.reports.html.exercise_page import exercise_blocks
from grader.reports.html.page import page
from grader.specs.lint import lint
from grader.variants.values import native

HOST = "127.0.0.1"
LOOK_EVERY_S = 0.3
# A connection that says nothing would be found dead only by writing to it.
LOOKS_A_SIGN = 20
MOST_PAGES = 50
"""Open in browsers at once; each holds a thread."""
RELOAD = 'new EventSource("changes?%s").onmessage = () => location.reload();'
NAMED_FILE = re.compile(rb"[\w./-]+\.(?:toml|svg|png|jpe?g)\b", re.IGNORECASE)


def preview_page(load: Callable[[], Exercise], state: str = "") -> str:
    """The page of an exercise for its author: with all hints, and with what `author lint` says.

    Args:
        load: Reads the exercise; where that fails the page says why.
        state: From `state_of`, when the files were read; a server tells the page of a later one.
    """
    script = RELOAD % state if state else ""
    try:
        exercise = load()
    except SpecError as error:
        heading = element("h1", {}, "The exercise file cannot be read")
        return page("Not readable yet", heading, element("pre", {}, str(error)), script=script)
    blocks = exercise_blocks(exercise, exercise.questions, shows_hints=True)
    return page(exercise.title, *_remarks(exercise), *_drawn(exercise), *blocks, script=script)


def _drawn(exercise: Exercise) -> list[Child]:
    """The values drawn for the variant that is shown."""
    if not exercise.values:
        return []
    shown = f"variant {exercise.variant}" if exercise.variant else "the sample, nobody's own"
    heading = element("h2", {}, element("span", {}, f"What is drawn: {shown}"))
    lines = (
        f"{name} = {json.dumps(native(value), ensure_ascii=False)}" for name, value in exercise.values.items()
    )
    return [element("section", {}, heading, list_of(lines))]


def _remarks(exercise: Exercise) -> list[Child]:
    remarks = list_of(lint(exercise))
    if remarks is None:
        return []
    return [element("section", {}, element("h2", {}, element("span", {}, "What lint says")), remarks)]


def state_of(file: Path) -> str:
    """A word that changes when the exercise file is saved, or a file that it names."""
    names: set[str] = set()
    with contextlib.suppress(OSError):
        names = {match[0].decode() for match in NAMED_FILE.finditer(file.read_bytes())}
    stamps = [_stamp(path) for path in (file, *(file.parent / name for name in sorted(names)))]
    return hashlib.sha256(repr(stamps).encode()).hexdigest()[:16]


def _stamp(path: Path) -> tuple[int, int] | None:
    with contextlib.suppress(OSError, ValueError):
        found = path.stat()
        return found.st_mtime_ns, found.st_size
    return None


@contextlib.contextmanager
def serving(file: Path, load: Callable[[], Exercise], port: int = 0) -> Iterator[str]:
    """A server for this machine alone; gives its address, and ends with the block.

    Args:
        file: The exercise file, looked at for changes.
        load: Reads it.
        port: 0 takes one that is free.

    Raises:
        OSError: If the port is taken.
    """
    server = _Server(file, load, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}/"
    finally:
        server.ending.set()
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, file: Path, load: Callable[[], Exercise], port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.file, self.load = file, load
        self.ending, self.places = threading.Event(), threading.Semaphore(MOST_PAGES)
        # Another site's name may be made to lead here; its pages must not read ours.
        self.own_names = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        if self.headers.get("Host") not in self.server.own_names:
            self.send_error(HTTPStatus.FORBIDDEN)
        elif self.path == "/":
            state = state_of(self.server.file)  # before it is read: what is saved meanwhile is a change
            self._answer("text/html; charset=utf-8", preview_page(self.server.load, state).encode())
        elif self.path.startswith("/changes?") and self.server.places.acquire(blocking=False):
            try:
                self._tell_of_changes()
            finally:
                self.server.places.release()
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _answer(self, kind: str, body: bytes | None = None) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body or b"")

    def _tell_of_changes(self) -> None:
        before, looks = self.path.partition("?")[2], 0
        with contextlib.suppress(OSError):
            self._answer("text/event-stream")
            while not self.server.ending.wait(LOOK_EVERY_S):
                looks += 1
                if state_of(self.server.file) != before:
                    self.wfile.write(b"data: saved\n\n")
                    return
                if looks % LOOKS_A_SIGN == 0:
                    self.wfile.write(b": nothing new\n\n")

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: the terminal is for messages to the author."""
