"""What a TeX command takes: one sign or a group in braces; what is raised or lowered (The TeXbook, 16)."""

from __future__ import annotations

from fractions import Fraction

import msgspec
from msgspec.structs import replace

from grader.answers.look_alikes import VULGAR, mixed
from grader.errors import Unreadable
from grader.formula.latex.pieces import FONTS, LETTERS, OLD_FONTS, Piece, pieces_of
from grader.formula.names import Names
from grader.formula.tokens import SUPERSCRIPTS, Token, error_at, number_token

MAX_DEPTH = 40
MAX_TOKENS = 2_000


class Level(msgspec.Struct):
    """What has been read between two brackets, as far as it bears on what may follow.

    Args:
        before: The sign before the operand that comes next.
        last: What the last operand was; empty after a sign.
        is_divided: Whether that was a divisor.
        is_sum: Whether signs stand in it that bind less than a product.
        is_product: Whether it has several factors.
        bars: How many pairs of plain bars.
    """

    before: str = ""
    last: str = ""
    is_divided: bool = False
    is_sum: bool = False
    is_product: bool = False
    bars: int = 0

    def end_of_condition(self) -> None:
        """Start anew after a sign that binds less than any sum: <, a comma, "and"."""
        self.before, self.last, self.is_divided, self.is_sum = "", "", False, True


