"""The layouts that a class may come in: one file each, found by name.

A preset is a module with `TITLE` (for the announcement), `recognises(tree, base)` (from 0, not this
layout, to 1, certainly), `is_named(entry)`, whether it alone names entries so, and `read(tree, base)`,
which gives what it found.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Protocol, cast

from grader.lms.found import Found
from grader.submissions.tree import Tree, TreeEntry


class Preset(Protocol):
    """What a preset's module has."""

    TITLE: str

    def recognises(self, tree: Tree, base: str) -> float:
        """How surely this is the layout, from 0 to 1; below a half it is not taken.

        Args:
            tree: The class folder.
            base: Where in it to look.
        """

    def is_named(self, entry: TreeEntry) -> bool:
        """Whether hardly anything but this layout names an entry so; never, where names do not tell.

        Args:
            entry: In the folder where the layout begins.
        """

    def read(self, tree: Tree, base: str) -> Found:
        """All hand-ins, and everything else by name.

        Args:
            tree: The class folder.
            base: Where in it to look.
        """


def preset_names() -> tuple[str, ...]:
    """Names of all presets; none is imported."""
    here = Path(__file__).parent
    names = (module.name for module in pkgutil.iter_modules([str(here)]) if module.ispkg)
    return tuple(sorted(name for name in names if (here / name / "read.py").exists()))


def find_preset(name: str) -> Preset:
    """A preset by its name.

    Args:
        name: One of `preset_names()`.

    Raises:
        KeyError: If there is no such preset.
    """
    if name not in preset_names():
        raise KeyError(name)
    return cast(Preset, importlib.import_module(f"grader.lms.{name}.read"))
