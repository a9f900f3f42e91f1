"""The texts of an exercise as lines of a terminal or of an answer file."""

from __future__ import annotations

import re
import textwrap

WIDEST = 100
"""Columns of text that is still easy to read."""

# Stands for the spaces inside a formula while lines are broken.
GLUE = "\x00"
DISPLAY_INDENT = "    "
LAID_OUT = re.compile(r"\s{2,}|\s*[-*|]\s|\s*\d+[.)]\s")


def wrapped(text: str, width: int, indent: str = "", *, is_ascii: bool = False) -> list[str]:
    """The lines of a text; paragraphs are separated by empty lines.

    Args:
        text: With mathematics in `$...$`, which is shown in one line; `$$...$$` on a line of its own.
        width: Columns, the indent included.
        indent: Put before every line.
        is_ascii: Whether formulas are shown without Unicode.
    """
    from grader.mathematics.prose import paragraphs_of

    text = _with_formulas(text.strip(), width - len(indent), is_ascii)
    lines: list[str] = []
    for paragraph in paragraphs_of(text):
        if lines:
            lines.append(indent.rstrip())
        for piece in _pieces(paragraph):
            lines.extend(_filled(piece, width, indent))
    return [line.replace(GLUE, " ") for line in lines]


def _with_formulas(text: str, room: int, is_ascii: bool) -> str:
    """The text with formulas that lines are not broken in, and those in `$$` as paragraphs of their own."""
    from grader.mathematics.prose import FormulaInText, pieces, shown

    parts = []
    for one in pieces(text):
        part = one if isinstance(one, str) else shown(one, is_ascii)
        if isinstance(one, FormulaInText) and one.is_display:
            if len(DISPLAY_INDENT + part) > room:
                part = part.replace("  ", f"\n{DISPLAY_INDENT}")
            part = f"\n\n{DISPLAY_INDENT}{part}\n\n"
        elif isinstance(one, FormulaInText) and len(part) < room:
            part = part.replace(" ", GLUE)
        parts.append(part)
    return "".join(parts)


def _pieces(paragraph: str) -> list[str]:
    """Lines that belong together; one that is laid out by hand begins a new piece."""
    pieces: list[str] = []
    for line in paragraph.split("\n"):
        if pieces and not LAID_OUT.match(line):
            pieces[-1] += f" {line.strip()}"
        else:
            pieces.append(line.rstrip())
    return pieces


def _filled(piece: str, width: int, indent: str) -> list[str]:
    margin = piece[: len(piece) - len(piece.lstrip())]
    return textwrap.wrap(
        piece.strip(),
        width,
        initial_indent=indent + margin,
        subsequent_indent=indent + margin,
        break_long_words=False,
        break_on_hyphens=False,
    )
