"""Points, and shares of them, as people type and read them."""

from __future__ import annotations

import functools
import math
import re
from fractions import Fraction

WRITTEN_SHARE = re.compile(r"(\d{1,9}(\.\d{0,9})?|\.\d{1,9})%?|\d{1,9}/0*[1-9]\d{0,8}")


# Only around signs is a space nothing: whoever writes "1 1/2" does not mean 11/2.
GAPS = re.compile(r"(?<=^[-+])\s+|\s+(?=[/%])|(?<=[/%])\s+")


def closed_up(written: str) -> str:
    """A number without the spaces that say nothing: "7 / 2" is "7/2", and "1 1/2" stays what it is.

    Args:
        written: As typed.
    """
    return GAPS.sub("", written.strip())


def read_share(written: str) -> Fraction:
    """The exact share of the points that was typed: 0.8, 4/5 or 80%.

    Args:
        written: As typed.

    Raises:
        ValueError: If it is no share, or more than all; its text says what to write.
    """
    text = closed_up(written)
    if not WRITTEN_SHARE.fullmatch(text):
        raise ValueError(f"{written!r} is not a share of the points; write 0.8 or 80%")
    share = Fraction(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    if share > 1:
        near = f"; did you mean {text}%?" if not text.endswith("%") and share <= 100 else ""
        raise ValueError(f"{text} is more than all the points{near}")
    return share


@functools.lru_cache(maxsize=1024)
def points_text(points: Fraction | str, places: int = 3) -> str:
    """Points as people write them: "4", "2.5", "3.333"; halves are rounded up.

    Args:
        points: Exact; or the text of them that a gradebook keeps, "7/2".
        places: Decimals at most; with three, rounded parts are not seen to contradict their total.
    """
    exact = Fraction(points)
    whole, rest = divmod(abs(half_up(exact * 10**places)), 10**places)
    decimals = f"{rest:0{places}}".rstrip("0")
    sign = "-" if exact < 0 and (whole or rest) else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def half_up(number: Fraction) -> int:
    """The nearest whole number; the larger one of two that are as near."""
    return math.floor(number + Fraction(1, 2))
