"""Which files an answer needs to import what is installed."""

from __future__ import annotations

import importlib.util
import os
import sys
import sysconfig
from pathlib import Path

LIBRARIES = ("numpy", "sympy", "mpmath", "scipy")
"""Where these are installed an answer may import from."""

SYSTEM_PATHS = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache")
"""Where shared libraries are: an import may load one. The same on Debian, Fedora, Arch and Alpine."""

DEVICES = ("/dev/urandom", "/dev/null")
"""PyTorch does not start without the first, which tells no more than getrandom, which is allowed anyway; into
the second answers print what they do not want to see."""


def library_folders() -> list[str]:
    """The folders beside the standard library from which an answer may import; nothing is imported here."""
    folders: list[str] = []
    for name in LIBRARIES:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            folder = str(Path(spec.origin).parent.parent)
            if folder not in folders and folder != os.path.dirname(os.__file__):
                folders.append(folder)
    return folders


def library_paths() -> list[str]:
    """Every file, folder and device that an import may need to read."""
    base = Path(sys.base_prefix)
    standard = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), str(base / "lib")]
    paths = dict.fromkeys([*standard, *library_folders(), *SYSTEM_PATHS, *DEVICES])
    return [path for path in paths if os.path.exists(path)]
