"""Points at which a student's otherwise right formula has no value: (w^2 - w)/w for w - 1, at w = 0."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

from grader.exact import ball
from grader.exact.polynomial import TooLarge, exponents
from grader.exact.quotient import DivisionByZero
from grader.formula import evaluate
from grader.formula.compare import has_value
from grader.formula.field import FunctionField
from grader.formula.points import Domain, Point, points
from grader.formula.tree import Constant, Formula, Power, everything_in, symbols_in

TRIED_POINTS = 4


def excluded_point(given: Formula, right: Formula, domain: Domain) -> Point | None:
    """A point of the domain where the given formula has no value though the right one has.

    Symbols on whose values that does not depend are left out; None if no such point is found.

    Args:
        given: The student's, equal to the right one wherever it has a value.
        right: The author's.
        domain: Points outside it do not count.
    """
    for divisor in _divisors(given):
        for point in _zeros(divisor, domain):
            others = points(symbols_in(given) | symbols_in(right), domain, 0)
            for rest in itertools.islice(others, TRIED_POINTS):
                if has_value(given, {**rest, **point}) or not has_value(right, {**rest, **point}):
                    break
            else:
                return point
    return None


def _divisors(formula: Formula) -> Iterator[Formula]:
    for part in everything_in(formula):
        if isinstance(part, Power) and isinstance(part.exponent, Constant) and part.exponent.value < 0:
            yield part.base


def _zeros(divisor: Formula, domain: Domain) -> Iterator[Point]:
    """Points where a divisor is zero, solved for a symbol in which it is linear (or a multiple of it)."""
    names = sorted(symbols_in(divisor))
    field = FunctionField("tanh")
    try:
        numerator = field.quotient(divisor).numerator
    except (TooLarge, DivisionByZero):
        return
    if field.values or field.roots:
        return
    for name in names:
        index = field.symbols[name]
        degrees = {dict(exponents(monomial)).get(index, 0) for monomial in numerator}
        others = [other for other in names if other != name]
        for fixed in itertools.islice(points(others, domain, 0), 2):
            if len(degrees) == 1 and degrees != {0}:
                candidates = {Fraction(0)}
            elif degrees == {0, 1}:
                candidates = _root(divisor, name, fixed)
            else:
                candidates = {Fraction(n) for n in (-1, 0, 1)}
            for value in sorted(candidates):
                point = {**fixed, name: value}
                if point in domain and not has_value(Power(divisor, Constant(Fraction(-1))), point):
                    yield {name: value} if value == 0 and len(degrees) == 1 else point


def _root(divisor: Formula, name: str, fixed: Point) -> set[Fraction]:
    """Where a formula that is linear in one symbol is zero, by the secant through two points."""
    values = []
    for at in (Fraction(11), Fraction(13)):
        try:
            value = evaluate.evaluate(divisor, {**fixed, name: at})
        except (ball.Undefined, ball.Unsure):
            return set()
        if not isinstance(value, Fraction):
            return set()
        values.append(value)
    slope = (values[1] - values[0]) / 2
    return {11 - values[0] / slope} if slope else set()
