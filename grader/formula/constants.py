"""Numbers that a student handed in as formulas without symbols: 1/(1 + exp(9909/10000)) is one."""

from __future__ import annotations

import decimal
from fractions import Fraction

from grader.errors import Unreadable
from grader.exact.ball import Undefined, Unsure
from grader.formula.evaluate import Real, evaluate
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.model.value import Fields, Formula, Items, Number, Value

# Significant digits that are kept: far more than any question asks for; the evaluator has 60.
DIGITS = 20
# Against hostile answers: no table of numbers that is asked for is larger.
MOST_ENTRIES = 256


def with_numbers(value: Value) -> Value:
    """The value with a number in place of every formula that has no symbol.

    Args:
        value: What was handed in for a field of numbers; where a question takes formulas, their text counts.
    """
    match value:
        case Formula(text=text):
            return _number(text) or value
        case Items(items=items) if len(items) <= MOST_ENTRIES:
            return Items(tuple(map(with_numbers, items)))
        case Fields(fields=fields) if len(fields) <= MOST_ENTRIES:
            return Fields({name: with_numbers(field) for name, field in fields.items()})
    return value


def _number(text: str) -> Number | None:
    try:
        found = evaluate(parse_formula(text, Names(())), {})
    except (Unreadable, Undefined, Unsure):
        return None
    return _as_number(found)


def _as_number(found: Real) -> Number | None:
    if isinstance(found, Fraction):
        return Number(str(found), "rational")
    if found.error > found.value.copy_abs().scaleb(-DIGITS):
        return None
    return Number(str(decimal.Context(prec=DIGITS).plus(found.value)), "float")
