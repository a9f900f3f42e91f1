"""Which system calls a child may make. Data only: everything that is not here fails with EPERM.

Chosen for what CPython and numpy need to import, compute and write to a descriptor they have: no sockets,
processes, files to write, signals to others, kernel keys, shared memory, tracing, locks or namespaces.
"""

from typing import NamedTuple

ALLOWED = (
    # descriptors that are open already
    "read", "readv", "pread64", "write", "writev", "close", "lseek", "fstat", "dup", "dup2", "dup3",
    "poll", "ppoll", "select", "pselect6",
    # memory
    "brk", "mmap", "munmap", "mremap", "mprotect", "madvise",
    # threads of this process, and its end
    "futex", "set_robust_list", "set_tid_address", "rseq", "sched_yield", "sched_getaffinity", "getcpu",
    "membarrier", "arch_prctl", "exit", "exit_group", "restart_syscall",
    # handling its own signals and timers
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigsuspend", "sigaltstack",
    "setitimer", "getitimer", "alarm", "pause",
    # clocks
    "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "times",
    # who and where it is
    "getpid", "gettid", "getppid", "getpgrp", "getuid", "geteuid", "getgid", "getegid", "getgroups", "uname",
    "getcwd", "chdir", "fchdir", "umask", "getrusage", "getrlimit", "sysinfo", "getrandom",
)  # fmt: skip

FILE_CALLS = (
    "stat", "lstat", "statx", "newfstatat", "access", "faccessat", "faccessat2", "readlink", "readlinkat",
    "getdents64",
)  # fmt: skip
"""Looking at files; Landlock does not cover the first of them, the mount namespace does."""

OWN_FOLDER_CALLS = (
    "open", "openat", "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat", "ftruncate",
    "fsync", "fdatasync", "msync",
)  # fmt: skip
"""Making and changing files, where there is a folder for it: all other places are read-only and Landlock's
rules end there. No links, owners, modes, times, attributes or special files, and no truncation by name,
which Landlock knows only since Linux 6.2."""

SEALED_FILE_CALLS = ("newfstatat",)
"""glibc 2.33 to 2.38 makes fstat of it."""

NOT_THERE = ("clone3", "openat2")
"""Fail with ENOSYS: glibc then takes the older call, whose flags can be looked at."""


class NoBits(NamedTuple):
    """Allowed if argument `arg` has none of `bits`, and all of `needed`; else this error."""

    arg: int
    bits: int
    error: str
    needed: int = 0


class OneOf(NamedTuple):
    """Allowed if argument `arg` is one of the values."""

    arg: int
    values: tuple[int, ...]


class Zero(NamedTuple):
    """Allowed if all of these arguments are 0."""

    args: tuple[int, ...]


# include/uapi/asm-generic/fcntl.h: O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND, __O_TMPFILE; the same
# on both architectures.
WRITING = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000 | 0o20000000

# include/uapi/linux/sched.h: CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
NEW_NAMESPACE = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
CLONE_THREAD = 0x00010000

# include/uapi/asm-generic/ioctls.h: TCGETS, TIOCGWINSZ, FIONCLEX, FIOCLEX.
TERMINAL_QUESTIONS = (0x5401, 0x5413, 0x5450, 0x5451)

# include/uapi/asm-generic/fcntl.h and linux/fcntl.h: F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL,
# F_DUPFD_CLOEXEC. No locks: they are a channel between submissions.
DESCRIPTOR_FLAGS = (0, 1, 2, 3, 4, 1030)

CONDITIONS: dict[str, NoBits | OneOf | Zero] = {
    "open": NoBits(1, WRITING, "EROFS"),
    "openat": NoBits(2, WRITING, "EROFS"),
    "clone": NoBits(0, NEW_NAMESPACE, "EPERM", needed=CLONE_THREAD),
    "ioctl": OneOf(1, TERMINAL_QUESTIONS),
    "fcntl": OneOf(1, DESCRIPTOR_FLAGS),
    "prlimit64": Zero((0, 2)),
}

SEALED_DENIED = ("open", "openat")
"""Without Landlock and namespaces no file may be opened at all."""
