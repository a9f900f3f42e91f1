"""A text as tokens that are taken one after another, within limits, with errors that point to their place."""

from __future__ import annotations

import re

from grader.answers.look_alikes import plain_text
from grader.errors import Unreadable
from grader.formula.latex.pieces import TIMES_AS_LONG, restored
from grader.formula.latex.translate import latex_tokens
from grader.formula.names import Names
from grader.formula.tokens import MAX_CHARACTERS, Token, error_at, tokens_of, want_length
from grader.formula.tree import Formula

# As code has it: np.tanh(w), math.exp(w).
LIBRARY = re.compile(r"\b(?:np|numpy|math|sp|sympy|torch)\.(?=[A-Za-z])")
MAX_DEPTH = 40
MAX_PARTS = 500
MAX_LABEL_TOKENS = 12
RELATIONS = ("<", "<=", ">", ">=", "=", "==", "!=", "in")
CLOSING = {"(": ")", "[": "]", "|": "|"}


class TokenReader:
    """A place in a text, with the brackets that are open there; grammars say what may follow."""

    def __init__(
        self,
        text: str,
        names: Names,
        max_characters: int = MAX_CHARACTERS,
        is_in_latex: bool = False,
    ) -> None:
        self.names = names
        if is_in_latex:
            want_length(text, max_characters * TIMES_AS_LONG)
            self.text = restored(plain_text(text))
            self.tokens = latex_tokens(self.text, names)
        else:
            self.text = plain_text(text)
            # As many spaces in its place, so that errors point to the right column.
            plain = LIBRARY.sub(lambda found: " " * len(found[0]), self.text)
            self.tokens = tokens_of(plain, max_characters)
        self.at = 0
        self.opened: list[str] = []  # the brackets and bars around what is read
        self.depth = 0
        self.parts = 0

    @property
    def token(self) -> Token:
        """The next token, which is not taken yet."""
        return self.tokens[self.at]

    def error(self, token: Token, message: str, code: str = "unexpected") -> Unreadable:
        """The error for a token, ready to be raised."""
        return error_at(self.text, token.start, message, code)

    def take(self) -> Token:
        """The next token, which is then behind the reader; the end stays ahead."""
        token = self.token
        self.at += token.kind != "end"
        return token

    def made(self, formula: Formula, token: Token) -> Formula:
        """The formula, counted towards `MAX_PARTS`."""
        self.parts += 1
        if self.parts > MAX_PARTS:
            raise self.error(token, f"more than {MAX_PARTS} parts: simplify the formula", "too-many-parts")
        return formula

    def skip_label(self) -> list[int]:
        """Pass over `name =`, unless the name is a symbol of the question.

        Returns:
            Where signs of equality stand, if there is more to them than that.
        """
        signs = [i for i, token in enumerate(self.tokens) if token.kind in ("=", "==")]
        before = self.tokens[: signs[0]] if signs else ()
        known = [self.names.symbol(token.text) for token in before if token.kind == "name"]
        if len(signs) == 1 and len(before) <= MAX_LABEL_TOKENS and None in known:
            self.at = signs.pop() + 1
        return signs

    def equation(self, sign: int) -> Unreadable:
        """The error for a sign of equality, by its place among the tokens."""
        message = "an equation where a formula was wanted; write only what stands to its right"
        return self.error(self.tokens[sign], message, "equation")

    def want_end(self) -> None:
        """Refuse whatever follows the formula."""
        token = self.token
        if token.kind == "end":
            return
        if token.kind in (")", "]", "|"):
            raise self.error(token, f"this {token.text} closes nothing that was opened", "unexpected")
        if token.kind in RELATIONS:
            raise self.error(token, "a formula was wanted here, not a condition", "not-a-formula")
        if token.kind == ",":
            before, after = self.tokens[self.at - 1], self.tokens[self.at + 1]
            if before.kind == after.kind == "number":
                hint = f"did you mean {before.text}.{after.text}?"
                raise self.error(token, f"decimals are written with a point; {hint}", "comma-decimal")
            raise self.error(token, "one formula is wanted here, not a list", "not-a-formula")
        raise self.error(token, "this cannot follow here")

    def deeper(self, token: Token) -> None:
        """Count one more level; the caller takes it back."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(token, f"nested more than {MAX_DEPTH} deep: simplify the formula", "too-deep")

    def close(self, opening: Token) -> None:
        """Pass over the bracket that closes, or say which one is open."""
        closing = CLOSING[opening.kind]
        if self.token.kind == closing:
            self.take()
            return
        if self.token.kind == "end":
            raise self.error(opening, f"this {opening.text} is never closed", "unclosed")
        if self.token.kind in (")", "]", "|"):
            raise self.error(self.token, f"{closing} was wanted here, to close {opening.text}", "unclosed")
        self.want_end()
