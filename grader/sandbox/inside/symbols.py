"""Names for the symbols of sympy that any reader of formulas takes for names.

A symbol may be called "t_{11}", "a'", "I" or "exp", and T[0, 0] is one without a name. Beside the text that
sympy prints goes another, in which each of those has a name of its own: the same for the same symbol,
wherever it stands. All this runs in the student's process: it helps them, and nothing is proved by it.
"""

import hashlib
import re
import sys
from typing import Any

USUAL = re.compile(r"[A-Za-zͰ-Ͽ][A-Za-zͰ-Ͽ0-9]*(_[A-Za-z0-9]+)?")
TAKEN = re.compile(
    r"sqrt|pi|exp|log|cos|sin|tan|tanh|cosh|sinh|sech|abs|Abs|E|I|oo|zoo|nan"
    r"|and|or|in|not|True|False|(co)?sine\d+|q[a-p]{8}"
)
"""What a reader takes for something else, and what the names made here look like."""

LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def renamed(value: Any) -> tuple[str, dict[str, str]]:
    """An expression under plain names, and what each of these stands for; empty where none is needed.

    Args:
        value: A sympy expression or condition.
    """
    sympy: Any = sys.modules["sympy"]
    kinds = (sympy.Symbol, sympy.matrices.expressions.matexpr.MatrixElement, sympy.Indexed)
    unusual = [one for one in value.atoms(*kinds) if not is_usual(str(one))]
    if not unusual:
        return "", {}
    names = {one: plain_name(sympy.srepr(one)) for one in unusual}
    text = str(value.xreplace({one: sympy.Symbol(name) for one, name in names.items()}))
    return text, {name: str(one) for one, name in names.items() if re.search(rf"\b{name}\b", text)}


def is_usual(name: str) -> bool:
    """Whether a name is read as one, and as no other thing."""
    return USUAL.fullmatch(name) is not None and TAKEN.fullmatch(name) is None


def plain_name(description: str) -> str:
    """A name of nine letters, another one for another thing."""
    digest = hashlib.sha256(description.encode("utf-8", "replace")).hexdigest()
    return "q" + digest[:8].translate(LETTERS)
