"""Single keys from the terminal, without Enter; however it ends, the terminal is left as it was."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from contextlib import suppress
from types import FrameType
from typing import Any, TextIO

END_OF_INPUT = "\x04"
SEQUENCE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|O.|.)?", re.DOTALL)
"""What arrows, function keys and a paste in brackets send: ECMA-48, section 5.4."""
READ_BYTES = 256


class Keys:
    """The keys that are pressed; use as a context manager. Where there is no terminal there are none.

    Args:
        stream: Where they come from; standard input.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        stream = sys.stdin if stream is None else stream
        self._fd = _terminal_of(stream)
        self._before: list[Any] | None = None
        self._handlers: dict[int, Any] = {}

    @property
    def fd(self) -> int | None:
        """The terminal's number, for `select`; None where there are no keys."""
        return self._fd

    def __enter__(self) -> Keys:
        self._hold()
        if threading.current_thread() is threading.main_thread():
            for name, handler in (("SIGTERM", _end), ("SIGHUP", _end), ("SIGTSTP", self._stop)):
                # Stopped is what has keys: without them the shell does it all.
                if hasattr(signal, name) and (name != "SIGTSTP" or self._fd is not None):
                    number = getattr(signal, name)
                    self._handlers[number] = signal.signal(number, handler)
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._release()

    def pressed(self) -> str:
        """What was pressed since it was last asked; nothing of arrows and other keys that send a sequence."""
        if self._fd is None:
            return ""
        try:
            data = os.read(self._fd, READ_BYTES)
        except OSError:
            data = b""
        if not data:
            # The terminal has gone.
            self._fd = None
            return END_OF_INPUT
        return SEQUENCE.sub("", data.decode("utf-8", "replace"))

    def _hold(self) -> None:
        """One key at a time and no echo; Ctrl-C and Ctrl-Z keep their meaning."""
        if self._fd is None:
            return
        import termios

        self._before = termios.tcgetattr(self._fd)
        held = termios.tcgetattr(self._fd)
        held[3] &= ~(termios.ICANON | termios.ECHO)
        held[6][termios.VMIN], held[6][termios.VTIME] = 1, 0
        termios.tcsetattr(self._fd, termios.TCSADRAIN, held)

    def _release(self) -> None:
        if self._before is None or self._fd is None:
            return
        import termios

        before, self._before = self._before, None
        with suppress(termios.error, OSError):
            termios.tcsetattr(self._fd, termios.TCSADRAIN, before)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """Ctrl-Z: give the terminal back, stop, and take it again when the program goes on."""
        self._release()
        os.kill(os.getpid(), signal.SIGSTOP)
        if self._fd is not None and not _is_in_front(self._fd):
            self._fd = None
        self._hold()


def _terminal_of(stream: TextIO) -> int | None:
    try:
        fd = stream.fileno()
        return fd if os.isatty(fd) and _is_in_front(fd) else None
    except (AttributeError, OSError, ValueError):
        return None


def _is_in_front(fd: int) -> bool:
    """Whether the terminal is this program's: one in the background would be stopped for touching it."""
    try:
        return hasattr(os, "tcgetpgrp") and os.tcgetpgrp(fd) == os.getpgrp()
    except OSError:
        return False


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
