"""Intervals of floats, rounded outwards: whatever a value in the arguments gives lies in the result."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from grader.networks.running.functions import TIE

# The C library's exp, log, tanh are within this many units in the last place, by a wide margin.
LIBRARY_UNITS = 4


class Interval(NamedTuple):
    """All numbers from low to high."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether the number lies in it."""
        return self.low <= value <= self.high

    def hull(self, other: Interval) -> Interval:
        """The least interval that holds both."""
        return Interval(min(self.low, other.low), max(self.high, other.high))


EVERYTHING = Interval(-math.inf, math.inf)


def outwards(low: float, high: float, units: int = 1) -> Interval:
    """The interval with each end moved out by some units in the last place; NaN becomes no bound."""
    for _ in range(units):
        low, high = math.nextafter(low, -math.inf), math.nextafter(high, math.inf)
    return Interval(-math.inf if math.isnan(low) else low, math.inf if math.isnan(high) else high)


def exactly(value: Fraction | float) -> Interval:
    """The least interval of floats that holds a number."""
    near = float(value)
    return Interval(near, near) if Fraction(near) == value else outwards(near, near)


class Intervals:
    """Arithmetic of intervals with ends of floats, rounded outward."""

    def constant(self, value: Fraction) -> Interval:
        """An interval around a number, as narrow as floats allow."""
        return exactly(value)

    def add(self, a: Interval, b: Interval) -> Interval:
        """Sum."""
        return outwards(a.low + b.low, a.high + b.high)

    def negative(self, a: Interval) -> Interval:
        """With the other sign; nothing is rounded."""
        return Interval(-a.high, -a.low)

    def multiply(self, a: Interval, b: Interval) -> Interval:
        """Product; 0 times no bound is 0."""
        products = [_product(x, y) for x in a for y in b]
        return outwards(min(products), max(products))

    def divide(self, a: Interval, b: Interval) -> Interval:
        """Quotient; everything where b holds 0."""
        if b.holds(0.0):
            return EVERYTHING
        quotients = [x / y for x in a for y in b]
        if any(map(math.isnan, quotients)):
            return EVERYTHING
        return outwards(min(quotients), max(quotients))

    def power(self, a: Interval, exponent: int) -> Interval:
        """A whole power: an even one is never below 0."""
        if exponent % 2 == 0:
            a = self.function("abs", a)
        low, high = _power(a.low, exponent), _power(a.high, exponent)
        widened = outwards(low, high, LIBRARY_UNITS)
        return Interval(max(widened.low, 0.0), widened.high) if exponent % 2 == 0 else widened

    def function(self, name: str, a: Interval) -> Interval:
        """A function that acts entry by entry; outside its domain there is no bound."""
        if name == "abs":
            ends = sorted((abs(a.low), abs(a.high)))
            return Interval(0.0 if a.holds(0.0) else ends[0], ends[1])
        if name in STEPWISE:
            return Interval(STEPWISE[name](a.low), STEPWISE[name](a.high))
        if name in ("log", "sqrt") and a.low < 0:
            return EVERYTHING
        function, least, most = SMOOTH[name]
        widened = outwards(function(a.low), function(a.high), LIBRARY_UNITS)
        return Interval(max(widened.low, least), min(widened.high, most))

    def of_two(self, name: str, a: Interval, b: Interval) -> Interval:
        """max, min or mod."""
        if name == "max":
            return Interval(max(a.low, b.low), max(a.high, b.high))
        if name == "min":
            return Interval(min(a.low, b.low), min(a.high, b.high))
        return self._mod(a, b)

    def to_places(self, how: str, a: Interval, places: int) -> Interval:
        """Rounded or cut to so many places; an end that may be a tie goes both ways."""
        scale = 10.0 ** (places - 1 if how == "coarse" else places)
        half = 0.0 if how == "cut" else 0.5
        low, high = (
            min(_digits(a.low, scale, half - TIE), _digits(a.low, scale, half + TIE)),
            max(_digits(a.high, scale, half - TIE), _digits(a.high, scale, half + TIE)),
        )
        return outwards(low, high)

    def softmax(self, v: Sequence[Interval]) -> Sequence[Interval]:
        """Least where the own entry is lowest and the others highest, most the other way round."""
        return [
            Interval(
                max(0.0, outwards(_share(v, i, own=0), 1.0, 4 * LIBRARY_UNITS + len(v)).low),
                min(1.0, outwards(0.0, _share(v, i, own=1), 4 * LIBRARY_UNITS + len(v)).high),
            )
            for i in range(len(v))
        ]

    def _mod(self, a: Interval, b: Interval) -> Interval:
        """Remainder a - b floor(a / b): where the quotient has more than one floor, all remainders."""
        quotient = self.divide(a, b)
        if not all(map(math.isfinite, quotient)):
            return EVERYTHING
        floors = math.floor(quotient.low), math.floor(quotient.high)
        if floors[0] == floors[1]:
            return self.add(a, self.negative(self.multiply(b, exactly(float(floors[0])))))
        return Interval(min(b.low, 0.0), max(b.high, 0.0))


def sigmoid(u: float) -> float:
    """1 / (1 + exp(-u)), without overflow."""
    small = math.exp(-abs(u))
    return (1.0 if u >= 0 else small) / (1.0 + small)


def _exp(u: float) -> float:
    try:
        return math.exp(u)
    except OverflowError:
        return math.inf


def _log(u: float) -> float:
    return math.log(u) if u > 0 else -math.inf


def _softplus(u: float) -> float:
    return math.log1p(math.exp(-abs(u))) + max(u, 0.0)


# Nothing is rounded in these: their values at the ends are exact.
STEPWISE: dict[str, Callable[[float], float]] = {
    "relu": lambda u: max(u, 0.0),
    "step": lambda u: float(u >= 0),
    "positive": lambda u: float(u > 0),
    "sign": lambda u: float((u > 0) - (u < 0)),
}
# Increasing functions, with the least and the most that they can be.
SMOOTH: dict[str, tuple[Callable[[float], float], float, float]] = {
    "tanh": (math.tanh, -1.0, 1.0),
    "halftanh": (lambda u: math.tanh(u / 2), -1.0, 1.0),
    "sigmoid": (sigmoid, 0.0, 1.0),
    "exp": (_exp, 0.0, math.inf),
    "log": (_log, -math.inf, math.inf),
    "sqrt": (math.sqrt, 0.0, math.inf),
    "softplus": (_softplus, 0.0, math.inf),
}


def _product(x: float, y: float) -> float:
    return 0.0 if x == 0.0 or y == 0.0 else x * y


def _power(x: float, exponent: int) -> float:
    try:
        return x**exponent
    except OverflowError:
        return math.copysign(math.inf, x) if exponent % 2 else math.inf


def _digits(x: float, scale: float, up: float) -> float:
    if math.isinf(x):
        return x
    return math.copysign(math.floor(max(abs(x) * scale + up, 0.0)) / scale, x)


def _share(v: Sequence[Interval], i: int, own: int) -> float:
    """The share of entry i in softmax, by its own end (0 low, 1 high) and the other end of the others."""
    towards = math.inf if own == 0 else -math.inf
    others = (_exp(math.nextafter(v[j][1 - own] - v[i][own], towards)) for j in range(len(v)) if j != i)
    total = sum(others)
    # Beyond the floats there is no share of 0, only one that is less than any other.
    return 1.0 / (1.0 + (min(total, sys.float_info.max) if own == 1 else total))
