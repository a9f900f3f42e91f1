"""Polynomials with whole coefficients in numbered generators, sparse, with a budget.

A polynomial is a dict from monomial to coefficient without zeros. A monomial is one int with 24 bits for the
exponent of each generator: x0^2 x1 is 2 + (1 << 24). So monomials are multiplied by adding them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TypeAlias

Polynomial: TypeAlias = dict[int, int]

BITS = 24
MASK = (1 << BITS) - 1
MAX_DEGREE = 8000
MAX_COEFFICIENT_BITS = 4096
MAX_TERMS = 4000


class TooLarge(Exception):
    """Exact arithmetic would take too long here: the caller has to decide in another way."""


class Budget:
    """How many products of two terms may still be made; all of them take some 20 ms."""

    def __init__(self, products: int = 50_000) -> None:
        self.products = products

    def spend(self, products: int) -> None:
        """Take a number of products off, before they are computed; raises TooLarge if too few are left."""
        self.products -= products
        if self.products < 0:
            raise TooLarge


def constant(value: int) -> Polynomial:
    """A number as a polynomial; zero has no terms."""
    return {0: value} if value else {}


def generator(index: int, exponent: int = 1) -> Polynomial:
    """One generator to a power."""
    return {exponent << (BITS * index): 1}


def is_constant(p: Polynomial) -> bool:
    """Whether no generator stands in it."""
    return not p or (len(p) == 1 and 0 in p)


def add(p: Polynomial, q: Polynomial, factor: int = 1) -> Polynomial:
    """The sum p + factor * q, terms that cancel left out."""
    result = dict(p)
    for monomial, coefficient in q.items():
        total = result.get(monomial, 0) + factor * coefficient
        if total:
            result[monomial] = total
        else:
            del result[monomial]
    return result


def multiply(p: Polynomial, q: Polynomial, budget: Budget) -> Polynomial:
    """The product.

    Raises:
        TooLarge: If a degree, a coefficient or the budget says so.
    """
    budget.spend(len(p) * len(q))
    if degree(p) + degree(q) > MAX_DEGREE or size(p) + size(q) > MAX_COEFFICIENT_BITS:
        raise TooLarge
    result: Polynomial = {}
    for left, a in p.items():
        for right, b in q.items():
            monomial = left + right
            result[monomial] = result.get(monomial, 0) + a * b
    if len(result) > MAX_TERMS:
        raise TooLarge
    return {monomial: coefficient for monomial, coefficient in result.items() if coefficient}


def power(p: Polynomial, exponent: int, budget: Budget) -> Polynomial:
    """A power with an exponent from 0 on; raises TooLarge as `multiply`."""
    if len(p) == 1:
        ((monomial, coefficient),) = p.items()
        if degree(p) * exponent > MAX_DEGREE or coefficient.bit_length() * exponent > MAX_COEFFICIENT_BITS:
            raise TooLarge
        return {monomial * exponent: coefficient**exponent}
    result = constant(1)
    for _ in range(exponent):
        result = multiply(result, p, budget)
    return result


def degree(p: Polynomial) -> int:
    """The largest exponent of any one generator."""
    return max((exponent for monomial in p for _, exponent in exponents(monomial)), default=0)


def size(p: Polynomial) -> int:
    """Bits of the largest coefficient."""
    return max((coefficient.bit_length() for coefficient in p.values()), default=0)


def exponents(monomial: int) -> Iterator[tuple[int, int]]:
    """Each generator of a monomial with its exponent."""
    index = 0
    while monomial:
        if monomial & MASK:
            yield index, monomial & MASK
        monomial >>= BITS
        index += 1


def content(p: Polynomial, q: Polynomial) -> tuple[int, int]:
    """The greatest number and the greatest monomial that divide every term of p and of q, neither zero."""
    number = math.gcd(*p.values(), *q.values())
    common: dict[int, int] | None = None
    for monomial in (*p, *q):
        found = dict(exponents(monomial))
        common = found if common is None else {i: min(n, found[i]) for i, n in common.items() if i in found}
        if not common:
            break
    return number, sum(n << (BITS * i) for i, n in (common or {}).items())


def divided(p: Polynomial, number: int, monomial: int) -> Polynomial:
    """The polynomial p over a number and a monomial, both of which divide every term."""
    return {term - monomial: coefficient // number for term, coefficient in p.items()}


def value_at(p: Polynomial, values: Sequence[Fraction]) -> Fraction:
    """The value of p where generator i has values[i]."""
    # Products of whole numbers as such: as fractions they take ten times as long, and there may be 10^5.
    plain = [int(value) if value.denominator == 1 else value for value in values]
    total: int | Fraction = 0
    for monomial, coefficient in p.items():
        term: int | Fraction = coefficient
        for index, exponent in exponents(monomial):
            term *= plain[index] ** exponent
        total += term
    return Fraction(total)


def largest_first(p: Polynomial) -> list[int]:
    """Its monomials as people write them, those of the largest total degree first."""
    return sorted(p, key=lambda monomial: (-sum(n for _, n in exponents(monomial)), -monomial))


def text(p: Polynomial, names: Sequence[str]) -> str:
    """A polynomial as people write it: "a^2*b - 2*b + 1"; not for zero.

    Args:
        p: Any but zero.
        names: Of the generators, in the order of their numbers.
    """
    parts = []
    for monomial in largest_first(p):
        coefficient = p[monomial]
        factors = [names[i] if n == 1 else f"{names[i]}^{n}" for i, n in exponents(monomial)]
        if abs(coefficient) != 1 or not factors:
            factors.insert(0, str(abs(coefficient)))
        parts.append(f"{'-' if coefficient < 0 else '+'} {'*'.join(factors)}")
    joined = " ".join(parts)
    return joined[2:] if joined.startswith("+ ") else f"-{joined[2:]}"
