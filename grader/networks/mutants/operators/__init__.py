"""One file a family of mistakes; a module of this package with `OPERATORS` is known by being there.

An operator goes through the equations of a network and yields a mistake for every place where it can be
made. It knows no network by name.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import TypeAlias

from grader.networks.equations.network import Network
from grader.networks.mutants.mutant import Mutant

Operator: TypeAlias = Callable[[Network], Iterator[Mutant]]


def families() -> dict[str, tuple[Operator, ...]]:
    """The operators by the name of their family, always in the same order."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: importlib.import_module(f"{__name__}.{name}").OPERATORS for name in names}
