"""Several formulas that are said to be equal, as people write how they got there: 64*26 = 1664, g = v*s = ...

They are one formula where all of them are the same; one with names that are not known here is passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from grader.errors import Unreadable
from grader.formula.compare import Sameness, compare
from grader.formula.points import Domain
from grader.formula.tree import Formula

if TYPE_CHECKING:
    from grader.formula.parse import FormulaReader

MOST_SIDES = 4
"""What is looked at; each is held against the last."""


def last_of(reader: FormulaReader, signs: Sequence[int]) -> Formula:
    """The last of several sides that are the same.

    Args:
        reader: Of the text; it stands at its end then.
        signs: Where among its tokens the signs of equality are.

    Raises:
        Unreadable: If they are not the same, or one cannot be read (code "equation").
    """
    wrong = reader.equation(signs[0])
    if len(signs) >= MOST_SIDES:
        raise wrong
    starts, ends = (0, *(sign + 1 for sign in signs)), (*signs, len(reader.tokens) - 1)
    found = [_side(reader, start, end, wrong) for start, end in zip(starts, ends, strict=True)]
    last = found[-1]
    if last is None:
        raise wrong
    others = [one for one in found[:-1] if one is not None]
    # Names alone are no formulas to go by: y = 3 = w.
    if not others and len(signs) == 1:
        raise wrong
    if any(compare(one, last, Domain()).sameness is not Sameness.SAME for one in others):
        raise wrong
    return last


def _side(reader: FormulaReader, start: int, end: int, wrong: Unreadable) -> Formula | None:
    """One side; None where it has a name that is not known."""
    reader.at = start
    try:
        side = reader.sum()
    except Unreadable as error:
        if error.code == "unknown-name":
            return None
        raise wrong from error
    if reader.at != end:
        raise wrong
    return side
