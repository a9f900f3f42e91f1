"""What is done once before many children are forked, so that each of them does less.

Each page of memory that a child writes to is copied for it, and the interpreter writes when it only looks:
counts of references, caches of attributes, code that it fits to the types it meets. A rehearsal fills these
caches, and what gaps there are between objects are filled up, so that a child's own objects lie together in
new pages instead of one in each old one. What is rehearsed is made up here and is like no exercise.
"""

import base64
import gc
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np

from . import faults, objects
from .child import work
from .messages import LENGTH, Reply, Requests

SAMPLE = b"""
import math
import numpy as np

counts = {"first": (2, 3), "second": [1, 2.5, -0.125], "third": dict(one=[[0, 1], [1, 0]])}
row = [0.5, 0.25, 2]
table = np.array([[0.5, -0.25], [1, 0]])


def squashed(u):
    return 1 / (1 + np.exp(-u))


def folded(x, U, W, b):
    h, seen = np.zeros(len(b)), []
    for now in x:
        h = np.tanh(now @ U + np.dot(h, W.T) + b)
        seen.append(squashed(h) * 0.5 - h)
    return np.array(seen)


def listed(x, U, W, b):
    total = 0.0
    for now in x:
        total += math.exp(-abs(float(now.sum())))
    return [total, x.shape[0], (U.reshape(-1) + W.max()).tolist()]
"""

ROUNDS = 24
"""Calls of each function: CPython fits code to its types after it has run some times."""

FITTED_ENOUGH_S = 60.0
"""CPU seconds for what takes a few thousandths: nothing here is to be stopped."""


FILLING: list[object] = []
"""What fills the gaps, for as long as this process lives."""


def prepare_for_many() -> None:
    """Do all of it; what the system refuses is left out."""
    with suppress(OSError):
        rehearse()
    FILLING.extend(fill_gaps())
    gc.freeze()


def rehearse() -> bytes:
    """Do once what children do all the time, in this process, and leave no trace but warm caches.

    Returns:
        The frames that a child would have sent; none where the system has no files in memory.
    """
    if not hasattr(os, "memfd_create"):
        return b""
    modules, finders = dict(sys.modules), list(sys.meta_path)
    asked, answered = os.memfd_create("asked"), os.memfd_create("answered")
    try:
        for request in requests():
            body = json.dumps(request).encode()
            os.write(asked, LENGTH.pack(len(body)) + body)
        os.lseek(asked, 0, os.SEEK_SET)
        work(Requests(asked), Reply(answered))
        os.lseek(answered, 0, os.SEEK_SET)
        return os.read(answered, os.fstat(answered).st_size)
    finally:
        os.close(asked)
        os.close(answered)
        for name in sys.modules.keys() - modules.keys():
            # What a library imports only now is its own, and stays.
            if sys.modules[name].__name__ in objects.STUDENT_MODULES:
                del sys.modules[name]
        sys.modules["__main__"] = modules["__main__"]
        sys.meta_path[:] = finders
        objects.STUDENT_MODULES.clear()
        faults.ABSENT_NAMES.clear()


def requests() -> list[dict[str, Any]]:
    """A job and its calls, as the grader would send them."""

    def array(*shape: int) -> dict[str, Any]:
        data = base64.b64encode((np.arange(np.prod(shape)) / 7 - 1).tobytes()).decode()
        return {"t": "array", "dtype": "<f8", "shape": shape, "data": data}

    def calls(function: int) -> dict[str, Any]:
        one = {
            "function": function,
            "args": [array(5, 3), array(3, 2), array(2, 2), array(2)],
            "kwargs": {},
            "times": 2,
            "cpu_s": FITTED_ENOUGH_S,
            "returns_arguments": False,
        }
        return {"calls": [{"index": number, **one} for number in range(ROUNDS)], "is_last": function == 1}

    job = {
        "files": [{"index": 0, "name": "rehearsal.py", "data": base64.b64encode(SAMPLE).decode()}],
        "load_cpu_s": FITTED_ENOUGH_S,
        "reads": ["counts", "row", "table", "none_of_these"],
        "functions": [[[["folded"]], 4], [[["listed"]], 4]],
    }
    return [job, calls(0), calls(1)]


POOL_BYTES = 1 << 14
POOL_HEADER_BYTES = 48
"""CPython 3.10 and newer: Include/internal/pycore_obmalloc.h, Objects/obmalloc.c."""

MOST_OF_A_SIZE = 20_000

MAKERS: tuple[Callable[[], object], ...] = (
    object,
    lambda: float("0.5"),
    # 33 bytes of header: objects of 48, 64, ... 512 bytes, the largest that come from pools.
    *(lambda size=size: bytes(size) for size in range(15, 480, 16)),
)
"""Of each size of object that shares pools with others of its size: 16, 32, ... 512 bytes."""


def fill_gaps() -> list[object]:
    """Objects of each size, until one is the first of a new pool: then there was no gap any more."""
    kept: list[object] = []
    for make in MAKERS:
        for _ in range(MOST_OF_A_SIZE):
            kept.append(make())
            if id(kept[-1]) % POOL_BYTES == POOL_HEADER_BYTES:
                break
    return kept
