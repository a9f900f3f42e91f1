"""Runs a Python program as a user without privilege, from a test that runs as root.

`python tests/hostile/as_user.py UID PROGRAM ARGUMENTS...`. Where the interpreter or this project is below a
folder that only root may enter, this process gets a view of its own of the file system in which that folder
holds these and nothing else. Nothing changes for any other process.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from grader.sandbox.inside.isolation import kernel  # noqa: E402


def closed_folder(path: Path) -> Path | None:
    """The first folder on the way that others may not enter."""
    return next((folder for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001), None)


def open_up(paths: set[Path]) -> None:
    """Show folders at their own places to everybody, in this process's view only."""
    closed = {path: folder for path in paths if (folder := closed_folder(path))}
    if not closed:
        return
    kernel.unshare(kernel.NEWNS)
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    # Before they are covered, and of this view: another's cannot be bound.
    inside = {path: os.open(path, os.O_PATH) for path in closed}
    for folder in set(closed.values()):
        kernel.mount("tmpfs", str(folder), "tmpfs", 0, "mode=0755")
    for path, place in inside.items():
        path.mkdir(parents=True, exist_ok=True)
        kernel.mount(f"/proc/self/fd/{place}", str(path), None, kernel.MS_BIND)
        os.close(place)


def outermost(paths: set[Path]) -> set[Path]:
    """The paths that are below none of the others."""
    return {path for path in paths if not any(other in path.parents for other in paths)}


def main() -> None:
    """Become the user and the program."""
    uid = int(sys.argv[1])
    open_up(outermost({Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), PROJECT}))
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    os.environ.update(PYTHONDONTWRITEBYTECODE="1", HOME="/nonexistent")
    os.execv(sys.executable, [sys.executable, *sys.argv[2:]])


if __name__ == "__main__":
    main()
