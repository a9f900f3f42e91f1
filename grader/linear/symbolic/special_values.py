"""The values of its symbols for which a network is right, if it is not right for all."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from grader.exact import polynomial as poly
from grader.exact.polynomial import BITS, MASK, Polynomial

Coefficients: TypeAlias = list[Fraction]
"""A polynomial in one symbol: coefficients by rising power, the last not zero; [] is zero."""
# Candidates for rational roots are divisors; of longer numbers there may be too many.
MAX_ROOT_NUMBER = 10**6
MAX_DEGREE = 24
MAX_CONDITIONS = 3
MAX_TERMS = 6
# Of all polynomials together: nobody reads a condition on so many, and looking for one takes long.
MAX_TERMS_TRIED = 20_000


class SpecialValues(NamedTuple):
    """The values of the symbols for which a network is right.

    Args:
        text: "a = 0", "a = 0 or a = 1", "a*b - 1 = 0"; empty where it cannot be said briefly.
        is_never: Whether no values make it right.
        word: What leads the text in "right only ...": "for" a value, "where" an equation holds.
    """

    text: str
    is_never: bool = False
    word: str = "for"

    @property
    def phrase(self) -> str:
        """Completes "right only ...": "for a = 0", "where a*b - 1 = 0"."""
        return f"{self.word} {self.text}"


def special_values(
    differences: Iterable[Polynomial], excluded: Sequence[Polynomial], names: Sequence[str]
) -> SpecialValues:
    """The values of the symbols at which all differences are zero at once.

    Args:
        differences: Not zero identically, in the symbols alone.
        excluded: What must not be zero, the entries' denominators.
        names: The symbols in the order of their generators.
    """
    found: list[Polynomial] = []
    for one in differences:
        plain = without_excluded(one, excluded)
        if poly.is_constant(plain):
            return SpecialValues("", is_never=True)
        if plain not in found:
            found.append(plain)
    used = sorted({index for p in found for monomial in p for index, _ in poly.exponents(monomial)})
    if len(used) == 1:
        return _in_one_symbol(found, excluded, used[0], names[used[0]])
    return _in_many(found, names)


def without_excluded(p: Polynomial, excluded: Sequence[Polynomial]) -> Polynomial:
    """The polynomial without its numeric factor and the factors that are symbols which cannot be zero."""
    number, monomial = poly.content(p, p)
    nonzero = {index for q in excluded if len(q) == 1 for index, _ in poly.exponents(next(iter(q)))}
    taken = sum(n << (BITS * i) for i, n in poly.exponents(monomial) if i in nonzero)
    kept = poly.divided(p, number, taken)
    # a^3 = 0 says no more than a = 0.
    if len(kept) == 1:
        ((monomial, _),) = kept.items()
        kept = {sum(1 << (BITS * i) for i, _ in poly.exponents(monomial)): 1}
    return kept if kept[poly.largest_first(kept)[0]] > 0 else {m: -c for m, c in kept.items()}


def _in_one_symbol(
    found: Sequence[Polynomial], excluded: Sequence[Polynomial], index: int, name: str
) -> SpecialValues:
    """The common zeros of polynomials in one symbol, at which no denominator is zero.

    Rational ones are named, others are given as an equation if a real one is among them.
    """
    if any(poly.degree(p) > MAX_DEGREE for p in found):
        return SpecialValues("")
    common = _dense(found[0], index)
    for p in found[1:]:
        common = _gcd(common, _dense(p, index))
    for q in excluded:
        if all(i == index for monomial in q for i, _ in poly.exponents(monomial)):
            shared = _gcd(common, _dense(q, index))
            while len(shared) > 1:
                common = _divided(common, shared)[0]
                shared = _gcd(common, shared)
    common = _squarefree(common)
    if len(common) == 1:
        return SpecialValues("", is_never=True)
    roots = _rational_roots(common)
    for root in roots:
        common = _divided(common, [-root, Fraction(1)])[0]
    cases = [f"{name} = {root}" for root in sorted(roots)]
    is_equation = len(common) > 1 and _has_real_root(common)
    if is_equation:
        cases.append(f"{_text_of(common, name)} = 0")
    word = "where" if is_equation or (len(roots) > 1 and not max(roots)) else "for"
    return SpecialValues(" or ".join(cases), is_never=not cases, word=word)


def _in_many(found: Sequence[Polynomial], names: Sequence[str]) -> SpecialValues:
    """The equations that several symbols must fulfil, without those that follow; nothing if too long."""
    by_length = sorted(found, key=lambda p: (len(p), sum(p)))
    if sum(map(len, found)) > MAX_TERMS_TRIED:
        return SpecialValues("")
    kept: list[Polynomial] = []
    for p in by_length:
        if not any(_divides(q, p) for q in kept):
            kept.append(p)
        if len(kept) > MAX_CONDITIONS or len(kept[-1]) > MAX_TERMS:
            return SpecialValues("")
    word = "where" if len(kept) > 1 or len(kept[0]) > 1 else "for"
    return SpecialValues(" and ".join(f"{poly.text(p, names)} = 0" for p in kept), word=word)


def _divides(q: Polynomial, p: Polynomial) -> bool:
    """Whether q divides p, by long division in the order of monomials as numbers."""
    lead = max(q)
    rest = dict(p)
    for _ in range(200):
        if not rest:
            return True
        top = max(rest)
        exponents = dict(poly.exponents(top))
        if any(exponents.get(i, 0) < n for i, n in poly.exponents(lead)) or rest[top] % q[lead]:
            return False
        factor, shift = rest[top] // q[lead], top - lead
        rest = poly.add(rest, {monomial + shift: c for monomial, c in q.items()}, -factor)
    return False


def _text_of(coefficients: Coefficients, name: str) -> str:
    over = math.lcm(*(c.denominator for c in coefficients))
    p = {k: int(c * over) for k, c in enumerate(coefficients) if c}
    divisor = math.gcd(*p.values())
    return poly.text({k: c // divisor for k, c in p.items()}, [name])


def _dense(p: Polynomial, index: int) -> Coefficients:
    """Coefficients by rising power, the last not zero."""
    powers = {(monomial >> (BITS * index)) & MASK: Fraction(c) for monomial, c in p.items()}
    return [powers.get(k, Fraction(0)) for k in range(max(powers) + 1)]


def _divided(p: Coefficients, q: Coefficients) -> tuple[Coefficients, Coefficients]:
    """Quotient and remainder of a long division; the divisor's last coefficient is not zero."""
    rest, quotient = list(p), [Fraction(0)] * max(len(p) - len(q) + 1, 1)
    while len(rest) >= len(q) and any(rest):
        factor, shift = rest[-1] / q[-1], len(rest) - len(q)
        quotient[shift] = factor
        rest = [c - factor * q[k - shift] if k >= shift else c for k, c in enumerate(rest)]
        while rest and not rest[-1]:
            rest.pop()
    return quotient, rest


