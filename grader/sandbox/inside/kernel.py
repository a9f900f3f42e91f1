"""The kernel's calls that Python's standard library does not offer, through ctypes."""

import ctypes
import os
import platform

from .syscalls import number

MACHINE = platform.machine()

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.syscall.restype = ctypes.c_long
_LIBC.mount.argtypes = [ctypes.c_char_p] * 3 + [ctypes.c_ulong, ctypes.c_char_p]

# include/uapi/linux/prctl.h
PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38

# include/uapi/linux/capability.h
CAPABILITY_VERSION_3 = 0x20080522


class Unsupported(OSError):
    """This machine's kernel or architecture does not have the call."""


def done(result: int, what: str) -> int:
    """The result of a C function, or its error.

    Raises:
        OSError: With `what` in its text.
    """
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def syscall(name: str, *args: object) -> int:
    """A system call by name.

    Raises:
        Unsupported: If its number is not known for this architecture.
        OSError: If the kernel refuses.
    """
    call = number(name, MACHINE)
    if call is None:
        raise Unsupported(f"no {name} on {MACHINE}")
    # Pointers, sizes and flags are passed as longs: ctypes would pass a bare int as 32 bits.
    longs = [ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args]
    return done(_LIBC.syscall(ctypes.c_long(call), *longs), name)


def prctl(option: int, value: int) -> None:
    """Set a property of this process; all further arguments are 0."""
    done(_LIBC.prctl(option, ctypes.c_ulong(value), *[ctypes.c_ulong(0)] * 3), "prctl")


def unshare(flags: int) -> None:
    """Leave namespaces for new ones."""
    done(_LIBC.unshare(ctypes.c_int(flags)), "unshare")


def mount(source: str, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    """Attach a file system or bind a folder."""
    words = [word.encode() if word is not None else None for word in (source, target, kind, options)]
    done(_LIBC.mount(words[0], words[1], words[2], flags, words[3]), f"mount {target}")


def unmount(target: str, flags: int) -> None:
    """Take a file system away."""
    done(_LIBC.umount2(target.encode(), ctypes.c_int(flags)), f"umount {target}")


def drop_capabilities() -> None:
    """Give up every capability: in a user namespace of its own a process starts with all of them."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    syscall("capset", ctypes.byref(header), ctypes.byref(nothing))
