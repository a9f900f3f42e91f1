"""Markov parameters of a network with symbols, less those asked for: polynomials that should all be zero."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from grader.exact import polynomial as poly
from grader.exact.polynomial import Budget, Polynomial
from grader.exact.quotient import Quotient
from grader.linear.symbolic.field import RootField
from reference.equivalence import Place, markov_entries
from reference.linear_system import LinearSystem

Rows: TypeAlias = Sequence[Sequence[Quotient]]


class CommonDenominator(NamedTuple):
    """A matrix of quotients: polynomials `rows` over one common `denominator`."""

    denominator: Polynomial
    rows: list[list[Polynomial]]


class SymbolicSystem(NamedTuple):
    """A linear system whose entries are quotients; like `reference.linear_system.LinearSystem`."""

    A: Rows
    B: Rows
    C: Rows
    D: Rows
    s0: Sequence[Quotient]


def differences(system: SymbolicSystem, target: LinearSystem, field: RootField) -> dict[Place, Polynomial]:
    """For each place within the deciding steps, the numerator of what the network shows less what is asked.

    It is zero for exactly those values of the symbols for which the network is right there.

    Args:
        system: The network.
        target: What is asked; its numbers are rational.
        field: Where the entries lie.

    Raises:
        TooLarge: If it takes more than the field's budget.
    """
    budget, n = field.budget, len(system.s0)
    steps = n + target.n_states + 1
    wanted = markov_entries(target, steps)
    A, C, D = (whole(rows, budget) for rows in (system.A, system.C, system.D))
    # The response to s0 is one more column: r_t = C A^(t-1) (A s0).
    B, start = whole(system.B, budget), whole([[value] for value in system.s0], budget)
    start = CommonDenominator(
        poly.multiply(A.denominator, start.denominator, budget), _product(A.rows, start.rows, field)
    )
    found: dict[Place, Polynomial] = {}
    X, S = B.rows, start.rows
    denominator = poly.multiply(C.denominator, B.denominator, budget)
    start_denominator = poly.multiply(C.denominator, start.denominator, budget)
    for k in range(steps):
        if k > 0:
            X, S = _product(A.rows, X, field), _product(A.rows, S, field)
            denominator = field.reduced(poly.multiply(denominator, A.denominator, budget))
            start_denominator = field.reduced(poly.multiply(start_denominator, A.denominator, budget))
        CX, CS = _product(C.rows, X, field), _product(C.rows, S, field)
        for i in range(target.n_outputs):
            for j in range(target.n_inputs):
                place = Place(k + 1, j + 1, i)
                if k == 0:
                    found[place] = _with_feed(CX[i][j], denominator, D, (i, j), wanted[place], field)
                else:
                    found[place] = _difference(CX[i][j], denominator, wanted[place], field)
            place = Place(k + 1, 0, i)
            found[place] = _difference(CS[i][0], start_denominator, wanted[place], field)
    return found


def _difference(
    numerator: Polynomial, denominator: Polynomial, wanted: Fraction, field: RootField
) -> Polynomial:
    ours = poly.multiply(numerator, poly.constant(wanted.denominator), field.budget)
    return field.reduced(poly.add(ours, denominator, -wanted.numerator) if wanted else ours)


def _with_feed(
    numerator: Polynomial,
    denominator: Polynomial,
    D: CommonDenominator,
    at: tuple[int, int],
    wanted: Fraction,
    field: RootField,
) -> Polynomial:
    i, j = at
    budget = field.budget
    sum_numerator = poly.add(
        poly.multiply(numerator, D.denominator, budget), poly.multiply(D.rows[i][j], denominator, budget)
    )
    return _difference(sum_numerator, poly.multiply(denominator, D.denominator, budget), wanted, field)


def whole(rows: Rows, budget: Budget) -> CommonDenominator:
    """A matrix over one common denominator.

    That is the least common multiple of the denominators with one term, times all others, each once.
    """
    denominators: list[Polynomial] = []
    for value in (value for row in rows for value in row):
        if value.denominator not in denominators:
            denominators.append(value.denominator)
    single = _least_multiple([p for p in denominators if len(p) == 1])
    others = [p for p in denominators if len(p) > 1]
    common = single
    for p in others:
        common = poly.multiply(common, p, budget)
    made = []
    for row in rows:
        line = []
        for value in row:
            factor = _over(single, value.denominator) if len(value.denominator) == 1 else single
            for p in others:
                if p != value.denominator:
                    factor = poly.multiply(factor, p, budget)
            line.append(poly.multiply(value.numerator, factor, budget))
        made.append(line)
    return CommonDenominator(common, made)


def _least_multiple(single: Sequence[Polynomial]) -> Polynomial:
    """The least common multiple of polynomials with one term each; 1 for none."""
    number, exponents = 1, dict[int, int]()
    for p in single:
        ((monomial, coefficient),) = p.items()
        number = math.lcm(number, coefficient)
        for index, exponent in poly.exponents(monomial):
            exponents[index] = max(exponents.get(index, 0), exponent)
    return {sum(e << (poly.BITS * i) for i, e in exponents.items()): number}


def _over(p: Polynomial, q: Polynomial) -> Polynomial:
    """The quotient p / q of two single terms, where q divides p."""
    ((numerator, a),), ((denominator, b),) = p.items(), q.items()
    return {numerator - denominator: a // b}


def _product(
    left: list[list[Polynomial]], right: list[list[Polynomial]], field: RootField
) -> list[list[Polynomial]]:
    made = []
    for row in left:
        line = []
        for j in range(len(right[0])):
            total: Polynomial = {}
            for a, other in zip(row, right, strict=True):
                if a and other[j]:
                    total = poly.add(total, poly.multiply(a, other[j], field.budget))
            line.append(field.reduced(total))
        made.append(line)
    return made
