"""Which steps of a long sequence are shown, and with how many digits."""

from __future__ import annotations

from grader.reports.printable import literal

# A longer table hides what matters.
ROWS_BEFORE, ROWS_AFTER = 6, 1
DIGITS = 6


def steps_around(total: int, wrong_step: int | None) -> list[int]:
    """The steps up to the first wrong one and a little after, counted from 1.

    Args:
        total: How many there are.
        wrong_step: The first wrong one, if any is.
    """
    middle = wrong_step if wrong_step and 1 <= wrong_step <= total else 1
    first = max(1, middle - ROWS_BEFORE)
    last = min(total, max(middle + ROWS_AFTER, first + ROWS_BEFORE))
    return list(range(first, last + 1))


def step_texts(wanted: object, got: object) -> tuple[str, str]:
    """Both values of a step, with as many digits as it takes to tell them apart.

    Args:
        wanted: The right one.
        got: What came.
    """
    short = literal(wanted, DIGITS), literal(got, DIGITS)
    if short[0] == short[1] and wanted != got:
        return literal(wanted), literal(got)
    return short
