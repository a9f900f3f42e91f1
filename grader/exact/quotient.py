"""Quotients of two polynomials.

Two are equal if p1 q2 - p2 q1 is zero, so no greatest common divisor is ever looked for.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from grader.exact import polynomial as poly
from grader.exact.polynomial import Budget, Polynomial


class DivisionByZero(Exception):
    """A formula divides by zero, whatever the values of its symbols."""


class Quotient(NamedTuple):
    """Two polynomials, the denominator never zero."""

    numerator: Polynomial
    denominator: Polynomial

    @property
    def is_number(self) -> bool:
        """Whether no generator stands in it."""
        return poly.is_constant(self.numerator) and poly.is_constant(self.denominator)

    @property
    def number(self) -> Fraction:
        """Its value, where it is a number."""
        return Fraction(self.numerator.get(0, 0), self.denominator[0])


def of_number(value: Fraction | int) -> Quotient:
    """A number as a quotient; raises TooLarge where its digits are too many to compute with."""
    fraction = Fraction(value)
    if fraction.numerator.bit_length() + fraction.denominator.bit_length() > poly.MAX_COEFFICIENT_BITS:
        raise poly.TooLarge
    return Quotient(poly.constant(fraction.numerator), poly.constant(fraction.denominator))


def of_generator(index: int, exponent: int = 1) -> Quotient:
    """One generator to a power, which may be negative."""
    one, made = poly.constant(1), poly.generator(index, abs(exponent))
    return Quotient(made, one) if exponent >= 0 else Quotient(one, made)


def add(p: Quotient, q: Quotient, budget: Budget) -> Quotient:
    """The sum of two quotients, in lowest terms."""
    if p.denominator == q.denominator:
        return lowered(Quotient(poly.add(p.numerator, q.numerator), p.denominator))
    numerator = poly.add(
        poly.multiply(p.numerator, q.denominator, budget), poly.multiply(q.numerator, p.denominator, budget)
    )
    return lowered(Quotient(numerator, poly.multiply(p.denominator, q.denominator, budget)))


def multiply(p: Quotient, q: Quotient, budget: Budget) -> Quotient:
    """The product, lowered; a numerator that equals the other's denominator is cancelled."""
    if p.numerator == q.denominator:
        return Quotient(q.numerator, p.denominator)
    if q.numerator == p.denominator:
        return Quotient(p.numerator, q.denominator)
    numerator, denominator = (
        poly.multiply(p.numerator, q.numerator, budget),
        poly.multiply(p.denominator, q.denominator, budget),
    )
    return lowered(Quotient(numerator, denominator))


def inverse(p: Quotient) -> Quotient:
    """The reciprocal.

    Raises:
        DivisionByZero: If p is zero.
    """
    if not p.numerator:
        raise DivisionByZero
    return Quotient(p.denominator, p.numerator)


def power(p: Quotient, exponent: int, budget: Budget) -> Quotient:
    """Any whole power.

    Raises:
        DivisionByZero: If p is zero and the exponent negative.
    """
    if exponent < 0:
        p, exponent = inverse(p), -exponent
    return Quotient(poly.power(p.numerator, exponent, budget), poly.power(p.denominator, exponent, budget))


def lowered(p: Quotient) -> Quotient:
    """The same quotient without the numbers and monomials that divide numerator and denominator.

    The first coefficient of the denominator becomes positive, and zero becomes 0 / 1.
    """
    if not p.numerator:
        return Quotient({}, poly.constant(1))
    number, monomial = poly.content(p.numerator, p.denominator)
    if next(iter(p.denominator.values())) < 0:
        number = -number
    if number == 1 and not monomial:
        return p
    return Quotient(
        poly.divided(p.numerator, number, monomial), poly.divided(p.denominator, number, monomial)
    )


def crossed(p: Quotient, q: Quotient, budget: Budget) -> Polynomial:
    """The numerator of p - q: zero exactly where p = q."""
    if p.denominator == q.denominator:
        return poly.add(p.numerator, q.numerator, -1)
    return poly.add(
        poly.multiply(p.numerator, q.denominator, budget),
        poly.multiply(q.numerator, p.denominator, budget),
        -1,
    )
