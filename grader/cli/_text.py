"""Wrapping prompts: a formula that fits on a line is never broken, and a laid-out line stays as it is."""

from __future__ import annotations

import re
import textwrap

FORMULA = re.compile(r"\$\$[^$]+\$\$|\$[^$\n]+(?:\n[^$\n]+)?\$")
# Stands for the spaces inside a formula while lines are broken.
GLUE = "\x00"
LAID_OUT = re.compile(r"\s{2,}|\s*[-*|]\s|\s*\d+[.)]\s")


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """The lines of a text; paragraphs are separated by empty lines.

    Args:
        text: With mathematics in `$...$`, which is kept as it is.
        width: Columns, the indent included.
        indent: Put before every line.
    """
    room = width - len(indent)
    text = FORMULA.sub(
        lambda match: re.sub(r"\s+", GLUE, match[0]) if len(match[0]) < room else match[0], text.strip()
    )
    lines: list[str] = []
    for paragraph in re.split(r"\n[ \t]*\n", text):
        if lines:
            lines.append(indent.rstrip())
        for piece in _pieces(paragraph):
            lines.extend(_filled(piece, width, indent))
    return [line.replace(GLUE, " ") for line in lines]


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


def count(number: int, noun: str) -> str:
    """A number of things: "1 question", "4 questions".

    Args:
        number: How many.
        noun: One of them.
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"
