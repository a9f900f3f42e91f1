"""Names in LaTeX, what may stand side by side, and which symbols of the question they are."""

from __future__ import annotations

from msgspec.structs import replace

from grader.formula.latex.pieces import LETTERS, Piece
from grader.formula.latex.taking import Level, Taking
from grader.formula.names import Names
from grader.formula.tokens import WORDS, Token

END_OF_BRACKET = (")", "]")
UNSEEN_BRACES = "braces are not seen: write brackets, \\left( ... \\right)"
LONGEST_NAME = 24
LONGEST_WORD = 60


class NameReader(Taking):
    """Reads names, and joins operands side by side."""

    def want_closed_argument(self, level: Level, piece: Piece) -> None:
        """Refuse a factor behind a function whose argument has no brackets."""
        if level.last == "argument":
            message = "where does the argument of the function end? write it in brackets: \\tanh(...)"
            raise self.error(piece, message)

    def join(self, level: Level, what: str = "") -> None:
        """Put a * between two operands side by side, or say what is unclear about them."""
        piece = self.piece
        if not level.last:
            return
        if what != "function":
            self.want_closed_argument(level, piece)
        if level.is_divided:
            raise self.error(piece, "what is divided by? write \\frac{a}{b c} or \\frac{a}{b} c")
        if what == "number":
            raise self.error(piece, self.number_behind(level, piece))
        if level.last == "sum in braces":
            raise self.error(piece, UNSEEN_BRACES)
        self.emit("*", replace(piece, end=piece.start))
        level.before, level.is_product = "*", True

    def join_at(self, level: Level, piece: Piece) -> None:
        """As `join`, for an operand whose pieces are behind the reader already."""
        ahead, self.pieces[self.at] = self.piece, piece
        try:
            self.join(level)
        finally:
            self.pieces[self.at] = ahead

    def number_behind(self, level: Level, piece: Piece) -> str:
        """What to say of a number behind an operand."""
        if level.last == "number":
            return f"TeX sets two numbers side by side as one number; write \\cdot {piece.text}"
        return f"a number behind a factor: write \\cdot {piece.text}, or put all that is raised in braces"

    def word(self, level: Level) -> None:
        """Letters and digits: a name, names side by side, or a word that joins conditions."""
        piece = self.take()
        if piece.text in WORDS and self.names.symbol(piece.text) is None:
            self.emit(WORDS[piece.text], piece)
            level.end_of_condition()
            return
        self.named(piece, piece.text, level, self.typed_subscript(piece))

    def typed_subscript(self, piece: Piece) -> str | None:
        """The subscript of a name that is typed as a program has it: n_in, where TeX lowers the i alone."""
        if self.piece.kind != "_":
            return None
        behind = self.pieces[self.at + 1]
        if behind.kind not in ("word", "number") or len(behind.text) < 2 or behind.start != self.piece.end:
            return None
        if self.names.symbol(f"{piece.text}_{behind.text}") is None:
            return None
        if self.names.symbol(f"{piece.text}_{behind.text[0]}"):
            short, rest = behind.text[0], behind.text[1:]
            message = f"write {piece.text}_{{{behind.text}}} or {piece.text}_{short} \\cdot {rest}"
            raise self.error(piece, f"TeX lowers one sign only; {message}")
        self.take()
        return self.take().text

    def named(
        self, piece: Piece, word: str, level: Level, subscript: str | None = None, whole: bool = False
    ) -> None:
        """The names that a word is, side by side, the last with what is raised and lowered beside it."""
        exponent_at = self.piece
        exponent = list[Token]()
        name_with_index = self.name_with_raised_index(word, subscript)
        if name_with_index is None:
            if subscript is None:
                subscript = self.lowered()
            if (
                subscript is None
                and ways_to_cut(self.names, word, None, whole)[-1:]
                and ends_in_function(self.names, word, whole)
            ):
                self.function(level, piece, word, whole)
                return
            exponent_at = self.piece
            exponent = self.exponent()
            if subscript is None and exponent:
                subscript = self.lowered()
        parts = [name_with_index] if name_with_index else self.cut(piece, word, subscript, whole)
        primes = ""
        while self.piece.kind == "'":
            self.take()
            primes = "'"
        for part in parts[:-1]:
            self.join_at(level, piece)
            self.emit("name", piece, part)
            level.last = "operand"
        self.join_at(level, piece)
        self.emit("name", piece, parts[-1] + primes)
        level.last = "operand"
        self.out += exponent
        if exponent and self.piece.kind in ("^", "raised"):
            raise self.error(
                exponent_at, "a power of a power: write \\left(a^b\\right)^c or a^{b c}", "power-tower"
            )
        if not exponent and self.piece.kind in ("(", "["):
            self.index_or_factor(parts[-1])

    def index_or_factor(self, name: str) -> None:
        """Pass over the index of x(1) or x[1]; a number in brackets behind a symbol may be meant as one."""
        opening, number, closing = (*self.pieces[self.at : self.at + 3], self.piece, self.piece)[:3]
        if number.kind != "number" or closing.kind not in END_OF_BRACKET:
            return
        if self.names.symbol(name):
            raise self.error(opening, f"write {name}_{{{number.text}}} or {name} \\cdot {number.text}")
        if self.names.indexed(name, number.text):
            for piece in (opening, number, closing):
                self.take()
                if piece is number:
                    self.emit_number(piece)
                else:
                    self.emit(piece.kind, piece)

    def name_with_raised_index(self, word: str, subscript: str | None) -> str | None:
        """The symbol of W^{ss} or x^{(1)}, passed over; None where what is raised is an exponent."""
        if self.piece.kind != "^" or self.pieces[self.at + 1].kind != "{":
            return None
        start, sign = self.at, self.piece
        self.take()
        index = self.plain_group()
        if self.piece.kind == "_" and subscript is None:
            subscript = self.lowered()
        plain = index[1:-1] if index.startswith("(") and index.endswith(")") else index
        is_index = plain.isalnum() and (plain != index or plain[0].isalpha())
        written = f"{word}_{{{plain}{subscript or ''}}}" if is_index else ""
        other = f"{word}_{{{subscript or ''}{plain}}}" if is_index else ""
        symbol = is_index and (self.names.symbol(written) or self.names.symbol(other))
        base = self.names.symbol(word if subscript is None else f"{word}_{{{subscript}}}")
        may_be_power = base and (plain[:1].isdigit() or ways_to_cut(self.names, plain, None))
        if symbol and may_be_power:
            message = (
                f"is {plain} an index or an exponent? write {symbol}, or \\left({base}\\right)^{{{plain}}}"
            )
            raise self.error(sign, message)
        if symbol:
            return symbol
        self.at = start
        return None

    def cut(self, piece: Piece, word: str, subscript: str | None, whole: bool) -> list[str]:
        """The names that a word is made of; unknown it stays as it is, for the reader to say."""
        ways = ways_to_cut(self.names, word, subscript, whole)
        if len(ways) > 1:
            spelled = sorted({" \\cdot ".join(way) for way in ways})
            raise self.error(piece, f"this may be {' or '.join(spelled)}: write which one")
        if ways:
            return ways[0]
        return [word if subscript is None else f"{word}_{{{subscript}}}"]

    def function(self, level: Level, piece: Piece, word: str, whole: bool) -> None:
        """A function, with its power and its argument; names before it in the same word are factors."""
        raise NotImplementedError


