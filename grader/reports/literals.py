"""Evidence as text: numbers, lists and tables as a person would type them into Python."""

from __future__ import annotations

import re
from typing import Any

from grader.reports.printable import one_line

FRACTION = re.compile(r"-?\d+/\d+")
DIGITS = 6


def literal(value: object, digits: int | None = None) -> str:
    """A value as Python text; a fraction stands without quotes.

    Args:
        value: JSON-ready evidence.
        digits: Significant digits of floats; all if left out.
    """
    if isinstance(value, list | tuple):
        return f"[{', '.join(literal(item, digits) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{one_line(repr(str(k)))}: {literal(v, digits)}' for k, v in value.items())}}}"
    if isinstance(value, float) and digits is not None:
        return f"{value:.{digits}g}"
    if isinstance(value, str) and FRACTION.fullmatch(value):
        return value
    # A backslash stands once, as it was written: this is read by people and typed by nobody.
    return one_line(repr(value).replace("\\\\", "\\"))


def as_steps(value: object) -> list[Any] | None:
    """The value as a list of steps, or None where it is not a list.

    Args:
        value: JSON-ready evidence.
    """
    return list(value) if isinstance(value, list | tuple) and value else None


def step_texts(wanted: object, got: object) -> tuple[str, str]:
    """Both values of a step, with as many digits as it takes to tell them apart.

    Args:
        wanted: What was asked for.
        got: What came out.
    """
    short = literal(wanted, DIGITS), literal(got, DIGITS)
    if short[0] == short[1] and wanted != got:
        return literal(wanted), literal(got)
    return short
