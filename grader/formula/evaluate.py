"""The value of a formula at a point: a fraction as long as that is exact, else a ball with an error bound."""

from __future__ import annotations

import contextlib
import decimal
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from grader.exact import ball
from grader.exact.ball import Ball, Negative, Undefined, Unsure
from grader.formula.tree import Constant, Formula, FunctionCall, Power, Product, Sum, Symbol, parts

Point: TypeAlias = Mapping[str, Fraction]
Real: TypeAlias = Fraction | Ball

# A fraction with a longer numerator or denominator takes too long: it becomes a ball.
MAX_BITS = 8192
MAX_POWER = 100_000
ONE = Ball(Decimal(1), Decimal(0))


def evaluate(formula: Formula, point: Point) -> Real:
    """The value at a point.

    Raises:
        Undefined: If there is none: a division by zero, the logarithm of a negative number.
        Unsure: If the precision does not suffice to tell.
    """
    try:
        return _value(formula, point, {})
    except decimal.DecimalException:
        raise Unsure from None


def _value(formula: Formula, point: Point, known: dict[int, Real]) -> Real:
    match formula:
        case Constant(value=value):
            return value
        case Symbol(name=name):
            return point[name]
        case Sum(terms=terms):
            total = _value(terms[0], point, known)
            for term in terms[1:]:
                total = _add(total, _value(term, point, known))
            return total
        case Product(factors=factors):
            product = _value(factors[0], point, known)
            for factor in factors[1:]:
                product = _multiply(product, _value(factor, point, known))
            return product
        case Power(base=base, exponent=exponent):
            return _power(_value(base, point, known), _value(exponent, point, known))
        case FunctionCall(function=function, argument=argument):
            # By identity: an abbreviation stands in a formula many times, as the same object.
            if id(formula) not in known:
                known[id(formula)] = _call(function, _value(argument, point, known))
            return known[id(formula)]
    raise TypeError(formula)


def constants(formula: Formula) -> frozenset[Fraction]:
    """Exact values of all parts that have no symbol: 3, 2 and 3/2 of w + 3/2."""
    found: set[Fraction] = set()
    _has_symbol(formula, found)
    return frozenset(found)


def _has_symbol(formula: Formula, constant_values: set[Fraction]) -> bool:
    """Whether a symbol stands in it; the exact values of its parts without one are added."""
    if isinstance(formula, Symbol):
        return True
    inner = [_has_symbol(part, constant_values) for part in parts(formula)]
    if any(inner):
        return True
    with contextlib.suppress(Undefined, Unsure):
        value = evaluate(formula, {})
        constant_values |= {value} if isinstance(value, Fraction) else set()
    return False


def as_ball(value: Real) -> Ball:
    """The value with an error bound."""
    return ball.of_fraction(value) if isinstance(value, Fraction) else value


def _fraction_or_ball(value: Fraction) -> Real:
    """The fraction itself, or a ball around it where it is too long."""
    return ball.of_fraction(value) if _bits(value) > MAX_BITS else value


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _add(a: Real, b: Real) -> Real:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return _fraction_or_ball(a + b)
    return ball.add(as_ball(a), as_ball(b))


def _multiply(a: Real, b: Real) -> Real:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return _fraction_or_ball(a * b)
    return ball.multiply(as_ball(a), as_ball(b))


def _power(base: Real, exponent: Real) -> Real:
    """A base to any power: by multiplication where the exponent is whole, else by a root or exp(b log a)."""
    if isinstance(exponent, Ball):
        return ball.exp(ball.multiply(exponent, _log(base)))
    if exponent.denominator != 1:
        return _root(base, exponent)
    times = int(exponent)
    if times == 0:
        return Fraction(1)
    if isinstance(base, Fraction):
        if base == 0 and times < 0:
            raise Undefined
        if abs(times) * _bits(base) <= MAX_BITS:
            return base**times
    if abs(times) > MAX_POWER:
        raise Unsure
    result, square, left = ONE, as_ball(base), abs(times)
    while left:
        if left & 1:
            result = ball.multiply(result, square)
        left >>= 1
        square = ball.multiply(square, square) if left else square
    return ball.inverse(result) if times < 0 else result


def _root(base: Real, exponent: Fraction) -> Real:
    """A base to a fractional power; real, so the base must not be negative."""
    if isinstance(base, Fraction):
        if base < 0:
            raise Negative
        if base == 0 and exponent < 0:
            raise Undefined
        if base == 0:
            return Fraction(0)
        if exponent.denominator == 2 and (root := ball.exact_root(base)) is not None:
            return _power(root, Fraction(exponent.numerator))
    return ball.exp(ball.multiply(ball.of_fraction(exponent), _log(base)))


def _log(value: Real) -> Ball:
    if isinstance(value, Fraction) and value <= 0:
        raise Negative if value < 0 else Undefined
    return ball.log(as_ball(value))


def _call(function: str, value: Real) -> Real:
    match function:
        case "abs":
            return abs(value) if isinstance(value, Fraction) else Ball(value.value.copy_abs(), value.error)
        case "log":
            return Fraction(0) if value == 1 else _log(value)
        case "sqrt":
            return _root(value, Fraction(1, 2)) if isinstance(value, Fraction) else ball.sqrt(value)
    if value == 0:
        return {"tanh": Fraction(0), "sinh": Fraction(0), "sigmoid": Fraction(1, 2)}.get(
            function, Fraction(1)
        )
    return _exponential(function, as_ball(value))


def _exponential(function: str, value: Ball) -> Ball:
    """A function made of exponentials: exp, sigmoid, tanh, sech, cosh or sinh."""
    if function == "exp":
        return ball.exp(value)
    # All in exp(-|u|), which cannot overflow; odd functions get their sign back at the end.
    small = ball.exp(Ball(value.value.copy_abs().copy_negate(), value.error))
    is_negative = value.value < 0
    if function == "sigmoid":
        sigmoid = ball.inverse(ball.add(ONE, small))
        return ball.multiply(small, sigmoid) if is_negative else sigmoid
    square = ball.multiply(small, small)
    plus, minus = ball.add(ONE, square), ball.add(ONE, Ball(square.value.copy_negate(), square.error))
    half = Ball(Decimal("0.5"), Decimal(0))
    match function:
        case "tanh":
            result = ball.multiply(minus, ball.inverse(plus))
        case "sech":
            return ball.multiply(ball.add(small, small), ball.inverse(plus))
        case "cosh":
            return ball.multiply(ball.multiply(plus, half), ball.inverse(small))
        case _:
            result = ball.multiply(ball.multiply(minus, half), ball.inverse(small))
    return Ball(result.value.copy_negate(), result.error) if is_negative else result
