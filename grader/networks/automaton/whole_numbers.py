"""Exact arithmetic of many runs at once: whole numbers over one denominator.

As long as they stay below 2^53 they are kept as floats, in which sums and products of whole numbers are exact
in any order; from there on as Python's own.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from fractions import Fraction
from typing import ClassVar

import msgspec
import numpy as np

from grader.networks.automaton.entries import Array, DividesByZero, Indices, NoArithmetic, Rows

EXACT = 2**53
# A vector whose entries are all smaller has a key of one byte an entry.
SMALL = 127


class Whole(msgspec.Struct, frozen=True):
    """numerators / denominator, entry by entry.

    Args:
        numerators: (runs, ...) whole numbers: float64 below 2^53, or Python's own (dtype object).
        denominator: One for all, from 1 on.
    """

    cost: ClassVar[int] = 1

    numerators: Array
    denominator: int = 1

    @classmethod
    def of(cls, rows: Rows) -> Whole:
        """One run of exact numbers."""
        array = np.array(rows, dtype=object)
        denominator = math.lcm(*(value.denominator for value in array.flat))
        whole = [value.numerator * (denominator // value.denominator) for value in array.flat]
        return cls(_light(_objects(whole, (1, *array.shape))), denominator)

    @property
    def rank(self) -> int:
        """0 for a number, 1 for a vector, 2 for a matrix."""
        return self.numerators.ndim - 1

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.numerators)

    @property
    def size(self) -> int:
        """Number of entries."""
        return self.numerators.size

    @property
    def bits(self) -> int:
        """Length of the longest whole number, or of the denominator."""
        return max(_largest(self.numerators).bit_length(), self.denominator.bit_length())

    def fractions(self, run: int = 0) -> tuple[Fraction, ...]:
        """The entries of one run of a vector."""
        return tuple(Fraction(int(value), self.denominator) for value in np.atleast_1d(self.numerators[run]))

    def plus(self, other: Whole) -> Whole:
        """Sum, entry by entry."""
        one, two, denominator = _shared(self, other)
        one, two = _alike(one, two, _largest(one) + _largest(two))
        return Whole(one + two, denominator)

    def negated(self) -> Whole:
        """The entries with the other sign."""
        return Whole(-self.numerators, self.denominator)

    def times(self, other: Whole) -> Whole:
        """Product, entry by entry."""
        one, two = aligned(self.numerators, other.numerators)
        one, two = _alike(one, two, _largest(one) * _largest(two))
        return Whole(one * two, self.denominator * other.denominator)

    def inverted(self) -> Whole:
        """1 / a."""
        values = [int(value) for value in self.numerators.flat]
        if 0 in values:
            raise DividesByZero
        common = math.lcm(*values)
        return Whole(
            _light(
                _objects([self.denominator * (common // value) for value in values], self.numerators.shape)
            ),
            common,
        )

    def product(self, other: Whole) -> Whole:
        """Matrix times vector, vector times matrix, or dot product."""
        one, two = self.numerators, other.numerators
        one, two = _alike(one, two, _largest(one) * _largest(two) * one.shape[-1])
        return Whole(multiplied(one, two), self.denominator * other.denominator)

    def transposed(self) -> Whole:
        """The transpose of a matrix."""
        return Whole(np.swapaxes(self.numerators, 1, 2), self.denominator)

    def larger(self, other: Whole) -> Whole:
        """The maximum, entry by entry."""
        one, two, denominator = _shared(self, other)
        return Whole(np.maximum(one, two), denominator)

    def smaller(self, other: Whole) -> Whole:
        """The minimum, entry by entry."""
        one, two, denominator = _shared(self, other)
        return Whole(np.minimum(one, two), denominator)

    def modulo(self, other: Whole) -> Whole:
        """The rest: a - b floor(a / b)."""
        one, two, denominator = _shared(self, other)
        if not np.all(two != 0):
            raise DividesByZero
        return Whole(np.mod(one, two), denominator)

    def applied(self, function: str) -> Whole:
        """step, positive, sign, relu and abs."""
        match function:
            case "step":
                return Whole((self.numerators >= 0).astype(np.float64))
            case "positive":
                return Whole((self.numerators > 0).astype(np.float64))
            case "sign":
                return Whole((self.numerators > 0).astype(np.float64) - (self.numerators < 0))
            case "relu":
                return Whole(np.maximum(self.numerators, 0), self.denominator)
            case "abs":
                return Whole(np.abs(self.numerators), self.denominator)
        raise NoArithmetic(function)

    def column(self, start: int, stop: int) -> Whole:
        """Some entries of a vector."""
        return Whole(self.numerators[:, start:stop], self.denominator)

    def entry(self, place: int) -> Whole:
        """One entry of a vector, as a number."""
        return Whole(self.numerators[:, place], self.denominator)

    @classmethod
    def stacked(cls, parts: Sequence[Whole]) -> Whole:
        """Numbers and vectors one below the other."""
        columns, denominator = _over_one(parts)
        return _reduced(np.concatenate(spread(columns), axis=1), denominator)

    @classmethod
    def joined(cls, parts: Sequence[Whole]) -> Whole:
        """The runs of all parts."""
        arrays, denominator = _over_one(parts)
        return _reduced(np.concatenate(arrays), denominator)

    def selected(self, runs: Indices) -> Whole:
        """Some runs, in this order."""
        return Whole(self.numerators[runs], self.denominator)

    def masked(self, places: Array) -> Whole:
        """A vector with zeros where `places` is False."""
        return _reduced(np.where(places, self.numerators, 0), self.denominator)

    def keys(self) -> list[Hashable]:
        """For each run of a vector a key that equal vectors share, in lowest terms."""
        if self.denominator == 1 and self.numerators.dtype != object and _largest(self.numerators) <= SMALL:
            return [row.tobytes() for row in self.numerators.astype(np.int8)]
        return [self._key(row) for row in self.numerators.tolist()]

    def _key(self, row: list[float | int]) -> Hashable:
        values = [int(value) for value in row]
        divisor = math.gcd(self.denominator, *values)
        if divisor == self.denominator and all(-SMALL <= value // divisor <= SMALL for value in values):
            return np.array([value // divisor for value in values], dtype=np.int8).tobytes()
        return (self.denominator // divisor, *(value // divisor for value in values))

    def compared(self, other: Whole) -> tuple[Array, Array]:
        """Whether a >= b; both answers are the same, since all is exact."""
        one, two, _ = _shared(self, other)
        found = (one >= two).astype(bool)
        return found, found

    def same(self, other: Whole) -> tuple[Array, Array]:
        """Whether a = b; both answers are the same, since all is exact."""
        one, two, _ = _shared(self, other)
        found = (one == two).astype(bool)
        return found, found


def aligned(one: Array, two: Array) -> tuple[Array, Array]:
    """Arrays of which the one of lower rank gets axes of size 1 behind, so that numbers go with vectors."""
    more = one.ndim - two.ndim
    if more < 0:
        return one.reshape(one.shape + (1,) * -more), two
    return one, two.reshape(two.shape + (1,) * more)


def multiplied(one: Array, two: Array) -> Array:
    """Matrix times vector, vector times matrix, or dot product, for all runs; a matrix has one run."""
    if one.ndim == 3 and two.ndim == 3:
        return np.asarray(one @ two)
    if one.ndim == 3:
        return np.asarray(two @ one[0].T)
    if two.ndim == 3:
        return np.asarray(one @ two[0])
    return np.asarray((one * two).sum(axis=1))


def spread(parts: Sequence[Array]) -> list[Array]:
    """Numbers as vectors of one entry, and all with the same number of runs."""
    columns = [part[:, None] if part.ndim == 1 else part for part in parts]
    runs = max(len(part) for part in columns)
    return [np.broadcast_to(part, (runs, part.shape[1])) for part in columns]


def _largest(array: Array) -> int:
    if not array.size:
        return 0
    return int(np.abs(array).max())


def _heavy(array: Array) -> Array:
    return array if array.dtype == object else array.astype(np.int64).astype(object)


def _alike(one: Array, two: Array, result: int) -> tuple[Array, Array]:
    """Both as floats, where they and a result of this size may be; else both as Python's whole numbers."""
    if result < EXACT and one.dtype != object and two.dtype != object:
        return one, two
    return _heavy(one), _heavy(two)


