"""Ball arithmetic: decimals of 60 digits, each with a bound on its error that is guaranteed to hold.

The decimal module rounds every operation, exp and ln too, to within one unit of the last of 60 digits. So
each operation adds two such units to the bound, and what the errors of its operands can do to the result.
"""

from __future__ import annotations

import decimal
import math
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

DIGITS = 60
# Two units in the last place, relative to the value.
UNIT = Decimal(2).scaleb(1 - DIGITS)
# For bounds: few digits, always rounded up.
UP = decimal.Context(prec=12, rounding=decimal.ROUND_CEILING, Emax=10**7, Emin=-(10**7))
CONTEXT = decimal.Context(
    prec=DIGITS,
    rounding=decimal.ROUND_HALF_EVEN,
    Emax=900_000,
    Emin=-900_000,
    traps=[decimal.Overflow, decimal.Underflow, decimal.InvalidOperation, decimal.DivisionByZero],
)
LARGEST_EXPONENT = 2_000_000


class Undefined(Exception):
    """The formula has no value there."""


class Negative(Undefined):
    """The formula has no value there: the root or the logarithm of a negative number."""


class Unsure(Exception):
    """Whether the formula has a value there, or which, is beyond the precision."""


class Ball(NamedTuple):
    """Some real number no further from `value` than `error`."""

    value: Decimal
    error: Decimal

    @property
    def least(self) -> Decimal:
        """A lower bound on the absolute value; 0 or less if the number may be zero."""
        # copy_abs and copy_negate: abs() and - would round to the thread's own 28 digits.
        return UP.subtract(self.error, self.value.copy_abs()).copy_negate()

    @property
    def most(self) -> Decimal:
        """An upper bound on the absolute value."""
        return UP.add(self.error, self.value.copy_abs())


def of_fraction(number: Fraction) -> Ball:
    """A ball around an exact number."""
    value = CONTEXT.divide(Decimal(number.numerator), Decimal(number.denominator))
    return rounded(value, Decimal(0))


def exact_root(number: Fraction) -> Fraction | None:
    """The square root of a number from 0 on, where it is rational; else None."""
    numerator, denominator = math.isqrt(number.numerator), math.isqrt(number.denominator)
    is_exact = numerator**2 == number.numerator and denominator**2 == number.denominator
    return Fraction(numerator, denominator) if is_exact else None


def rounded(value: Decimal, error: Decimal) -> Ball:
    """The ball of a result that was just rounded to 60 digits: that error is added to the given one."""
    return Ball(value, UP.add(error, UP.multiply(value.copy_abs(), UNIT)))


def add(a: Ball, b: Ball) -> Ball:
    """The sum; the errors of both add up."""
    return rounded(CONTEXT.add(a.value, b.value), UP.add(a.error, b.error))


def multiply(a: Ball, b: Ball) -> Ball:
    """The product; its error is at most |a| error(b) + |value(b)| error(a)."""
    error = UP.add(UP.multiply(a.most, b.error), UP.multiply(b.value.copy_abs(), a.error))
    return rounded(CONTEXT.multiply(a.value, b.value), error)


def inverse(a: Ball) -> Ball:
    """The reciprocal.

    Raises:
        Unsure: If a may be zero.
    """
    if a.least <= 0:
        raise Unsure
    # |1/(v+e) - 1/v| = |e| / (|v+e| |v|)
    error = UP.divide(UP.divide(a.error, a.least), a.value.copy_abs())
    return rounded(CONTEXT.divide(Decimal(1), a.value), error)


def exp(a: Ball) -> Ball:
    """The exponential function.

    Raises:
        Unsure: If the result, or its error, is too large to compute with.
    """
    if a.value.copy_abs() > LARGEST_EXPONENT or a.error > Decimal("0.5"):
        raise Unsure
    value = CONTEXT.exp(a.value)
    # |exp(v + d) - exp(v)| = exp(v) |exp(d) - 1|, and |exp(d) - 1| <= 2 |d| for |d| up to 1/2; 3 and not
    # 2, as exp(v) itself is rounded.
    return rounded(value, UP.multiply(UP.multiply(value, a.error), Decimal(3)))


def log(a: Ball) -> Ball:
    """The natural logarithm.

    Raises:
        Negative: If a is negative for certain.
        Unsure: If it may be zero.
    """
    if a.least <= 0:
        raise Unsure
    if a.value < 0:
        raise Negative
    return rounded(CONTEXT.ln(a.value), UP.divide(a.error, a.least))


def sqrt(a: Ball) -> Ball:
    """The square root.

    Raises:
        Negative: If a is negative for certain.
        Unsure: If it may be zero.
    """
    if a.least <= 0:
        raise Unsure
    if a.value < 0:
        raise Negative
    value = CONTEXT.sqrt(a.value)
    return rounded(value, UP.divide(a.error, value))
