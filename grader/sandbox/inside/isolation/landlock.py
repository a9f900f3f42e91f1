"""Landlock: isolation of files, network and signals for a process without privilege.

Source of all numbers: include/uapi/linux/landlock.h, Linux 6.18; docs.kernel.org/userspace-api/landlock.html.
"""

import ctypes
import os
from collections.abc import Iterable, Iterator

from .kernel import Step, syscall, syscall_step

CREATE_RULESET_VERSION = 1
RULE_PATH_BENEATH = 1

WRITE_FILE = 1 << 1
READ_FILE = 1 << 2
READ_DIR = 1 << 3
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REGULAR = 1 << 4, 1 << 5, 1 << 7, 1 << 8
REFER, TRUNCATE = 1 << 13, 1 << 14

READING = READ_FILE | READ_DIR
WRITING = WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REGULAR | REFER | TRUNCATE
"""Of regular files and folders: no links, pipes, sockets or devices can be made, and nothing executed."""

ONLY_FILES = WRITE_FILE | READ_FILE | TRUNCATE
"""What a rule for something that is no folder may hold."""

FS_RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15, 5: 16}
"""ABI from which on so many of the lowest bits are file rights: refer is the 14th, truncate, ioctl_dev."""

NET_ABI, NET_RIGHTS = 4, 0b11
"""bind and connect of TCP."""

SCOPE_ABI, SCOPES = 6, 0b11
"""Abstract Unix sockets and signals: only within."""


class RulesetAttributes(ctypes.Structure):
    """struct landlock_ruleset_attr."""

    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class PathBeneath(ctypes.Structure):
    """struct landlock_path_beneath_attr."""

    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def abi() -> int:
    """The kernel's Landlock version; 0 where it has none or it is switched off."""
    try:
        return syscall("landlock_create_ruleset", None, 0, CREATE_RULESET_VERSION)
    except OSError:
        return 0


def ruleset(readable: list[str], writable: list[str]) -> int:
    """A descriptor of the rules: what may be done with these paths; nothing may be done with any other.

    Args:
        readable: Files and folders that may be read.
        writable: Those in which files may be written as well.

    Raises:
        OSError: If the kernel refuses.
    """
    version = abi()
    bits = max((bits for since, bits in FS_RIGHTS_BY_ABI.items() if since <= version), default=0)
    attributes = RulesetAttributes(
        (1 << bits) - 1,
        NET_RIGHTS if version >= NET_ABI else 0,
        SCOPES if version >= SCOPE_ABI else 0,
    )
    # Older kernels know only the first fields; they refuse a larger size with bytes that are not zero.
    size = 24 if version >= SCOPE_ABI else 16 if version >= NET_ABI else 8
    rules = syscall("landlock_create_ruleset", ctypes.byref(attributes), size, 0)
    for path in readable:
        allow(rules, path, READING)
    for path in writable:
        allow(rules, path, (READING | WRITING) & attributes.handled_access_fs)
    return rules


def allow(rules: int, path: str, rights: int) -> None:
    """Give rights to a file, or to a folder and all below it."""
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        rule = PathBeneath(rights if os.path.isdir(path) else rights & ONLY_FILES, fd)
        syscall("landlock_add_rule", rules, RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(fd)


def restrict_step(rules: int) -> Step:
    """Putting the rules on this process, for good, made ready. Needs no_new_privs."""
    return syscall_step("landlock_restrict_self", rules, 0)


def without(root: str, hidden: Iterable[str]) -> list[str]:
    """The parts of a folder that hold nothing hidden: a rule for the whole would cover that too.

    A link is left out: a rule for it would be one for what it leads to, which has its own if it may be read.

    Args:
        root: A file or folder.
        hidden: Full paths.
    """
    return [] if os.path.islink(root) else parts(root, frozenset(hidden), frozenset(folders_above(hidden)))


def parts(root: str, hidden: frozenset[str], above: frozenset[str]) -> list[str]:
    """As `without`, of what is no link, with all folders that something hidden is in."""
    if root in hidden:
        return []
    if root not in above:
        return [root]
    with os.scandir(root) as entries:
        paths = sorted(entry.path for entry in entries if not entry.is_symlink())
    return [part for path in paths for part in parts(path, hidden, above)]


def folders_above(paths: Iterable[str]) -> Iterator[str]:
    """Every folder above any of the paths."""
    for path in paths:
        while path != os.path.dirname(path):
            path = os.path.dirname(path)
            yield path