class Taking:
    """Goes through the pieces of a text once, from left to right, and collects tokens."""

    def __init__(self, text: str, names: Names) -> None:
        self.text = text
        self.names = names
        self.pieces = list(pieces_of(text))
        self.at = 0
        self.depth = 0
        self.out: list[Token] = []

    @property
    def piece(self) -> Piece:
        """The next piece, which is not taken yet."""
        return self.pieces[self.at]

    def take(self) -> Piece:
        """The next piece, which is then behind the reader; the end stays ahead."""
        piece = self.piece
        self.at += piece.kind != "end"
        return piece

    def error(self, piece: Piece, message: str, code: str = "ambiguous") -> Unreadable:
        """The error for a piece, ready to be raised."""
        return error_at(self.text, piece.start, message, code)

    def emit(self, kind: str, piece: Piece, text: str = "", value: Fraction = Fraction(0)) -> None:
        """Add a token that comes from a piece."""
        self.out.append(Token(kind, text or kind, piece.start, piece.end, value))
        if len(self.out) > MAX_TOKENS:
            raise self.error(piece, "too long: simplify the formula", "too-long")

    def emit_number(self, piece: Piece) -> None:
        """Add the token of a number."""
        if piece.text[-1] in VULGAR:
            self.emit("number", piece, piece.text, mixed(piece.text[:-1], piece.text[-1]))
        else:
            self.out.append(number_token(self.text, piece.text, piece.start))

    def wrapped(self, tokens: list[Token], piece: Piece) -> None:
        """Add tokens in brackets."""
        self.emit("(", piece)
        self.out += tokens
        self.emit(")", piece)

    def written(self, piece: Piece) -> str:
        """A piece as the student wrote it."""
        return self.text[piece.start : piece.end]

    def deeper(self) -> None:
        """Count one more level; the caller takes it back."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} deep: simplify the formula"
            raise self.error(self.piece, message, "too-deep")

    def sequence(self, closers: tuple[str, ...]) -> Level:
        """Everything up to one of the closers, which stays ahead, or up to what closes something else."""
        raise NotImplementedError

    def named(
        self, piece: Piece, word: str, level: Level, subscript: str | None = None, whole: bool = False
    ) -> None:
        """The names that a word is, side by side, the last with what is raised and lowered beside it."""
        raise NotImplementedError

    def argument(self, command: str) -> tuple[Level, list[Token]]:
        """What a command takes: the tokens of what stands in braces, or of one sign."""
        before, self.out = self.out, []
        piece = self.piece
        if piece.kind == "{":
            self.take()
            level = self.sequence(("}",))
            if self.piece.kind != "}":
                raise self.error(piece, "this { is never closed", "unclosed")
            self.take()
        else:
            level = self.one_sign(command)
        tokens, self.out = self.out, before
        if len(self.out) + len(tokens) > MAX_TOKENS:
            raise self.error(piece, "too long: simplify the formula", "too-long")
        return level, tokens

    def one_sign(self, command: str) -> Level:
        """A letter, digit or Greek letter: all that TeX takes without braces."""
        level, piece = Level(), self.piece
        if piece.kind in ("word", "number") and len(piece.text) > 1:
            self.pieces[self.at] = replace(piece, text=piece.text[0], end=piece.start + 1)
            self.pieces.insert(self.at + 1, self.rest(piece))
        piece = self.take()
        if piece.kind == "word":
            self.named(piece, piece.text, level)
        elif piece.kind == "number" and piece.text.isdigit():
            self.emit_number(piece)
        elif piece.kind == "command" and piece.text in LETTERS:
            self.named(piece, piece.text, level)
        else:
            raise self.error(piece, f"write what belongs to {command} in braces: {command}{{...}}", "latex")
        return level

    def rest(self, piece: Piece) -> Piece:
        """What is left of a word or number of which TeX takes the first sign."""
        text = piece.text[1:]
        return Piece("word" if text[0].isalpha() else "number", text, piece.start + 1, piece.end)

    def exponent(self) -> list[Token]:
        """The tokens of ^(...), none where nothing is raised."""
        sign = self.piece
        if sign.kind == "raised":
            self.take()
            plain = "".join(SUPERSCRIPTS[letter] for letter in sign.text)
            if not plain.lstrip("+-").isdigit() or len(plain) > 4:
                raise self.error(sign, "this exponent cannot be read; write it as ^{...}", "unexpected")
            digits = plain.lstrip("+-")
            signs = [Token(plain[0], plain[0], sign.start, sign.start)] if plain[0] in "+-" else []
            inner = [*signs, Token("number", digits, sign.start, sign.end, Fraction(int(digits)))]
        elif sign.kind == "^":
            self.take()
            inner = self.exponent_itself()
        else:
            return []
        opening, closing = (Token(kind, kind, sign.start, sign.end) for kind in "()")
        return [Token("^", "^", sign.start, sign.end), opening, *inner, closing]

    def exponent_itself(self) -> list[Token]:
        """The tokens of what is raised, the ^ already taken."""
        piece = self.piece
        if piece.kind == "number" and len(piece.text) > 1:
            first, rest = piece.text[0], piece.text[1:]
            raise self.error(
                piece, f"TeX raises one digit only; write ^{{{piece.text}}} or ^{first} \\cdot {rest}"
            )
        if piece.kind in ("+", "-"):
            raise self.error(piece, f"TeX raises one sign only; write ^{{{piece.kind}...}}")
        return self.argument("^")[1]

    def lowered(self) -> str | None:
        """The subscript that is ahead, as the part of a name; None where there is none."""
        if self.piece.kind != "_":
            return None
        sign = self.take()
        piece = self.piece
        if piece.kind == "{":
            return self.plain_group()
        if piece.kind == "number" and len(piece.text) > 1:
            first, rest = piece.text[0], piece.text[1:]
            message = f"TeX lowers one digit only; write _{{{piece.text}}} or _{first} \\cdot {rest}"
            raise self.error(piece, message)
        if piece.kind in ("word", "number"):
            self.take()
            if len(piece.text) > 1:
                self.pieces.insert(self.at, self.rest(piece))
            return piece.text[0]
        if piece.kind == "command" and piece.text in LETTERS:
            return self.take().text
        if piece.kind == "command" and piece.text in FONTS:
            self.take()
            return self.plain_group()
        raise self.error(sign, "write what is lowered in braces: x_{...}", "latex")

    def plain_group(self) -> str:
        """What stands in braces, without fonts and further braces, as it is written."""
        opening, depth, found = self.piece, 0, list[str]()
        if opening.kind != "{":
            raise self.error(opening, "braces were wanted here", "latex")
        while True:
            piece = self.take()
            depth += (piece.kind == "{") - (piece.kind == "}")
            if piece.kind == "end":
                raise self.error(opening, "this { is never closed", "unclosed")
            if piece.kind not in "{}" and not (piece.kind == "command" and piece.text in FONTS | OLD_FONTS):
                found.append(piece.text)
            if not depth:
                return "".join(found)
