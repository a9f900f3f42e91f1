"""How an unreadable formula is told: what is wrong, and a caret under the place."""

from __future__ import annotations

import unicodedata

from grader.errors import Unreadable

# The report wraps at 80 columns; a caret under a wrapped line would point at nothing.
WINDOW = 56


def trouble(text: str, column: int, message: str, code: str) -> Unreadable:
    """The error for a place of a text, ready to be raised.

    Args:
        text: What the student wrote.
        column: Where the trouble starts, from 0; its length for "at the end".
        message: What is wrong and what would be right, one line.
        code: Stable kebab-case word.
    """
    start = max(0, min(column - WINDOW // 2, len(text) - WINDOW))
    before, after = visible(text[start:column]), visible(text[column : start + WINDOW])
    left, right = "..." if start else "", "..." if start + WINDOW < len(text) else ""
    return Unreadable(
        f"{message}\n    {left}{before}{after}{right}\n    {' ' * (len(left) + width(before))}^", code=code
    )


def visible(text: str) -> str:
    """The text on one line, with a dot for what cannot be seen."""
    return "".join(" " if letter.isspace() else letter if letter.isprintable() else "." for letter in text)


def width(text: str) -> int:
    """How many columns the text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )
