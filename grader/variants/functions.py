"""Functions that give values in a variant's formulas."""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable
from fractions import Fraction

from grader.variants.arithmetic import FormulaError, Function, entrywise, number_or_table
from grader.variants.values import Value, numbers_in, shape_of

# The decimal module rounds exp and ln correctly, so that no machine draws another variant than the next.
DIGITS = decimal.Context(prec=40)
MOST_ARGUMENT = 1000


def determinant(matrix: Value) -> Fraction:
    """The determinant of a square matrix, by elimination in fractions.

    Raises:
        FormulaError: If it is not square.
    """
    rows = [list(row) for row in square(matrix)]
    found = Fraction(1)
    for column in range(len(rows)):
        pivot = next((row for row in range(column, len(rows)) if rows[row][column]), None)
        if pivot is None:
            return Fraction(0)
        if pivot != column:
            rows[column], rows[pivot], found = rows[pivot], rows[column], -found
        found *= rows[column][column]
        for row in rows[column + 1 :]:
            factor = row[column] / rows[column][column]
            row[:] = [one - factor * above for one, above in zip(row, rows[column], strict=True)]
    return found


def square(matrix: Value) -> tuple[tuple[Fraction, ...], ...]:
    """The matrix, if it is a square one; a number is one of size 1.

    Raises:
        FormulaError: If not.
    """
    if isinstance(matrix, Fraction):
        return ((matrix,),)
    shape = shape_of(matrix)
    if shape is None or len(shape) != 2 or shape[0] != shape[1]:
        raise FormulaError("wanted a square matrix")
    assert isinstance(matrix, tuple)
    return matrix


def _decimal(function: Callable[[decimal.Decimal], decimal.Decimal]) -> Function:
    def of_number(number: Fraction) -> Fraction:
        if abs(number) > MOST_ARGUMENT:
            raise FormulaError(f"a number beyond {MOST_ARGUMENT} is too large for this function")
        written = DIGITS.divide(decimal.Decimal(number.numerator), decimal.Decimal(number.denominator))
        with decimal.localcontext(DIGITS):
            return Fraction(function(written))

    return lambda value: entrywise(of_number, number_or_table(value))


def _positive(function: Callable[[decimal.Decimal], decimal.Decimal], is_wanted: str) -> Function:
    def checked(number: decimal.Decimal) -> decimal.Decimal:
        if number < 0 or (number == 0 and is_wanted == "above 0"):
            raise FormulaError(f"wanted a number {is_wanted}")
        return function(number)

    return _decimal(checked)


def _tanh(number: decimal.Decimal) -> decimal.Decimal:
    growth = (2 * abs(number)).exp()
    return ((growth - 1) / (growth + 1)).copy_sign(number)


def _rounded(value: Value, places: Value = Fraction(0)) -> Value:
    n = whole(places)
    if not 0 <= n <= 15:
        raise FormulaError("round takes 0 to 15 places")

    def of_number(number: Fraction) -> Fraction:
        # Half goes away from 0, as people round by hand.
        scaled = math.floor(abs(number) * 10**n + Fraction(1, 2))
        return Fraction(scaled if number >= 0 else -scaled, 10**n)

    return entrywise(of_number, number_or_table(value))


def whole(value: Value) -> int:
    """The value as a whole number.

    Raises:
        FormulaError: If it is none.
    """
    if not isinstance(value, Fraction) or value.denominator != 1:
        raise FormulaError("wanted a whole number")
    return int(value)


def _of_all(function: Callable[[list[Fraction]], Fraction]) -> Function:
    def called(*values: Value) -> Fraction:
        found = list(numbers_in(values))
        if not found:
            raise FormulaError("there is no number in it")
        return function(found)

    return called


def _on_each(function: Callable[[Fraction], Fraction]) -> Function:
    return lambda value: entrywise(function, number_or_table(value))


def _length(value: Value) -> Fraction:
    if not isinstance(value, tuple | dict):
        raise FormulaError("len is for lists and tables")
    return Fraction(len(value))


FUNCTIONS: dict[str, Function] = {
    "abs": _on_each(abs),
    "min": _of_all(min),
    "max": _of_all(max),
    "sum": _of_all(lambda numbers: sum(numbers, Fraction(0))),
    "gcd": _of_all(lambda numbers: Fraction(math.gcd(*map(whole, numbers)))),
    "floor": _on_each(lambda number: Fraction(math.floor(number))),
    "ceil": _on_each(lambda number: Fraction(math.ceil(number))),
    "sign": _on_each(lambda number: Fraction((number > 0) - (number < 0))),
    "relu": _on_each(lambda number: max(number, Fraction(0))),
    "step": _on_each(lambda number: Fraction(number >= 0)),
    "round": _rounded,
    "exp": _decimal(decimal.Decimal.exp),
    "log": _positive(decimal.Decimal.ln, "above 0"),
    "sqrt": _positive(decimal.Decimal.sqrt, "from 0 on"),
    "tanh": _decimal(_tanh),
    "sigmoid": _decimal(lambda number: 1 / (1 + (-number).exp())),
    "det": determinant,
    "len": _length,
}
