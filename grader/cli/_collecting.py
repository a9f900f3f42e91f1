"""How often Python's garbage collector looks while a class is marked."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

COLLECT_AFTER = 5000
"""New objects after which it looks: about the reference cycles that one transaction leaves behind."""


@contextmanager
def collecting_often() -> Iterator[None]:
    """Meanwhile what marking leaves behind is freed at once, so that memory does not grow with the class.

    What is loaded is not looked through for that. Afterwards all is as before: the process need not end.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
