"""Names of the language, and which an author may take."""

from __future__ import annotations

import keyword

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


def why_not(name: str) -> str | None:
    """Why nothing may be called so, as the end of a sentence; None where it may."""
    if keyword.iskeyword(name):
        return "is a word of Python; take another name"
    if not name.isidentifier() or not name.isascii() or name.startswith("_"):
        return "is no name: take letters, digits and _, with a letter first"
    if len(name) > MAX_CHARACTERS:
        return f"is longer than {MAX_CHARACTERS} characters"
    return "has a meaning of its own; take another name" if name in RESERVED else None
