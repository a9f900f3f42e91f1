"""The kernel's calls that Python's standard library does not offer, through ctypes, and their numbers.

Sources of the numbers, Linux 6.18. x86-64: arch/x86/entry/syscalls/syscall_64.tbl; aarch64:
include/uapi/asm-generic/unistd.h.
"""

import ctypes
import functools
import os
from collections.abc import Callable, Iterable
from typing import NamedTuple

MACHINE = os.uname().machine

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.syscall.restype = ctypes.c_long
_LIBC.mount.argtypes = [ctypes.c_char_p] * 3 + [ctypes.c_ulong, ctypes.c_char_p]

# include/uapi/linux/prctl.h
PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38

# include/uapi/linux/sched.h
NEWNS, NEWUTS, NEWIPC = 0x00020000, 0x04000000, 0x08000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000

# include/uapi/linux/mount.h
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x8, 0x1000, 0x4000, 0x40000

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


Step = Callable[[], object]
"""A call with all its arguments made ready, so that a child only has to make it: -1 if it is refused."""


def take(steps: Iterable[Step]) -> None:
    """Make calls that were made ready.

    Raises:
        OSError: At the first that the kernel refuses.
    """
    for step in steps:
        if step() == -1:
            code = ctypes.get_errno()
            raise OSError(code, f"a step into the sandbox: {os.strerror(code)}")


def syscall_step(name: str, *args: object) -> Step:
    """A system call by name, made ready.

    Raises:
        Unsupported: If its number is not known for this architecture.
    """
    call = number(name, MACHINE)
    if call is None:
        raise Unsupported(f"no {name} on {MACHINE}")
    # Pointers, sizes and flags are passed as longs: ctypes would pass a bare int as 32 bits.
    longs = [ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args]
    return functools.partial(_LIBC.syscall, ctypes.c_long(call), *longs)


def syscall(name: str, *args: object) -> int:
    """A system call by name.

    Raises:
        Unsupported: If its number is not known for this architecture.
        OSError: If the kernel refuses.
    """
    result = syscall_step(name, *args)()
    assert isinstance(result, int)
    return done(result, name)


def prctl_step(option: int, value: int) -> Step:
    """Setting a property of this process, made ready; all further arguments are 0."""
    return functools.partial(
        _LIBC.prctl, ctypes.c_int(option), ctypes.c_ulong(value), *[ctypes.c_ulong(0)] * 3
    )


def prctl(option: int, value: int) -> None:
    """Set a property of this process; all further arguments are 0."""
    done(_LIBC.prctl(option, ctypes.c_ulong(value), *[ctypes.c_ulong(0)] * 3), "prctl")


def unshare_step(flags: int) -> Step:
    """Leaving namespaces for new ones, made ready."""
    return functools.partial(_LIBC.unshare, ctypes.c_int(flags))


def unshare(flags: int) -> None:
    """Leave namespaces for new ones."""
    done(_LIBC.unshare(ctypes.c_int(flags)), "unshare")


def mount_step(source: str, target: str, kind: str | None, flags: int, options: str | None = None) -> Step:
    """Attaching a file system or binding a folder, made ready."""
    texts = [text.encode() if text is not None else None for text in (source, target, kind, options)]
    return functools.partial(_LIBC.mount, *texts[:3], flags, texts[3])


