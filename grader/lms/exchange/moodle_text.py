r"""An exercise's texts as Moodle shows them: HTML, with formulas in `\(...\)` for its MathJax."""

from __future__ import annotations

import html
import re

from grader.lms.exchange.file_parts import PictureFiles
from grader.mathematics.prose import FormulaInText, Picture, paragraphs_of, pieces
from grader.reports.html.elements import MARKED
from grader.reports.printable import printable

# What Moodle's filters or its embedded answers would take words for; an entity is read by browsers only.
TAKEN_FOR_MORE = {"\\": "&#92;", "$": "&#36;", "{": "&#123;", "@@": "&#64;&#64;", "[[": "&#91;&#91;"}
# `{#1}` and `{1:NM:...}` are places of answers in an embedded-answers question, in a formula as well.
PLACE_OF_AN_ANSWER = re.compile(r"\{(?=#|\d*:)")
IN_FILES = "@@PLUGINFILE@@/"


def paragraphs(text: str, pictures: PictureFiles) -> str:
    """A text of several paragraphs.

    Args:
        text: An author's.
        pictures: Takes the pictures that it shows.
    """
    shown = pictures.put_out(text)
    return "\n".join(f"<p>{_line(one.strip())}</p>" for one in paragraphs_of(shown))


def line(text: str, pictures: PictureFiles) -> str:
    """A text within a line.

    Args:
        text: An author's.
        pictures: Takes the pictures that it shows.
    """
    return _line(" ".join(pictures.put_out(text).split()))


def words(text: str) -> str:
    """A text to be shown literally."""
    escaped = html.escape(printable(text))
    for sign, entity in TAKEN_FOR_MORE.items():
        escaped = escaped.replace(sign, entity)
    return escaped


def _line(text: str) -> str:
    return "".join(map(_piece, pieces(text)))


def _piece(piece: str | FormulaInText | Picture) -> str:
    if isinstance(piece, str):
        return _marked_up(piece)
    if isinstance(piece, Picture):
        return f'<img src="{html.escape(piece.source)}" alt="{words(piece.seen)}">'
    tex = PLACE_OF_AN_ANSWER.sub("&#123;", html.escape(piece.tex))
    return f"\\[{tex}\\]" if piece.is_display else f"\\({tex}\\)"


def _marked_up(text: str) -> str:
    parts, end = [], 0
    for match in MARKED.finditer(text):
        tag, marked = ("code", match[1]) if match[1] else ("strong", match[2])
        parts += [words(text[end : match.start()]), f"<{tag}>{words(marked)}</{tag}>"]
        end = match.end()
    return "".join((*parts, words(text[end:])))
