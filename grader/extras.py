"""Packages that only some commands need, and the command that installs them."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shlex
import sys
from collections.abc import Iterator

PACKAGE = "rnngrade"
OF_EXTRA = re.compile(r"(?P<needed>[^;]+?)\s*;\s*extra\s*==\s*['\"](?P<extra>[\w-]+)['\"]")
OWN = re.compile(rf"{PACKAGE}\[(?P<extras>[\w, -]+)\]")


def install_command(extra: str) -> str:
    """The command that adds the packages of an extra, to be typed in a shell.

    It names them, not rnngrade: that may be installed from a folder or a wheel, and a package index may have
    another project of the name.

    Args:
        extra: Of `[project.optional-dependencies]`.
    """
    python = shlex.quote(_shown(sys.executable))
    has_pip = importlib.util.find_spec("pip") is not None
    installer = f"{python} -m pip install" if has_pip else f"uv pip install --python {python}"
    return " ".join([installer, *map(shlex.quote, sorted(set(_needed(extra))))])


def _needed(extra: str) -> Iterator[str]:
    for line in importlib.metadata.requires(PACKAGE) or ():
        found = OF_EXTRA.fullmatch(line)
        if found is None or found["extra"] != extra:
            continue
        if own := OWN.fullmatch(found["needed"]):
            for other in own["extras"].split(","):
                yield from _needed(other.strip())
        else:
            yield found["needed"]


def _shown(path: str) -> str:
    """The path from the current folder where it leads into that, else as it is."""
    near = os.path.relpath(path)
    return path if near.startswith(os.pardir) else near
