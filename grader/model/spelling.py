"""One spelling of a name: "é" may be one letter, or an "e" with an accent behind it."""

from __future__ import annotations

import itertools
import unicodedata

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
