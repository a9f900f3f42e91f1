"""Progress on a terminal: a bar that counts, or a line that says what takes long."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress, TaskID

LINE_EVERY_S = 10.0
SILENCE_S = 0.5
AGAIN_S = 1.0
ERASED = "\r\x1b[K"


class ProgressBar:
    """Counts what is done; use as a context manager.

    Args:
        total: How many there are.
        what: What is counted, in the plural.
    """

    def __init__(self, total: int, what: str) -> None:
        self.total = total
        self.what = what
        self.done = 0
        self.done_here = 0
        self._started = self._line_at = time.monotonic()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> ProgressBar:
        if sys.stderr.isatty():
            self._bar = _bar()
            self._task = self._bar.add_task(self.what, total=self.total, rate="")
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
        elif kind is None and self.total:
            self._line()

    def step(self, count: int = 1, *, is_work: bool = True) -> None:
        """One more is done, or several.

        Args:
            count: How many.
            is_work: False for items that were done already: they do not count for the speed.
        """
        self.done += count
        self.done_here += count * is_work
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self.done, rate=self.rate())
        elif time.monotonic() - self._line_at >= LINE_EVERY_S:
            self._line()

    def rate(self) -> str:
        """How many a second, in words."""
        seconds = max(time.monotonic() - self._started, 1e-9)
        return f"{self.done_here / seconds:.1f}/s"

    def _line(self) -> None:
        self._line_at = time.monotonic()
        seconds = max(self._line_at - self._started, 1e-9)
        left = (self.total - self.done) * seconds / self.done_here if self.done_here else 0.0
        eta = f", {left:.0f} s left" if self.done < self.total and self.done_here else ""
        click.echo(f"{self.done} of {self.total} {self.what}, {self.rate()}{eta}", err=True)


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True, force_jupyter=False),
        transient=True,
    )


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


def is_shown() -> bool:
    """Whether stderr is a terminal on which a line can be written and erased."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
