"""Memory while a class is marked: how much is free, and garbage collected early."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOOK_S = 0.05
"""Seconds between two looks: a program takes longer to fill its memory."""


def free_mib() -> int:
    """Memory that is free without swapping; 0 where the system does not say.

    Source: MemAvailable of /proc/meminfo, proc(5).
    """
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        (kib,) = (int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError):
        return 0
    return kib // 1024


class Reserve:
    """Memory that is to stay free.

    Args:
        mib: How much.
    """

    def __init__(self, mib: int) -> None:
        self._mib = mib
        self._looked = 0.0
        self._is_there = False

    def is_there(self) -> bool:
        """Whether it is free."""
        now = time.monotonic()
        if now - self._looked > LOOK_S:
            self._looked, self._is_there = now, free_mib() > self._mib
        return self._is_there


COLLECT_AFTER = 5000
"""New objects after which it looks: about the reference cycles that one transaction leaves behind."""


@contextmanager
def collecting_often() -> Iterator[None]:
    """Inside the block collect garbage often, so that memory does not grow with the class.

    Objects that exist already are not searched. Afterwards the collector's settings are as before.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
