"""Formulas written loosely: factors with no sign between them, and several sides joined by =.

2x is a product, and 1/2x is refused. Of 64*26 = 1664, as people write how they got there, the last side
counts where all are the same; one with names that are not known here is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from grader.errors import Unreadable
from grader.formula.compare import Sameness, compare
from grader.formula.names import is_function_name
from grader.formula.points import Domain
from grader.formula.tokens import Token
from grader.formula.tree import Formula

if TYPE_CHECKING:
    from grader.formula.parse import FormulaReader

PLAIN_PAIRS = (("number", "name"), ("number", "("), (")", "("))
"""Kinds of tokens between which a sign may be left out everywhere: 2x, 2(...), (...)(...)."""
LINE_BREAK = re.compile(r"[\n\r]")
MOST_SIDES = 4
"""The most sides of an equation; each is compared with the last."""


def require_product(reader: FormulaReader, *, is_divisor: bool) -> bool:
    """Refuse two factors side by side unless they are 2x, 2(...), (...)(...) or, where asked, w x.

    Args:
        reader: Of the text; the first factor is read, the second is ahead.
        is_divisor: Whether the first is a divisor: both may be meant to be.

    Returns:
        Whether their writer should see how they were read.

    Raises:
        Unreadable: If they are no product, or could be read in two ways.
    """
    before, after = reader.tokens[reader.at - 1], reader.token
    left, right = reader.text[max(0, before.start) : before.end], reader.text[after.start : after.end]
    if after.kind in ("(", "[", "|"):
        right = "|...|" if after.kind == "|" else "(...)"
    if before.kind in (")", "]", "|"):
        left = "|...|" if before.kind == "|" else "(...)"
    # Two lines are rather two formulas or conditions; and Python makes a line break of what begins \nu.
    if LINE_BREAK.search(reader.text, before.end, after.start):
        message = "a sign or word is missing that joins this line to the one above"
        raise reader.error(after, message, "missing-operator")
    is_plain = (_as_bracket(before.kind, ")"), _as_bracket(after.kind, "(")) in PLAIN_PAIRS
    is_product = is_plain or (reader.side_by_side and _is_product(reader, before, after))
    exponent = reader.open_exponent
    if is_product and exponent and exponent.end == reader.at:
        is_apart = before.end < after.start and reader.side_by_side
        if not (is_apart and exponent.is_number):
            raised = reader.text[exponent.start : before.end]
            message = f"is {raised} the whole exponent? write ^{raised}*{right} or ^({raised}*{right})"
            raise reader.error(after, message, "ambiguous")
        is_plain = False
    if is_product and is_divisor:
        message = "what is divided by? write a/(b*c) or (a/b)*c"
        raise reader.error(after, message, "ambiguous")
    if not is_product:
        message = f"a sign is missing; did you mean {left}*{right}?"
        raise reader.error(after, message, "missing-operator")
    return not is_plain


def _is_product(reader: FormulaReader, before: Token, after: Token) -> bool:
    """Whether two factors side by side, one a name, can only be multiplied: w x, w(x + 1), (x + 1) w."""
    if before.kind == "name" and reader.names.is_euler(before.text):
        return False  # e(x) and e x may be e^x as well as e*x
    if before.kind == "name" and after.kind == "(":
        # x(1) may be the first x, and a symbol called sigma may be meant as the function.
        inside, closing = (*reader.tokens[reader.at + 1 : reader.at + 3], after, after)[:2]
        is_index = inside.kind == "number" and closing.kind == ")"
        return not is_index and not is_function_name(before.text)
    return before.kind in ("name", ")", "]", "|") and after.kind in ("name", "(", "|")


def _as_bracket(kind: str, bracket: str) -> str:
    return bracket if kind == "|" else kind


def last_of(reader: FormulaReader, signs: Sequence[int]) -> Formula:
    """The last of several sides joined by =, if all are the same.

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
