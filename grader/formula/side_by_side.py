"""Two factors side by side with no sign between them: 2x is a product, 1/2x is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.formula.names import is_function_name
from grader.formula.tokens import Token

if TYPE_CHECKING:
    from grader.formula.parse import FormulaReader

PLAIN_PAIRS = (("number", "name"), ("number", "("), (")", "("))
"""Kinds of tokens between which a sign may be left out everywhere: 2x, 2(...), (...)(...)."""
LINE_BREAK = re.compile(r"[\n\r]")


def require_product(reader: FormulaReader, *, is_divisor: bool) -> bool:
    """Refuse two factors side by side unless they are 2x, 2(...), (...)(...) or, where asked, w x.

    Args:
        reader: Of the text; the first factor is read, the second is ahead.
        is_divisor: Whether the first stands below a stroke: it could divide by both.

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