def mount(source: str, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    """Attach a file system or bind a folder."""
    result = mount_step(source, target, kind, flags, options)()
    assert isinstance(result, int)
    done(result, f"mount {target}")


def unmount(target: str, flags: int) -> None:
    """Take a file system away."""
    done(_LIBC.umount2(target.encode(), ctypes.c_int(flags)), f"umount {target}")


def capabilities_step() -> Step:
    """Giving up every capability, made ready."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    return syscall_step("capset", ctypes.byref(header), ctypes.byref(nothing))


def drop_capabilities() -> None:
    """Give up every capability: in a user namespace of its own a process starts with all of them."""
    take([capabilities_step()])


class Numbers(NamedTuple):
    """One call's number on each architecture; None where that does not have the call."""

    x86_64: int | None
    aarch64: int | None


SYSCALLS: dict[str, Numbers] = {
    "access": Numbers(21, None),
    "alarm": Numbers(37, None),
    "arch_prctl": Numbers(158, None),
    "brk": Numbers(12, 214),
    "capset": Numbers(126, 91),
    "chdir": Numbers(80, 49),
    "clock_getres": Numbers(229, 114),
    "clock_gettime": Numbers(228, 113),
    "clock_nanosleep": Numbers(230, 115),
    "clone": Numbers(56, 220),
    "clone3": Numbers(435, 435),
    "close": Numbers(3, 57),
    "dup": Numbers(32, 23),
    "dup2": Numbers(33, None),
    "dup3": Numbers(292, 24),
    "exit": Numbers(60, 93),
    "exit_group": Numbers(231, 94),
    "faccessat": Numbers(269, 48),
    "faccessat2": Numbers(439, 439),
    "fchdir": Numbers(81, 50),
    "fcntl": Numbers(72, 25),
    "fdatasync": Numbers(75, 83),
    "fstat": Numbers(5, 80),
    "fsync": Numbers(74, 82),
    "ftruncate": Numbers(77, 46),
    "futex": Numbers(202, 98),
    "getcpu": Numbers(309, 168),
    "getcwd": Numbers(79, 17),
    "getdents64": Numbers(217, 61),
    "getegid": Numbers(108, 177),
    "geteuid": Numbers(107, 175),
    "getgid": Numbers(104, 176),
    "getgroups": Numbers(115, 158),
    "getitimer": Numbers(36, 102),
    "getpgrp": Numbers(111, None),
    "getpid": Numbers(39, 172),
    "getppid": Numbers(110, 173),
    "getrandom": Numbers(318, 278),
    "getrlimit": Numbers(97, 163),
    "getrusage": Numbers(98, 165),
    "gettid": Numbers(186, 178),
    "gettimeofday": Numbers(96, 169),
    "getuid": Numbers(102, 174),
    "ioctl": Numbers(16, 29),
    "landlock_add_rule": Numbers(445, 445),
    "landlock_create_ruleset": Numbers(444, 444),
    "landlock_restrict_self": Numbers(446, 446),
    "lseek": Numbers(8, 62),
    "lstat": Numbers(6, None),
    "madvise": Numbers(28, 233),
    "membarrier": Numbers(324, 283),
    "mkdir": Numbers(83, None),
    "mkdirat": Numbers(258, 34),
    "mmap": Numbers(9, 222),
    "mount_setattr": Numbers(442, 442),
    "mprotect": Numbers(10, 226),
    "mremap": Numbers(25, 216),
    "msync": Numbers(26, 227),
    "munmap": Numbers(11, 215),
    "nanosleep": Numbers(35, 101),
    "newfstatat": Numbers(262, 79),
    "open": Numbers(2, None),
    "openat": Numbers(257, 56),
    "openat2": Numbers(437, 437),
    "pause": Numbers(34, None),
    "pivot_root": Numbers(155, 41),
    "poll": Numbers(7, None),
    "ppoll": Numbers(271, 73),
    "pread64": Numbers(17, 67),
    "prlimit64": Numbers(302, 261),
    "pselect6": Numbers(270, 72),
    "ptrace": Numbers(101, 117),
    "read": Numbers(0, 63),
    "readlink": Numbers(89, None),
    "readlinkat": Numbers(267, 78),
    "readv": Numbers(19, 65),
    "rename": Numbers(82, None),
    "renameat": Numbers(264, 38),
    "restart_syscall": Numbers(219, 128),
    "rmdir": Numbers(84, None),
    "rseq": Numbers(334, 293),
    "rt_sigaction": Numbers(13, 134),
    "rt_sigpending": Numbers(127, 136),
    "rt_sigprocmask": Numbers(14, 135),
    "rt_sigreturn": Numbers(15, 139),
    "rt_sigsuspend": Numbers(130, 133),
    "sched_getaffinity": Numbers(204, 123),
    "sched_yield": Numbers(24, 124),
    "seccomp": Numbers(317, 277),
    "select": Numbers(23, None),
    "set_robust_list": Numbers(273, 99),
    "set_tid_address": Numbers(218, 96),
    "setitimer": Numbers(38, 103),
    "sigaltstack": Numbers(131, 132),
    "stat": Numbers(4, None),
    "statx": Numbers(332, 291),
    "sysinfo": Numbers(99, 179),
    "time": Numbers(201, None),
    "times": Numbers(100, 153),
    "umask": Numbers(95, 166),
    "uname": Numbers(63, 160),
    "unlink": Numbers(87, None),
    "unlinkat": Numbers(263, 35),
    "write": Numbers(1, 64),
    "writev": Numbers(20, 66),
}


def number(name: str, machine: str) -> int | None:
    """A call's number on a machine (`os.uname().machine`); None where it has none."""
    found: int | None = getattr(SYSCALLS[name], machine, None)
    return found