def is_known(names: Names, name: str) -> bool:
    """Whether it is a symbol, or the number e."""
    return names.symbol(name) is not None or names.is_euler(name)


def ends_in_function(names: Names, word: str, whole: bool) -> bool:
    """Whether the last name in a word is that of a function."""
    ways = ways_to_cut(names, word, None, whole)
    return len(ways) == 1 and not is_known(names, ways[0][-1])


def ways_to_cut(names: Names, word: str, subscript: str | None, whole: bool = False) -> list[list[str]]:
    """The ways, up to two, to read a word as names side by side."""
    if whole or word in LETTERS:
        last = word if subscript is None else f"{word}_{{{subscript}}}"
        return [[last]] if is_known(names, last) or (subscript is None and names.function(word)) else []
    if len(word) > LONGEST_WORD:
        return []
    ways: list[list[list[str]]] = [[] for _ in range(len(word) + 1)]
    ways[0] = [[]]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - LONGEST_NAME), end):
            part = word[start:end]
            if not ways[start] or not part[0].isalpha():
                continue
            is_last = end == len(word)
            name = f"{part}_{{{subscript}}}" if is_last and subscript is not None else part
            is_function = is_last and subscript is None and names.function(part)
            if is_known(names, name) or (is_function and (start == 0 or len(part) > 1)):
                ways[end] += [[*way, name] for way in ways[start]]
        ways[end] = ways[end][:2]
    return ways[-1]
