"""Which rows of a counterexample are shown, what a row is, and with how many digits."""

from __future__ import annotations

from collections.abc import Sequence

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


def first_different(wanted: Sequence[object], got: Sequence[object]) -> int:
    """The first row, from 1, in which more differs than the last digits; the first one where none does.

    Args:
        wanted: The right rows.
        got: Those that came, as many.
    """
    rows = enumerate(zip(wanted, got, strict=True), 1)
    return next((row for row, (one, own) in rows if literal(one, DIGITS) != literal(own, DIGITS)), 1)


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


def row_texts(wanted: object, got: object, *, before_wrong: bool) -> tuple[str, str]:
    """The same of a row of a table: before the first wrong one all is right, and last digits say nothing.

    Args:
        wanted: The right one.
        got: What came.
        before_wrong: Whether a later row is the first wrong one.
    """
    return (literal(wanted, DIGITS), literal(got, DIGITS)) if before_wrong else step_texts(wanted, got)
