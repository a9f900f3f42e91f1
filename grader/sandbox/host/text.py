"""Text from a student's process, made fit to be shown: no escapes, no hidden direction changes, no paths."""

from __future__ import annotations

import re
import unicodedata

from grader.answers.look_alikes import INVISIBLE
from grader.model.text import disarmed

ESCAPE_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
"""ECMA-48: control sequences, operating system commands, and the short escapes."""

ABSOLUTE_PATH = re.compile(r"(?<![\w.:/])/(?:[^\s/'\",:;()]+/)+([^\s/'\",:;()]+)")

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
"""Unicode categories of what is not seen but acts: controls, bidi marks, lone surrogates, line separators."""

KEPT = "\n\t\u200c\u200d\u2061\u2062\u2063\u2064"
"""Joiners stay: Persian, Indic scripts and emoji need them. So do signs that mathematics is copied with."""


def clean(text: str, cap: int) -> str:
    """Text with what could act on a terminal or a log, or reorder a line, made visible; cut at the cap."""
    text = ESCAPE_SEQUENCE.sub("", text[: 2 * cap]).replace("\r\n", "\n").replace("\r", "\n")
    shown = "".join(map(visible, text)) if not text.isascii() or not text.isprintable() else text
    shown = disarmed(shown)
    return shown if len(shown) <= cap else shown[: cap - 1] + "…"


def clean_line(text: str, cap: int) -> str:
    """One clean line, absolute paths cut to their last part."""
    if text.isidentifier() and text.isascii() and len(text) <= cap:
        # Most are names, in which nothing of all that can be.
        return text
    return clean(ABSOLUTE_PATH.sub(r"\1", " ".join(text[: 4 * cap].split())), cap)


def visible(character: str) -> str:
    """The character; its escape if it is invisible and has an effect; nothing if it is only invisible."""
    if character in KEPT or unicodedata.category(character) not in HIDDEN:
        return character
    if INVISIBLE.match(character):
        return ""
    return character.encode("unicode_escape").decode("ascii")
