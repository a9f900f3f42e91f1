"""Formulas in the text of an exercise: `$...$` within a line, `$$...$$` on a line of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from grader.mathematics.one_line import one_line
from grader.mathematics.tree import MathError, parse

FORMULA = re.compile(r"\$\$(?P<display>[^$]+)\$\$|\$(?P<inline>[^$\n]+(?:\n[^$\n]+)?)\$")


class Formula(NamedTuple):
    """A formula in a text.

    Args:
        tex: Without the `$` around it, its line ends as spaces.
        is_display: Whether it has a line of its own.
        start: Where it begins in the text, with its first `$`.
    """

    tex: str
    is_display: bool
    start: int


def pieces(text: str) -> Iterator[str | Formula]:
    """The text in order: what is words as it stands, and the formulas."""
    end = 0
    for match in FORMULA.finditer(text):
        if match.start() > end:
            yield text[end : match.start()]
        tex = match["display"] or match["inline"]
        yield Formula(" ".join(tex.split()), match["display"] is not None, match.start())
        end = match.end()
    if end < len(text):
        yield text[end:]


def shown(formula: Formula, is_ascii: bool) -> str:
    """The formula in one line; as it was written where it cannot be read.

    Args:
        formula: From `pieces`.
        is_ascii: Whether it is for a terminal without Unicode.
    """
    try:
        return one_line(formula.tex, is_ascii=is_ascii)
    except MathError:
        return f"${formula.tex}$"


def readable(text: str, *, is_ascii: bool = False) -> str:
    """The text with every formula in one line; one that cannot be read stands as it was written.

    Args:
        text: An author's, never a student's.
        is_ascii: Whether it is for a terminal without Unicode.
    """
    return "".join(one if isinstance(one, str) else shown(one, is_ascii) for one in pieces(text))


def problems(text: str) -> Iterator[tuple[Formula, str]]:
    """Each formula that cannot be shown on every face, and why."""
    for one in pieces(text):
        if isinstance(one, Formula):
            try:
                parse(one.tex, one.is_display)
                one_line(one.tex)
                one_line(one.tex, is_ascii=True)
            except MathError as error:
                yield one, str(error)
