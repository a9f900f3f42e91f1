"""Steps 3, 5 and 6: one folder a kind of question, found by its name.

A kind is a folder of this package with a `KIND` in its `__init__.py` (see `grader.model.kind`), and
`diagnose.py` where wrong answers are explained. There is no list to keep: `kind = "shape"` in an exercise
file means `grader/kinds/shape/`.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from types import ModuleType
from typing import Any

from grader.model.kind import Kind


@functools.cache
def kind_names() -> tuple[str, ...]:
    """Names of all kinds of question; imports none of them. Kept, as each question of an exercise asks."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg))


def find_kind(name: str) -> Kind[Any]:
    """A kind by its name.

    Args:
        name: One of `kind_names()`; any other is refused, so that a file's text never chooses what is
            imported.

    Raises:
        KeyError: If there is no such kind.
    """
    if name not in kind_names():
        raise KeyError(name)
    found: Kind[Any] = importlib.import_module(f"{__name__}.{name}").KIND
    return found


@functools.cache
def part_of(kind: str, name: str) -> ModuleType | None:
    """A module in the folder of a kind, such as "diagnose"; None where the kind has none of that name.

    Args:
        kind: The kind's name.
        name: The module's.
    """
    package = importlib.import_module(f"{__name__}.{kind}")
    if name not in {module.name for module in pkgutil.iter_modules(package.__path__)}:
        return None
    return importlib.import_module(f"{package.__name__}.{name}")
