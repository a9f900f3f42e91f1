"""Exact numbers as an author writes them: 4, "1/2", 0.5."""

from __future__ import annotations

import re
from fractions import Fraction

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
