r"""Orders of growth as people write them: O(T h), \Theta(Th), T^2 log h, max(T, h)."""

from __future__ import annotations

import re

from grader.errors import Unreadable
from grader.formula.names import Names, plain_name
from grader.formula.parse import FormulaReader, read_text
from grader.formula.tokens import MAX_CHARACTERS, SUPERSCRIPTS, Token
from grader.formula.tree import Constant, Formula, FunctionCall, Power, Product, Sum, Symbol, everything_in

MARKS = ("O", "Θ", "ϴ", "Theta", "theta", "BigO", "bigO", "bigOh", "BigTheta", "bigTheta")
LOOSE_MARKS = {
    "o": "o(...) says that it grows more slowly than that",
    "Ω": "Ω(...) says that it grows at least so fast",
    "Omega": "Omega(...) says that it grows at least so fast",
    "ω": "ω(...) says that it grows faster than that",
    "omega": "omega(...) says that it grows faster than that",
}
MOST_ARGUMENTS = 8
ALLOWED = ("sqrt", "exp", "abs")
LOGARITHM = re.compile(r"(?:log|ln|lg|ld|lb)(?:_?\(?(?:2|10|e|b)\)?)?", re.IGNORECASE)
OTHER_BASE = re.compile(r"log(?:\s*_\s*[{(]?\s*)?(?:2|10)(?!\d)|lg|lb|ld", re.IGNORECASE)
PLAIN_LOGARITHM = re.compile(r"log(?!\s*_\s*[{(]?\s*e)", re.IGNORECASE)
INSIDE = re.compile(r"(.+?)(log|ln|lg)(.*)")
# The base of a logarithm changes no order of growth, and a font says nothing.
SIMPLER = (
    (re.compile(r"\\(?:log|lg|ln|lb)\s*_\s*(?:\{\s*(?:2|10|e)\s*\}|2|e)"), r"\\log "),
    (re.compile(r"\\(?:lg|lb)(?![A-Za-z])"), r"\\log"),
    (re.compile(r"\\(?:mathcal|mathscr|mathbb)(?![A-Za-z])"), r"\\mathrm"),
    (re.compile(r"\\cal\s+O(?![A-Za-z])"), r"\\mathrm{O}"),
    (re.compile(r"\\(?:[bB]igO|[bB]igOh|Oh|O)(?![A-Za-z])"), r"\\mathrm{O}"),
    (re.compile(r"\\(max|min)(?![A-Za-z])"), r"\\operatorname{\1}"),
)


def parse_growth(text: str, names: Names) -> tuple[Formula, bool]:
    """The formula that stands for an order of growth, and whether it is to be shown how it was read.

    Args:
        text: What was written: a formula, also within O(...) or Theta(...), with factors side by side.
        names: The sizes.

    Raises:
        Unreadable: If it is none; the message has a caret under the place.
    """
    written = text
    for found, simpler in SIMPLER:
        text = found.sub(simpler, text)
    formula, is_shown = read_text(GrowthReader, GrowthReader.formula, text, names, MAX_CHARACTERS)
    _want_plain_exponents(formula, written)
    return formula, is_shown


def _want_plain_exponents(formula: Formula, written: str) -> None:
    """Refuse a logarithm in an exponent whose base is not e for sure: there the base does change the order.

    Raises:
        Unreadable: If it is 2^log(n), which is n or less, or has a logarithm to another base.
    """
    for part in everything_in(formula):
        match part:
            case Power(base=base, exponent=exponent):
                is_open = isinstance(base, Constant) and PLAIN_LOGARITHM.search(written)
            case FunctionCall(function="exp", argument=exponent):
                is_open = None
            case _:
                continue
        if not (is_open or OTHER_BASE.search(written)):
            continue
        if any(isinstance(one, FunctionCall) and one.function == "log" for one in everything_in(exponent)):
            raise Unreadable(
                "in an exponent the base of a logarithm changes the order",
                "write ln(...) there, or the power without a logarithm in it",
                code="ambiguous",
            )


