"""Conditions: `|a| < 1`, `-1 < a < 1`, `a > -1 and a < 1`, `a in (-1, 1)`."""

from __future__ import annotations

import re
from typing import TypeAlias

import msgspec

from grader.formula.names import Names
from grader.formula.parse import FormulaReader, read_text
from grader.formula.reader import RELATIONS
from grader.formula.tokens import MAX_CHARACTERS, Token
from grader.formula.tree import Formula, symbols_in

# ]-1, 1[ is (-1, 1) in much of Europe.
OUTWARD = re.compile(
    r"((?:(?<![A-Za-z])in(?![A-Za-z])|∈)\s{0,9}(?:\\left\s{0,9})?)([\[\]])([^\[\]]{1,200})([\[\]])"
)
# Words in front of a condition that are no part of it: "if |a| < 1", "stable if |a| < 1", "stable: |a| < 1",
# "stable = ...".
LEADING = re.compile(
    r"\s{0,9}(?:([A-Za-z]\w{0,30})\s{1,9})?(?:if and only if|iff|if|for all|for|when|whenever)\s+(?=\S)",
    re.IGNORECASE,
)
NAMED = re.compile(r"\s{0,9}([A-Za-z]\w{0,30})\s{0,9}(?::|=(?![=<>]))(?=[^=:]*(?:[<>≤≥≠∈]|!=|\bin\b))")
# Labels of the condition's opposite: "unstable: |a| < 1", "diverges if a > 1".
OPPOSED = re.compile(r"un|in|non|not|never|div|expl|blow|grow|except", re.IGNORECASE)
# {a : |a| < 1}, also in LaTeX: the numbers for which the condition behind the colon holds.
BUILT = re.compile(
    r"\s{0,9}\$?(?:\\left\s{0,9})?\\?\{\s{0,9}(\w{1,30})\s{0,9}"
    r"(?:(?:\\in|∈|in)\s{0,9}(?:\\mathbb\s?\{?R\}?|ℝ|R)\s{0,9})?(?:\\[,;:!]\s{0,9})?"
    r"(?::|\\colon|\\mid|\|)(?:\\[,;:!])?(.{1,400}?)(?:\\right\s{0,9})?\\?\}\$?\s{0,9}\.?\s{0,9}"
)
# An interval alone: of the one symbol that the question is about.
INTERVAL = re.compile(r"\s{0,9}([\[\](][^\[\]()<>|,;]{1,99}[,;][^\[\]()<>|,;]{1,99}[\])\[])\s{0,9}\.?\s{0,9}")
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Relation(msgspec.Struct, frozen=True):
    """left order right; the order is <, <=, >, >= or !=."""

    left: Formula
    order: str
    right: Formula


class Both(msgspec.Struct, frozen=True):
    """All of the conditions hold."""

    conditions: tuple[Condition, ...]


class Either(msgspec.Struct, frozen=True):
    """At least one of the conditions holds."""

    conditions: tuple[Condition, ...]


Condition: TypeAlias = Relation | Both | Either


def parse_condition(
    text: str, names: Names, max_characters: int = MAX_CHARACTERS, *, side_by_side: bool = False
) -> Condition:
    """The condition that a text says.

    Args:
        text: What the student wrote.
        names: Which symbols there are.
        max_characters: More are refused at once.
        side_by_side: Whether `u w` is a product, as in `parse_formula`.

    Raises:
        Unreadable: If it is no condition; the message has a caret under the place.
    """
    return read_text(
        ConditionReader, ConditionReader.condition, text, names, max_characters, side_by_side=side_by_side
    )[0]


def relations_in(condition: Condition) -> tuple[Relation, ...]:
    """Every single comparison of a condition."""
    if isinstance(condition, Relation):
        return (condition,)
    return tuple(found for part in condition.conditions for found in relations_in(part))


def symbols_of_condition(condition: Condition) -> frozenset[str]:
    """Names of the symbols that stand in it."""
    sides = [side for found in relations_in(condition) for side in (found.left, found.right)]
    return frozenset().union(*map(symbols_in, sides))


def negated(condition: Condition) -> Condition | None:
    """The condition that holds where this one does not; None where != would become an equation."""
    if isinstance(condition, Relation):
        order = OPPOSITE.get(condition.order)
        return Relation(condition.left, order, condition.right) if order else None
    parts = tuple(found for part in condition.conditions if (found := negated(part)) is not None)
    if len(parts) < len(condition.conditions):
        return None
    return Either(parts) if isinstance(condition, Both) else Both(parts)


def _inward(found: re.Match[str]) -> str:
    low = "(" if found[2] == "]" else "["
    high = ")" if found[4] == "[" else "]"
    return f"{found[1]}{low}{found[3]}{high}"


def _alone(text: str, names: Names) -> str:
    """The condition without words or a label in front; of a set {a : ...} the condition in it."""
    named = NAMED.match(text)
    if named and _is_label(named[1], names):
        text = text[named.end() :]
    leading = LEADING.match(text)
    if leading and (leading[1] is None or _is_label(leading[1], names)):
        text = text[leading.end() :]
    built = BUILT.fullmatch(text)
    return built[2] if built and names.symbol(built[1]) else text


