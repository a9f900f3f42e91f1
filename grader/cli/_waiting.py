"""A line that says what takes so long, where a terminal would otherwise stay silent."""

from __future__ import annotations

import os
import sys
import threading
import time

SILENCE_S = 0.5
AGAIN_S = 1.0
ERASED = "\r\x1b[K"


def is_shown() -> bool:
    """Whether stderr is a terminal on which a line can be written and erased."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


class Waiting:
    """Says on a terminal's stderr what is done after half a second, and erases it; a context manager.

    Args:
        what: What is done, such as "marking".
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Waiting:
        if is_shown():
            self._thread = threading.Thread(target=self._say, daemon=True)
            self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _say(self) -> None:
        started = time.monotonic()
        if self._ended.wait(SILENCE_S):
            return
        while True:
            seconds = time.monotonic() - started
            sys.stderr.write(f"{ERASED}{self._what} ... {seconds:.0f} s")
            sys.stderr.flush()
            if self._ended.wait(AGAIN_S):
                break
        sys.stderr.write(ERASED)
        sys.stderr.flush()
