"""Formulas as numbers, and formulas that carry their derivative along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar

from grader.formula.tree import (
    MINUS_ONE,
    Constant,
    Formula,
    FunctionCall,
    Power,
    Product,
    Sum,
    Symbol,
    inverted,
    negated,
)
from grader.networks.running.arithmetic import Arithmetic, NotExact

ZERO, ONE, TWO = (Constant(Fraction(number)) for number in range(3))
E = TypeVar("E")
SlopeMistake: TypeAlias = Literal["", "missing", "sigmoid", "tanh", "not-squared"]


def added(a: Formula, b: Formula) -> Formula:
    """The sum, without zeros."""
    if a == ZERO or b == ZERO:
        return b if a == ZERO else a
    return Sum((a, b))


def multiplied(a: Formula, b: Formula) -> Formula:
    """The product, without ones, and zero where a factor is."""
    if ZERO in (a, b):
        return ZERO
    if a == ONE or b == ONE:
        return b if a == ONE else a
    return Product((a, b))


def less(a: Formula, b: Formula) -> Formula:
    """The difference of two formulas."""
    return added(a, negated(b))


class _Unwritten(Generic[E]):
    """Operations whose results are no formulas."""

    def of_two(self, name: str, a: E, b: E) -> E:
        """Raises NotExact: max, min and mod are no formulas."""
        raise NotExact(f"{name} is written in no formula")

    def to_places(self, how: str, a: E, places: int) -> E:
        """Raises NotExact: a formula is not rounded."""
        raise NotExact("a formula is not rounded")


class Formulas(_Unwritten[Formula]):
    """The arithmetic of formulas."""

    def constant(self, value: Fraction) -> Formula:
        """A number of an equation."""
        return Constant(value)

    def add(self, a: Formula, b: Formula) -> Formula:
        """Sum."""
        return added(a, b)

    def negative(self, a: Formula) -> Formula:
        """With the other sign."""
        return negated(a)

    def multiply(self, a: Formula, b: Formula) -> Formula:
        """Product."""
        return multiplied(a, b)

    def divide(self, a: Formula, b: Formula) -> Formula:
        """Quotient."""
        return multiplied(a, inverted(b))

    def power(self, a: Formula, exponent: int) -> Formula:
        """A whole power."""
        return Power(a, Constant(Fraction(exponent)))

    def function(self, name: str, a: Formula) -> Formula:
        """Those that formulas have, and what can be written in them.

        Raises:
            NotExact: For a step, a sign, or another one that cannot.
        """
        match name:
            case "tanh" | "sigmoid" | "exp" | "log" | "sqrt" | "abs":
                return FunctionCall(name, a)
            case "halftanh":
                return less(multiplied(TWO, FunctionCall("sigmoid", a)), ONE)
            case "softplus":
                return FunctionCall("log", added(ONE, FunctionCall("exp", a)))
            case "relu":
                half = Constant(Fraction(1, 2))
                return multiplied(half, added(a, FunctionCall("abs", a)))
        raise NotExact(f"{name} is written in no formula")

    def softmax(self, v: Sequence[Formula]) -> Sequence[Formula]:
        """Exponentials over their sum."""
        raised = [FunctionCall("exp", one) for one in v]
        return [multiplied(one, inverted(Sum(tuple(raised)) if len(raised) > 1 else one)) for one in raised]


class Dual(NamedTuple):
    """A value and its derivative by the one symbol that is asked."""

    value: Formula
    slope: Formula


@dataclass(frozen=True)
class Duals(_Unwritten[Dual]):
    """The arithmetic of values with their derivatives: the chain rule, or a mistaken one.

    Args:
        mistake: What is taken for the slope of an activation: nothing of it, that of the sigmoid a (1 - a),
            that of tanh 1 - a^2, or a slope whose square is missing.
    """

    mistake: SlopeMistake = ""

    def constant(self, value: Fraction) -> Dual:
        """A number of an equation."""
        return Dual(Constant(value), ZERO)

    def add(self, a: Dual, b: Dual) -> Dual:
        """Sum rule."""
        return Dual(added(a.value, b.value), added(a.slope, b.slope))

    def negative(self, a: Dual) -> Dual:
        """With the other sign."""
        return Dual(negated(a.value), multiplied(MINUS_ONE, a.slope))

    def multiply(self, a: Dual, b: Dual) -> Dual:
        """Product rule."""
        slope = added(multiplied(a.slope, b.value), multiplied(a.value, b.slope))
        return Dual(multiplied(a.value, b.value), slope)

    def divide(self, a: Dual, b: Dual) -> Dual:
        """Quotient rule."""
        square = Power(b.value, Constant(Fraction(-2)))
        return self.multiply(a, Dual(inverted(b.value), negated(multiplied(square, b.slope))))

    def power(self, a: Dual, exponent: int) -> Dual:
        """Power rule."""
        below = ONE if exponent == 1 else Power(a.value, Constant(Fraction(exponent - 1)))
        outer = multiplied(Constant(Fraction(exponent)), below)
        return Dual(Power(a.value, Constant(Fraction(exponent))), multiplied(outer, a.slope))

    def function(self, name: str, a: Dual) -> Dual:
        """Chain rule.

        Raises:
            NotExact: For a function whose slope is no formula.
        """
        value = Formulas().function(name, a.value)
        return Dual(value, multiplied(self._slope(name, a.value, value), a.slope))

    def softmax(self, v: Sequence[Dual]) -> Sequence[Dual]:
        """Exponentials over their sum."""
        raised = [self.function("exp", one) for one in v]
        total = raised[0]
        for one in raised[1:]:
            total = self.add(total, one)
        return [self.divide(one, total) for one in raised]

    def _slope(self, name: str, argument: Formula, value: Formula) -> Formula:
        if name in ("tanh", "sigmoid") and self.mistake:
            return _mistaken(self.mistake, value)
        match name:
            case "tanh":
                return less(ONE, Power(value, TWO))
            case "sigmoid":
                return multiplied(value, less(ONE, value))
            case "exp":
                return value
            case "log":
                return inverted(argument)
            case "sqrt":
                return inverted(multiplied(TWO, value))
            case "softplus":
                return FunctionCall("sigmoid", argument)
        raise NotExact(f"the slope of {name} is no formula")


def _mistaken(mistake: SlopeMistake, value: Formula) -> Formula:
    match mistake:
        case "sigmoid":
            return multiplied(value, less(ONE, value))
        case "tanh":
            return less(ONE, Power(value, TWO))
        case "not-squared":
            return less(ONE, value)
    return ONE


def evaluated(formula: Formula, symbol: Callable[[str], Any], arithmetic: Arithmetic[Any]) -> Any:
    """A formula in another arithmetic.

    Args:
        formula: Which.
        symbol: The value of each of its symbols.
        arithmetic: Of these values.

    Raises:
        NotExact: If an exponent is no whole number.
    """

    def go(one: Formula) -> Any:
        return evaluated(one, symbol, arithmetic)

    match formula:
        case Constant(value=value):
            return arithmetic.constant(value)
        case Symbol(name=name):
            return symbol(name)
        case Sum(terms=parts) | Product(factors=parts):
            found, *others = map(go, parts)
            for other in others:
                join = arithmetic.add if isinstance(formula, Sum) else arithmetic.multiply
                found = join(found, other)
            return found
        case Power(base=base, exponent=Constant(value=value)) if value.denominator == 1:
            if value < 0:
                one = arithmetic.constant(ONE.value)
                return arithmetic.divide(one, arithmetic.power(go(base), -int(value)))
            return arithmetic.power(go(base), int(value)) if value else arithmetic.constant(ONE.value)
        case FunctionCall(function=function, argument=argument):
            return arithmetic.function(function, go(argument))
    raise NotExact("a loss has whole exponents only")
