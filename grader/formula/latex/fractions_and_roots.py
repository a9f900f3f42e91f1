"""Fractions and roots in LaTeX, and the exponent that may follow what has been read."""

from __future__ import annotations

from fractions import Fraction

from grader.formula.latex.functions import Functions
from grader.formula.latex.pieces import Piece
from grader.formula.latex.taking import Level
from grader.formula.tokens import Token, number_token


class FractionsAndRoots(Functions):
    """Reads fractions, roots and exponents."""

    def raised(self, level: Level) -> bool:
        """The exponent of what has just been read, if it has one."""
        if self.piece.kind == "_":
            raise self.error(self.piece, "a subscript belongs to a name: x_1", "unexpected")
        tokens = self.exponent()
        self.out += tokens
        if self.piece.kind in ("^", "raised"):
            raise self.error(
                self.piece, "a power of a power: write \\left(a^b\\right)^c or a^{b c}", "power-tower"
            )
        return bool(tokens)

    def fraction(self, level: Level, piece: Piece) -> None:
        """A fraction; its parts in brackets."""
        is_behind_number = level.last == "number"
        above = self.argument(f"\\{piece.text}")[1]
        below = self.argument(f"\\{piece.text}")[1]
        if is_behind_number and [token.kind for token in (*above, *below)] == ["number", "number"]:
            numbers = f"\\frac{{{above[0].text}}}{{{below[0].text}}}"
            raise self.error(piece, f"a mixed number, or a product? write \\cdot {numbers} or + {numbers}")
        self.join_at(level, piece)
        for kind in "((":
            self.emit(kind, piece)
        self.out += above
        for kind in ")/(":
            self.emit(kind, piece)
        self.out += below
        for kind in "))":
            self.emit(kind, piece)
        self.raised_after(level, piece, "\\frac")

    def raised_after(self, level: Level, piece: Piece, command: str) -> None:
        """Refuse an exponent that could be of all or of a part."""
        if self.piece.kind in ("^", "raised"):
            message = f"what is raised, all of it or a part? write \\left({command}...\\right)^n"
            raise self.error(self.piece, message)
        level.last = "operand"

    def root(self, level: Level, piece: Piece) -> None:
        """A root: sqrt(...), or a power of 1/n."""
        degree: Token | None = None
        if self.piece.kind == "[":
            self.take()
            number = self.take()
            if number.kind != "number" or not number.text.isdigit() or self.take().kind != "]":
                raise self.error(number, "a root has a whole number: \\sqrt[3]{x}", "unexpected")
            degree = number_token(self.text, number.text, number.start)
        inside = self.argument("\\sqrt")[1]
        self.join_at(level, piece)
        if degree is None:
            self.emit("name", piece, "sqrt")
            self.wrapped(inside, piece)
        else:
            self.emit("(", piece)
            self.wrapped(inside, piece)
            one = Token("number", "1", piece.start, piece.end, Fraction(1))
            self.emit("^", piece)
            self.wrapped([one, Token("/", "/", piece.start, piece.end), degree], piece)
            self.emit(")", piece)
        self.raised(level)
        level.last = "operand"
