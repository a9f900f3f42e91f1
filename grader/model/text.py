"""Text that all messages share: lists, counts, one spelling of a name, nothing that a log obeys."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable


def joined(names: Iterable[str], last: str = " and ") -> str:
    """A list in a sentence: "a", "a and b", "a, b and c".

    Args:
        names: In the order to be read.
        last: What stands before the final one.
    """
    *others, final = list(names) or [""]
    return f"{', '.join(others)}{last}{final}" if others else final


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its word: "1 step", "3 steps".

    Args:
        number: How many.
        one: The word for one.
        many: The word for more; by default with an s.
    """
    return f"{number} {one}" if number == 1 else f"{number} {many or one + 's'}"


# No language sets more marks on a letter; with very many, a normal form takes time with their square.
MOST_MARKS = 30


def composed(name: str) -> str:
    """A name in the one spelling that ids are kept and compared in.

    A Mac writes accents behind their letter (NFD) where other systems write one letter (NFC). Text with more
    marks on one letter than any language has stays as it is.

    Args:
        name: As found or typed.

    Source: Unicode Standard Annex 15, normalisation form C, and section 13 (stream-safe text).
    """
    if name.isascii():
        return name
    runs = (sum(1 for _ in run) for is_mark, run in itertools.groupby(name, _is_mark) if is_mark)
    return name if any(length > MOST_MARKS for length in runs) else unicodedata.normalize("NFC", name)


def _is_mark(letter: str) -> bool:
    return unicodedata.combining(letter) > 0


COMMAND = re.compile(r":(?=:[ \t]*[A-Za-z](?s:.*?)::)|#(?=#(?:vso|teamcity)?\[)", re.IGNORECASE)


def disarmed(text: str) -> str:
    """Text in which no log of GitHub or Azure finds a command such as `::error::` or `##[group]`.

    A space goes into its marks, also in the middle of a line, which may be broken there later.

    Args:
        text: Anything, also from a student.
    """
    return COMMAND.sub(r"\g<0> ", text) if "::" in text or "##" in text else text


def could_not_decide(what: str) -> str:
    """The message to a student about something that the grader failed to decide.

    Args:
        what: "this answer", "this formula".
    """
    return f"The grader could not decide {what}; your instructor is told. It does not count as wrong."
