"""The layouts that a class may come in: `LAYOUT` in `lms/<platform>/read.py`, found by name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.lms.listing import ClassContents
from grader.submissions.tree import Tree, TreeEntry

PLAIN = "plain"
# Any folder can be read as plain files, so every other layout that is recognised goes first.
PLAIN_SURENESS = 0.5
OWN_NAMES_SHARE = 0.25


@dataclass(frozen=True)
class Layout:
    """How a platform lays out a class.

    Args:
        title: What the layout is called in the announcement.
        read: From a folder of the class to its submissions, and the entries that are none.
        is_named: Whether an entry's name shows this layout; always False for a layout without such names.
        recognises: How surely a folder has this layout, from 0 to 1; if left out, the share of its entries
            whose names show it.
    """

    title: str
    read: Callable[[Tree, str], ClassContents]
    is_named: Callable[[TreeEntry], bool] = lambda entry: False
    recognises: Callable[[Tree, str], float] | None = None

    def sureness(self, tree: Tree, base: str, entries: Sequence[TreeEntry]) -> float:
        """How surely a folder has this layout, from 0 to 1.

        Where a good part of the names shows it, it is at least as sure as plain files. The entries with other
        names are then reported as lost, which is better than marks for students called like files.

        Args:
            tree: The class.
            base: The folder in it.
            entries: What in that folder may be submitted.
        """
        sure = None if self.recognises is None else self.recognises(tree, base)
        if sure == 0:
            return 0.0
        named = sum(map(self.is_named, entries))
        share = named / len(entries) if entries else 0.0
        sure = share if sure is None else sure
        return max(sure, PLAIN_SURENESS) if named and share >= OWN_NAMES_SHARE else sure


def platforms_with(file: str) -> tuple[str, ...]:
    """Names of the platforms that have a file, "read" or "write"; none is imported."""
    here = Path(__file__).parent
    names = (module.name for module in pkgutil.iter_modules([str(here)]) if module.ispkg)
    return tuple(sorted(name for name in names if (here / name / f"{file}.py").exists()))


def declared(platform: str, file: str, name: str) -> Any:
    """What a platform's file declares under a name; None where it does not."""
    return getattr(importlib.import_module(f"grader.lms.{platform}.{file}"), name, None)


def layout_names() -> tuple[str, ...]:
    """Names of all layouts; none is imported."""
    return platforms_with("read")


def find_layout(name: str) -> Layout:
    """A layout by its name, one of `layout_names()`.

    Raises:
        KeyError: If there is no such layout.
    """
    if name not in layout_names():
        raise KeyError(name)
    layout: Layout = declared(name, "read", "LAYOUT")
    return layout
