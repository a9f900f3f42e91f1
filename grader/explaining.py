"""Explaining a mark must never change it: where the search for an explanation fails, the mark stands.

The failure is kept for staff, and logged under `LOGGER`, to which nobody need listen. Used by everything that
looks for a known mistake, a counterexample or a clue after the mark is known.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple, TypeVar

T = TypeVar("T")

LOGGER = "rnngrade.explaining"

FRAMES = -6
"""The last frames of a traceback: where it failed, not how it came there."""


class Failure(NamedTuple):
    """What a search for an explanation failed with.

    Args:
        line: The exception, in one line.
        traceback: With where it came from, for staff.
    """

    line: str
    traceback: str


_failures: ContextVar[list[Failure] | None] = ContextVar("failures", default=None)


@contextmanager
def keeping_failures() -> Iterator[list[Failure]]:
    """Collect the failures of all `explained` calls inside the block."""
    failures: list[Failure] = []
    before = _failures.set(failures)
    try:
        yield failures
    finally:
        _failures.reset(before)


def explained(explain: Callable[[], T]) -> T | None:
    """What `explain` finds about a decision that stands already; None where it failed.

    Args:
        explain: Looks for a mistake, a counterexample or a clue. Outside of `keeping_failures`, as in a test
            of it alone, its failure is raised.
    """
    try:
        return explain()
    except Exception as error:
        failures = _failures.get()
        if failures is None:
            raise
        line = traceback.format_exception_only(error)[-1].rstrip().rpartition("\n")[2]
        failures.append(Failure(line, traceback.format_exc(limit=FRAMES)))
        _log(failures[-1].traceback)
        return None


def _log(failure: str) -> None:
    import logging

    logger = logging.getLogger(LOGGER)
    # Where nothing listens, as on a student's terminal, nothing is to be written.
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    logger.error("an explanation failed: %s", failure)
