"""Functions, fractions and roots in LaTeX: their arguments, and the exponent that may follow."""

from __future__ import annotations

from fractions import Fraction

from grader.formula.latex.naming import END_OF_BRACKET, UNSEEN_BRACES, NameReader, ways_to_cut
from grader.formula.latex.pieces import Piece
from grader.formula.latex.taking import Level
from grader.formula.names import FUNCTION_NAMES
from grader.formula.tokens import Token, number_token

MAX_POWER = 64
ORDERS = ("<", "<=", ">", ">=", "!=", "=")
JOINING = ("and", "or", "not", "in", ",", ";")
NO_ARGUMENT = ("end", "}", "+", "-", "*", "/", "^", *END_OF_BRACKET, *ORDERS, *JOINING)


class Functions(NameReader):
    """Reads functions with their powers and arguments, fractions, roots and exponents."""

    def function(self, level: Level, piece: Piece, word: str, whole: bool) -> None:
        """A function, with its power and its argument; names before it in the same word are factors."""
        parts = [word] if whole else ways_to_cut(self.names, word, None)[0]
        for part in parts[:-1]:
            self.join_at(level, piece)
            self.emit("name", piece, part)
            level.last = "operand"
        ahead, self.pieces[self.at] = self.piece, piece
        self.join(level, "function")
        self.pieces[self.at] = ahead
        name = parts[-1]
        if self.piece.kind == "'":
            self.take()
            name += "'"
        base = self.base_of_logarithm(name)
        power = self.power_of_function(name)
        before, self.out = self.out, []
        last = self.function_argument(name)
        inside, self.out = self.out, before
        level.last = last
        if not base:
            self.emit("name", piece, name)
            self.out += [*power, *inside]
            return
        if power:
            raise self.error(
                piece, "write the power after the argument: \\left(\\log_2(x)\\right)^n", "unexpected"
            )
        self.emit("(", piece)
        self.emit("name", piece, name)
        self.out += inside
        self.emit("/", piece)
        self.emit("name", piece, name)
        self.wrapped(base, piece)
        self.emit(")", piece)

    def base_of_logarithm(self, name: str) -> list[Token]:
        """The tokens of the base of log_2; none where there is none."""
        if self.piece.kind != "_":
            return []
        sign = self.take()
        if name != "log":
            raise self.error(sign, f"{name} has no subscript", "unexpected")
        return self.argument("\\log_")[1]

    def power_of_function(self, name: str) -> list[Token]:
        r"""The tokens of ^2 in \tanh^2(x), which is tanh(x)^2."""
        sign = self.piece
        tokens = self.exponent()
        if not tokens:
            return []
        inner = tokens[2:-1]
        if [token.kind for token in inner] == ["-", "number"]:
            message = f"the inverse function, or one divided by it? write \\frac{{1}}{{\\{name}(...)}}"
            raise self.error(sign, message)
        if [token.kind for token in inner] != ["number"] or inner[0].value not in range(2, MAX_POWER + 1):
            raise self.error(sign, f"write the power after the argument: \\{name}(...)^n", "unexpected")
        return [tokens[0], inner[0]]

    def function_argument(self, name: str) -> str:
        """A function's argument, in brackets as tokens: "operand" if they are its own, else "argument"."""
        piece = self.piece
        if piece.kind in ("(", "["):
            self.bracket()
            if self.piece.kind == "_":
                raise self.error(self.piece, "a subscript belongs to a name: x_1", "unexpected")
            exponent = self.exponent()
            self.out += exponent
            return "operand"
        if piece.kind == "{":
            return self.argument_in_braces(piece)
        if piece.kind in NO_ARGUMENT:
            raise self.error(piece, f"write the argument in brackets: \\{name}(...)", "no-argument")
        self.deeper()
        self.emit("(", piece)
        inner = Level()
        if piece.kind == "number":
            self.number(inner)
            if self.piece.kind in ("word", "command") and not self.is_function_ahead():
                self.operand(inner)
        else:
            self.operand(inner)
            if inner.is_product:
                raise self.error(piece, f"how much is the argument? write it in brackets: \\{name}(...)")
        self.emit(")", piece)
        self.depth -= 1
        return "argument"

    def is_function_ahead(self) -> bool:
        """Whether the next piece is a function."""
        piece = self.piece
        return (
            piece.kind == "command" and piece.text in FUNCTION_NAMES and self.names.symbol(piece.text) is None
        )

    def argument_in_braces(self, opening: Piece) -> str:
        r"""The argument in braces that TeX does not show: \tanh{x} is set as tanh x."""
        start = self.at
        has_bracket = self.pieces[start + 1].kind in ("(", "[")
        inner, tokens = self.argument("")
        if inner.is_sum and not (has_bracket and is_one_bracket(tokens)):
            raise self.error(opening, UNSEEN_BRACES)
        if has_bracket and is_one_bracket(tokens):
            self.out += tokens
            # sympy writes the power of a logarithm there.
            self.out += self.exponent()
            return "operand"
        if self.piece.kind in ("^", "raised"):
            raise self.error(self.piece, "is the argument raised, or the function? write brackets")
        self.wrapped(tokens, opening)
        return "argument"

    def raised(self) -> bool:
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
        numerator = self.argument(f"\\{piece.text}")[1]
        denominator = self.argument(f"\\{piece.text}")[1]
        if is_behind_number and [token.kind for token in (*numerator, *denominator)] == ["number", "number"]:
            numbers = f"\\frac{{{numerator[0].text}}}{{{denominator[0].text}}}"
            raise self.error(piece, f"a mixed number, or a product? write \\cdot {numbers} or + {numbers}")
        self.join_at(level, piece)
        for kind in "((":
            self.emit(kind, piece)
        self.out += numerator
        for kind in ")/(":
            self.emit(kind, piece)
        self.out += denominator
        for kind in "))":
            self.emit(kind, piece)
        if self.piece.kind in ("^", "raised"):
            message = "what is raised, all of it or a part? write \\left(\\frac...\\right)^n"
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
        self.raised()
        level.last = "operand"

    def bracket(self) -> Level:
        """A bracket and all in it, up to the one that closes it."""
        raise NotImplementedError

    def operand(self, level: Level) -> None:
        """One operand with what is raised and lowered beside it."""
        raise NotImplementedError

    def number(self, level: Level) -> None:
        """A number with its exponent."""
        raise NotImplementedError


def is_one_bracket(tokens: list[Token]) -> bool:
    """Whether the first bracket closes with the last token."""
    depth = 0
    for place, token in enumerate(tokens):
        depth += (token.kind in "([") - (token.kind in ")]")
        if not depth:
            return place == len(tokens) - 1
    return False
