"""Text as a formula, by recursive descent."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from grader.errors import Unreadable
from grader.formula.latex.pieces import is_latex, may_be_latex
from grader.formula.loose import last_of, require_product
from grader.formula.names import Names
from grader.formula.reader import CLOSING, TokenReader
from grader.formula.tokens import MAX_CHARACTERS, SUPERSCRIPTS, Token
from grader.formula.tree import (
    EULER,
    MINUS_ONE,
    Constant,
    Formula,
    FunctionCall,
    Power,
    Product,
    Sum,
    Symbol,
    everything_in,
    inverted,
    negated,
)

MAX_LITERAL_EXPONENT = 64
MAX_SHOWN = 30
POWERS = ("pow", "Pow", "power")
AnyReader = TypeVar("AnyReader", bound="FormulaReader")
Read = TypeVar("Read")


class _Exponent(NamedTuple):
    start: int  # in the text
    end: int  # which token follows
    is_number: bool


def parse_formula(
    text: str, names: Names, max_characters: int = MAX_CHARACTERS, *, side_by_side: bool = False
) -> Formula:
    """The formula that a text says, for example `2x_1 + tanh(w*x_2)^2`, or the same in LaTeX.

    What stands before an equals sign is left out if it only gives the formula a name: `g3 = w^2*x1`.

    Args:
        text: What the student wrote.
        names: Which symbols there are.
        max_characters: More are refused at once; of LaTeX four times as many are read.
        side_by_side: Whether `w x` is a product, where one formula is all that was asked for; among the
            entries of a table or a shape it is rather a sign that was left out.

    Raises:
        Unreadable: If it is no formula; the message has a caret under the place.
    """
    return read_text(
        FormulaReader, FormulaReader.formula, text, names, max_characters, side_by_side=side_by_side
    )[0]


def read_text(
    kind: type[AnyReader],
    read: Callable[[AnyReader], Read],
    text: str,
    names: Names,
    max_characters: int,
    *,
    side_by_side: bool = False,
) -> tuple[Read, bool]:
    """What a text says, and whether its writer should see how it was read: as LaTeX, or with signs left out.

    Text that can be read as it stands is: only where it cannot, braces or a backslash that is missing are
    taken as signs of LaTeX.

    Raises:
        Unreadable: If it cannot be read.
    """
    if is_latex(text):
        return read(kind(text, names, max_characters, is_in_latex=True)), True
    try:
        reader = kind(text, names, max_characters, side_by_side=side_by_side)
        return read(reader), reader.is_loose
    except Unreadable as error:
        if may_be_latex(text):
            try:
                return read(kind(text, names, max_characters, is_in_latex=True)), True
            except Unreadable:
                pass
        raise error


class FormulaReader(TokenReader):
    """Reads one text from left to right; each method takes the tokens of what it is called after."""

    is_loose = False
    """Whether something was read that has a sign left out; set while reading."""

    def __init__(
        self,
        text: str,
        names: Names,
        max_characters: int = MAX_CHARACTERS,
        is_in_latex: bool = False,
        side_by_side: bool = False,
    ) -> None:
        super().__init__(text, names, max_characters, is_in_latex)
        self.side_by_side = side_by_side
        # An exponent without brackets, just read: what follows it could belong to it.
        self.open_exponent: _Exponent | None = None

    def formula(self) -> Formula:
        """The whole text as one formula; of several sides joined by =, which must be equal, the last."""
        if signs := self.skip_label():
            self.is_loose = True
            return last_of(self, signs)
        formula = self.sum()
        self.want_end()
        return formula

    def sum(self) -> Formula:
        """Terms joined by + and -."""
        start = self.token
        terms = [self.product()]
        while self.token.kind in ("+", "-"):
            sign = self.take().kind
            term = self.product()
            terms.append(negated(term) if sign == "-" else term)
        return terms[0] if len(terms) == 1 else self.made(Sum(tuple(terms)), start)

    def product(self) -> Formula:
        """Factors joined by *, / or, in the documented places, nothing."""
        start = self.token
        factors, is_divisor = [self.unary()], False
        while True:
            if self.token.kind in ("*", "/"):
                is_divisor = self.take().kind == "/"
                divisor = self.token
                factor = self.unary()
                if is_divisor and isinstance(factor, Constant) and factor.value == 0:
                    raise self.error(divisor, "division by zero", "division-by-zero")
                factors.append(self.made(inverted(factor), divisor) if is_divisor else factor)
            elif self.token.kind in ("number", "name", "(", "[") or self.opens_absolute_value():
                self.want_product(is_divisor)
                factors.append(self.power())
            else:
                break
        return factors[0] if len(factors) == 1 else self.made(Product(tuple(factors)), start)

    def want_product(self, is_divisor: bool) -> None:
        """Refuse two factors side by side where they are no product, or could be read in two ways."""
        self.is_loose = require_product(self, is_divisor=is_divisor) or self.is_loose

    def opens_absolute_value(self) -> bool:
        """Whether a bar opens: not within one that is open, which it closes, nor as the last of all."""
        is_bar, is_within = self.token.kind == "|", self.opened[-1:] == ["|"]
        return is_bar and not is_within and any(token.kind == "|" for token in self.tokens[self.at + 1 :])

    def unary(self) -> Formula:
        """A factor with its sign: -x^2 is -(x^2)."""
        if self.token.kind not in ("+", "-"):
            return self.power()
        sign = self.take()
        self.deeper(sign)
        factor = self.unary()
        self.depth -= 1
        return self.made(negated(factor), sign) if sign.kind == "-" else factor

    def power(self) -> Formula:
        """A base with its exponent; 2^-1 is read, a^b^c is not."""
        base = self.primary()
        if self.token.kind != "^":
            return base
        sign = self.take()
        exponent_at = self.token
        self.deeper(sign)
        exponent = self.unary()
        self.depth -= 1
        # A small raised number is the whole exponent, as it stands.
        is_raised = self.text[exponent_at.start : exponent_at.start + 1] in SUPERSCRIPTS
        if exponent_at.kind != "(" and not is_raised:
            # w^2 x is a product; e^2 x may be meant as e^(2 x).
            is_number = exponent_at.kind == "number" and base != EULER
            self.open_exponent = _Exponent(exponent_at.start, self.at, is_number)
        self.want_small_exponent(exponent, exponent_at)
        return self.made(Power(base, exponent), sign)

    def want_small_exponent(self, exponent: Formula, token: Token) -> None:
        """Refuse exponents that could make numbers explode."""
        if isinstance(exponent, Constant) and abs(exponent.value) > MAX_LITERAL_EXPONENT:
            message = f"exponents go up to {MAX_LITERAL_EXPONENT}"
            raise self.error(token, message, "exponent-too-large")
        for part in everything_in(exponent):
            if isinstance(part, Power) and part.exponent != MINUS_ONE:
                raise self.error(token, "a power in an exponent is not read", "power-tower")

    def primary(self) -> Formula:
        """A number, a symbol, a function of something, or something in brackets."""
        token = self.take()
        match token.kind:
            case "number":
                return self.made(Constant(token.value), token)
            case "name":
                return self.named(token)
            case "(" | "[":
                return self.bracketed(token)
            case "|":
                return self.made(FunctionCall("abs", self.bracketed(token)), token)
            case "end":
                message = "the formula ends too early" if len(self.tokens) > 1 else "an empty formula"
                raise self.error(token, message, "unexpected-end" if len(self.tokens) > 1 else "empty")
            case ")" | "]":
                raise self.error(token, f"something is missing before this {token.text}")
            case "and" | "or" | "in":
                raise self.error(token, f"{token.text} cannot stand here")
        raise self.error(token, f"something is missing before this {self.text[token.start : token.end]}")

    def bracketed(self, opening: Token) -> Formula:
        """What stands between brackets, the opening one already taken."""
        self.deeper(opening)
        self.opened.append(opening.kind)
        formula = self.sum()
        self.opened.pop()
        self.depth -= 1
        self.close(opening)
        return formula

    def named(self, token: Token) -> Formula:
        """What a name stands for."""
        names, following = self.names, self.token.kind
        if token.text.endswith("'"):
            raise self.error(token, _no_prime(token.text.rstrip("'"), names), "derivative-sign")
        if function := names.function(token.text):
            if following in ("(", "[", "^", "name", "number"):
                return self.called(token, function)
            raise self.error(token, f"{token.text} needs an argument: {token.text}(...)", "no-argument")
        if following == "(" and token.text in POWERS and names.symbol(token.text) is None:
            return self.power_of_two(token)
        if following in ("(", "[") and (symbol := self.index(token)):
            return self.made(Symbol(symbol), token)
        symbol = names.symbol(token.text)
        if symbol is not None:
            if following == "[" or (following == "(" and not self.side_by_side):
                message = f"{token.text} is no function; did you mean {token.text}*(...)?"
                raise self.error(self.token, message, "missing-operator")
            return self.made(Symbol(symbol), token)
        if names.is_euler(token.text):
            return self.made(EULER, token)
        raise self.error(
            token, f"unknown name {token.text[:MAX_SHOWN]}; {names.suggestion(token.text)}", "unknown-name"
        )

    def index(self, token: Token) -> str | None:
        """The symbol of x[1] or x(1), its brackets passed over; None if it is none."""
        opening, number, closing = (*self.tokens[self.at : self.at + 3], self.token, self.token)[:3]
        if number.kind != "number" or closing.kind != CLOSING[opening.kind]:
            return None
        symbol = self.names.indexed(token.text, number.text)
        self.at += 3 if symbol else 0
        return symbol

    def power_of_two(self, name: Token) -> Formula:
        """pow(w, 3), its name taken: w^3."""
        opening = self.take()
        self.deeper(opening)
        base = self.sum()
        if self.token.kind != ",":
            raise self.error(
                self.token, f"{name.text} has a base and an exponent: {name.text}(w, 3)", "unexpected"
            )
        self.take()
        exponent_at = self.token
        exponent = self.sum()
        self.depth -= 1
        self.close(opening)
        self.want_small_exponent(exponent, exponent_at)
        return self.made(Power(base, exponent), name)

    def called(self, name: Token, function: str) -> Formula:
        """A function of its argument; tanh^2(x) is tanh(x)^2."""
        exponent: Constant | None = None
        if self.token.kind == "^":
            self.take()
            number = self.take()
            if number.kind != "number" or number.value not in range(2, MAX_LITERAL_EXPONENT + 1):
                message = f"write the power after the argument: {name.text}(...)^n"
                raise self.error(number, message, "unexpected")
            exponent = Constant(number.value)
        opening = self.token
        if opening.kind not in ("(", "["):
            message = f"write the argument in brackets: {name.text}(...)"
            raise self.error(opening, message, "no-argument")
        self.take()
        call = self.made(FunctionCall(function, self.bracketed(opening)), name)
        return call if exponent is None else self.made(Power(call, exponent), name)


def _no_prime(name: str, names: Names) -> str:
    derivatives = {"tanh": "1 - tanh(u)^2", "sigmoid": "sigmoid(u)*(1 - sigmoid(u))"}
    function = names.function(name)
    if function in derivatives:
        return f"write the derivative of {name} out: {derivatives[function]}"
    return "write the derivative out as a formula"