def _is_label(name: str, names: Names) -> bool:
    """Whether a name may lead to a condition: no symbol, and no word for where the condition fails."""
    return names.symbol(name) is None and not OPPOSED.match(name)


def of_symbol(text: str, symbols: frozenset[str]) -> str:
    """The text, with "a in" before an interval that stands alone where only one symbol can be meant.

    Args:
        text: What the student wrote.
        symbols: What the question's own condition is about.
    """
    is_alone = len(symbols) == 1 and INTERVAL.fullmatch(text)
    return f"{next(iter(symbols))} in {text.strip()}" if is_alone else text


class ConditionReader(FormulaReader):
    """Reads one condition; formulas are read as everywhere."""

    def __init__(
        self,
        text: str,
        names: Names,
        max_characters: int = MAX_CHARACTERS,
        is_in_latex: bool = False,
        side_by_side: bool = False,
    ) -> None:
        alone = OUTWARD.sub(_inward, _alone(text, names))
        super().__init__(alone, names, max_characters, is_in_latex, side_by_side)

    def condition(self) -> Condition:
        """The whole text as one condition."""
        condition = self.either()
        self.want_end()
        return condition

    def either(self) -> Condition:
        """Conditions joined by `or`."""
        parts = [self.both()]
        while self.token.kind == "or":
            self.take()
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def both(self) -> Condition:
        """Conditions joined by `and` or a comma."""
        parts = [self.single()]
        while self.token.kind in ("and", ",", ";"):
            self.take()
            parts.append(self.single())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def single(self) -> Condition:
        """A comparison or a chain of them, perhaps in brackets of its own or after `not`."""
        if self.token.kind == "not":
            sign = self.take()
            self.deeper(sign)
            opposite = negated(self.single())
            self.depth -= 1
            if opposite is None:
                raise self.error(sign, "write it without not", "not-a-condition")
            return opposite
        if self.token.kind in ("(", "[") and self.brackets_hold_a_condition():
            opening = self.take()
            self.deeper(opening)
            condition = self.either()
            self.depth -= 1
            self.close(opening)
            return condition
        first = self.token
        sides, orders, starts = [self.sum()], list[str](), list[int]()
        while self.token.kind in RELATIONS:
            order = self.take()
            if order.kind == "in":
                return self.interval(sides[-1], orders, order)
            if order.kind in ("=", "=="):
                raise self.error(order, "a condition such as a < 1 was wanted, not an equation", "equation")
            orders.append(order.kind)
            starts.append(self.at)
            sides.append(self.sum())
        if not orders:
            message = "a condition was wanted, such as a < 1"
            raise self.error(self.token if self.token.kind != "end" else first, message, "not-a-condition")
        if {order[0] for order in orders} >= {"<", ">"}:
            # Rather a > -1 a < 1, two conditions, than a > -a < 1.
            raise self.error(first, "are these two conditions? write and between them", "ambiguous")
        for side, start in zip(sides, starts[:-1], strict=False):
            if symbols_in(side) and self.begins_another(start):
                message = "are these two conditions? write and between them, or the sign of the product"
                raise self.error(self.tokens[start + 1], message, "ambiguous")
        found = tuple(map(Relation, sides, orders, sides[1:]))
        return found[0] if len(found) == 1 else Both(found)

    def begins_another(self, start: int) -> bool:
        """Whether a number, here between two relations, may end one condition: |a| < 1 |b| < 1."""
        start += self.tokens[start].kind in ("+", "-")
        number, *following = self.tokens[start : start + 3]
        # In LaTeX a product sign that nobody wrote stands there.
        after = next((one for one in following if one.kind != "*" or one.start < one.end), number)
        # Nobody writes a factor of 0 or 1.
        is_apart = number.end < after.start or number.value in (0, 1)
        return number.kind == "number" and after.kind in ("name", "|", "(") and is_apart

    def interval(self, inside: Formula, orders: list[str], sign: Token) -> Condition:
        """`(low, high)` after `in`, an open or closed end each."""
        if orders:
            raise self.error(sign, "a condition is either a < b < c or a in (b, c)")
        opening = self.take()
        if opening.kind not in ("(", "["):
            raise self.error(opening, "an interval such as (-1, 1) was wanted here")
        low = self.sum()
        if self.token.kind not in (",", ";"):
            raise self.error(self.token, "an interval has two ends: (-1, 1)")
        self.take()
        high = self.sum()
        closing = self.take()
        if closing.kind not in (")", "]"):
            raise self.error(opening, "this interval is never closed", "unclosed")
        return Both(
            (
                Relation(low, "<" if opening.kind == "(" else "<=", inside),
                Relation(inside, "<" if closing.kind == ")" else "<=", high),
            )
        )

    def brackets_hold_a_condition(self) -> bool:
        """Whether a comparison stands between this bracket and its other half."""
        depth = 0
        for token in self.tokens[self.at :]:
            depth += (token.kind in ("(", "[")) - (token.kind in (")", "]"))
            if depth == 0:
                return False
            if token.kind in RELATIONS:
                return True
        return False