class GrowthReader(FormulaReader):
    """Reads one order of growth: a formula in which factors may stand side by side."""

    # The end of a logarithm's argument without brackets: what follows it could belong to it.
    open_argument_at = -1

    def want_product(self, is_divisor: bool) -> None:
        """Let factors stand side by side, but behind a divisor or the open argument of a logarithm."""
        before, after = self.tokens[self.at - 1], self.token
        if is_divisor:
            raise self.error(after, "what is divided by? write a/(b*c) or (a/b)*c", "ambiguous")
        if self.at == self.open_argument_at:
            message = "where does the logarithm end? write log(...)"
            raise self.error(after, message, "ambiguous")
        two_back = self.tokens[self.at - 2].kind if self.at >= 2 else ""
        if (
            before.kind == "number"
            and two_back == "^"
            and self.text[before.start : before.start + 1] not in SUPERSCRIPTS
        ):
            self.is_loose = True

    def named(self, token: Token) -> Formula:
        """What a name stands for: a size, sizes side by side, a logarithm, the larger of some, or O(...)."""
        text = token.text
        if self.names.symbol(text):
            indexed = self.index(token) if self.token.kind in ("(", "[") else None
            return self.made(Symbol(indexed or self.names.symbol(text) or text), token)
        is_called = self.is_bracket_ahead()
        if text in MARKS and is_called:
            return self.bracketed(self.opening())
        if text in LOOSE_MARKS and is_called:
            message = f"{LOOSE_MARKS[text]}; write Theta(...) or O(...)"
            raise self.error(token, message, "not-an-order")
        if text in ("max", "min") and is_called:
            return self.extreme(token)
        if LOGARITHM.fullmatch(text):
            return self.logarithm(token)
        if function := self.names.function(text):
            if function not in ALLOWED:
                raise self.error(token, f"{text} has no place in an order of growth", "not-an-order")
            return super().named(token)
        if self.names.is_euler(text):
            return super().named(token)
        return self.sizes_side_by_side(token) or super().named(token)

    def is_bracket_ahead(self) -> bool:
        """Whether a bracket follows; in LaTeX a product sign is put before it."""
        following = self.tokens[self.at : self.at + 2]
        kinds = [one.kind for one in following]
        return kinds[:1] in (["("], ["["]) or (kinds[:1] == ["*"] and kinds[1:] in (["("], ["["]))

    def opening(self) -> Token:
        """The bracket that follows, passed over."""
        if self.token.kind == "*":
            self.take()
        return self.take()

    def extreme(self, name: Token) -> Formula:
        """The larger or smaller of some formulas."""
        opening = self.opening()
        self.deeper(opening)
        arguments = [self.sum()]
        while self.token.kind in (",", ";") and len(arguments) <= MOST_ARGUMENTS:
            self.take()
            arguments.append(self.sum())
        self.depth -= 1
        self.close(opening)
        if len(arguments) < 2:
            raise self.error(name, f"{name.text} is of two or more: {name.text}(a, b)", "no-argument")
        return self.made(FunctionCall(name.text, Sum(tuple(arguments))), name)

    def logarithm(self, name: Token) -> Formula:
        """A logarithm of any base, its argument in brackets or a single factor."""
        power: Constant | None = None
        if self.token.kind == "^":
            self.take()
            number = self.take()
            if number.kind != "number" or number.value.denominator != 1 or not 1 < number.value <= 64:
                raise self.error(number, "write the power after the argument: log(...)^n", "unexpected")
            power = Constant(number.value)
        if self.token.kind in ("(", "["):
            argument = self.bracketed(self.take())
        elif self.token.kind in ("name", "number"):
            argument = self.power()
            self.open_argument_at = self.at
        else:
            raise self.error(self.token, f"{name.text} needs an argument: log(...)", "no-argument")
        call = self.made(FunctionCall("log", argument), name)
        return call if power is None else self.made(Power(call, power), name)

    def sizes_side_by_side(self, token: Token) -> Formula | None:
        """Th as T h, and TlogT; None where a name is no such thing.

        Raises:
            Unreadable: If it is one in two ways, or stands in an exponent without brackets.
        """
        plain = plain_name(token.text)
        ways = _cuts(plain, self.names)
        last: tuple[Formula, ...] = ()
        if not ways and (found := INSIDE.fullmatch(plain)):
            ways, rest = _cuts(found[1], self.names), found[3]
            after = _cuts(rest, self.names)
            if not ways or (rest and len(after) != 1) or (rest and len(after[0]) > 1):
                return None
            last = (FunctionCall("log", Symbol(after[0][0])) if rest else self.logarithm(token),)
        if not ways:
            return None
        if len(ways) > 1:
            raise self.error(token, "this may be several products; write the signs: a*b", "ambiguous")
        at = self.tokens.index(token)
        if at and self.tokens[at - 1].kind == "^":
            raise self.error(token, f"how much is the exponent? write ^({'*'.join(ways[0])})", "ambiguous")
        self.is_loose = True
        factors = tuple(Symbol(name) for name in ways[0])
        return self.made(Product((*factors, *last)), token)


def _cuts(written: str, names: Names) -> list[list[str]]:
    """The ways, at most two, to take a text as sizes side by side."""
    if not written:
        return []
    found: list[list[list[str]]] = [[[]], *[[] for _ in written]]
    for end in range(1, len(written) + 1):
        for start in range(max(0, end - 12), end):
            if found[start] and (symbol := names.symbol(written[start:end])):
                found[end] += [[*way, symbol] for way in found[start]]
        found[end] = found[end][:2]
    return found[-1]
