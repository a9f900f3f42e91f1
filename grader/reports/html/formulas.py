"""Formulas and numbers that were read from an answer, as MathML: made of what was read, never of its text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from fractions import Fraction

from grader.formula import names
from grader.formula.condition import Both, Condition, Either, Relation
from grader.formula.printing import printed, printed_condition
from grader.formula.tree import Constant, Formula, FunctionCall, Power, Product, Sum, Symbol
from grader.reports.html.elements import LONGEST_IN_LINE, element

MINUS_ONE = Constant(Fraction(-1))
HALF = Constant(Fraction(1, 2))
EULER = FunctionCall("exp", Constant(Fraction(1)))
SUM, PRODUCT, POWER, ATOM = range(4)
"""Precedence: how tightly a formula binds."""

GREEK = {name: letter for letter, name in names.GREEK.items() if letter not in "ϕ∂"} | {"pi": "π"}
ORDERS = {"<=": "≤", ">=": "≥", "!=": "≠"}
INDEXED = re.compile(r"([^\W\d_]+)_?(\w+)")
MOST_DIGITS = 20
MOST_SHOWN = 8
"""Rows and columns of a table."""

Drawn = tuple[list[ET.Element], int]


def formula_math(formula: Formula) -> ET.Element:
    """A formula as a `<math>` element."""
    return element("math", {"alttext": printed(formula)}, *_drawn(formula)[0])


def condition_math(condition: Condition) -> ET.Element:
    """A condition as a `<math>` element."""
    return element("math", {"alttext": printed_condition(condition)}, *_condition(condition))


def table_math(rows: Sequence[Sequence[str]]) -> ET.Element:
    """A table of numbers, as texts, as a `<math>` element; of a large one its first rows and columns."""
    shown = [_cut([_mn(entry) for entry in row[:MOST_SHOWN]], len(row)) for row in rows[:MOST_SHOWN]]
    lines = [element("mtr", {}, *(element("mtd", {}, one) for one in row)) for row in shown]
    if len(rows) > MOST_SHOWN:
        lines.append(element("mtr", {}, *(element("mtd", {}, _mo("⋮")) for _ in shown[0])))
    text = "; ".join(" ".join(row[:MOST_SHOWN]) for row in rows[:MOST_SHOWN])
    return element("math", {"alttext": f"[{text}]"}, _mo("["), element("mtable", {}, *lines), _mo("]"))


def scrolling(math: ET.Element) -> ET.Element:
    """A formula that scrolls by itself, by keyboard too, where a narrow page has no room for it."""
    if len(math.get("alttext", "")) <= LONGEST_IN_LINE:
        return math
    return element("span", {"class": "formula", "tabindex": "0"}, math)


def _cut(entries: list[ET.Element], number: int) -> list[ET.Element]:
    return [*entries, _mo("⋯")] if number > len(entries) else entries


def number_text(value: Fraction, written: str) -> str:
    """A number as it was read: a fraction stays one, everything else is a decimal.

    Args:
        value: The number.
        written: In plain characters, as it was typed.
    """
    if "/" in written or value.denominator == 1:
        text = str(value)
        return text if len(text) <= MOST_DIGITS else written[:MOST_DIGITS] + "…"
    return written if len(written) <= MOST_DIGITS else written[:MOST_DIGITS] + "…"


def _drawn(formula: Formula) -> Drawn:
    match formula:
        case Constant(value=value):
            return _constant(value)
        case Symbol(name=name):
            return [_symbol(name)], ATOM
        case FunctionCall(function="max" | "min" as function, argument=Sum(terms=terms)):
            return [_word(function), *_bracketed(_joined([_drawn(one)[0] for one in terms], ","))], ATOM
        case FunctionCall(function="abs", argument=argument):
            return [_mo("|", "prefix"), *_drawn(argument)[0], _mo("|", "postfix")], ATOM
        case FunctionCall(function="sqrt", argument=argument):
            return [element("msqrt", {}, *_drawn(argument)[0])], ATOM
        case FunctionCall() if formula == EULER:
            return [element("mi", {}, "e")], ATOM
        case FunctionCall(function=function, argument=argument):
            return [_word(function), *_bracketed(_drawn(argument)[0])], ATOM
        case Power(base=base, exponent=exponent) if exponent == MINUS_ONE:
            return [element("mfrac", {}, _mn("1"), _row(_drawn(base)[0]))], PRODUCT
        case Power(base=base, exponent=exponent) if exponent == HALF:
            return [element("msqrt", {}, *_drawn(base)[0])], ATOM
        case Power(base=base, exponent=exponent):
            return [element("msup", {}, _row(_held(base, ATOM)), _row(_drawn(exponent)[0]))], POWER
        case Sum(terms=(first, *rest)):
            return [*_held(first, SUM), *(one for term in rest for one in _term(term))], SUM
        case Product(factors=(first, *rest)) if first == MINUS_ONE and rest:
            return [_mo("−", "prefix"), *_product(rest)], SUM
        case Product(factors=factors):
            return _product(factors), PRODUCT
    raise TypeError(formula)


def _constant(value: Fraction) -> Drawn:
    sign = [_mo("−", "prefix")] if value < 0 else []
    over, under = (_digits(abs(one)) for one in (value.numerator, value.denominator))
    if value.denominator == 1:
        return [*sign, _mn(over)], SUM if sign else ATOM
    return [*sign, element("mfrac", {}, _mn(over), _mn(under))], SUM if sign else PRODUCT


def _digits(number: int) -> str:
    text = str(number)
    return text if len(text) <= MOST_DIGITS else f"{text[:MOST_DIGITS]}…"


def _symbol(name: str) -> ET.Element:
    found = INDEXED.fullmatch(name)
    if name in GREEK or found is None or (len(found[1]) > 1 and found[1] not in GREEK):
        return element("mi", {}, GREEK.get(name, name))
    if "_" not in name and not found[2].isdecimal():
        return element("mi", {}, name)
    return element("msub", {}, element("mi", {}, GREEK.get(found[1], found[1])), element("mi", {}, found[2]))


def _term(term: Formula) -> list[ET.Element]:
    if isinstance(term, Sum):
        return [_mo("+"), *_bracketed(_drawn(term)[0])]
    parts, _ = _drawn(term)
    if parts[0].tag == "mo" and parts[0].text == "−":
        return [_mo("−"), *parts[1:]]
    return [_mo("+"), *parts]


def _product(factors: Sequence[Formula]) -> list[ET.Element]:
    """A product; where it has divisors, a fraction."""
    divisors = [one.base for one in factors if isinstance(one, Power) and one.exponent == MINUS_ONE]
    others = [one for one in factors if not (isinstance(one, Power) and one.exponent == MINUS_ONE)]
    if divisors:
        over, under = (_row(_alone(some)) for some in (others, divisors))
        return [element("mfrac", {}, over, under)]
    return _side_by_side(others)


def _alone(factors: Sequence[Formula]) -> list[ET.Element]:
    """The numerator or denominator of a fraction; it needs no brackets of its own."""
    if not factors:
        return [_mn("1")]
    return _drawn(factors[0])[0] if len(factors) == 1 else _side_by_side(factors)


def _side_by_side(factors: Sequence[Formula]) -> list[ET.Element]:
    parts = _held(factors[0], PRODUCT)
    for factor in factors[1:]:
        parts += [_mo("·"), *_held(factor, POWER)]
    return parts


def _held(formula: Formula, tightness: int) -> list[ET.Element]:
    parts, own = _drawn(formula)
    return parts if own >= tightness else _bracketed(parts)


def _condition(condition: Condition) -> list[ET.Element]:
    match condition:
        case Relation(left=left, order=order, right=right):
            return [*_drawn(left)[0], _mo(ORDERS.get(order, order)), *_drawn(right)[0]]
        case Both(conditions=parts):
            each = [
                _bracketed(_condition(one)) if isinstance(one, Either) else _condition(one) for one in parts
            ]
            return _joined(each, "and")
        case Either(conditions=parts):
            return _joined([_condition(one) for one in parts], "or")
    raise TypeError(condition)


def _joined(each: list[list[ET.Element]], between: str) -> list[ET.Element]:
    joined: list[ET.Element] = []
    for one in each:
        if joined:
            joined.append(_mo(between) if between == "," else element("mtext", {}, f"\u00a0{between}\u00a0"))
        joined += one
    return joined


def _bracketed(parts: list[ET.Element]) -> list[ET.Element]:
    return [_mo("(", "prefix"), *parts, _mo(")", "postfix")]


def _row(parts: list[ET.Element]) -> ET.Element:
    return parts[0] if len(parts) == 1 else element("mrow", {}, *parts)


def _word(function: str) -> ET.Element:
    return element("mi", {}, function)


def _mn(text: str) -> ET.Element:
    return element("mn", {}, text.replace("-", "−"))


def _mo(text: str, form: str = "") -> ET.Element:
    return element("mo", {"form": form} if form else {}, text)
