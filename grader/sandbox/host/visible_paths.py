"""Which files an answer can see: what an import may need, and no copy of the grader.

Every copy of its packages, wherever it lies, holds what is right.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator

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


def library_folders() -> list[str]:
    """The folders beside the standard library from which an answer may import; nothing is imported here."""
    folders: list[str] = []
    for name in LIBRARIES:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            folder = os.path.dirname(os.path.dirname(spec.origin))
            if folder not in folders and folder != os.path.dirname(os.__file__):
                folders.append(folder)
    return folders


def library_paths() -> list[str]:
    """Every file, folder and device that an import may need to read."""
    below_base = os.path.join(sys.base_prefix, "lib")
    standard = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), below_base]
    paths = dict.fromkeys([*standard, *library_folders(), *SYSTEM_PATHS, *DEVICES])
    return [path for path in paths if os.path.exists(path)]


def hidden_paths(copies: Iterable[str], readable: Iterable[str], libraries: Iterable[str]) -> list[str]:
    """What an answer must not see of what it may read: copies, and what is installed for other Pythons.

    Args:
        copies: As `known_copies` finds them.
        readable: Files and folders that an answer may read.
        libraries: Folders from which it may import.
    """
    own = set(map(os.path.realpath, libraries))
    return [*copies, *(path for path in package_folders(roots(readable)) if path not in own)]


def known_copies(readable: Iterable[str], libraries: Iterable[str]) -> list[str]:
    """Folders and archives of the grader, wherever an import could find them or a checkout may lie.

    That is: what this process runs, each entry of `sys.path`, the folders of libraries, and those below them
    that hold packages or could be a checkout.
    """
    below = (folder.path for root in roots(readable) for folder in folders_in(root))
    on_the_path = (entry or os.curdir for entry in sys.path)
    places = [*libraries, *package_folders(roots(readable)), *roots(readable), *on_the_path]
    checkouts = (f"{folder}/{name}" for folder in below for name in GRADER_PACKAGES)
    archives = (entry for entry in sys.path if os.path.isfile(entry))
    found = [*running(), *archives, *filter(is_folder_there, checkouts)]
    found += [copy for place in dict.fromkeys(places) for copy in copies_in(place)]
    return list(dict.fromkeys(map(os.path.realpath, found)))


def is_folder_there(path: str) -> bool:
    """Whether it is a folder; where nothing is, as nearly always, `isdir` alone takes twice as long."""
    return os.access(path, os.F_OK) and os.path.isdir(path)


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
    """Folders of packages below folders of libraries: by pip, Debian, conda or venv, for some Python."""
    found = (os.path.realpath(path) for root in roots for path in packages_below(root))
    return tuple(dict.fromkeys(found))


def packages_below(root: str) -> Iterator[str]:
    """*-packages, python*/*-packages, */python*/*-packages and */lib/python*/*-packages.

    `glob` takes three times as long, which every answer with code waits for.
    """
    yield from packages_in(root)
    for folder in folders_in(root):
        yield from packages_in(folder.path) if folder.name.startswith("python") else ()
        # Not all that begins with lib: shared libraries are often links, and each would be looked up.
        for below in folders_in(folder.path, "python", or_named="lib"):
            yield from packages_in(below.path) if below.name.startswith("python") else ()
            if below.name == "lib":
                for python in folders_in(below.path, "python"):
                    yield from packages_in(python.path)


def packages_in(folder: str) -> Iterator[str]:
    """The folders of packages right in this one."""
    return (entry.path for entry in folders_in(folder) if entry.name.endswith("-packages"))


def folders_in(folder: str, start: str = "", *, or_named: str = "") -> list[os.DirEntry[str]]:
    """The folders in one, and links to such, whose names begin so; none where it cannot be listed.

    Args:
        folder: Where to look.
        start: With what their names begin.
        or_named: A name of which one is taken too.
    """
    try:
        with os.scandir(folder) as entries:
            named = [entry for entry in entries if (name := entry.name).startswith(start) or name == or_named]
    except OSError:
        return []
    return [entry for entry in named if is_folder(entry)]


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder or a link to one; a loop of links is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False
