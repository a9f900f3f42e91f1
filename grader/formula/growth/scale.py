"""The scale on which growth is measured: sums of exp(c1 u1 + c2 u2 + ...), each u a product of logarithms.

The generator (T, 0) is T itself, (T, 1) its logarithm, (T, 2) the logarithm of that. So T^2 log T is
exp(2 (T, 1) + (T, 2)), and 2^T is exp(ln 2 (T, 0)): to multiply monomials is to add their exponents.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TypeAlias

from grader.formula.growth import logarithms as logs
from grader.formula.growth.logarithms import LogNumber, without_zeros

Generator: TypeAlias = tuple[str, int]
"""A size and how many logarithms were taken of it."""
Product: TypeAlias = tuple[tuple[Generator, Fraction], ...]
"""Generators with exponents, sorted, none 0; () is 1."""
Monomial: TypeAlias = tuple[tuple[Product, LogNumber], ...]
"""What stands in the exponent: products with what they are multiplied by, sorted; () is exp(0) = 1."""
Coefficient: TypeAlias = Fraction | None
"""What a monomial is multiplied by; None for something positive that stays between two positive bounds."""
Terms: TypeAlias = dict[Monomial, Coefficient]

MOST_TERMS = 150
MOST_BITS = 2000


class Undecided(Exception):
    """Growth that is not decided here; says why, for staff."""


def of_size(name: str) -> Monomial:
    """A size: exp of its logarithm."""
    return (((((name, 1), Fraction(1)),), logs.of_fraction(Fraction(1))),)


def multiplied(a: Monomial, b: Monomial) -> Monomial:
    """The product of two monomials."""
    exponent = dict(a)
    for product, share in b:
        exponent[product] = logs.added(exponent.get(product, ()), share)
    return without_zeros(exponent)


def raised(a: Monomial, power: Fraction) -> Monomial:
    """A rational power of a monomial."""
    return tuple((product, logs.times(share, power)) for product, share in a) if power else ()


def over(a: Monomial, b: Monomial) -> Monomial:
    """The quotient of two monomials."""
    return multiplied(a, raised(b, Fraction(-1)))


def from_product(product: Product) -> Monomial:
    """A product of generators as a monomial: exp of the sum of their logarithms."""
    return without_zeros(
        {(((name, level + 1), Fraction(1)),): logs.of_fraction(power) for (name, level), power in product}
    )


def as_product(monomial: Monomial) -> Product | None:
    """A monomial as a product of powers of generators; None where it holds an exponential."""
    exponents: dict[Generator, Fraction] = {}
    for product, share in monomial:
        power = logs.rational(share)
        if power is None or len(product) != 1 or product[0][1] != 1 or not product[0][0][1]:
            return None
        (name, level), _ = product[0]
        exponents[name, level - 1] = power
    return without_zeros(exponents)


def add_term(terms: Terms, monomial: Monomial, coefficient: Coefficient) -> None:
    """Add one term, in place.

    Raises:
        Undecided: If what may cancel is not known exactly, or there are too many terms.
    """
    if monomial not in terms:
        if coefficient != 0:
            terms[monomial] = coefficient
        if len(terms) > MOST_TERMS:
            raise Undecided("too many terms")
        return
    known = terms[monomial]
    if known is None or coefficient is None:
        exact = coefficient if known is None else known
        if exact is not None and exact < 0:
            raise Undecided("terms of which only the growth is known are subtracted")
        terms[monomial] = None
    elif total := known + coefficient:
        if total.numerator.bit_length() + total.denominator.bit_length() > MOST_BITS:
            raise Undecided("numbers too long")
        terms[monomial] = total
    else:
        del terms[monomial]


def summed(parts: Iterable[Terms]) -> Terms:
    """The sum of sums."""
    total: Terms = {}
    for part in parts:
        for monomial, coefficient in part.items():
            add_term(total, monomial, coefficient)
    return total


def product(a: Terms, b: Terms) -> Terms:
    """The product of two sums.

    Raises:
        Undecided: If a factor of which only the growth is known meets one that is subtracted.
    """
    if len(a) * len(b) > MOST_TERMS**2 // 4:
        raise Undecided("too many terms")
    total: Terms = {}
    for left, c in a.items():
        for right, d in b.items():
            if (c is None and d is not None and d < 0) or (d is None and c is not None and c < 0):
                raise Undecided("terms of which only the growth is known are subtracted")
            add_term(total, multiplied(left, right), None if c is None or d is None else c * d)
    return total


def is_rough(terms: Terms) -> bool:
    """Whether of some term only the growth is known."""
    return None in terms.values()
