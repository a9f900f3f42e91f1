"""The kernel's resource limits for one child: soft and hard alike, so that they cannot be raised."""

import functools
import os
import resource
import sys

from ..messages import Order
from .kernel import Step, take
from .own_folder import SIZE_MIB

STACK_BYTES = 64 << 20
"""Deep recursion ends in RecursionError long before."""

OPEN_FILES = 64
"""Imports open a few at a time."""


LIMITS_OF_ALL = {
    "RLIMIT_CORE": 0,
    "RLIMIT_NOFILE": OPEN_FILES,
    "RLIMIT_STACK": STACK_BYTES,
    "RLIMIT_MSGQUEUE": 0,
    "RLIMIT_MEMLOCK": 0,
}
"""The same for every child: the zygote takes them on itself, and its children inherit them."""


def apply_limits_of_all() -> None:
    """Set what is the same for every child."""
    take(step for name, limit in LIMITS_OF_ALL.items() for step in lower(name, limit))


def limit_steps(order: Order, mapped_bytes: int, limits_processes: bool, has_folder: bool) -> list[Step]:
    """Setting one child's own limits, made ready.

    Address space is limited and not data: anonymous shared mappings, as Python's mmap makes them, are
    not counted as data.

    Args:
        order: The limits.
        mapped_bytes: What the memory limit comes on top of.
        limits_processes: Whether this child's user has no other processes: the kernel counts by user.
        has_folder: It may write files, of which one may fill its folder; else only printed text.
    """
    steps = [
        *lower("RLIMIT_CPU", order.cpu_s),
        *lower("RLIMIT_FSIZE", max(order.output_bytes, SIZE_MIB << 20) if has_folder else order.output_bytes),
    ]
    if limits_processes:
        steps += lower("RLIMIT_NPROC", order.processes)
    if sys.platform == "linux":
        steps += lower("RLIMIT_AS", mapped_bytes + (order.memory_mib << 20))
    return steps


def lower(name: str, limit: int) -> list[Step]:
    """Setting one limit where the platform has it, no higher than it is, made ready."""
    number = getattr(resource, name, None)
    if number is None:
        return []
    hard = resource.getrlimit(number)[1]
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    return [functools.partial(resource.setrlimit, number, (limit, limit))]


def open_statm() -> int | None:
    """A descriptor of this process's address space, readable also when /proc is out of sight."""
    try:
        return os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None


def mapped_bytes(statm: int | None) -> int:
    """Address space of this process now, in bytes; 0 where the system does not say."""
    if statm is None:
        return 0
    pages = int(os.pread(statm, 256, 0).split()[0])
    return pages * resource.getpagesize()
