"""Entries as quotients of polynomials in free symbols and square roots.

A square root is a generator r with r^2 known; numbers under it are split into primes, so that sqrt(6) is
sqrt(2) sqrt(3) and products of roots cancel. A cosine and the sine of the same angle are generators with
s^2 = 1 - c^2. A polynomial that is zero once known squares are replaced is zero. One that is not zero then is
different from zero only if the generators are otherwise independent; `is_sure` says whether that is known.
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from grader.answers.numbers import ExactNumber
from grader.exact import ball
from grader.exact import polynomial as poly
from grader.exact import quotient as quo
from grader.exact.field import MAX_PRIME, prime_factors
from grader.exact.polynomial import Budget, Polynomial, TooLarge
from grader.exact.quotient import Quotient
from grader.formula.evaluate import as_ball, evaluate
from grader.formula.field import FormulaField
from grader.formula.tree import Formula, Symbol
from grader.linear.reading import Weights, nearby_fraction
from grader.linear.symbolic.entries import WrittenFormulas

# Products of two terms: half a second and more, for dense 2 x 2 matrices with four symbols.
WORK = 1_500_000
DIGITS = 50
MAX_POWER = 64
# Four symbols and as many roots are a lot.
MAX_GENERATORS = 12


QuotientRows: TypeAlias = list[list[Quotient]]


class Circle(NamedTuple):
    """A cosine and a sine of one argument, by their generators."""

    argument: Formula
    cosine: int
    sine: int


class Undecidable(Exception):
    """A formula that exact algebra cannot tell from zero here."""


class RootField(FormulaField):
    """The field in which all entries of one answer lie: symbols, square roots, cosines and sines.

    Args:
        written: The formulas.
        budget: Shared by everything that is computed.
    """

    def __init__(self, written: WrittenFormulas, budget: Budget) -> None:
        super().__init__(budget)
        self.symbols = {name: self.new_index() for name in written.symbols}
        self.printed = written.names
        self.trees = written.trees
        self.is_sure = True
        self.number_roots: dict[int, int] = {}
        self.symbol_roots: list[tuple[Polynomial, int]] = []
        self.circles: list[Circle] = []
        self.circular: dict[str, int] = {}
        self.pi: int | None = None
        self._name_circles(written)

    def new_index(self, count: int = 1) -> int:
        """The number of a fresh generator; raises TooLarge beyond `MAX_GENERATORS`, as products get slow."""
        if self.indices + count > MAX_GENERATORS:
            raise TooLarge
        return super().new_index(count)

    def _name_circles(self, written: WrittenFormulas) -> None:
        """Make a cosine and a sine for each different angle, with s^2 = 1 - c^2."""
        if written.is_nested:
            raise Undecidable
        for name, (function, argument) in written.circular.items():
            circle = next((one for one in self.circles if one.argument == argument), None)
            if circle is None:
                cosine, sine = self.new_index(), self.new_index()
                self.squares[sine] = poly.add(poly.constant(1), poly.generator(cosine, 2), -1)
                circle = Circle(argument, cosine, sine)
                self.circles.append(circle)
            self.circular[name] = circle.cosine if function == "cos" else circle.sine
        # cos(2 t) and cos(t) depend on each other, and cos(pi/4) on sqrt(2); a single cos(t) is free.
        if len(self.circles) > 1 or any(not isinstance(one.argument, Symbol) for one in self.circles):
            self.is_sure = False

    def symbol_index(self, name: str) -> int:
        """The generator of a free symbol, of a cosine or sine, or of pi."""
        if name in self.symbols:
            return self.symbols[name]
        if name in self.circular:
            return self.circular[name]
        if self.pi is None:
            self.pi = self.new_index()
            # pi is transcendental: a generator like a free symbol, but its cosines are numbers.
            self.is_sure = self.is_sure and not self.circles
        return self.pi

    def raised(self, base: Formula, exponent: Formula) -> Quotient:
        """A whole or half power; of any other nothing exact is known.

        Raises:
            Undecidable: If it is another.
        """
        times = self.quotient(exponent)
        if not times.is_number or abs(times.number) > MAX_POWER:
            raise Undecidable
        raised, power = self.quotient(base), times.number
        if power.denominator == 2:
            raised, power = self.square_root(raised), 2 * power
        if power.denominator != 1:
            raise Undecidable
        return self.simplified(quo.power(raised, int(power), self.budget))

    def called(self, function: str, argument: Formula) -> Quotient:
        """A square root; of any other function nothing exact is known.

        Raises:
            Undecidable: If it is another.
        """
        if function != "sqrt":
            raise Undecidable
        return self.square_root(self.quotient(argument))

    def simplified(self, value: Quotient) -> Quotient:
        """The quotient with every known square replaced by what it equals."""
        return self.reduced_quotient(value)

    def square_root(self, argument: Quotient) -> Quotient:
        """The square root: of p/q it is sqrt(p q) / |q|."""
        if not argument.numerator:
            return argument
        if argument.is_number:
            return self._number_root(argument.number)
        if not poly.is_constant(argument.denominator):
            raise Undecidable
        under = poly.multiply(argument.numerator, argument.denominator, self.budget)
        found = next((index for known, index in self.symbol_roots if known == under), None)
        if found is None:
            found = self.new_index()
            self.squares[found] = under
            self.symbol_roots.append((under, found))
            # Two such roots may depend on each other, and the root of a square depends on what is squared.
            is_free_symbol = len(under) == 1 and all(n == 1 for _, n in poly.exponents(next(iter(under))))
            self.is_sure = self.is_sure and is_free_symbol and len(self.symbol_roots) == 1
        return Quotient(poly.generator(found), poly.constant(abs(argument.denominator[0])))

    def _number_root(self, number: Fraction) -> Quotient:
        """The square root of a rational p/q: sqrt(p q) / q, with a generator for the root of each prime."""
        if number < 0:
            raise Undecidable
        result = quo.of_number(Fraction(1, number.denominator))
        for prime, count in prime_factors(number.numerator * number.denominator):
            result = quo.multiply(result, quo.of_number(prime ** (count // 2)), self.budget)
            if count % 2:
                result = quo.multiply(result, quo.of_generator(self._prime_root(prime)), self.budget)
        return result

    def _prime_root(self, prime: int) -> int:
        if prime > MAX_PRIME and math.isqrt(prime) ** 2 == prime:
            raise Undecidable
        if prime not in self.number_roots:
            self.number_roots[prime] = self.new_index()
            self.squares[self.number_roots[prime]] = poly.constant(prime)
            self.is_sure = self.is_sure and prime < MAX_PRIME**2
        return self.number_roots[prime]

    def quotients(self, weights: Weights) -> list[QuotientRows]:
        """Weights with formulas in them as matrices of quotients.

        Args:
            weights: The matrices, with placeholders for the formulas.

        Raises:
            Undecidable: If something stands in a formula of which nothing exact is known.
            TooLarge: If it takes more than the budget.
            DivisionByZero: If a formula divides by zero whatever the symbols are.
        """
        return [[list(map(self._entry, row)) for row in rows] for rows in weights]

    def _entry(self, number: ExactNumber) -> Quotient:
        if (tree := self.trees.get(number.text)) is not None:
            return self.quotient(tree)
        # A float beside symbols stands for the short fraction next to it: 0.3333333333333333 for a third.
        return quo.of_number(nearby_fraction(number.value, number.is_rounded))

    @property
    def names(self) -> tuple[str, ...]:
        """What the generators are called in messages, in the order of their numbers."""
        names = [""] * self.indices
        for name, index in self.symbols.items():
            names[index] = self.printed[name]
        for number, index in self.number_roots.items():
            names[index] = f"sqrt({number})"
        for number, circle in enumerate(self.circles, start=1):
            of = circle.argument
            argument = self.printed.get(of.name, of.name) if isinstance(of, Symbol) else f"angle {number}"
            names[circle.cosine], names[circle.sine] = f"cos({argument})", f"sin({argument})"
        if self.pi is not None:
            names[self.pi] = "pi"
        for under, index in self.symbol_roots:
            names[index] = f"sqrt({poly.text(under, names)})"
        return tuple(names)

    @property
    def is_rational(self) -> bool:
        """Whether values at rational points are rational, so that they are exact."""
        return not (self.squares or self.pi is not None)

    def generators_at(self, point: dict[str, Fraction]) -> list[Fraction]:
        """Values of all generators where the symbols have the given ones; roots to `DIGITS` digits.

        Raises:
            Undecidable: If there is no real root of what stands under one.
        """
        values = [Fraction(0)] * self.indices
        angles = {one.cosine: one for one in self.circles}
        for name, index in self.symbols.items():
            values[index] = point[name]
        if self.pi is not None:
            values[self.pi] = PI
        for index in range(self.indices):
            if index in angles:
                circle = angles[index]
                angle = _angle(circle.argument, point)
                values[circle.cosine], values[circle.sine] = cosine(angle), cosine(angle - PI / 2)
            elif index in self.squares and index - 1 not in angles:
                values[index] = _square_root(poly.value_at(self.squares[index], values))
        return values


def with_constants(weights: Weights, written: WrittenFormulas) -> Weights:
    """Weights with numbers to 50 digits for constants such as exp(1), of which nothing exact is known.

    Args:
        weights: The matrices, with placeholders for the formulas.
        written: The formulas.

    Raises:
        Undecidable: If a constant has no real value.
    """
    values: dict[str, ExactNumber] = {}
    # One budget for all: 400 formulas with one each would take half a minute.
    budget = Budget(WORK)
    for place in written.constants:
        constant = written.trees[place]
        try:
            RootField(written, budget).quotient(constant)
        except Undecidable:
            values[place] = ExactNumber(_angle(constant, {}), place[-3:], is_rounded=True)
    if not values:
        return weights
    return tuple(tuple(tuple(values.get(x.text, x) for x in row) for row in rows) for rows in weights)


def _angle(argument: Formula, point: dict[str, Fraction]) -> Fraction:
    """The value of a formula at a point, to some 50 digits."""
    try:
        found = evaluate(argument, {**point, "pi": PI})
    except (ball.Undefined, ball.Unsure):
        raise Undecidable from None
    return Fraction(as_ball(found).value)


def cosine(angle: Fraction) -> Fraction:
    """The cosine by its series, to `DIGITS` digits."""
    turned = angle % (2 * PI)
    turned = Fraction(round(turned * 10**DIGITS), 10**DIGITS)
    total, term, k = Fraction(0), Fraction(1), 0
    while abs(term) > Fraction(1, 10**DIGITS):
        total += term
        k += 2
        term = Fraction(round(-term * turned**2 / (k * (k - 1)) * 10 ** (DIGITS + 5)), 10 ** (DIGITS + 5))
    return total


def _square_root(value: Fraction) -> Fraction:
    """The square root: exact where it is rational, else to `DIGITS` digits."""
    if value < 0:
        raise Undecidable
    if (root := ball.exact_root(value)) is not None:
        return root
    with localcontext() as context:
        context.prec = DIGITS
        return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())


PI = Fraction("3.1415926535897932384626433832795028841971693993751")
