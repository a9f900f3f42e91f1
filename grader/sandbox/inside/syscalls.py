"""Numbers of system calls, by architecture. Data only.

Sources, Linux 6.18. x86-64: arch/x86/entry/syscalls/syscall_64.tbl; aarch64:
include/uapi/asm-generic/unistd.h.
A call that an architecture does not have is None.
"""

from typing import NamedTuple


class Numbers(NamedTuple):
    """One call's number on each architecture."""

    x86_64: int | None
    aarch64: int | None


SYSCALLS: dict[str, Numbers] = {
    "access": Numbers(21, None),
    "alarm": Numbers(37, None),
    "arch_prctl": Numbers(158, None),
    "brk": Numbers(12, 214),
    "capset": Numbers(126, 91),
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
    "fcntl": Numbers(72, 25),
    "fstat": Numbers(5, 80),
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
    "mmap": Numbers(9, 222),
    "mount_setattr": Numbers(442, 442),
    "mprotect": Numbers(10, 226),
    "mremap": Numbers(25, 216),
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
    "restart_syscall": Numbers(219, 128),
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
    "write": Numbers(1, 64),
    "writev": Numbers(20, 66),
}


def number(name: str, machine: str) -> int | None:
    """A call's number on a machine (`platform.machine()`); None where it has none."""
    found: int | None = getattr(SYSCALLS[name], machine, None)
    return found
