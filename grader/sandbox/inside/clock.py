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
VALUES_AT_START = list(BUILTINS.values())


ANY_EXCEPTION = BaseException


def restore_builtins() -> None:
    """Take back what an answer has done to built-in functions; none of them is used here."""
    try:
        # Most calls change nothing, and to see that takes a third as long as to set them. Of two lists those
        # in the same place are first looked at for being the same thing, and the lengths before them. What
        # is put there and calls itself equal to all stays, and costs only the answer that did so.
        if [*BUILTINS.values()] == VALUES_AT_START:
            return
    except ANY_EXCEPTION:  # something of the student's stands there, and raises when it is compared
        pass
    BUILTINS.update(BUILTINS_AT_START)


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
    VALUES_AT_START[:] = BUILTINS.values()

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
        restore_builtins()
