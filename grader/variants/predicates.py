"""What a requirement may ask of values, by name: one row each."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import NamedTuple

from grader.variants.arithmetic import FormulaError, Function
from grader.variants.functions import determinant, square, whole
from grader.variants.values import Value, numbers_in, shape_of

# Right answers of networks are floats: what is this close to a tie may be rounded either way.
NEAR_TIE = Fraction(1, 10**9)


class Predicate(NamedTuple):
    """One row.

    Args:
        holds: From the values to whether it holds.
        call: How it is written.
        says: What it asks, for people.
    """

    holds: Callable[..., bool]
    call: str
    says: str


def _invertible(matrix: Value) -> bool:
    return determinant(matrix) != 0


def _symmetric(matrix: Value) -> bool:
    rows = square(matrix)
    return rows == tuple(zip(*rows, strict=True))


def _stable(matrix: Value) -> bool:
    """Whether all eigenvalues are smaller than 1, by the test of Schur and Cohn in fractions."""
    coefficients = characteristic_polynomial(square(matrix))
    while len(coefficients) > 1:
        first, last = coefficients[0], coefficients[-1]
        if abs(last) >= abs(first):
            return False
        backwards = coefficients[::-1]
        coefficients = [
            first * one - last * other for one, other in zip(coefficients, backwards, strict=True)
        ][:-1]
    return True


def characteristic_polynomial(rows: tuple[tuple[Fraction, ...], ...]) -> list[Fraction]:
    """The coefficients of det(z I - A), the highest first, by Faddeev and LeVerrier."""
    size = len(rows)
    coefficients, product = [Fraction(1)], [[Fraction(0)] * size for _ in rows]
    for k in range(1, size + 1):
        for i in range(size):
            product[i][i] += coefficients[-1]
        product = [[_dot(row, column) for column in zip(*product, strict=True)] for row in rows]
        coefficients.append(-sum((product[i][i] for i in range(size)), Fraction(0)) / k)
    return coefficients


def _dot(one: Iterable[Fraction], other: Iterable[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(one, other, strict=True)), Fraction(0))


def _distinct(*values: Value) -> bool:
    """Several values among themselves, or the entries of one list."""
    if len(values) == 1:
        if not isinstance(values[0], tuple):
            raise FormulaError("distinct is for several values, or for the entries of one list")
        values = values[0]
    return all(one != other for one, other in itertools.combinations(values, 2))


def _nonzero(*values: Value) -> bool:
    return all(_numbers(*values))


def _apart(distance: Value, *values: Value) -> bool:
    """Whether of any two values some entries differ by the distance; of one list, any two entries."""
    least = _number(distance)
    if len(values) == 1:
        pairs = itertools.combinations(_numbers(*values), 2)
        return all(abs(one - other) >= least for one, other in pairs)
    return all(_distance(one, other) >= least for one, other in itertools.combinations(values, 2))


def _distance(one: Value, other: Value) -> Fraction:
    first, second = _numbers(one), _numbers(other)
    if len(first) != len(second):
        raise FormulaError(f"values with {len(first)} and {len(second)} numbers cannot be compared")
    return max(abs(a - b) for a, b in zip(first, second, strict=True))


def _between(value: Value, low: Value, high: Value) -> bool:
    return all(_number(low) <= one <= _number(high) for one in _numbers(value))


def _beyond(value: Value, least: Value) -> bool:
    return all(abs(one) >= _number(least) for one in _numbers(value))


def _whole(*values: Value) -> bool:
    return all(one.denominator == 1 for one in _numbers(*values))


def _coprime(*values: Value) -> bool:
    return math.gcd(*map(whole, _numbers(*values))) == 1


def _untied(value: Value, places: Value) -> bool:
    scale = 10 ** whole(places)
    return all(abs(one * scale % 1 - Fraction(1, 2)) > NEAR_TIE for one in _numbers(value))


def _shows(value: Value, places: Value) -> bool:
    return all(abs(one) * 10 ** whole(places) >= 1 for one in _numbers(value))


def _short(value: Value, places: Value) -> bool:
    return all((one * 10 ** whole(places)).denominator == 1 for one in _numbers(value))


def _increasing(value: Value) -> bool:
    return all(one < other for one, other in itertools.pairwise(_numbers(value)))


def _number(value: Value) -> Fraction:
    if not isinstance(value, Fraction):
        raise FormulaError("wanted a number")
    return value


def _numbers(*values: Value) -> list[Fraction]:
    found = list(numbers_in(values))
    if not found:
        raise FormulaError("there is no number in it")
    return found


def _full_rank(matrix: Value) -> bool:
    shape = shape_of(matrix)
    if shape is None or len(shape) != 2:
        raise FormulaError("wanted a matrix")
    assert isinstance(matrix, tuple)
    rows = matrix if shape[0] <= shape[1] else tuple(zip(*matrix, strict=True))
    # Gram: the rows are independent where the determinant of all their products is not 0.
    gram = tuple(tuple(_dot(one, other) for other in rows) for one in rows)
    return determinant(gram) != 0


PREDICATES: dict[str, Predicate] = {
    "invertible": Predicate(_invertible, "invertible(W)", "the matrix has an inverse"),
    "full_rank": Predicate(_full_rank, "full_rank(W)", "rows, or columns, of the matrix are independent"),
    "symmetric": Predicate(_symmetric, "symmetric(W)", "the matrix is its own transpose"),
    "stable": Predicate(_stable, "stable(W)", "every eigenvalue is smaller than 1; stable(W/0.9): than 0.9"),
    "distinct": Predicate(_distinct, "distinct(a, b, c)", "no two are the same; of one list, no two entries"),
    "nonzero": Predicate(_nonzero, "nonzero(a, W)", "no number, and no entry, is 0"),
    "apart": Predicate(
        _apart,
        "apart(0.05, a, b)",
        "any two differ by that much, tables in some entry; of one list, any two",
    ),
    "between": Predicate(_between, "between(W, -1, 1)", "every number is in that range, with its ends"),
    "beyond": Predicate(_beyond, "beyond(W, 0.1)", "every number is at least that far from 0"),
    "whole": Predicate(_whole, "whole(a/b)", "every number is whole"),
    "coprime": Predicate(_coprime, "coprime(a, b)", "the whole numbers have no common divisor but 1"),
    "untied": Predicate(
        _untied, 'untied(answer("q1"), 2)', "no number is halfway between two numbers of that many places"
    ),
    "shows": Predicate(
        _shows, 'shows(answer("q1"), 2)', "no number is so small that it is 0 at that many places"
    ),
    "short": Predicate(_short, "short(a*b, 2)", "every number has at most that many decimal places"),
    "increasing": Predicate(_increasing, "increasing(v)", "every number is larger than the one before"),
}
HOLDS: dict[str, Function] = {name: row.holds for name, row in PREDICATES.items()}
