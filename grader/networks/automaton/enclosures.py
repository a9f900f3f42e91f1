"""Enclosures of real numbers, of many runs at once: each true value lies between two floats.

Every result is widened by more than rounding can do, so that what holds for an enclosure holds for the true
value. Sums and products of zeros stay exact.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from typing import ClassVar

import msgspec
import numpy as np

from grader.answers.numbers import nearest_float
from grader.networks.automaton.entries import Array, DividesByZero, Indices, NoArithmetic, Rows
from grader.networks.automaton.whole_numbers import aligned, multiplied, spread

# A float operation is off by at most 2^-53 of its result, and taking this away again by as much.
ROUNDING = 2.0**-51
# numpy's tanh and exp are off by at most 4 units in the last place, 2^-50; a sigmoid is made of three steps.
FUNCTIONS_ROUNDING = 2.0**-47
# Below this a product may have lost digits; what it may be off is far smaller still.
TINY = 1e-290


class Enclosure(msgspec.Struct, frozen=True):
    """The true value lies in [low, high], entry by entry.

    Args:
        low: (runs, ...) float64, -inf where nothing is known.
        high: As `low`, inf where nothing is known.
    """

    cost: ClassVar[int] = 8

    low: Array
    high: Array

    @classmethod
    def of(cls, rows: Rows) -> Enclosure:
        """One run of exact numbers: a point where a float holds the number, else two floats around it."""
        array = np.array(rows, dtype=object)
        near = [nearest_float(value) for value in array.flat]
        pairs = [_around(value, about) for value, about in zip(array.flat, near, strict=True)]
        ends = np.array(pairs, dtype=np.float64).reshape(1, *array.shape, 2)
        return cls(ends[..., 0], ends[..., 1])

    @property
    def rank(self) -> int:
        """0 for a number, 1 for a vector, 2 for a matrix."""
        return self.low.ndim - 1

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.low)

    @property
    def size(self) -> int:
        """Number of entries."""
        return self.low.size

    @property
    def bits(self) -> int:
        """0: a float takes the same time whatever it holds."""
        return 0

    @property
    def middle(self) -> Array:
        """Half way between the ends."""
        return self.low / 2 + self.high / 2

    def plus(self, other: Enclosure) -> Enclosure:
        """Sum, entry by entry."""
        return _outward(_sum(self.low, other.low), _sum(self.high, other.high))

    def negated(self) -> Enclosure:
        """The entries with the other sign."""
        return Enclosure(-self.high, -self.low)

    def times(self, other: Enclosure) -> Enclosure:
        """Product, entry by entry."""
        with np.errstate(invalid="ignore", over="ignore"):
            ends = [_products(one, two) for one in (self.low, self.high) for two in (other.low, other.high)]
        low = np.minimum.reduce([end[0] for end in ends])
        high = np.maximum.reduce([end[1] for end in ends])
        return _outward(low, high)

    def inverted(self) -> Enclosure:
        """1 / a."""
        if np.any((self.low <= 0) & (self.high >= 0)):
            raise DividesByZero
        with np.errstate(over="ignore"):
            return _outward(1.0 / self.high, 1.0 / self.low)

    def product(self, other: Enclosure) -> Enclosure:
        """Matrix times vector, vector times matrix, or dot product: middles, and what all may be off."""
        ends = (one, off_one), (two, off_two) = _about_middle(self), _about_middle(other)
        inner = one.shape[-1]
        with np.errstate(invalid="ignore", over="ignore"):
            centre = multiplied(one, two)
            size = multiplied(np.abs(one), np.abs(two))
            off = multiplied(off_one, np.abs(two)) + multiplied(np.abs(one) + off_one, off_two)
            off = (off + size * (inner + 4) * ROUNDING) * (1 + 2.0**-40)
            if not (size > TINY).all():
                # A sum of products that are all zero as floats is zero only if one factor of each is.
                terms = multiplied(*((np.abs(value) + spare > 0).astype(float) for value, spare in ends))
                off = off + np.where((terms > 0) & ~(size > TINY), TINY, 0.0)
            return _outward(centre - off, centre + off)

    def transposed(self) -> Enclosure:
        """The transpose of a matrix."""
        return Enclosure(np.swapaxes(self.low, 1, 2), np.swapaxes(self.high, 1, 2))

    def larger(self, other: Enclosure) -> Enclosure:
        """The maximum, entry by entry."""
        return Enclosure(
            np.maximum(*aligned(self.low, other.low)), np.maximum(*aligned(self.high, other.high))
        )

    def smaller(self, other: Enclosure) -> Enclosure:
        """The minimum, entry by entry."""
        return Enclosure(
            np.minimum(*aligned(self.low, other.low)), np.minimum(*aligned(self.high, other.high))
        )

    def modulo(self, other: Enclosure) -> Enclosure:
        """Not known of enclosures: raises NoArithmetic."""
        raise NoArithmetic("mod")

    def applied(self, function: str) -> Enclosure:
        """The functions that grow; abs as the larger of a and -a."""
        if function == "abs":
            return self.larger(self.negated())
        if function in PLAIN:
            return Enclosure(PLAIN[function](self.low), PLAIN[function](self.high))
        if function not in SMOOTH:
            raise NoArithmetic(function)
        of, least, is_never_zero = SMOOTH[function]
        low, high = of(self.low), of(self.high)
        low, high = low - np.abs(low) * FUNCTIONS_ROUNDING, high + np.abs(high) * FUNCTIONS_ROUNDING
        # sigmoid(-800) is zero as a float only; tanh(0) is zero.
        low = low - np.where((np.abs(low) < TINY) & ((low != 0) | is_never_zero), TINY, 0.0)
        high = high + np.where((np.abs(high) < TINY) & ((high != 0) | is_never_zero), TINY, 0.0)
        return Enclosure(np.maximum(low, least), np.minimum(high, 1.0))

    def column(self, start: int, stop: int) -> Enclosure:
        """Some entries of a vector."""
        return Enclosure(self.low[:, start:stop], self.high[:, start:stop])

    def entry(self, place: int) -> Enclosure:
        """One entry of a vector, as a number."""
        return Enclosure(self.low[:, place], self.high[:, place])

    @classmethod
    def stacked(cls, parts: Sequence[Enclosure]) -> Enclosure:
        """Numbers and vectors one below the other."""
        sides = ([part.low for part in parts], [part.high for part in parts])
        return cls(*(np.concatenate(spread(side), axis=1) for side in sides))

    @classmethod
    def joined(cls, parts: Sequence[Enclosure]) -> Enclosure:
        """The runs of all parts."""
        return cls(*(np.concatenate(side) for side in zip(*((p.low, p.high) for p in parts), strict=True)))

    def selected(self, runs: Indices) -> Enclosure:
        """Some runs, in this order."""
        return Enclosure(self.low[runs], self.high[runs])

    def masked(self, places: Array) -> Enclosure:
        """A vector with zeros where `places` is False."""
        return Enclosure(np.where(places, self.low, 0.0), np.where(places, self.high, 0.0))

    def keys(self) -> list[Hashable]:
        """For each run of a vector a key that equal enclosures share."""
        # Minus zero and zero are one number with two forms.
        both = np.concatenate([self.low, self.high], axis=1) + 0.0
        return [row.tobytes() for row in both]

    def compared(self, other: Enclosure) -> tuple[Array, Array]:
        """Whether a >= b surely holds, and whether it may."""
        low, other_high = aligned(self.low, other.high)
        high, other_low = aligned(self.high, other.low)
        return low >= other_high, high >= other_low

    def same(self, other: Enclosure) -> tuple[Array, Array]:
        """Whether a = b surely holds, and whether it may."""
        low, other_low = aligned(self.low, other.low)
        high, other_high = aligned(self.high, other.high)
        is_point = (low == high) & (other_low == other_high) & (low == other_low)
        return is_point, (low <= other_high) & (other_low <= high)

    def inside(self, other: Enclosure) -> Array:
        """For each run of two vectors whether all of a lies in b."""
        return np.asarray(((self.low >= other.low) & (self.high <= other.high)).all(axis=1))

    def hull(self, other: Enclosure, spare: float) -> Enclosure:
        """The enclosure of both, wider by `spare` on each side."""
        return Enclosure(np.minimum(self.low, other.low) - spare, np.maximum(self.high, other.high) + spare)


def _around(value: Fraction, near: float) -> tuple[float, float]:
    if np.isfinite(near) and Fraction(near) == value:
        return near, near
    return float(np.nextafter(near, -np.inf)), float(np.nextafter(near, np.inf))


def _sum(one: Array, two: Array) -> Array:
    one, two = aligned(one, two)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(one + two)


def _products(one: Array, two: Array) -> tuple[Array, Array]:
    one, two = aligned(one, two)
    found = one * two
    off = np.where((np.abs(found) < TINY) & (one != 0) & (two != 0), TINY, 0.0)
    return found - off, found + off


def _about_middle(value: Enclosure) -> tuple[Array, Array]:
    with np.errstate(invalid="ignore", over="ignore"):
        middle = np.where(value.low == value.high, value.low, value.middle)
        off = np.maximum(value.high - middle, middle - value.low) * (1 + 2.0**-50)
    return middle, off


def _outward(low: Array, high: Array) -> Enclosure:
    """Widened by the largest rounding error; without bounds where an end is not finite."""
    with np.errstate(invalid="ignore", over="ignore"):
        low, high = low - np.abs(low) * ROUNDING, high + np.abs(high) * ROUNDING
    # Written as "not finite": NaN must count as lost.
    is_lost = ~(np.isfinite(low) & np.isfinite(high))
    return Enclosure(np.where(is_lost, -np.inf, low), np.where(is_lost, np.inf, high))


def _sigmoid(u: Array) -> Array:
    small = np.exp(-np.abs(u))
    return np.where(u >= 0, 1.0, small) / (1.0 + small)


PLAIN: dict[str, Callable[[Array], Array]] = {
    "step": lambda u: (u >= 0).astype(np.float64),
    "positive": lambda u: (u > 0).astype(np.float64),
    "sign": np.sign,
    "relu": lambda u: np.maximum(u, 0.0),
}
# With the least value, the largest is 1, and whether it is never zero.
SMOOTH: dict[str, tuple[Callable[[Array], Array], float, bool]] = {
    "tanh": (np.tanh, -1.0, False),
    "sigmoid": (_sigmoid, 0.0, True),
}
