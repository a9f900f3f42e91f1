"""The text of an exercise: words, formulas in `$...$` or `$$...$$`, pictures as `![what is seen](name)`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from grader.mathematics.one_line import one_line
from grader.mathematics.tree import MathError, parse

FORMULA = r"\$\$(?P<display>[^$]+)\$\$|\$(?P<inline>[^$\n]+(?:\n[^$\n]+)?)\$"
PICTURE = r"!\[(?P<seen>[^\]]*)\]\((?P<source>[^()\s]*)\)"
PIECE = re.compile(f"{PICTURE}|{FORMULA}")
BETWEEN_PARAGRAPHS = re.compile(r"\n(?:[ \t]*\n)+")


class FormulaInText(NamedTuple):
    """A formula in a text.

    Args:
        tex: Without the `$` around it, its line ends as spaces.
        is_display: Whether it has a line of its own.
        start: Where it begins in the text, with its first `$`.
    """

    tex: str
    is_display: bool
    start: int


class Picture(NamedTuple):
    """A picture in a text.

    Args:
        seen: What is seen on it, in words, for who cannot see it.
        source: A file's name; once the exercise is loaded, its data: `data:image/...`.
        start: Where it begins in the text.
        end: Where the text goes on.
    """

    seen: str
    source: str
    start: int
    end: int

    @property
    def words(self) -> str:
        """What stands for it where there are only letters."""
        return f"[Picture: {self.seen}]"


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a text, which empty lines part; blanks in such a line do not count."""
    return [one for one in BETWEEN_PARAGRAPHS.split(text.strip("\n")) if one.strip()]


def pieces(text: str) -> Iterator[str | FormulaInText | Picture]:
    """The text in order: what is words as it stands, the formulas and the pictures."""
    end = 0
    for match in PIECE.finditer(text):
        if match.start() > end:
            yield text[end : match.start()]
        end = match.end()
        if match["source"] is not None:
            yield Picture(" ".join(match["seen"].split()), match["source"], match.start(), end)
            continue
        tex = match["display"] or match["inline"]
        yield FormulaInText(" ".join(tex.split()), match["display"] is not None, match.start())
    if end < len(text):
        yield text[end:]


def shown(formula: FormulaInText | Picture, is_ascii: bool) -> str:
    """The formula in one line; as it was written where it cannot be read. Of a picture, what is seen on it.

    Args:
        formula: From `pieces`.
        is_ascii: Whether it is for a terminal without Unicode.
    """
    if isinstance(formula, Picture):
        return formula.words
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


def problems(text: str) -> Iterator[tuple[FormulaInText, str]]:
    """Each formula that cannot be shown on every face, and why."""
    for one in pieces(text):
        if isinstance(one, FormulaInText):
            try:
                parse(one.tex, one.is_display)
                one_line(one.tex)
                one_line(one.tex, is_ascii=True)
            except MathError as error:
                yield one, str(error)
