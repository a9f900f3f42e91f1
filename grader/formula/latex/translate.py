r"""LaTeX as the tokens of the same formula in text: `\frac{1}{2} w^2 x_1` as `((1)/(2))*w^(2)*x_1`.

What is read is what TeX sets (Knuth, The TeXbook, chapters 16 to 18): `^`, `_` and `\frac` take one sign
or braces, spaces count for nothing, and braces are not seen. What two people could read differently, or what
is set as nobody means it (`x^12` is x^1 2), is refused, with what it could mean.
"""

from __future__ import annotations

from grader.formula.latex.functions import JOINING, ORDERS, Functions
from grader.formula.latex.naming import END_OF_BRACKET, UNSEEN_BRACES
from grader.formula.latex.pieces import ACCENTS, COMMANDS, FONTS, FRACTIONS, LETTERS, Piece
from grader.formula.latex.taking import Level
from grader.formula.names import EULER, FUNCTION_NAMES, Names
from grader.formula.tokens import WORDS, Token

SKIPPED_WORDS = ("if", "for", "when", "where", "")
CIRCULAR = ("cos", "sin", "tan")
WRITE_OUT = {"sum": "terms", "prod": "factors", "cdots": "terms", "ldots": "terms", "dots": "terms"}


def latex_tokens(text: str, names: Names) -> tuple[Token, ...]:
    """The tokens of the formula, the last of kind "end"; each has the column of what it comes from.

    Raises:
        Unreadable: If it is no LaTeX that is read here, or could mean two things (code "ambiguous").
    """
    return Translator(text, names).translated()


