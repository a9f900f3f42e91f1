"""Characters that look like others: dashes, full-width and Cyrillic letters, spaces that cannot be seen.

Word processors, phones, PDF files and keyboards of other scripts put them in unasked, and nobody sees the
difference. Each is read as what it looks like; what is left has a name that a message can give.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from fractions import Fraction

# Letters of other scripts that look like Latin ones in every font.
LETTERS = dict(
    zip(
        "аеорсухіјѕһԁԛԝѵАВСЕНІЈКМОРЅТХΑΒΕΖΗΙΚΜΝΟΡΤΥΧοⅹⅩ",
        "aeopcyxijshdqwvABCEHIJKMOPSTXABEZHIKMNOPTYXoxX",
        strict=True,
    )
)
# Greek letters that have two characters each.
LETTERS |= {"\u00b5": "μ", "\u2206": "Δ", "\u03f5": "ε", "\u03d1": "θ", "\u03f1": "ρ"}
SIGNS = {
    # Minus signs that are no dashes to Unicode.
    "\u2212": "-", "\u02d7": "-", "\u2796": "-", "\u2043": "-",
    "\u2044": "/", "\u00f7": "/", "\u2215": "/", "\u29f8": "/", "\u2217": "*", "\u2795": "+",
    "\u2223": "|",
    "\u201a": ",", "\u3001": ",", "\u066b": ".", "\u2026": "...", "\u3010": "[", "\u3011": "]",
    # What mathematics copied from a page has between its factors and arguments.
    "\u2061": "", "\u2062": "*", "\u2063": ",", "\u2064": "+",
}  # fmt: skip
# Nothing is seen of these. Not among them: a soft hyphen, and what turns text around, which are seen.
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202c\u2060\u2066-\u2069\ufeff\u061c\u180e\ufe00-\ufe0f]")
# How a character that acts on the text around it comes out of the sandbox.
ESCAPED = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4}))")
SAME_LOOK = ("<wide>", "<narrow>", "<font>", "<noBreak>")
VULGAR = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞↉"
# Both parts bounded: what has neither is looked at once, not once for each place to start.
MIXED = re.compile(rf"(?<![\d.,])(\d{{0,40}})\s{{0,9}}([{VULGAR}])")


def plain_text(text: str) -> str:
    """The text with each character as what it looks like: a dash as a minus sign, a Cyrillic x as x."""
    if text.isascii():
        return text
    return "".join(map(_plain, INVISIBLE.sub("", text)))


def with_fractions(text: str) -> str:
    """The text with ½ as 1/2 and 2½ as 5/2."""
    return MIXED.sub(lambda found: str(mixed(found[1], found[2])), text)


def mixed(whole: str, vulgar: str) -> Fraction:
    """The number that digits and a vulgar fraction are together: "2" and "½" are 5/2.

    Args:
        whole: Digits; empty for none.
        vulgar: One of `VULGAR`.
    """
    return int(whole or 0) + Fraction(unicodedata.numeric(vulgar)).limit_denominator(10)


def odd_character(text: str) -> str:
    """The first character that is neither ASCII nor seen for what it is, by name; empty if there is none."""
    for letter in plain_text(ESCAPED.sub(_unescaped, text)):
        if not letter.isascii() and letter not in VULGAR:
            return _named(letter)
    return ""


def false_character(text: str) -> str:
    """The first character that only looks like an ASCII one, by name; empty if there is none."""
    return next((_named(letter) for letter in text if plain_text(letter) != letter), "")


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1] or found[2], 16))


def _named(letter: str) -> str:
    shown = f"{letter} " if letter.isprintable() else ""
    return f"{shown}(U+{ord(letter):04X}, {unicodedata.name(letter, 'no character').lower()})"


@functools.lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in LETTERS or letter in SIGNS:
        return LETTERS.get(letter) or SIGNS.get(letter, "")
    match unicodedata.category(letter):
        case "Pd":
            return "-"
        case "Nd":
            return str(unicodedata.digit(letter))
        case "Zs":
            return " "
        case "Zl" | "Zp":
            return "\n"
    if unicodedata.decomposition(letter).startswith(SAME_LOOK):
        return plain_text(unicodedata.normalize("NFKC", letter))
    return unicodedata.normalize("NFC", letter)
