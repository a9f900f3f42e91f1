"""The points at which two formulas are compared: simple numbers first, then seeded random ones."""

from __future__ import annotations

import functools
import itertools
import random
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TypeAlias

import msgspec

from grader.answers.describe import fraction_text

Point: TypeAlias = dict[str, Fraction]
Interval: TypeAlias = tuple[Fraction, Fraction]

USUAL: Interval = (Fraction(-3), Fraction(3))
USUAL_WHOLE: Interval = (Fraction(1), Fraction(9))
# Formulas in different primes are rarely equal by chance; the other numbers are for narrow domains.
SIMPLE = [Fraction(n) for n in (2, 3, 5, 7, -2, -3, 1, -1, 4, 6)]
SIMPLE += [Fraction(1, n) for n in (2, -2, 3, -3, 5, -5)]
SIMPLE_POINTS = 4
# Where the author names no domain, a formula is also right or wrong far out: |a + 3| - a - 3 is 0 down to -3.
OUTSIDE = tuple(Fraction(sign * n) for n in (4, 6, 10, 100) for sign in (1, -1))
OUTSIDE_WHOLE = tuple(Fraction(n) for n in (0, 1, 2, *range(10, 41)))
MOST_WHOLE = 64
MOST_NUMBERS = 24
BESIDE = Fraction(1, 8)
FAR_POINTS = 16
DENOMINATORS = (1, 2, 3, 4, 5, 7, 11, 16, 64, 97)


class Domain(msgspec.Struct, frozen=True):
    """Where formulas are compared.

    Args:
        intervals: Pairs of a symbol and its interval, ends included.
        whole: Symbols that stand for whole numbers.
    """

    intervals: tuple[tuple[str, Interval], ...] = ()
    whole: frozenset[str] = frozenset()

    def interval(self, symbol: str) -> Interval:
        """The interval of a symbol."""
        usual = USUAL_WHOLE if symbol in self.whole else USUAL
        return dict(self.intervals).get(symbol, usual)

    def is_open(self, symbol: str) -> bool:
        """Whether the author names no interval for a symbol."""
        return symbol not in dict(self.intervals)

    def __contains__(self, point: Point) -> bool:
        """Whether all values are allowed; where the author names no interval, any value is."""
        given = dict(self.intervals)
        return all(
            (name not in given or given[name][0] <= value <= given[name][1])
            and (name not in self.whole or value.denominator == 1)
            for name, value in point.items()
        )


def point_text(point: Mapping[str, Fraction]) -> str:
    """A point in a sentence: "w = 2, x1 = 1/3"."""
    return ", ".join(f"{name} = {fraction_text(value)}" for name, value in point.items())


def points(symbols: Iterable[str], domain: Domain, seed: int) -> Iterator[Point]:
    """Points without end; where there are no symbols, the empty point once.

    Args:
        symbols: Which need a value.
        domain: Where points are taken.
        seed: The same seed gives the same points.
    """
    names = sorted(symbols)
    if not names:
        yield {}
        return
    for start in range(SIMPLE_POINTS):
        yield {name: _simple(domain, name, start + i) for i, name in enumerate(names)}
    rng = random.Random(seed)
    while True:
        yield {name: _random(domain, name, rng) for name in names}


def outer_points(
    symbols: Iterable[str], domain: Domain, seed: int, numbers: Iterable[Fraction]
) -> Iterator[Point]:
    """Points well outside the usual intervals, and on both sides of some numbers.

    Args:
        symbols: Which need a value.
        domain: Where; an interval that the author names is not left.
        seed: The same seed gives the same points.
        numbers: Numbers that stand in a formula.
    """
    names, rng = sorted(symbols), random.Random(seed)
    beside = values_beside(numbers)
    for name in names:
        for value in _outer_values(domain, name, beside):
            yield {**{other: _random(domain, other, rng) for other in names}, name: value}
    is_open = [name for name in names if domain.is_open(name)]
    for _ in range(FAR_POINTS if len(is_open) > 1 else 0):
        far = {name: rng.choice(OUTSIDE_WHOLE if name in domain.whole else OUTSIDE) for name in is_open}
        yield {**{name: _random(domain, name, rng) for name in names}, **far}


def values_beside(numbers: Iterable[Fraction]) -> list[Fraction]:
    """Numbers with both signs, values close to them on both sides, and midpoints between neighbours."""
    nearest = sorted({abs(number) for number in numbers})[:MOST_NUMBERS]
    both = sorted({sign * number for number in nearest for sign in (1, -1)})
    around = {number + step for number in both for step in (-BESIDE, Fraction(0), BESIDE)}
    return sorted(around | {(low + high) / 2 for low, high in itertools.pairwise(both)})


def _outer_values(domain: Domain, name: str, beside: list[Fraction]) -> list[Fraction]:
    low, high = domain.interval(name)
    if name in domain.whole:
        if domain.is_open(name):
            return [*OUTSIDE_WHOLE]
        return [Fraction(n) for n in range(-(-low // 1), high // 1 + 1)] if high - low <= MOST_WHOLE else []
    if domain.is_open(name):
        return [*OUTSIDE, *beside]
    return [value for value in beside if low <= value <= high]


def _simple(domain: Domain, name: str, turn: int) -> Fraction:
    low, high = domain.interval(name)
    fitting = _fitting(low, high, name in domain.whole)
    return fitting[turn % len(fitting)] if fitting else low + (high - low) * Fraction(turn % 7 + 1, 8)


@functools.lru_cache(maxsize=256)
def _fitting(low: Fraction, high: Fraction, is_whole: bool) -> tuple[Fraction, ...]:
    return tuple(n for n in SIMPLE if low <= n <= high and (not is_whole or n.denominator == 1))


def _random(domain: Domain, name: str, rng: random.Random) -> Fraction:
    low, high = domain.interval(name)
    denominator = 1 if name in domain.whole else rng.choice(DENOMINATORS)
    first, last = -(-low * denominator // 1), high * denominator // 1
    if first > last:
        return low + (high - low) * Fraction(rng.randrange(98), 97)
    return Fraction(rng.randint(int(first), int(last)), denominator)
