"""What an answer may import: what is installed and its own files, never the grader's packages."""

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from .faults import GRADER_PACKAGES, Forbidden
from .stand_ins import find_stand_in


class Guard(MetaPathFinder):
    """Refuses the grader's packages, and finds the answer's own files under their stems.

    Only a clear message: what keeps the grader's files away from a determined reader is the file system.

    Args:
        load: Runs an answer file's code in the module it is given.
        own: File names by module name.
    """

    def __init__(self, own: dict[str, str], load: Any) -> None:
        self.own = own
        self.loader = OwnLoader(own, load)

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Part of the import protocol."""
        if fullname.partition(".")[0] in GRADER_PACKAGES:
            raise Forbidden(f"an answer cannot import {fullname}", name=fullname)
        if fullname in self.own:
            return ModuleSpec(fullname, self.loader)
        return find_stand_in(fullname)


class OwnLoader(Loader):
    """Loads one of the answer's own files as a module."""

    def __init__(self, own: dict[str, str], load: Any) -> None:
        self.own = own
        self.load = load

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Part of the import protocol."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Part of the import protocol."""
        self.load(self.own[module.__name__], module)


def module_name(file_name: str) -> str:
    """The stem where it can be imported and hides nothing; "answer" for all others."""
    stem = file_name.rpartition("/")[2].rpartition(".")[0]
    taken = stem in sys.stdlib_module_names or stem in sys.modules or stem in GRADER_PACKAGES
    return stem if stem.isidentifier() and not taken else "answer"
