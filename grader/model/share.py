"""A share of the points as people type it."""

from __future__ import annotations

import re
from fractions import Fraction

WRITTEN_SHARE = re.compile(r"(\d{1,9}(\.\d{0,9})?|\.\d{1,9})%?|\d{1,9}/0*[1-9]\d{0,8}")


def read_share(written: str) -> Fraction:
    """The exact share of the points that was typed: 0.8, 4/5 or 80%.

    Args:
        written: As typed.

    Raises:
        ValueError: If it is no share, or more than all; its text says what to write.
    """
    text = written.replace(" ", "")
    if not WRITTEN_SHARE.fullmatch(text):
        raise ValueError(f"{written!r} is not a share of the points; write 0.8 or 80%")
    share = Fraction(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    if share > 1:
        near = f"; did you mean {text}%?" if not text.endswith("%") and share <= 100 else ""
        raise ValueError(f"{text} is more than all the points{near}")
    return share
