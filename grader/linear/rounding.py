"""How far a handed-in number may be from the one that was meant.

A short decimal is meant as it stands. One with many digits may be the rounding of another number: it is off
by half a unit of its last digit, or by a few units where it was computed. Computed zeros come out as tiny
numbers, so in a matrix with computed numbers every entry may be off by as much as its largest entry.

A number stands for zero ("dust") if it is tiny beside the other entries, whatever its digits: 6.123e-17,
6.123233995736766e-17 and 6e-17 are all cos(pi/2). Beside entries of its own size it is a number like others.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from grader.answers.matrices import Matrix
from grader.answers.numbers import ExactNumber

# From so many digits on a number was printed by a computer: people type fewer.
DOUBLE_DIGITS = 15
ZERO = ExactNumber(Fraction(0), "0")
# What floats of 32 and 64 bits are off after a product or two, relative to the largest entry.
DOUBLE_NOISE_BITS = 44
SINGLE_NOISE, DOUBLE_NOISE = Fraction(1, 2**21), Fraction(1, 2**DOUBLE_NOISE_BITS)
COMPUTED_UNITS = 16
SINGLE_UNIT = Fraction(1, 2**23)
# An entry this small beside the largest of a computed matrix may stand for zero.
TINY = Fraction(1, 10**6)


def without_dust(rows: Matrix, beside: Matrix = ()) -> Matrix:
    """The matrix with zeros for entries that are tiny beside its largest.

    Args:
        rows: The matrix.
        beside: Another whose entries count for the largest one.
    """
    sizes = [_binary_size(x.value) for row in (*rows, *beside) for x in row if x.value]
    # Most matrices have no such entry, which a glance at the lengths of their numbers tells.
    if not sizes or max(sizes) - min(sizes) <= DOUBLE_NOISE_BITS - 2:
        return rows
    bound = max(abs(x.value) for row in (*rows, *beside) for x in row) * DOUBLE_NOISE
    return tuple(tuple(ZERO if 0 < abs(x.value) <= bound else x for x in row) for row in rows)


def _binary_size(value: Fraction) -> int:
    """An e with 2^(e - 1) < |value| < 2^(e + 1)."""
    return value.numerator.bit_length() - value.denominator.bit_length()


def radii(rows: Matrix) -> tuple[tuple[Fraction, ...], ...]:
    """For each entry of a matrix, the largest distance between the number written and the one meant."""
    largest = max((abs(x.value) for row in rows for x in row), default=Fraction(0))
    rounded = [x for row in rows for x in row if x.is_rounded]
    digits = max((_digits(x)[0] for x in rounded), default=0)
    is_single = any(x.is_single for x in rounded)
    floor = largest * (SINGLE_NOISE if is_single else DOUBLE_NOISE if digits >= DOUBLE_DIGITS else 0)
    return tuple(tuple(_radius(x, largest, floor) for x in row) for row in rows)


def _radius(number: ExactNumber, largest: Fraction, floor: Fraction) -> Fraction:
    """How far one number may be from the one meant; `floor` is what a computed matrix adds to every entry."""
    if not number.is_rounded:
        return floor
    digits, unit = _digits(number)
    if floor and abs(number.value) <= TINY * largest:
        return max(floor, abs(number.value), unit)
    if number.is_single:
        # It prints few digits where few tell it from its neighbours: 1.0001 is as exact as 0.33333334.
        return max(floor, abs(number.value) * SINGLE_UNIT * COMPUTED_UNITS)
    is_computed = digits >= DOUBLE_DIGITS
    return max(floor, unit * (COMPUTED_UNITS if is_computed else Fraction(1, 2)))


def _digits(number: ExactNumber) -> tuple[int, Fraction]:
    """How many digits were written, and what a one in the last place is worth."""
    try:
        written = Decimal(number.text.replace("_", ""))
    except InvalidOperation:
        # A quotient of decimals, or a constant worked out here: as good as a float.
        return DOUBLE_DIGITS, abs(number.value) / 10**DOUBLE_DIGITS
    _, digits, exponent = written.as_tuple()
    assert isinstance(exponent, int), "a finite number"
    return len(digits), Fraction(10) ** exponent
