"""Ways for all sizes to grow at once, and what a sum does along one: exact, in a single variable R.

Along a path each size is R^w, (log R)^w or exp(R)^w. What two sums do there can show that they differ in
growth, or that one is negative; it never shows that they are alike.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from grader.formula.growth import logarithms as logs
from grader.formula.growth.logarithms import LogNumber
from grader.formula.growth.scale import Monomial, Terms

Path: TypeAlias = Mapping[str, tuple[int, Fraction]]
"""For each size (k, w): R^w for k = 0, (log R)^w for k = 1, exp(R)^w for k = -1."""
Along: TypeAlias = dict[tuple[tuple[int, Fraction], ...], LogNumber]
"""An exponent along a path: products of powers of exp(R), R, log R ... by their number, with factors."""

SPEEDS = tuple(
    (k, Fraction(w))
    for k, w in ((0, 1), (0, 2), (1, 1), (-1, 1), (0, 3), (0, "1/2"), (2, 1), (-2, 1), (1, 2), (-1, 2))
)
MOST_PATHS = 1000


class Leading(NamedTuple):
    """The term of a sum that counts along a path: its exponent and its sign, 0 where all is zero there."""

    exponent: Along
    sign: int


def paths(sizes: Sequence[str]) -> Iterator[Path]:
    """Paths to try, equal speeds first."""
    for speeds in itertools.islice(itertools.product(SPEEDS, repeat=len(sizes)), MOST_PATHS):
        yield dict(zip(sizes, speeds, strict=True))


def leading(terms: Terms, path: Path) -> Leading | None:
    """What counts of a sum along a path; None where that is not known."""
    merged: dict[tuple[object, ...], tuple[Along, Fraction | None]] = {}
    for monomial, coefficient in terms.items():
        found = _along(monomial, path)
        if found is None:
            return None
        exponent, is_exact = found
        key = tuple(sorted(exponent.items()))
        added = coefficient if is_exact or coefficient is None else None
        if coefficient is not None and coefficient < 0 and added is None:
            return None
        if key in merged:
            known = merged[key][1]
            if known is None or added is None:
                exact = added if known is None else known
                if exact is not None and exact < 0:
                    return None
                added = None
            else:
                added += known
        merged[key] = exponent, added
    best: Leading | None = None
    for exponent, coefficient in merged.values():
        if coefficient == 0:
            continue
        one = Leading(exponent, 1 if coefficient is None or coefficient > 0 else -1)
        order = 1 if best is None else grows(one.exponent, best.exponent)
        if best is not None and order == 0 and one.sign != best.sign:
            return None
        if order > 0:
            best = one
    return best or Leading({}, 0)


def grows(a: Along, b: Along) -> int:
    """1 where exp(a) grows faster than exp(b), -1 where more slowly, 0 where their quotient stays bounded."""
    exponent = dict(a)
    for product, share in b.items():
        exponent[product] = logs.added(exponent.get(product, ()), logs.times(share, Fraction(-1)))
    growing = [product for product, share in exponent.items() if share and product and product[0][1] > 0]
    if not growing:
        return 0
    numbers = sorted({number for product in growing for number, _ in product})
    fastest = max(growing, key=lambda product: tuple(dict(product).get(n, Fraction(0)) for n in numbers))
    return logs.sign(exponent[fastest])


def _along(monomial: Monomial, path: Path) -> tuple[Along, bool] | None:
    """A monomial along a path, and whether it is that exactly or up to a factor; None where unknown."""
    exponent: Along = {}
    is_exact = True
    for product, share in monomial:
        powers: dict[int, Fraction] = {}
        factor = Fraction(1)
        for (name, level), power in product:
            k, w = path[name]
            powers[k + level] = powers.get(k + level, Fraction(0)) + (power * w if level == 0 else power)
            if level == 1 and w != 1:
                if power.denominator != 1:
                    return None
                factor *= w**power.numerator
            if level > 1 and w != 1:
                # log log R^w = log w + log log R: a factor outside, if it stands alone.
                if len(product) > 1 or power != 1:
                    return None
                is_exact = False
        key = tuple(sorted((number, power) for number, power in powers.items() if power))
        exponent[key] = logs.added(exponent.get(key, ()), logs.times(share, factor))
    constant = exponent.pop((), ())
    return {key: share for key, share in exponent.items() if share}, is_exact and not constant
