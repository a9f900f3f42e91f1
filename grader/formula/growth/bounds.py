"""When one monomial grows no faster than others together, in whatever way the sizes grow.

Sufficient and, for products of powers of sizes, necessary: m = O(n1 + n2 + ...) exactly where some weighted
geometric mean of the n has at least m's power of every size (weighted means, and Farkas' lemma).
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Sequence
from fractions import Fraction

from grader.formula.growth import logarithms as logs
from grader.formula.growth.logarithms import LogNumber
from grader.formula.growth.scale import Monomial, Product, Terms, over

MOST_ORDERS = 24
Levels = tuple[Fraction, ...]
Vector = tuple[Fraction, ...]


def sizes_in(monomials: Iterable[Monomial]) -> tuple[str, ...]:
    """Names of the sizes that stand in monomials."""
    return tuple(sorted({name for one in monomials for product, _ in one for (name, _), _ in product}))


def stays_bounded(quotient: Monomial) -> bool:
    """Whether a monomial is seen to stay below some number, however the sizes grow."""
    parts = _by_size(quotient)
    return parts is not None and all(_leading(part) <= 0 for part in parts.values())


def vanishes(quotient: Monomial) -> bool:
    """Whether a monomial is seen to go to zero as all sizes grow."""
    parts = _by_size(quotient)
    return (
        parts is not None
        and all(_leading(part) <= 0 for part in parts.values())
        and (any(_leading(part) < 0 for part in parts.values()) or _has_joint(quotient))
    )


def _has_joint(quotient: Monomial) -> bool:
    return any(len({name for (name, _), _ in product}) > 1 for product, _ in quotient)


def _by_size(quotient: Monomial) -> dict[str, dict[Levels, LogNumber]] | None:
    """What belongs to each size alone; None where something that joins sizes may grow."""
    found: dict[str, dict[Levels, LogNumber]] = {}
    for product, share in quotient:
        names = {name for (name, _), _ in product}
        if len(names) > 1:
            # exp(-T h) only helps; exp(T h) or exp(-T/h) may be anything.
            if logs.sign(share) > 0 or any(power < 0 for _, power in product):
                return None
            continue
        found.setdefault(names.pop(), {})[_levels(product)] = share
    return found


def _levels(product: Product) -> Levels:
    """Exponents of a size, of its logarithm and so on: the larger in this order the faster it grows."""
    exponents = {level: power for (_, level), power in product}
    return tuple(exponents.get(level, Fraction(0)) for level in range(max(exponents) + 1))


def _leading(part: dict[Levels, LogNumber]) -> int:
    """The sign of what grows fastest in an exponent; what goes to zero in there does not count."""
    growing = [
        (levels, share) for levels, share in part.items() if next((n for n in levels if n), 0) > 0 and share
    ]
    if not growing:
        return 0
    width = max(len(levels) for levels, _ in growing)
    return logs.sign(max(growing, key=lambda one: one[0] + (Fraction(0),) * (width - len(one[0])))[1])


def is_dominated(monomial: Monomial, terms: Terms) -> bool:
    """Whether a monomial is seen to be at most some number times the sum of terms, all positive."""
    quotients = [over(monomial, other) for other in terms]
    if any(map(stays_bounded, quotients)):
        return True
    sizes = sizes_in(quotients)
    # Logarithms may be taken for sizes of their own here: a mean that is enough for these is enough.
    generators = sorted({one for quotient in quotients for product, _ in quotient for one, _ in product})
    if (powers := powers_in(quotients, generators)) and separating(powers) is None:
        return True
    orders = itertools.permutations(sizes)
    if functools.reduce(lambda n, m: n * m, range(1, len(sizes) + 1), 1) > MOST_ORDERS:
        return False
    return all(any(_bounded_in_order(one, order) for one in quotients) for order in orders)


def powers_of(quotients: Sequence[Monomial], sizes: Sequence[str]) -> list[tuple[Fraction, ...]]:
    """Exponents of the sizes in those quotients that are products of powers of sizes."""
    return powers_in(quotients, [(name, 1) for name in sizes])


def powers_in(
    quotients: Sequence[Monomial], generators: Sequence[tuple[str, int]]
) -> list[tuple[Fraction, ...]]:
    """Exponents in those quotients that are products of powers of what the generators are logarithms of."""
    found = []
    for quotient in quotients:
        powers = dict.fromkeys(generators, Fraction(0))
        for product, share in quotient:
            power = logs.rational(share)
            if power is None or len(product) != 1 or product[0][1] != 1 or product[0][0] not in powers:
                break
            if product[0][0][1] < 1:
                break
            powers[product[0][0]] = power
        else:
            found.append(tuple(powers.values()))
    return found


def _bounded_in_order(quotient: Monomial, order: Sequence[str]) -> bool:
    """Whether a monomial stays bounded while the sizes keep an order, the largest first.

    With T = h u it is one in u, which may stay small, and h: what the largest sizes have together counts.
    """
    parts = _by_size(quotient)
    if parts is None:
        return False
    together: dict[Levels, LogNumber] = {}
    for name in order:
        for levels, share in parts.get(name, {}).items():
            together[levels] = logs.added(together.get(levels, ()), share)
        if _leading(together) > 0:
            return False
    return True


def separating(forms: Sequence[Vector]) -> Vector | None:
    """A direction w with entries > 0 in which every form is positive; None if there is none.

    There is none exactly if some weighted mean of the forms has no positive entry (Farkas). Largest t with
    t <= w . form for all forms, w >= 0 and sum of w <= 1; Bland's rule, so that it ends.

    Args:
        forms: At least one, all of one length.
    """
    n, zero, one = len(forms[0]), Fraction(0), Fraction(1)
    # Columns: w, t, a slack for each row, right side. Each row says t - w . form + slack = 0.
    rows = [
        [*(-entry for entry in form), one, *(one if i == j else zero for j in range(len(forms))), zero, zero]
        for i, form in enumerate(forms)
    ]
    rows.append([*[one] * n, zero, *[zero] * len(forms), one, one])
    gain = [*[zero] * n, one, *[zero] * (len(forms) + 2)]
    basis = [n + 1 + i for i in range(len(rows))]
    while (column := next((j for j, value in enumerate(gain[:-1]) if value > 0), None)) is not None:
        fitting = [i for i, row in enumerate(rows) if row[column] > 0]
        i = min(fitting, key=lambda i: (rows[i][-1] / rows[i][column], basis[i]))
        pivot = [value / rows[i][column] for value in rows[i]]
        rows[i], basis[i] = pivot, column
        for j, row in enumerate(rows):
            if j != i and row[column]:
                rows[j] = _without(row, pivot, column)
        gain = _without(gain, pivot, column)
    most = -gain[-1]
    if most <= 0:
        return None
    values = dict(zip(basis, (row[-1] for row in rows), strict=True))
    largest = max(abs(entry) for form in forms for entry in form)
    # Every size has to grow: so little more of each leaves all forms positive.
    more = most / (2 * n * largest)
    return tuple(values.get(j, zero) + more for j in range(n))


def _without(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    factor = row[column]
    return [value - factor * other for value, other in zip(row, pivot, strict=True)]
