"""The seccomp filter, run by a small machine of our own, for every call of both architectures."""

import errno
import re
import struct
import warnings
from pathlib import Path

import pytest

from grader.sandbox.inside.isolation import seccomp
from grader.sandbox.inside.isolation.kernel import SYSCALLS

ALLOW, KILL = "allow", "kill"
LAST_CALL = 600
"""Above the newest number of Linux 6.18 (470)."""


def verdict(code: bytes, machine: str, number: int, args=(0,) * 6) -> str:
    """What a filter says, by the kernel's documentation: seccomp_data is read in 32-bit words."""
    architecture = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}.get(machine, 0)
    data = struct.pack("<IIQ6Q", number & 0xFFFFFFFF, architecture, 0, *(a & (2**64 - 1) for a in args))
    lines = list(struct.iter_unpack("<HBBI", code))
    accumulator, at = 0, 0
    while True:
        operation, yes, no, value = lines[at]
        at += 1
        match operation:
            case 0x20:
                (accumulator,) = struct.unpack_from("<I", data, value)
            case 0x15:
                at += yes if accumulator == value else no
            case 0x35:
                at += yes if accumulator >= value else no
            case 0x45:
                at += yes if accumulator & value else no
            case 0x06 if value == 0x7FFF0000:
                return ALLOW
            case 0x06 if value == 0x80000000:
                return KILL
            case 0x06 if value >> 16 == 5:
                return errno.errorcode[value & 0xFFFF]
            case _:
                raise AssertionError(f"unknown line {lines[at - 1]}")


def call(machine, name):
    return getattr(SYSCALLS[name], machine)


MACHINES = ["x86_64", "aarch64"]


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("sealed", [False, True])
def test_exactly_the_list_is_allowed(machine, sealed):
    code = seccomp.program(machine, sealed)
    plain = set(seccomp.ALLOWED) | set(seccomp.SEALED_FILE_CALLS if sealed else seccomp.FILE_CALLS)
    conditional = {"open", "openat", "prlimit64"} - ({"open", "openat"} if sealed else set())
    # With zeros only: reading a file is allowed, and asking for a limit; F_DUPFD is command 0 of fcntl.
    expected = {call(machine, name) for name in plain | conditional | {"fcntl"}} - {None}
    assert {n for n in range(LAST_CALL) if verdict(code, machine, n) == ALLOW} == expected


@pytest.mark.parametrize("machine", MACHINES)
def test_own_folder_adds_making_and_removing_files_and_nothing_else(machine):
    """By the names of what it takes: no links, special files, modes, owners, times, attributes, mounts."""
    numbers = range(LAST_CALL)
    before, after = (
        {n for n in numbers if verdict(seccomp.program(machine, False, has_folder=has), machine, n) == ALLOW}
        for has in (False, True)
    )
    added = ["mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat"]
    added += ["ftruncate", "fsync", "fdatasync", "msync"]
    assert after - before == {call(machine, name) for name in added} - {None}
    assert before <= after
    writing = (0, 0, 0o1101, 0, 0, 0)
    assert verdict(seccomp.program(machine, False, True), machine, call(machine, "openat"), writing) == ALLOW


@pytest.mark.parametrize("machine", MACHINES)
def test_everything_else_is_not_permitted(machine):
    code = seccomp.program(machine, False)
    known = {number for numbers in SYSCALLS.values() if (number := getattr(numbers, machine)) is not None}
    assert {verdict(code, machine, n) for n in set(range(LAST_CALL)) - known} == {"EPERM"}


@pytest.mark.parametrize("machine", MACHINES)
def test_files_are_opened_for_reading_only(machine):
    code = seccomp.program(machine, False)
    for flags in (1, 2, 0o100, 0o1000, 0o2000, 0o20000000, 0o102, 2**32 + 1):
        assert verdict(code, machine, call(machine, "openat"), (0, 0, flags, 0, 0, 0)) == "EROFS"
    for flags in (0, 0o2000000, 0o200000, 0o4000):
        assert verdict(code, machine, call(machine, "openat"), (0, 0, flags, 0, 0, 0)) == ALLOW
    assert verdict(seccomp.program(machine, True), machine, call(machine, "openat")) == "EACCES"


@pytest.mark.parametrize("machine", MACHINES)
def test_only_threads_are_cloned(machine):
    code = seccomp.program(machine, False)
    clone = call(machine, "clone")
    thread = 0x3D0F00  # what pthread_create asks for
    assert verdict(code, machine, clone, (thread, 0, 0, 0, 0, 0)) == ALLOW
    assert verdict(code, machine, clone, (17, 0, 0, 0, 0, 0)) == "EPERM"
    for bit in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        assert verdict(code, machine, clone, (thread | bit, 0, 0, 0, 0, 0)) == "EPERM"
    assert verdict(code, machine, call(machine, "clone3")) == "ENOSYS"


@pytest.mark.parametrize("machine", MACHINES)
def test_limits_are_asked_for_and_not_set(machine):
    code, ask = seccomp.program(machine, False), call(machine, "prlimit64")
    assert verdict(code, machine, ask, (0, 7, 0, 2**40, 0, 0)) == ALLOW
    assert verdict(code, machine, ask, (1, 7, 0, 2**40, 0, 0)) == "EPERM"
    assert verdict(code, machine, ask, (0, 7, 2**40, 0, 0, 0)) == "EPERM"


@pytest.mark.parametrize("machine", MACHINES)
def test_terminals_and_locks_are_out_of_reach(machine):
    code = seccomp.program(machine, False)
    steal_input, lock, lease = 0x5412, 6, 1024
    assert verdict(code, machine, call(machine, "ioctl"), (0, steal_input, 0, 0, 0, 0)) == "EPERM"
    assert verdict(code, machine, call(machine, "fcntl"), (0, lock, 0, 0, 0, 0)) == "EPERM"
    assert verdict(code, machine, call(machine, "fcntl"), (0, lease, 0, 0, 0, 0)) == "EPERM"


def test_calls_by_another_door_kill():
    code = seccomp.program("x86_64", False)
    assert verdict(code, "i386", call("x86_64", "read")) == KILL
    assert verdict(code, "x86_64", 0x40000000 + call("x86_64", "read")) == KILL
    assert verdict(seccomp.program("aarch64", False), "x86_64", call("aarch64", "read")) == KILL


HEADERS = {
    "x86_64": ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"),
    "aarch64": ("/usr/include/asm-generic/unistd.h",),
}


@pytest.mark.parametrize("machine", MACHINES)
def test_numbers_are_those_of_the_kernels_headers(machine):
    path = next((Path(name) for name in HEADERS[machine] if Path(name).exists()), None)
    if path is None:
        warnings.warn(f"NOT TESTED: call numbers of {machine}: no kernel headers here", stacklevel=1)
        pytest.skip("no kernel headers here")
    pattern = r"#define __NR(?:3264)?_(\w+)\s+(\d+)"
    found = {name: int(number) for name, number in re.findall(pattern, path.read_text())}
    found.setdefault("newfstatat", found.get("fstatat", -1))
    ours = {name: number for name, n in SYSCALLS.items() if (number := getattr(n, machine)) is not None}
    assert ours == {name: found.get(name) for name in ours}
    absent = [name for name, n in SYSCALLS.items() if getattr(n, machine) is None]
    assert [name for name in absent if name in found and machine == "x86_64"] == []
