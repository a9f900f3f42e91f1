"""One spelling of a name: "é" may be one letter, or an "e" with an accent behind it."""

from __future__ import annotations

import unicodedata


def composed(name: str) -> str:
    """A name in the one spelling that ids are kept and compared in.

    A Mac writes accents behind their letter (NFD) where other systems write one letter (NFC).

    Args:
        name: As found or typed.

    Source: Unicode Standard Annex 15, normalisation form C.
    """
    return unicodedata.normalize("NFC", name)
