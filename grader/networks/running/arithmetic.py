"""The numbers of an evaluation: exact fractions, floats, intervals, or others with the same operations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Generic, Protocol, TypeVar

from grader.answers.numbers import nearest_float

E = TypeVar("E")
N = TypeVar("N", Fraction, float)


class NotExact(ArithmeticError):
    """A function that this arithmetic has no exact value for."""


class Arithmetic(Protocol[E]):
    """What evaluating needs of entries."""

    def constant(self, value: Fraction) -> E:
        """A number of an equation."""

    def add(self, a: E, b: E) -> E:
        """Sum."""

    def negative(self, a: E) -> E:
        """With the other sign."""

    def multiply(self, a: E, b: E) -> E:
        """Product."""

    def divide(self, a: E, b: E) -> E:
        """Quotient; ZeroDivisionError where that has no value."""

    def power(self, a: E, exponent: int) -> E:
        """A whole power, from 1 on."""

    def function(self, name: str, a: E) -> E:
        """One of the functions that act entry by entry; NotExact where it cannot."""

    def of_two(self, name: str, a: E, b: E) -> E:
        """max, min or mod."""

    def to_places(self, how: str, a: E, places: int) -> E:
        """Rounded or cut to a number of decimal places."""

    def softmax(self, v: Sequence[E]) -> Sequence[E]:
        """Softmax of a vector; NotExact where it cannot."""


class _Numbers(Generic[N]):
    """What Python's own signs do."""

    def add(self, a: N, b: N) -> N:
        """Sum."""
        return a + b

    def negative(self, a: N) -> N:
        """With the other sign."""
        return -a

    def multiply(self, a: N, b: N) -> N:
        """Product."""
        return a * b

    def divide(self, a: N, b: N) -> N:
        """Quotient."""
        return a / b


class Fractions(_Numbers[Fraction]):
    """Exact fractions; they know no function that leaves them."""

    def constant(self, value: Fraction) -> Fraction:
        """The number itself."""
        return value

    def power(self, a: Fraction, exponent: int) -> Fraction:
        """A whole power."""
        return a**exponent

    def function(self, name: str, a: Fraction) -> Fraction:
        """Steps, signs and pieces of lines; step(0) is 1."""
        match name:
            case "step":
                return Fraction(int(a >= 0))
            case "positive":
                return Fraction(int(a > 0))
            case "sign":
                return Fraction((a > 0) - (a < 0))
            case "relu":
                return max(a, Fraction(0))
            case "abs":
                return abs(a)
        raise NotExact(f"{name} of a fraction is no fraction")

    def of_two(self, name: str, a: Fraction, b: Fraction) -> Fraction:
        """max, min, or a - b floor(a / b)."""
        if name == "mod":
            return a % b
        return max(a, b) if name == "max" else min(a, b)

    def to_places(self, how: str, a: Fraction, places: int) -> Fraction:
        """Rounded, halves away from zero, or cut."""
        unit = Fraction(10) ** ((1 if how == "coarse" else 0) - places)
        units = (abs(a) / unit + (0 if how == "cut" else Fraction(1, 2))) // 1
        return units * unit if a >= 0 else -units * unit

    def softmax(self, v: Sequence[Fraction]) -> Sequence[Fraction]:
        """Raises NotExact: no softmax is a fraction."""
        raise NotExact("softmax of fractions is no fraction")


class Floats(_Numbers[float]):
    """The usual arithmetic, for networks with tanh and the like."""

    def constant(self, value: Fraction) -> float:
        """The nearest float."""
        return nearest_float(value)

    def power(self, a: float, exponent: int) -> float:
        """A whole power."""
        return math.prod([a] * exponent)

    def function(self, name: str, a: float) -> float:
        """tanh, sigmoid, and what fractions have."""
        if name == "tanh":
            return math.tanh(a)
        if name == "sigmoid":
            # Of a large number below zero exp(-a) is no float any more.
            return 1 / (1 + math.exp(-a)) if a >= -700 else 0.0
        return float(Fractions().function(name, Fraction(a)))

    def of_two(self, name: str, a: float, b: float) -> float:
        """max, min, or a - b floor(a / b)."""
        return a % b if name == "mod" else max(a, b) if name == "max" else min(a, b)

    def to_places(self, how: str, a: float, places: int) -> float:
        """Rounded or cut to so many decimal places."""
        return float(Fractions().to_places(how, Fraction(a), places))

    def softmax(self, v: Sequence[float]) -> Sequence[float]:
        """Exp of each over their sum."""
        powers = [math.exp(one - max(v)) for one in v]
        return [one / sum(powers) for one in powers]