def _light(array: Array) -> Array:
    return array.astype(np.float64) if array.dtype == object and _largest(array) < EXACT else array


def _objects(values: list[int], shape: tuple[int, ...]) -> Array:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array.reshape(shape)


def _scaled(array: Array, factor: int) -> Array:
    if factor == 1:
        return array
    is_long = max(_largest(array), 1) * factor >= EXACT
    return (_heavy(array) if is_long else array) * factor


def _shared(one: Whole, two: Whole) -> tuple[Array, Array, int]:
    """Both over one denominator, aligned."""
    (first, second), denominator = _over_one((one, two))
    return *aligned(first, second), denominator


def _over_one(parts: Sequence[Whole]) -> tuple[list[Array], int]:
    denominator = math.lcm(*(part.denominator for part in parts))
    arrays = [_scaled(part.numerators, denominator // part.denominator) for part in parts]
    if any(array.dtype == object for array in arrays):
        arrays = [_heavy(array) for array in arrays]
    return arrays, denominator


def _reduced(numerators: Array, denominator: int) -> Whole:
    """In lowest terms, so that denominators do not grow from step to step without need."""
    if denominator == 1:
        return Whole(_light(numerators))
    if numerators.dtype == object:
        divisor = math.gcd(denominator, *numerators.flat)
    else:
        divisor = math.gcd(
            denominator, int(np.gcd.reduce(np.abs(numerators).astype(np.int64), axis=None, initial=0))
        )
    if divisor > 1:
        numerators = numerators / divisor if numerators.dtype != object else numerators // divisor
    return Whole(_light(numerators), denominator // divisor)
