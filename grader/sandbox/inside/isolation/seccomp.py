"""The list of system calls that a child may make, and the seccomp filter that is made of it.

Every call that is not in the list fails with EPERM. It is what CPython and numpy need to import, compute and
write to a descriptor they have: no sockets, processes, files to write, signals to others, kernel keys, shared
memory, tracing, locks or namespaces. The list comes first, the filter for the kernel's packet filter below.

Sources of the filter: include/uapi/linux/seccomp.h, filter.h, bpf_common.h, audit.h; struct seccomp_data is
number (4 bytes), architecture (4), instruction pointer (8), six arguments (8 each, little-endian).
"""

import ctypes
import errno
import struct
from collections.abc import Iterable
from typing import NamedTuple

from .kernel import MACHINE, Step, number, syscall, syscall_step

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

LOAD, JUMP_EQUAL, JUMP_GREATER_EQUAL, JUMP_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
"""BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, BPF_JGE, BPF_JSET, BPF_RET|BPF_K."""

ALLOW = 0x7FFF0000
ERROR = 0x00050000
KILL_PROCESS = 0x80000000

NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000
"""Calls of the x32 ABI have their own numbers on the same architecture."""

SET_MODE_FILTER = 1
GET_ACTION_AVAIL = 2

Instruction = tuple[int, int, int, int]


def answer(value: int) -> Instruction:
    """End the filter and return this action to the kernel."""
    return (RETURN, 0, 0, value)


def refuse(error: str) -> Instruction:
    """End the filter: the call fails with this error."""
    return answer(ERROR | int(getattr(errno, error)))


def load_argument(index: int, half: int = 0) -> Instruction:
    """Load the low (0) or high (1) half of an argument."""
    return (LOAD, 0, 0, ARGUMENTS_AT + 8 * index + 4 * half)


def no_bits(rule: NoBits) -> list[Instruction]:
    """Allowed without certain bits; the kernel looks at the low half of flags only."""
    refusal = refuse(rule.error)
    needed = [(JUMP_ANY_BIT, 1, 0, rule.needed), refusal] if rule.needed else []
    return [load_argument(rule.arg), *needed, (JUMP_ANY_BIT, 0, 1, rule.bits), refusal, answer(ALLOW)]


def one_of(rule: OneOf) -> list[Instruction]:
    """Allowed with certain values; commands are 32 bits wide."""
    lines = [load_argument(rule.arg)]
    for value in rule.values:
        lines += [(JUMP_EQUAL, 0, 1, value), answer(ALLOW)]
    return [*lines, refuse("EPERM")]


def zero(rule: Zero) -> list[Instruction]:
    """Allowed with zeros only, in both halves: the arguments may be pointers."""
    lines: list[Instruction] = []
    for index in rule.args:
        for half in (0, 1):
            lines += [load_argument(index, half), (JUMP_EQUAL, 1, 0, 0), refuse("EPERM")]
    return [*lines, answer(ALLOW)]


def condition(rule: NoBits | OneOf | Zero) -> list[Instruction]:
    """The instructions of a rule; each path through them ends the filter."""
    if isinstance(rule, NoBits):
        return no_bits(rule)
    return one_of(rule) if isinstance(rule, OneOf) else zero(rule)


def program(machine: str, sealed: bool, has_folder: bool = False) -> bytes:
    """The filter for a machine.

    Args:
        machine: "x86_64" or "aarch64".
        sealed: No file may be opened.
        has_folder: Files may be written, where other layers leave a place for it.
    """
    lines = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (JUMP_EQUAL, 1, 0, ARCHITECTURES[machine]),
        answer(KILL_PROCESS),
        (LOAD, 0, 0, NUMBER_AT),
    ]
    if machine == "x86_64":
        lines += [(JUMP_GREATER_EQUAL, 0, 1, X32_BIT), answer(KILL_PROCESS)]
    own = OWN_FOLDER_CALLS if has_folder else ()
    for name, ending in endings(sealed):
        if name in own:
            continue
        call = number(name, machine)
        if call is not None:
            lines += [(JUMP_EQUAL, 0, len(ending), call), *ending]
    allowed = ALLOWED + (SEALED_FILE_CALLS if sealed else FILE_CALLS) + own
    calls = [call for name in allowed if (call := number(name, machine)) is not None]
    # A jump is at most 255 lines long: all of these end on the one line behind the refusal.
    lines += [(JUMP_EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)]
    lines += [refuse("EPERM"), answer(ALLOW)]
    return b"".join(struct.pack("<HBBI", *line) for line in lines)


def endings(sealed: bool) -> Iterable[tuple[str, list[Instruction]]]:
    """Each call that is not simply allowed, with what happens to it."""
    for name in NOT_THERE:
        yield name, [refuse("ENOSYS")]
    for name, rule in CONDITIONS.items():
        is_denied = sealed and name in SEALED_DENIED
        yield name, [refuse("EACCES")] if is_denied else condition(rule)


def is_available() -> bool:
    """Whether the kernel has filters with the actions used here, and the machine is known."""
    if MACHINE not in ARCHITECTURES:
        return False
    try:
        syscall("seccomp", GET_ACTION_AVAIL, 0, ctypes.byref(ctypes.c_uint32(KILL_PROCESS)))
    except OSError:
        return False
    return True


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def install_step(code: bytes) -> Step:
    """Putting the filter on this process, for good, made ready. Needs no_new_privs."""
    return syscall_step("seccomp", SET_MODE_FILTER, 0, ctypes.byref(Program(len(code) // 8, code)))
