"""The operations of an arithmetic of many runs at once: on exact whole numbers, or enclosures of reals.

The first axis counts runs; parameters and constants have one run, which goes with any number of them.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from fractions import Fraction
from typing import Any, ClassVar, Protocol, Self, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Indices: TypeAlias = npt.NDArray[np.intp]
Rows: TypeAlias = Fraction | Sequence[Fraction] | Sequence[Sequence[Fraction]]


class NoArithmetic(Exception):
    """This arithmetic does not know a function; says which."""


class DividesByZero(ArithmeticError):
    """A number that is divided by is zero."""


class Entries(Protocol):
    """Numbers, vectors or matrices of many runs; axis 0 counts runs."""

    # What an operation takes, beside one of floats.
    cost: ClassVar[int]

    @classmethod
    def of(cls, rows: Rows) -> Self:
        """One run of a number, a vector or a matrix (rows) of exact numbers."""

    @property
    def rank(self) -> int:
        """0 for a number, 1 for a vector, 2 for a matrix."""

    @property
    def runs(self) -> int:
        """Number of runs."""

    @property
    def size(self) -> int:
        """Number of entries, of all runs together."""

    @property
    def bits(self) -> int:
        """Length of the longest number that is kept for an entry."""

    def plus(self, other: Self) -> Self:
        """Sum, entry by entry; a number goes with everything, as in all the others."""

    def negated(self) -> Self:
        """The entries with the other sign."""

    def times(self, other: Self) -> Self:
        """Product, entry by entry."""

    def inverted(self) -> Self:
        """1 / a, for what is the same in all runs.

        Raises:
            DividesByZero: If an entry is, or may be, zero.
        """

    def product(self, other: Self) -> Self:
        """Matrix times vector, vector times matrix, or dot product."""

    def transposed(self) -> Self:
        """The transpose of a matrix."""

    def larger(self, other: Self) -> Self:
        """The maximum, entry by entry."""

    def smaller(self, other: Self) -> Self:
        """The minimum, entry by entry."""

    def modulo(self, other: Self) -> Self:
        """The rest: a - b floor(a / b)."""

    def applied(self, function: str) -> Self:
        """A function of the language, entry by entry.

        Raises:
            NoArithmetic: If there is none of this name here.
        """

    def column(self, start: int, stop: int) -> Self:
        """Some entries of a vector."""

    def entry(self, place: int) -> Self:
        """One entry of a vector, as a number."""

    @classmethod
    def stacked(cls, parts: Sequence[Self]) -> Self:
        """Numbers and vectors one below the other, as one vector."""

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """The runs of all parts, one after the other."""

    def selected(self, runs: Indices) -> Self:
        """Some runs, in this order."""

    def masked(self, places: Array) -> Self:
        """A vector with zeros where `places` is False."""

    def keys(self) -> list[Hashable]:
        """For each run of a vector a key that equal vectors share, and no others."""

    def compared(self, other: Self) -> tuple[Array, Array]:
        """For each run and entry of two vectors whether a >= b surely holds, and whether it may."""

    def same(self, other: Self) -> tuple[Array, Array]:
        """For each run and entry of two vectors whether a = b surely holds, and whether it may."""
