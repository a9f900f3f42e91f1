"""A compressed list, so that a whole class takes little memory."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar, overload

T = TypeVar("T")

IN_PART = 500
"""Items that are packed together: more makes it hardly smaller."""

QUICKEST = 1
"""Of zlib's levels: names that resemble each other become a tenth at any."""


class Packed(Sequence[T]):
    """A sequence kept compressed; reading an item unpacks it anew, with its neighbours.

    Args:
        items: Read once, a part at a time.
    """

    def __init__(self, items: Iterable[T]) -> None:
        self._parts: list[bytes] = []
        self._count = 0
        left = iter(items)
        while part := list(islice(left, IN_PART)):
            # Not as JSON or MessagePack: names of files need not be text. It never leaves this process.
            self._parts.append(zlib.compress(pickle.dumps(part), QUICKEST))
            self._count += len(part)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        for number in range(len(self._parts)):
            yield from self._part(number)

    @overload
    def __getitem__(self, at: int) -> T: ...

    @overload
    def __getitem__(self, at: slice) -> list[T]: ...

    def __getitem__(self, at: int | slice) -> T | list[T]:
        if isinstance(at, slice):
            return self._some(range(self._count)[at])
        (item,) = self._some([range(self._count)[at]])
        return item

    def _some(self, wanted: Iterable[int]) -> list[T]:
        found: list[T] = []
        number, part = -1, []
        for at in wanted:
            if at // IN_PART != number:
                number = at // IN_PART
                part = self._part(number)
            found.append(part[at % IN_PART])
        return found

    def _part(self, number: int) -> list[T]:
        part: list[T] = pickle.loads(zlib.decompress(self._parts[number]))
        return part
