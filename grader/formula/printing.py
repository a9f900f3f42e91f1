"""Formulas and conditions as text that can be read again: what a report shows back of an answer in LaTeX."""

from __future__ import annotations

from grader.formula.condition import Both, Condition, Either, Relation
from grader.formula.tree import EULER, MINUS_ONE, Constant, Formula, FunctionCall, Power, Product, Sum, Symbol

# How tightly an expression holds together.
SUM, PRODUCT, POWER, ATOM = range(4)


def printed(formula: Formula) -> str:
    """The formula as text."""
    return _printed(formula)[0]


def printed_condition(condition: Condition) -> str:
    """The condition as text."""
    match condition:
        case Relation(left=left, order=order, right=right):
            return f"{printed(left)} {order} {printed(right)}"
        case Both(conditions=parts):
            return " and ".join(
                f"({printed_condition(part)})" if isinstance(part, Either) else printed_condition(part)
                for part in parts
            )
        case Either(conditions=parts):
            return " or ".join(map(printed_condition, parts))
    raise TypeError(condition)


def _printed(formula: Formula) -> tuple[str, int]:
    match formula:
        case Constant(value=value):
            if value.denominator != 1:
                return str(value), PRODUCT
            return str(value), ATOM if value >= 0 else SUM
        case Symbol(name=name):
            return name, ATOM
        case FunctionCall(function="max" | "min" as function, argument=Sum(terms=terms)):
            return f"{function}({', '.join(map(printed, terms))})", ATOM
        case FunctionCall(function=function, argument=argument):
            return f"{function}({printed(argument)})", ATOM
        case Power(base=base, exponent=exponent) if exponent == MINUS_ONE:
            return f"1/{_at_least(base, ATOM)}", PRODUCT
        case Power(base=base, exponent=exponent) if base == EULER:
            return f"exp({printed(exponent)})", ATOM
        case Power(base=base, exponent=exponent):
            return f"{_at_least(base, ATOM)}^{_at_least(exponent, ATOM)}", POWER
        case Sum(terms=(first, *rest)):
            return _at_least(first, SUM) + "".join(map(_term, rest)), SUM
        case Product(factors=(first, *rest)) if first == MINUS_ONE and rest:
            return f"-{_product(rest)}", SUM
        case Product(factors=factors):
            return _product(factors), PRODUCT
    raise TypeError(formula)


def _term(term: Formula) -> str:
    text, _ = _printed(term)
    if isinstance(term, Sum):
        return f" + ({text})"
    return f" - {text[1:]}" if text.startswith("-") else f" + {text}"


def _product(factors: list[Formula] | tuple[Formula, ...]) -> str:
    text = ""
    for factor in factors:
        is_divisor = isinstance(factor, Power) and factor.exponent == MINUS_ONE
        if is_divisor and text:
            text += f"/{_at_least(factor.base, POWER)}"  # type: ignore[union-attr]
        else:
            text += f"*{_at_least(factor, POWER)}" if text else _at_least(factor, PRODUCT)
    return text


def _at_least(formula: Formula, tightness: int) -> str:
    text, own = _printed(formula)
    return text if own >= tightness else f"({text})"
