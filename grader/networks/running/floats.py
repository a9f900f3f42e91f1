"""The arithmetic of floats, in which a network runs where its values are no fractions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from grader.networks.running.arithmetic import Fractions


class Floats:
    """The usual arithmetic, for networks with tanh and the like."""

    def constant(self, value: Fraction) -> float:
        """The nearest float."""
        return nearest(value)

    def add(self, a: float, b: float) -> float:
        """Sum."""
        return a + b

    def negative(self, a: float) -> float:
        """With the other sign."""
        return -a

    def multiply(self, a: float, b: float) -> float:
        """Product."""
        return a * b

    def divide(self, a: float, b: float) -> float:
        """Quotient."""
        return a / b

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

    def kept(self, how: str, a: float, places: int) -> float:
        """Rounded or cut."""
        return float(Fractions().kept(how, Fraction(a), places))

    def softmax(self, v: Sequence[float]) -> Sequence[float]:
        """Exp of each over their sum."""
        powers = [math.exp(one - max(v)) for one in v]
        return [one / sum(powers) for one in powers]


def nearest(value: Fraction) -> float:
    """The nearest float; infinity where there is none."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
