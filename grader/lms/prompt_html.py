"""An exercise's texts as HTML for another system's page, which draws the formulas itself."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import NamedTuple

from grader.mathematics.prose import FormulaInText, Picture, paragraphs_of, pieces
from grader.model.exercise import Question
from grader.model.share import points_text


class PromptHtml(NamedTuple):
    """How a system's pages want it.

    Args:
        formula: From TeX and whether it has a line of its own, to what that system reads.
        escape: A text that is to be seen as it stands.
    """

    formula: Callable[[str, bool], str]
    escape: Callable[[str], str] = html.escape

    def paragraphs(self, text: str) -> str:
        """An author's text."""
        return "\n".join(f"<p>{self.line(one.strip())}</p>" for one in paragraphs_of(text))

    def line(self, text: str) -> str:
        """The same within a line."""
        return "".join(map(self._piece, pieces(text)))

    def question(self, question: Question) -> str:
        """A question: its prompt, and what an answer to it looks like."""
        unit = "point" if question.points == 1 else "points"
        head = f"{question.label} ({question.id}), {points_text(question.points)} {unit}"
        parts = [f"<h3>{self.escape(head)}</h3>", self.paragraphs(question.prompt)]
        parts += [self.paragraphs(f"On the printed sheet: {one}") for one in question.errata]
        items = (f"{self._code(name)}: {self.line(what)}" for name, what in question.fields.items())
        if question.fields:
            parts.append(f"<ul>{''.join(f'<li>{one}</li>' for one in items)}</ul>")
        parts.append(f"<p>Answer in Python: {self._code(answer_form(question))}</p>")
        return "\n".join(parts)

    def _piece(self, piece: str | FormulaInText | Picture) -> str:
        if isinstance(piece, str):
            return self.escape(piece)
        if isinstance(piece, Picture):
            return f'<img src="{html.escape(piece.source)}" alt="{self.escape(piece.seen)}">'
        return self.formula(piece.tex, piece.is_display)

    def _code(self, text: str) -> str:
        return f"<code>{self.escape(text)}</code>"


def answer_form(question: Question) -> str:
    """What an answer to a question looks like, in a line of Python."""
    if question.signature:
        return f"def {question.signature}: ..."
    return f"{question.id} = dict({', '.join(f'{name}=...' for name in question.fields)})"
