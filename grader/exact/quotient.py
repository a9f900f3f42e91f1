"""Quotients of two polynomials; equal ones are told by multiplying across, so no common factor is sought."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from grader.exact import polynomial as poly
from grader.exact.polynomial import Budget, Polynomial


class Undefined(Exception):
    """Divides by zero, whatever the symbols are."""


class Quotient(NamedTuple):
    """above / below; below is never zero."""

    above: Polynomial
    below: Polynomial

    @property
    def is_number(self) -> bool:
        """Whether no generator stands in it."""
        return poly.is_constant(self.above) and poly.is_constant(self.below)

    @property
    def number(self) -> Fraction:
        """Its value, where it is a number."""
        return Fraction(self.above.get(0, 0), self.below[0])


def of_number(value: Fraction | int) -> Quotient:
    """A number as a quotient."""
    fraction = Fraction(value)
    if fraction.numerator.bit_length() + fraction.denominator.bit_length() > poly.MAX_COEFFICIENT_BITS:
        raise poly.TooLarge
    return Quotient(poly.constant(fraction.numerator), poly.constant(fraction.denominator))


def of_generator(index: int, exponent: int = 1) -> Quotient:
    """One generator to a power, which may be negative."""
    one, made = poly.constant(1), poly.generator(index, abs(exponent))
    return Quotient(made, one) if exponent >= 0 else Quotient(one, made)


def add(p: Quotient, q: Quotient, budget: Budget) -> Quotient:
    """P + q."""
    if p.below == q.below:
        return lowered(Quotient(poly.add(p.above, q.above), p.below))
    above = poly.add(poly.multiply(p.above, q.below, budget), poly.multiply(q.above, p.below, budget))
    return lowered(Quotient(above, poly.multiply(p.below, q.below, budget)))


def multiply(p: Quotient, q: Quotient, budget: Budget) -> Quotient:
    """P * q; a factor that stands whole above and below is taken out."""
    if p.above == q.below:
        return Quotient(q.above, p.below)
    if q.above == p.below:
        return Quotient(p.above, q.below)
    above, below = poly.multiply(p.above, q.above, budget), poly.multiply(p.below, q.below, budget)
    return lowered(Quotient(above, below))


def inverse(p: Quotient) -> Quotient:
    """1 / p.

    Raises:
        Undefined: If p is zero.
    """
    if not p.above:
        raise Undefined
    return Quotient(p.below, p.above)


def power(p: Quotient, exponent: int, budget: Budget) -> Quotient:
    """P ^ exponent, for any whole exponent."""
    if exponent < 0:
        p, exponent = inverse(p), -exponent
    return Quotient(poly.power(p.above, exponent, budget), poly.power(p.below, exponent, budget))


def lowered(p: Quotient) -> Quotient:
    """The same without the numbers and monomials that divide both sides."""
    if not p.above:
        return Quotient({}, poly.constant(1))
    number, monomial = poly.content(p.above, p.below)
    if next(iter(p.below.values())) < 0:
        number = -number
    if number == 1 and not monomial:
        return p
    return Quotient(poly.divided(p.above, number, monomial), poly.divided(p.below, number, monomial))


def crossed(p: Quotient, q: Quotient, budget: Budget) -> Polynomial:
    """What is zero exactly where p = q: p.above q.below - q.above p.below."""
    if p.below == q.below:
        return poly.add(p.above, q.above, -1)
    return poly.add(poly.multiply(p.above, q.below, budget), poly.multiply(q.above, p.below, budget), -1)