def _gcd(p: Coefficients, q: Coefficients) -> Coefficients:
    while q:
        p, q = q, _divided(p, q)[1]
    return [c / p[-1] for c in p]


def _derivative(p: Coefficients) -> Coefficients:
    return [k * c for k, c in enumerate(p)][1:]


def _squarefree(p: Coefficients) -> Coefficients:
    """The polynomial with each root once: p over its greatest common divisor with its derivative."""
    return p if len(p) < 3 else _divided(p, _gcd(p, _derivative(p)))[0]


def _rational_roots(p: Coefficients) -> list[Fraction]:
    """All rational roots: numerators divide the first coefficient, denominators the last."""
    over = math.lcm(*(c.denominator for c in p))
    whole = [int(c * over) for c in p]
    roots = []
    if not whole[0]:
        roots.append(Fraction(0))
        whole = whole[1:]
    if len(whole) == 1 or max(abs(whole[0]), whole[-1]) > MAX_ROOT_NUMBER:
        return roots
    for numerator in _divisors(whole[0]):
        for denominator in _divisors(whole[-1]):
            for root in (Fraction(numerator, denominator), Fraction(-numerator, denominator)):
                if root not in roots and not sum(c * root**k for k, c in enumerate(whole)):
                    roots.append(root)
    return roots


def _divisors(number: int) -> list[int]:
    number = abs(number)
    small = [d for d in range(1, math.isqrt(number) + 1) if number % d == 0]
    return sorted({*small, *(number // d for d in small)})


def _has_real_root(p: Coefficients) -> bool:
    """By Sturm's theorem: sign changes of the chain at minus and plus infinity."""
    chain = [p, _derivative(p)]
    while len(chain[-1]) > 1:
        rest = _divided(chain[-2], chain[-1])[1]
        if not rest:
            break
        chain.append([-c for c in rest])

    def changes(sign: int) -> int:
        signs = [(q[-1] > 0) == (sign > 0 or len(q) % 2 == 1) for q in chain]
        return sum(a != b for a, b in itertools.pairwise(signs))

    return changes(-1) > changes(1)
