"""What a student's code runs under: the gentle CPU limit, and built-in functions that no answer can replace.

The limit is an exception in the student's own code, so that what came before it is kept. Code that catches
it, or never returns to the interpreter, meets the hard limit outside.
"""

import builtins
import signal
import sys
from types import FrameType

BUILTINS = vars(builtins)
BUILTINS_AT_START = dict(BUILTINS)


def nothing(*args: object, **kwargs: object) -> None:
    """Takes the place of `help` and its like: nobody reads what they would show."""


FOR_PEOPLE = {"exit": sys.exit, "quit": sys.exit} | dict.fromkeys(
    ("help", "copyright", "credits", "license"), nothing
)
"""What Python's `site` adds to the built-in functions for people at a prompt; here `site` is not loaded."""


class TooLong(BaseException):
    """The CPU limit was reached. Not an `Exception`: `except Exception` must not stop it."""


class _Alarm:
    armed = False


REPEAT_S = 0.2
"""An exception raised inside a destructor or callback is dropped by the interpreter: raise it again."""


def install() -> None:
    """Make SIGPROF raise `TooLong` while a `Limited` block is open, and add the functions for people."""
    BUILTINS.update(FOR_PEOPLE)
    BUILTINS_AT_START.update(FOR_PEOPLE)

    def ring(number: int, frame: FrameType | None) -> None:
        if _Alarm.armed:
            raise TooLong

    signal.signal(signal.SIGPROF, ring)


class Limited:
    """A block in which student's code runs: raises `TooLong` in it after so much CPU time of the process.

    Afterwards the built-in functions are what they were: an answer that has put its own `len` in their
    place must not break what reads it.

    Args:
        seconds: CPU seconds.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        _Alarm.armed = True
        signal.setitimer(signal.ITIMER_PROF, self.seconds, REPEAT_S)

    def __exit__(self, *error: object) -> None:
        _Alarm.armed = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        BUILTINS.update(BUILTINS_AT_START)
