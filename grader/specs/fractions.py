"""Exact numbers as an author writes them: 4, "1/2", 0.5."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

MOST_PLACES = 3
WRITTEN = re.compile(r"-?\d+(/0*[1-9]\d*)?|-?\d*\.\d+")


def read_fraction(value: object) -> Fraction:
    """The exact number that was written.

    Args:
        value: A whole number, text such as "1/2", or a float, taken by its shortest decimal.

    Raises:
        ValueError: If it is none of these; says what was found.
    """
    if isinstance(value, Fraction):
        return value
    if not isinstance(value, bool) and isinstance(value, int | float | str):
        text = str(value).replace(" ", "")
        if WRITTEN.fullmatch(text):
            return Fraction(text)
    raise ValueError(f'found {value!r}, wanted a whole number or a fraction such as "1/2"')


def fraction_text(number: Fraction) -> str:
    """An exact number as an author would write it: 4, 2.5, 1/3.

    Args:
        number: The number.
    """
    places = next((n for n in range(MOST_PLACES + 1) if 10**n % number.denominator == 0), None)
    return str(number) if places is None else f"{Decimal(number.numerator) / number.denominator:.{places}f}"
