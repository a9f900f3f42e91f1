"""The zygote's own world, made once: no other processes, no network, a read-only tree of libraries.

Sources: user_namespaces(7), pivot_root(2), mount_setattr(2).
"""

import ctypes
import os
import signal
import socket
import stat
from contextlib import suppress

from . import kernel, own_folder
from .limits import open_statm

MNT_DETACH = 2
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 0x1, 0x2, 0x4
AT_FDCWD, AT_RECURSIVE = -100, 0x8000

PIVOT = "/proc"
"""Where the new root is put together: a folder that every system has and no library lies in."""

HOST_NAME = "sandbox"

LAYERS = {
    "pid-namespace": kernel.NEWPID,
    "net-namespace": kernel.NEWNET,
    "ipc-namespace": kernel.NEWIPC,
    "uts-namespace": kernel.NEWUTS,
}
"""Namespaces that isolate as soon as they are entered; a mount namespace needs a tree as well."""


def enter_user_namespace(proc: int | None = None) -> None:
    """Become root of a namespace of one's own, as the same user: what a user without privilege may do.

    Args:
        proc: Descriptor of /proc, where that is out of sight.

    Raises:
        OSError: If the system does not allow it.
    """
    uid, gid = os.getuid(), os.getgid()
    kernel.unshare(kernel.NEWUSER)
    for name, content in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        with open(
            os.open(f"/proc/self/{name}" if proc is None else f"self/{name}", os.O_WRONLY, dir_fd=proc), "w"
        ) as file:
            file.write(content)


def enter(layers: list[str], readable: list[str], hidden: list[str]) -> int | None:
    """Enter the namespaces and return in a new process; the old one waits and ends with it.

    Args:
        layers: Names out of LAYERS, and "mount-namespace".
        readable: What the new tree holds, at the same paths.
        hidden: Files and folders in it that are empty.

    Returns:
        As `limits.open_statm`: afterwards there is no /proc.

    Raises:
        OSError: If the system does not allow it.
    """
    flags = sum(LAYERS[name] for name in layers if name in LAYERS)
    kernel.unshare(flags | kernel.NEWNS)
    if "uts-namespace" in layers:
        socket.sethostname(HOST_NAME)
    if "pid-namespace" in layers:
        become_first_process()
    statm = open_statm()
    if "mount-namespace" in layers:
        make_tree(readable, hidden)
    return statm


def enter_again(layers: list[str]) -> None:
    """Enter new namespaces of those sorts that this process has its own of; what it sees of files stays.

    Args:
        layers: Names; others than in LAYERS are passed over.

    Raises:
        OSError: If the system does not allow it.
    """
    flags = sum(flag for name, flag in LAYERS.items() if name in layers)
    if flags:
        kernel.unshare(flags)
    if "uts-namespace" in layers:
        socket.sethostname(HOST_NAME)
    if "pid-namespace" in layers:
        become_first_process()


def become_first_process() -> None:
    """Fork: the child is process 1 of the new namespace, and when it ends all others in it are killed."""
    pid = os.fork()
    if pid == 0:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        return
    os.closerange(0, 256)
    _, status = os.waitpid(pid, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def make_tree(readable: list[str], hidden: list[str]) -> None:
    """Leave the machine's files behind for a read-only tree that has only these paths."""
    devices = [path for path in readable if is_device(path)]
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("tmpfs", PIVOT, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=0755,size=1m")
    bound: list[str] = []
    for path in sorted(readable, key=len):
        if not any(path == done or path.startswith(done + "/") for done in bound):
            bind(path)
            bound.append(path)
    hide(hidden)
    if not os.path.lexists(PIVOT + own_folder.PARENT):
        os.makedirs(PIVOT + own_folder.FOLDER)
    os.chdir(PIVOT)
    # Both at the same place: the old root lands on top of the new one, and is taken away at once.
    here = ctypes.c_char_p(b".")
    kernel.syscall("pivot_root", here, here)
    kernel.unmount(".", MNT_DETACH)
    os.chdir("/")
    set_mount_attributes("/", MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, flags=AT_RECURSIVE)
    for path in devices:
        # Where the machine's own /dev allows none, the device cannot be opened, and nothing else is lost.
        with suppress(OSError):
            set_mount_attributes(path, cleared=MOUNT_ATTR_NODEV)


def hide(hidden: list[str]) -> None:
    """Cover what is in the new tree and must not be seen; the outermost first, which covers what is in it."""
    empty = PIVOT + "/empty"
    open(empty, "w").close()
    for path in sorted(hidden, key=len):
        if os.path.isdir(PIVOT + path):
            kernel.mount(
                "tmpfs", PIVOT + path, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=0555,size=4k"
            )
        elif os.path.exists(PIVOT + path):
            kernel.mount(empty, PIVOT + path, None, kernel.MS_BIND)


def bind(path: str) -> None:
    """Show a file or folder in the new tree; a link is made again and what it leads to is shown."""
    real = os.path.realpath(path)
    target = PIVOT + real
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.isdir(real):
        os.makedirs(target, exist_ok=True)
    else:
        open(target, "w").close()
    kernel.mount(real, target, None, kernel.MS_BIND | kernel.MS_REC)
    if real != path and not os.path.lexists(PIVOT + path):
        os.makedirs(os.path.dirname(PIVOT + path), exist_ok=True)
        os.symlink(real, PIVOT + path)


class MountAttributes(ctypes.Structure):
    """struct mount_attr."""

    _fields_ = (
        ("attr_set", ctypes.c_uint64),
        ("attr_clr", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("userns_fd", ctypes.c_uint64),
    )


def set_mount_attributes(path: str, attributes: int = 0, cleared: int = 0, flags: int = 0) -> None:
    """Set and clear attributes of the mount at a path; with AT_RECURSIVE also of those below it."""
    change = MountAttributes(attributes, cleared)
    at = ctypes.c_char_p(path.encode())
    kernel.syscall("mount_setattr", AT_FDCWD, at, flags, ctypes.byref(change), ctypes.sizeof(change))


def is_device(path: str) -> bool:
    """Whether it is a character device."""
    return stat.S_ISCHR(os.stat(path).st_mode)
