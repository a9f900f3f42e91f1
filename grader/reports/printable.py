"""Make a stranger's text and values safe to print: nothing moves a cursor or turns the reading order."""

from __future__ import annotations

import re
import unicodedata

from grader.model.text import disarmed

# Controls, formatting (bidirectional marks too), surrogates, private use, line and paragraph separators.
INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
FRACTION = re.compile(r"-?\d+/\d+")


def printable(text: str) -> str:
    """The text; what is not plainly visible is written as an escape, except line ends.

    Args:
        text: Anything, also from a student.
    """
    text = disarmed(text.replace("\r\n", "\n").expandtabs(4))
    return text if text.isprintable() else "".join(map(_visible, text))


def one_line(text: str) -> str:
    """As `printable`, with line ends as escapes too."""
    return printable(text).replace("\n", "\\n")


def literal(value: object, digits: int | None = None) -> str:
    """A value as Python text; a fraction stands without quotes.

    Args:
        value: JSON-ready evidence.
        digits: Significant digits of floats; all if left out.
    """
    if isinstance(value, list | tuple):
        return f"[{', '.join(literal(item, digits) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{one_line(repr(str(k)))}: {literal(v, digits)}' for k, v in value.items())}}}"
    if isinstance(value, float) and digits is not None:
        return f"{value:.{digits}g}"
    if isinstance(value, str) and FRACTION.fullmatch(value):
        return value
    # One backslash, as it was written, and not the two of repr: people read this, nobody types it.
    return one_line(repr(value).replace("\\\\", "\\"))


def _visible(letter: str) -> str:
    if letter == "\n" or unicodedata.category(letter) not in INVISIBLE:
        return letter
    return letter.encode("unicode_escape").decode("ascii")
