"""The words of an equation: names of the language and of authors, what stands left of its =, and steps."""

from __future__ import annotations

import ast
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
MAX_LAG = 16
MAX_STEP = 1000


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


def lag_of(node: ast.expr) -> int | None:
    """How many steps back t, t-1 or t+1 in brackets is; None for what is no such step."""
    match node:
        case ast.Name(id="t"):
            return 0
        case ast.BinOp(left=ast.Name(id="t"), op=(ast.Sub() | ast.Add()) as op, right=right):
            lag = whole_number(right)
            if lag is not None and lag <= MAX_LAG:
                return lag if isinstance(op, ast.Sub) else -lag
    return None


def fixed_step(node: ast.expr) -> str | int | None:
    """T, or a step counted from 1; None for what is neither."""
    if isinstance(node, ast.Name) and node.id == "T":
        return "T"
    step = whole_number(node)
    return step if step is not None and 1 <= step <= MAX_STEP else None


def whole_number(node: ast.expr) -> int | None:
    """The whole number that a node is; None where it is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool):
        return node.value
    return None
