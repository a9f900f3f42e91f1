"""How the loader is told which check kinds there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grader.model.kind import Kind


@dataclass(frozen=True)
class Kinds:
    """The check kinds that an exercise file may name.

    Handed in by the caller, so that reading exercise files does not depend on any check.

    Args:
        names: All of them; listing imports none.
        find: The check of a listed name, imported when asked for.
    """

    names: tuple[str, ...]
    find: Callable[[str], Kind[Any]]
