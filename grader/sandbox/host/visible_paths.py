"""Which files an answer can see: what an import may need, and no copy of the grader.

Every copy of its packages, wherever it lies, holds what is right.
"""

from __future__ import annotations

import functools
import glob
import importlib.util
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

LIBRARIES = ("numpy", "sympy", "mpmath", "scipy")
"""Where these are installed an answer may import from."""

SYSTEM_PATHS = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache")
"""Where shared libraries are: an import may load one. The same on Debian, Fedora, Arch and Alpine."""

DEVICES = ("/dev/urandom", "/dev/null")
"""PyTorch does not start without the first, which gives no more than getrandom, which is allowed anyway; into
the second answers print what they do not want to see."""

GRADER_PACKAGES = ("grader", "reference", "exercises")

DISTRIBUTION = "rnngrade"
"""Wheels, zip applications and notes of an installation begin with it; the notes say where a checkout is."""

PACKAGE_FOLDERS = ("*-packages", "python*/*-packages", "*/python*/*-packages", "*/lib/python*/*-packages")
"""Below a folder of libraries: what is installed for some Python, by pip, Debian, conda or venv."""


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


def hidden_paths(readable: Iterable[str], libraries: Iterable[str]) -> list[str]:
    """What an answer must not see of what it may read: copies, and what is installed for other Pythons.

    Args:
        readable: Files and folders that an answer may read.
        libraries: Folders from which it may import.
    """
    own = set(map(os.path.realpath, libraries))
    others = (path for path in package_folders(roots(readable)) if path not in own)
    return [*known_copies(readable, own), *others]


def known_copies(readable: Iterable[str], libraries: Iterable[str]) -> list[str]:
    """Folders and archives of the grader, wherever an import could find them or a checkout may lie.

    That is: what this process runs, each entry of `sys.path`, the folders of libraries, and those below them
    that hold packages or could be a checkout.
    """
    below = (os.path.join(root, name) for root in roots(readable) for name in names_in(root))
    on_the_path = (entry or os.curdir for entry in sys.path)
    places = [*libraries, *package_folders(roots(readable)), *roots(readable), *on_the_path]
    checkouts = (os.path.join(folder, name) for folder in below for name in GRADER_PACKAGES)
    archives = (entry for entry in sys.path if os.path.isfile(entry))
    found = [*running(), *archives, *filter(os.path.isdir, checkouts)]
    found += [copy for place in dict.fromkeys(places) for copy in copies_in(place)]
    return list(dict.fromkeys(map(os.path.realpath, found)))


def running() -> Iterator[str]:
    """The packages that this process runs or would import: also where an editable install has a finder."""
    for name in GRADER_PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is not None:
            yield from spec.submodule_search_locations or ()


def copies_in(folder: str) -> Iterator[str]:
    """What in a folder is the grader's by its name."""
    for name in names_in(folder):
        if name in GRADER_PACKAGES or DISTRIBUTION in name.lower():
            yield os.path.join(folder, name)


def names_in(folder: str) -> list[str]:
    """What is in a folder; nothing where it cannot be listed: an answer could not list it either."""
    try:
        return os.listdir(folder)
    except OSError:
        return []


def roots(readable: Iterable[str]) -> tuple[str, ...]:
    """The folders among what may be read, each once."""
    return tuple(dict.fromkeys(os.path.realpath(path) for path in readable if os.path.isdir(path)))


@functools.cache
def package_folders(roots: tuple[str, ...]) -> tuple[str, ...]:
    """Folders of installed packages below folders of libraries."""
    found = (
        os.path.realpath(os.path.join(root, path))
        for root in roots
        for pattern in PACKAGE_FOLDERS
        for path in glob.iglob(pattern, root_dir=root)
    )
    return tuple(dict.fromkeys(filter(os.path.isdir, found)))
