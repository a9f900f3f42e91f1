"""An answer's own folder: empty, in memory, small; its working directory and home, gone with its process.

Each child mounts one in a mount namespace of its own, so that none ever sees another's, nor what is left
of it: number of files made, times. Source: tmpfs(5), mount_namespaces(7). Where nothing but limits holds an
answer it could write anywhere: there the zygote makes it a temporary folder, on the disk.
"""

import functools
import os
import shutil
import sys
import tempfile

from . import kernel

PARENT = "/answer"
"""Stands in the read-only tree and holds nothing else: a rule for it is one for what is mounted below."""

FOLDER = "/answer/home"

SIZE_MIB = 16
MOST_FILES = 1000
"""Files and folders."""


class State:
    """Whether this process has entered its folder."""

    is_there = False


def steps(user: int, group: int) -> tuple[kernel.Step, ...]:
    """Mounting the folder and going there, made ready; the system may refuse either.

    Args:
        user: Whose it is.
        group: As well.
    """
    options = f"mode=0700,size={SIZE_MIB}m,nr_inodes={MOST_FILES + 1},uid={user},gid={group}"
    flags = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    return (
        kernel.unshare_step(kernel.NEWNS),
        kernel.mount_step("tmpfs", FOLDER, "tmpfs", flags, options),
        functools.partial(os.chdir, FOLDER),
    )


def enter(steps: tuple[kernel.Step, ...]) -> None:
    """Mount the folder and go there; where the system refuses, the process has none.

    Args:
        steps: For that.
    """
    try:
        kernel.take(steps)
    except OSError:
        for name in HOME_IN:
            os.environ.pop(name, None)
        tempfile.tempdir = "/"
        return
    State.is_there = True
    sys.path.append(FOLDER)


HOME_IN = ("HOME", "TMPDIR")


def announce(folder: str) -> None:
    """Make a folder this process's home, and that of its children, before it is there for them."""
    os.environ.update(dict.fromkeys(HOME_IN, folder))
    tempfile.tempdir = folder


def settle_in(folder: str) -> None:
    """Go to a folder and make it this process's home."""
    os.chdir(folder)
    State.is_there = True
    announce(folder)
    sys.path.append(folder)


def make_temporary(place: str, user: int | None) -> str:
    """A new folder on the disk; "" where none can be made.

    Args:
        place: Where temporary files go on this machine.
        user: Whose it is to be, if not this process's.
    """
    try:
        folder = tempfile.mkdtemp(prefix="rnngrade-", dir=place)
        if user is not None:
            os.chown(folder, user, -1)
    except OSError:
        return ""
    return folder


def remove(folder: str) -> None:
    """Take a temporary folder away with all that is in it; what is behind links in it stays."""
    shutil.rmtree(folder, ignore_errors=True)
