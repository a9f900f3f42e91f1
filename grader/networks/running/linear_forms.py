"""Linear forms in what is remembered and what comes in, with polynomials in the weights before each."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from grader.networks.equations.sizes import Shape
from grader.networks.running.arithmetic import NotExact

ParameterEntry: TypeAlias = tuple[str, int, int]
"""An entry of a parameter: its name, row and column; a vector is one row."""
Polynomial: TypeAlias = dict[tuple[ParameterEntry, ...], Fraction]
"""The factors of each term, and the number before it."""
Unknown: TypeAlias = tuple[str, int, int] | None
"""An entry of what is remembered (name, lag, entry), of an input (name, 0, entry), or None for 1."""
Form: TypeAlias = dict[Unknown, Polynomial]
ONE: Polynomial = {(): Fraction(1)}


class Forms:
    """Arithmetic of linear forms; a number or weight is a form that has only the unknown None."""

    def constant(self, value: Fraction) -> Form:
        """A number of an equation."""
        return {None: {(): value}} if value else {}

    def add(self, a: Form, b: Form) -> Form:
        """Sum."""
        return {one: _sum(a.get(one, {}), b.get(one, {})) for one in {**a, **b}}

    def negative(self, a: Form) -> Form:
        """With the other sign."""
        return self.multiply(a, self.constant(Fraction(-1)))

    def multiply(self, a: Form, b: Form) -> Form:
        """Product; NotExact where both change."""
        if set(b) - {None}:
            a, b = b, a
        if set(b) - {None}:
            raise NotExact("two values that change are multiplied")
        if None not in b:
            return {}
        return {one: _product(polynomial, b[None]) for one, polynomial in a.items()}

    def divide(self, a: Form, b: Form) -> Form:
        """Quotient by a number; NotExact where a weight is below."""
        below = b.get(None, {})
        if set(b) - {None} or set(below) - {()}:
            raise NotExact("something is divided by a weight")
        if not below:
            raise ZeroDivisionError("division by zero")
        return self.multiply(a, self.constant(1 / below[()]))

    def power(self, a: Form, exponent: int) -> Form:
        """A whole power of what does not change."""
        return functools.reduce(self.multiply, [a] * exponent)

    def function(self, name: str, a: Form) -> Form:
        """Raises NotExact: no function of a weight is exact, or linear."""
        raise NotExact(f"{name} of a weight is no exact number")

    def of_two(self, name: str, a: Form, b: Form) -> Form:
        """Raises NotExact: max, min and mod are not linear."""
        raise NotExact(f"{name} of weights is not linear")

    def to_places(self, how: str, a: Form, places: int) -> Form:
        """Rounding is not linear."""
        raise NotExact("a rounded value is not linear")

    def softmax(self, v: Sequence[Form]) -> Sequence[Form]:
        """Raises NotExact: no softmax is exact, or linear."""
        raise NotExact("softmax of weights is no exact number")


def _sum(a: Polynomial, b: Polynomial) -> Polynomial:
    if not a or not b:
        return a or b
    found = dict(a)
    for places, factor in b.items():
        found[places] = found.get(places, Fraction(0)) + factor
    return {places: factor for places, factor in found.items() if factor}


def _product(a: Polynomial, b: Polynomial) -> Polynomial:
    if a == ONE or b == ONE:
        return b if a == ONE else a
    found: Polynomial = {}
    for (left, one), (right, other) in itertools.product(a.items(), b.items()):
        places = tuple(sorted(left + right))
        found[places] = found.get(places, Fraction(0)) + one * other
    return {places: factor for places, factor in found.items() if factor}


def parameter_entries(name: str, shape: Shape, sizes: Mapping[str, int]) -> Any:
    """A parameter whose entries are unknown: each is the place where it stands.

    Args:
        name: The parameter's.
        shape: Its shape.
        sizes: What each named size is.
    """
    lengths = [size.at(sizes) for size in shape]
    rows, columns = (1, 1, *lengths)[-2:] if len(lengths) < 2 else lengths
    places = _places(name, rows, columns)
    return places if len(shape) == 2 else places[0] if shape else places[0][0]


@functools.lru_cache(maxsize=256)
def _places(name: str, rows: int, columns: int) -> tuple[tuple[Form, ...], ...]:
    return tuple(
        tuple({None: {((name, row, column),): Fraction(1)}} for column in range(columns))
        for row in range(rows)
    )
