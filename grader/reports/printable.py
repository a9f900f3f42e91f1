"""Making a stranger's text safe to show: nothing in it moves a cursor or turns the reading order."""

from __future__ import annotations

import unicodedata

from grader.model.log_commands import disarmed

# Controls, formatting (bidirectional marks too), surrogates, private use, line and paragraph separators.
INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def printable(text: str) -> str:
    """The text with everything that is not plainly visible written as an escape; line ends stay.

    Args:
        text: Anything, also from a student.
    """
    text = disarmed(text.replace("\r\n", "\n").expandtabs(4))
    return text if text.isprintable() else "".join(map(_visible, text))


def one_line(text: str) -> str:
    """As `printable`, with line ends as escapes too.

    Args:
        text: Anything, also from a student.
    """
    return printable(text).replace("\n", "\\n")


def _visible(letter: str) -> str:
    if letter == "\n" or unicodedata.category(letter) not in INVISIBLE:
        return letter
    return letter.encode("unicode_escape").decode("ascii")