class Translator(Functions):
    """Reads signs, brackets and commands; its bases read names, functions, fractions and roots."""

    def translated(self) -> tuple[Token, ...]:
        """All tokens that the text stands for."""
        while self.piece.kind != "end":
            self.sequence(())
            if self.piece.kind in (*END_OF_BRACKET, "|)"):
                # What it closes is for the reader to say.
                self.emit(self.piece.kind[-1] if self.piece.kind != "|)" else "|", self.take())
            elif self.piece.kind == "}":
                raise self.error(self.piece, "this } closes nothing that was opened", "unexpected")
        return (*self.out, Token("end", "", self.piece.start, self.piece.start))

    def sequence(self, closers: tuple[str, ...]) -> Level:
        """Everything up to one of the closers, which stays ahead, or up to what closes something else."""
        self.deeper()
        level = Level()
        while not self.ends(level, closers):
            self.one(level)
        self.depth -= 1
        return level

    def ends(self, level: Level, closers: tuple[str, ...]) -> bool:
        """Whether what comes next ends the inside of a bracket."""
        kind = self.piece.kind
        if kind == "|" and "|" in closers:
            return bool(level.last)
        return kind in (*closers, "end", "}", "|)", *END_OF_BRACKET)

    def one(self, level: Level) -> None:
        """The next sign or operand."""
        piece = self.piece
        match piece.kind:
            case "+" | "-" | "*" | "/":
                self.sign(level, self.take())
            case kind if kind in ORDERS or kind in JOINING:
                self.emit(kind, self.take())
                level.end_of_condition()
            case "^" | "_" | "'" | "raised":
                raise self.error(
                    piece, f"this {self.written(piece)} belongs to nothing before it", "unexpected"
                )
            case _:
                self.operand(level)

    def sign(self, level: Level, sign: Piece) -> None:
        """One of + - * /."""
        if sign.kind in "*/":
            self.want_closed_argument(level, sign)
            level.is_product = True
            if level.last == "sum in braces":
                raise self.error(sign, UNSEEN_BRACES)
        self.emit(sign.kind, sign)
        level.is_sum = level.is_sum or sign.kind in "+-"
        level.before, level.last, level.is_divided = sign.kind, "", sign.kind == "/"

    def operand(self, level: Level) -> None:
        """One operand with what is raised and lowered beside it."""
        piece = self.piece
        match piece.kind:
            case "number":
                self.number(level)
            case "word":
                self.word(level)
            case "(" | "[":
                self.join(level)
                self.bracket()
                self.raised()
                level.last = "operand"
            case "|" | "|(":
                self.bars(level)
            case "{":
                self.group(level)
            case "command":
                self.command(level)
            case "end" | "}":
                raise self.error(piece, "the formula ends too early", "unexpected-end")
            case _:
                raise self.error(
                    piece, f"something is missing before this {self.written(piece)}", "unexpected"
                )

    def number(self, level: Level) -> None:
        """A number with its exponent."""
        self.join(level, "number")
        piece = self.take()
        if self.piece.kind == "word" and self.piece.start == piece.end and self.is_exponent_of_ten():
            raise self.error(
                self.piece, f"write \\cdot e for Euler's number, or {piece.text} \\cdot 10^{{...}}"
            )
        self.emit_number(piece)
        is_raised = self.raised()
        level.last = "operand" if is_raised else "number"

    def is_exponent_of_ten(self) -> bool:
        """Whether a computer would read a power of ten: 1e-3, where TeX sets 1e - 3."""
        word, behind = self.piece.text, self.text[self.piece.end : self.piece.end + 2]
        digits = word[1:]
        return word[0] in EULER and (
            digits.isdigit() or (not digits and behind[:1] in ("+", "-") and behind[1:].isdigit())
        )

    def bracket(self) -> Level:
        """A bracket and all in it, up to the one that closes it."""
        opening = self.take()
        self.emit(opening.kind, opening)
        level = self.sequence(END_OF_BRACKET)
        if self.piece.kind in END_OF_BRACKET:
            self.emit(self.piece.kind, self.take())
        elif self.piece.kind == "}":
            raise self.error(opening, f"this {opening.kind} is not closed before the brace", "unclosed")
        return level

    def bars(self, level: Level) -> None:
        """An absolute value between two bars."""
        is_plain = self.piece.kind == "|"
        if is_plain and level.last not in ("", "bars", "number") and level.bars:
            raise self.error(self.piece, "does this bar open or close? write \\left| ... \\right|")
        self.join(level)
        opening = self.take()
        self.emit("|", opening, "|")
        self.sequence(("|",) if is_plain else ("|)",))
        if self.piece.kind in ("|", "|)"):
            self.emit("|", self.take(), "|")
        else:
            raise self.error(opening, "this | is never closed", "unclosed")
        level.bars += 1
        level.last = "operand" if self.raised() else "bars"

    def group(self, level: Level) -> None:
        """Braces that nothing before them asks for: TeX shows nothing of them."""
        opening = self.piece
        inner, tokens = self.argument("")
        if inner.is_sum and (level.last or level.before in ("-", "*", "/")):
            raise self.error(opening, UNSEEN_BRACES)
        if (inner.is_product and self.piece.kind in ("^", "_")) or (inner.is_product and level.before == "/"):
            raise self.error(opening, UNSEEN_BRACES)
        if not tokens:
            return
        before = self.piece
        self.join_at(level, opening)
        if (inner.is_sum and before.kind in ("^", "_", "'")) or (
            before.kind == "^" and any(token.kind == "^" for token in tokens)
        ):
            raise self.error(opening, UNSEEN_BRACES)
        is_alone = not inner.is_sum and not inner.is_product
        if not is_alone:
            self.emit("(", opening)
        self.out += tokens
        if not is_alone:
            self.emit(")", opening)
        self.raised()
        level.last = "sum in braces" if inner.is_sum else "operand"

    def command(self, level: Level) -> None:
        r"""What starts with a backslash."""
        piece = self.piece
        name = piece.text
        if name in FRACTIONS:
            self.take()
            self.fraction(level, piece)
        elif name == "sqrt":
            self.take()
            self.root(level, piece)
        elif name == "partial":
            self.take()
            follows = self.take() if self.piece.kind == "word" else piece
            self.named(piece, "∂" + (follows.text if follows is not piece else ""), level, whole=True)
        elif name in LETTERS:
            self.take()
            self.named(piece, name, level, whole=True)
        elif name in FUNCTION_NAMES or name in CIRCULAR:
            self.take()
            self.named_function(piece, name, level)
        elif name in FONTS:
            self.font(level)
        elif name in ACCENTS:
            self.take()
            inside = self.plain_group() if self.piece.kind == "{" else self.take().text
            self.named(piece, f"{inside}_{name.removeprefix('wide')}", level, whole=True)
        else:
            raise self.error(piece, _unknown(name), "latex")

    def font(self, level: Level) -> None:
        r"""A name or word in a font of its own, such as \mathrm{max}: one name, whatever its letters."""
        piece = self.take()
        inside = self.plain_group() if self.piece.kind == "{" else self.take().text
        if (
            piece.text.startswith(("text", "mbox"))
            and inside in SKIPPED_WORDS
            and self.names.symbol(inside) is None
        ):
            return
        if inside in WORDS and self.names.symbol(inside) is None:
            self.emit(WORDS[inside], piece)
            level.end_of_condition()
        elif inside in CIRCULAR:
            self.named_function(piece, inside, level)
        else:
            self.named(piece, inside, level, whole=True)

    def named_function(self, piece: Piece, name: str, level: Level) -> None:
        """A function by its command, or the symbol that has its name."""
        if self.names.symbol(name):
            self.named(piece, name, level, whole=True)
        else:
            self.function(level, piece, name, whole=True)


def _unknown(name: str) -> str:
    if name in WRITE_OUT:
        return f"\\{name} is not read in an answer; write the {WRITE_OUT[name]} out"
    if not name.isalpha():
        return "a backslash stands before the name of a command, such as \\frac{a}{b} or \\tanh(x)"
    for end in range(len(name) - 1, 1, -1):
        if name[:end] in COMMANDS:
            return f"\\{name[:30]} is not read; did you mean \\{name[:end]} {name[end:][:30]}?"
    return f"\\{name[:30]} is not read; write \\frac{{a}}{{b}}, \\tanh(x), x_1, w^2 and so on"
