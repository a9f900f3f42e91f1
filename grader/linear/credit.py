"""What a partly right network is worth."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from grader.linear.decision import Row, Tier

# An output that is asked to be zero is right in an answer that does nothing: it weighs little.
ZERO_ROW_WEIGHT = Fraction(1, 4)
# A wrong output can still earn half: for the current input, for all earlier ones, for the initial state.
WRONG_ROW_SHARE = Fraction(1, 2)
FIRST, LATER, START = Fraction(4, 10), Fraction(4, 10), Fraction(2, 10)


def credit(rows: Sequence[Row]) -> Fraction:
    """Share of the points, 0 to 1: right outputs by weight, wrong ones for the parts that are right."""
    weights = [ZERO_ROW_WEIGHT if row.is_zero_wanted else Fraction(1) for row in rows]
    earned = sum((weight * _row_credit(row) for weight, row in zip(weights, rows, strict=True)), Fraction(0))
    return earned / sum(weights)


def _row_credit(row: Row) -> Fraction:
    if row.tier is not Tier.WRONG:
        return Fraction(1)
    if row.is_silent:
        return Fraction(0)
    return WRONG_ROW_SHARE * (FIRST * row.first_right + LATER * row.later_right + START * row.start_right)
