"""What one worker of a class has worked out for all: tables that take long to make and little to read.

They stand in a file in memory that the workers of one command have and nobody else, and that ends with them.
No student's code runs in a worker: what is read back is what another of them has put there.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import struct
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")

END = struct.Struct("<Q")
"""The first bytes: where the complete records end. A worker that is killed while writing has not moved it."""

RECORD = struct.Struct("<32sQ")
"""Before each record: its key, and how many bytes follow."""

MOST_BYTES = 16 << 20
"""For all records; an LSTM's table takes a third of a MiB. Once it is full each worker makes its own."""

WAIT_S = 2.0
"""Seconds to wait for another worker that makes the same table; then this one makes it for itself."""

LOOK_S = 0.005

PLACES = 1 << 40
"""Behind all records: one byte for each thing that may be made, which is locked and never written."""


def new_file() -> int | None:
    """A descriptor for the workers of one command; None where the system has no files in memory."""
    if hasattr(os, "memfd_create"):
        # Some kernels and containers know the name and refuse it.
        with contextlib.suppress(OSError):
            return os.memfd_create("tables", os.MFD_CLOEXEC)
    return None


class HandedOn:
    """The tables of one command's workers.

    Args:
        fd: From `new_file`.
    """

    shared: HandedOn | None = None
    """This process's, where it is a worker."""

    def __init__(self, fd: int) -> None:
        # As it came it would go on to whatever this process starts.
        os.set_inheritable(fd, False)
        self._fd = fd

    def made_once(self, key: bytes, make: Callable[[], T]) -> T:
        """What another worker has made under this key; else what is made now, for the others too.

        Args:
            key: SHA-256 of all that it follows from.
            make: Makes it.
        """
        with self._locked(PLACES + int.from_bytes(key[:4])) as is_locked:
            if is_locked and (found := self._find(key)) is not None:
                made: T = pickle.loads(found)
                return made
            made = make()
            if is_locked:
                # A network may hold functions, which are no data, or lie too deep; or there is no memory left
                # for the others: then each worker makes it for itself.
                with contextlib.suppress(
                    pickle.PicklingError, AttributeError, TypeError, RecursionError, OSError
                ):
                    self._add(key, pickle.dumps(made))
            return made

    def _find(self, key: bytes) -> bytes | None:
        at, end = END.size, self._end()
        while at < end:
            of, size = RECORD.unpack(os.pread(self._fd, RECORD.size, at))
            at += RECORD.size
            if of == key:
                return os.pread(self._fd, size, at)
            at += size
        return None

    def _add(self, key: bytes, data: bytes) -> None:
        with self._locked(0) as is_locked:
            at = self._end()
            after = at + RECORD.size + len(data)
            if is_locked and after <= MOST_BYTES:
                written = os.pwrite(self._fd, RECORD.pack(key, len(data)) + data, at)
                if at + written == after:
                    os.pwrite(self._fd, END.pack(after), 0)

    def _end(self) -> int:
        end = os.pread(self._fd, END.size, 0)
        # Zero as long as the first record is not complete.
        return max(END.size, END.unpack(end)[0]) if end else END.size

    @contextlib.contextmanager
    def _locked(self, place: int) -> Iterator[bool]:
        """Lock one byte against other workers; the kernel lets go of it where this one is killed."""
        import fcntl  # not on Windows, where this module is imported too

        until = time.monotonic() + WAIT_S
        while not (is_locked := self._try_to_lock(place)) and time.monotonic() < until:
            time.sleep(LOOK_S)
        try:
            yield is_locked
        finally:
            if is_locked:
                fcntl.lockf(self._fd, fcntl.LOCK_UN, 1, place)

    def _try_to_lock(self, place: int) -> bool:
        import fcntl

        try:
            fcntl.lockf(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except OSError:
            return False
        return True


def made_once(name: str, follows_from: object, make: Callable[[], T]) -> T:
    """A table, made by one of a class's workers for all; by itself where there are no others.

    Args:
        name: Which table.
        follows_from: All that it follows from: its pickle is the key.
        make: Makes it.
    """
    if HandedOn.shared is None:
        return make()
    key = hashlib.sha256(pickle.dumps((name, follows_from))).digest()
    return HandedOn.shared.made_once(key, make)
