"""The seccomp filter: the policy as a program for the kernel's packet filter.

Sources: include/uapi/linux/seccomp.h, filter.h, bpf_common.h, audit.h; struct seccomp_data is number
(4 bytes), architecture (4), instruction pointer (8), six arguments (8 each, little-endian).
"""

import ctypes
import errno
import platform
import struct
from collections.abc import Iterable

from . import policy
from .kernel import syscall
from .syscalls import number

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
    """End with this verdict."""
    return (RETURN, 0, 0, value)


def refuse(error: str) -> Instruction:
    """End: the call fails with this error."""
    return answer(ERROR | int(getattr(errno, error)))


def load_argument(index: int, half: int = 0) -> Instruction:
    """Load the low (0) or high (1) half of an argument."""
    return (LOAD, 0, 0, ARGUMENTS_AT + 8 * index + 4 * half)


def no_bits(rule: policy.NoBits) -> list[Instruction]:
    """Allowed without certain bits; the kernel looks at the low half of flags only."""
    refusal = refuse(rule.error)
    needed = [(JUMP_ANY_BIT, 1, 0, rule.needed), refusal] if rule.needed else []
    return [load_argument(rule.arg), *needed, (JUMP_ANY_BIT, 0, 1, rule.bits), refusal, answer(ALLOW)]


def one_of(rule: policy.OneOf) -> list[Instruction]:
    """Allowed with certain values; commands are 32 bits wide."""
    lines = [load_argument(rule.arg)]
    for value in rule.values:
        lines += [(JUMP_EQUAL, 0, 1, value), answer(ALLOW)]
    return [*lines, refuse("EPERM")]


def zero(rule: policy.Zero) -> list[Instruction]:
    """Allowed with zeros only, in both halves: the arguments may be pointers."""
    lines: list[Instruction] = []
    for index in rule.args:
        for half in (0, 1):
            lines += [load_argument(index, half), (JUMP_EQUAL, 1, 0, 0), refuse("EPERM")]
    return [*lines, answer(ALLOW)]


def condition(rule: policy.NoBits | policy.OneOf | policy.Zero) -> list[Instruction]:
    """The instructions of a rule; every way through them ends."""
    if isinstance(rule, policy.NoBits):
        return no_bits(rule)
    return one_of(rule) if isinstance(rule, policy.OneOf) else zero(rule)


def program(machine: str, sealed: bool, has_folder: bool = False) -> bytes:
    """The filter for a machine.

    Args:
        machine: "x86_64" or "aarch64".
        sealed: No file may be opened.
        has_folder: Files may be written, where other walls leave a place for it.
    """
    lines = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (JUMP_EQUAL, 1, 0, ARCHITECTURES[machine]),
        answer(KILL_PROCESS),
        (LOAD, 0, 0, NUMBER_AT),
    ]
    if machine == "x86_64":
        lines += [(JUMP_GREATER_EQUAL, 0, 1, X32_BIT), answer(KILL_PROCESS)]
    own = policy.OWN_FOLDER_CALLS if has_folder else ()
    for name, ending in endings(sealed):
        if name in own:
            continue
        call = number(name, machine)
        if call is not None:
            lines += [(JUMP_EQUAL, 0, len(ending), call), *ending]
    allowed = policy.ALLOWED + (policy.SEALED_FILE_CALLS if sealed else policy.FILE_CALLS) + own
    calls = [call for name in allowed if (call := number(name, machine)) is not None]
    # A jump is at most 255 lines long: all of these end on the one line behind the refusal.
    lines += [(JUMP_EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)]
    lines += [refuse("EPERM"), answer(ALLOW)]
    return b"".join(struct.pack("<HBBI", *line) for line in lines)


def endings(sealed: bool) -> Iterable[tuple[str, list[Instruction]]]:
    """Each call that is not simply allowed, with what happens to it."""
    for name in policy.NOT_THERE:
        yield name, [refuse("ENOSYS")]
    for name, rule in policy.CONDITIONS.items():
        is_denied = sealed and name in policy.SEALED_DENIED
        yield name, [refuse("EACCES")] if is_denied else condition(rule)


def is_available() -> bool:
    """Whether the kernel has filters with the verdicts used here, and the machine is known."""
    if platform.machine() not in ARCHITECTURES:
        return False
    try:
        syscall("seccomp", GET_ACTION_AVAIL, 0, ctypes.byref(ctypes.c_uint32(KILL_PROCESS)))
    except OSError:
        return False
    return True


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def install(code: bytes) -> None:
    """Put the filter on this process, for good. Needs no_new_privs."""
    syscall("seccomp", SET_MODE_FILTER, 0, ctypes.byref(Program(len(code) // 8, code)))
