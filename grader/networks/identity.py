"""A cache key that stands for an object itself and not for what is in it, so that it is quick to look up."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Identical(Generic[T]):
    """Equal to nothing but itself; a cache with it as a key keeps it, so its identity stays its own.

    Args:
        one: What it stands for.
    """

    def __init__(self, one: T) -> None:
        self.one = one

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Identical) and other.one is self.one

    def __hash__(self) -> int:
        return id(self.one)
