"""Names in equations: those of the language, those that an author may take, and the one that is defined."""

from __future__ import annotations

import keyword
import re
from typing import NamedTuple

from grader.networks.equations.faults import EquationError

UNARY = (
    "tanh",
    "sigmoid",
    "relu",
    "step",
    "sign",
    "softmax",
    "exp",
    "log",
    "abs",
    "sqrt",
    "softplus",
)
MANY = ("max", "min", "stack", "mod")
FUNCTIONS = (*UNARY, *MANY, "part")
OVER = ("sum", "mean", "last", "first")
RESERVED = frozenset({"t", "T", "part", "outer", "dot", "number", *UNARY, *MANY, *OVER})
MAX_CHARACTERS = 40
LONGEST_EQUATION = 500
SHOWN_CHARACTERS = 40


def why_not(name: str) -> str | None:
    """Why nothing may be called so, as the end of a sentence; None where it may."""
    if keyword.iskeyword(name):
        return "is a word of Python; take another name"
    if not name.isidentifier() or not name.isascii() or name.startswith("_"):
        return "is no name: take letters, digits and _, with a letter first"
    if len(name) > MAX_CHARACTERS:
        return f"is longer than {MAX_CHARACTERS} characters"
    return "has a meaning of its own; take another name" if name in RESERVED else None


class LeftSide(NamedTuple):
    """What an equation is for.

    Args:
        name: The variable.
        is_static: Whether it has one value, not one for each step.
        end: Where the right side starts in the text.
    """

    name: str
    is_static: bool
    end: int


def one_line(text: str) -> str:
    """An equation's text with any white space as one blank, as it is read and shown.

    Raises:
        EquationError: If it is too long, or has a character that the language has not.
    """
    text = " ".join(text.split())
    if len(text) > LONGEST_EQUATION:
        shown = text[:SHOWN_CHARACTERS] + "..."
        raise EquationError(f"{len(text)} characters; at most {LONGEST_EQUATION} are read", shown, 0)
    return text


def left_side(text: str) -> LeftSide:
    """What an equation is for, and where its right side starts.

    Args:
        text: From `one_line`.

    Raises:
        EquationError: If there is no =, or what is left of it is no name and no name(t).
    """
    head, equals, tail = text.partition("=")
    if not equals or tail.startswith("="):
        raise EquationError(
            "an equation reads h(t) = ..., or y = ... for a value after the last step", text, 0
        )
    match = re.fullmatch(r"\s*(\w+)\s*(\(\s*t\s*\))?\s*", head)
    if match is None:
        hint = "; move what is at t+1 to t" if re.search(r"\(\s*t\s*\+", head) else ""
        raise EquationError(f"the left side is a name with (t), or a name{hint}", text, 0)
    if reason := why_not(match[1]):
        raise EquationError(f"{match[1]} {reason}", text, 0)
    return LeftSide(match[1], match[2] is None, len(head) + 1)
