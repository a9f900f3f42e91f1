"""Formulas in what was handed in: their text, how it was read, and the number that one without symbols is."""

from __future__ import annotations

import decimal
import math
import re
from fractions import Fraction

from grader.answers.describe import describe
from grader.answers.look_alikes import plain_text
from grader.answers.number_texts import number_alone
from grader.answers.numbers import COMMA, DECIMAL, read_number, with_point
from grader.errors import Unreadable
from grader.exact.ball import Undefined, Unsure
from grader.formula.condition import ConditionReader
from grader.formula.evaluate import Real, evaluate
from grader.formula.names import Names
from grader.formula.parse import FormulaReader, parse_formula, read_text
from grader.formula.printing import printed, printed_condition
from grader.formula.tokens import MAX_CHARACTERS
from grader.model.outcome import Feedback
from grader.model.value import Array, Fields, Items, Nothing, Number, Text, Value
from grader.model.value import Formula as FormulaText

EQUATION = re.compile(r"Eq\((\w{1,30}), (.*)\)")
"""How sympy prints that a name is a formula."""
SET_OF_NUMBERS = re.compile(r"Interval(?:\.(open|Lopen|Ropen))?\(([^(),]{1,60}), ([^(),]{1,60})\)")
CONTAINS = re.compile(r"Contains\((\w{1,30}), (Interval.*)\)")
"""How sympy prints an interval, and that a name is in one."""
SENTENCE = re.compile(r"[^.\s]\.$")
LEADING = re.compile(r"^ *(?:=(?!=)|[≈~]) *")
READ_AS = "read-as"
"""Code of feedback: how a formula in LaTeX was read."""
# Significant digits that are kept: far more than any question asks for; the evaluator has 60.
DIGITS = 20
# Against hostile answers: no table of numbers that is asked for is larger.
MOST_ENTRIES = 256


def formula_text(value: Value, where: str, example: str = "w*x1 + x2") -> str:
    """The text to be read as a formula.

    Args:
        value: A text, a sympy expression, or a number.
        where: The field's name, for the message.
        example: What such an answer looks like.

    Raises:
        Unreadable: If it is none of these.
    """
    match value:
        case Text(text=text):
            text = _alone(text)
            alone = plain_text(text).strip()
            # A name in front is the formula reader's: it knows which stand for something else.
            number = alone if alone[:1].isalpha() else number_alone(alone)
            is_number = COMMA.fullmatch(number) or (number != alone and DECIMAL.fullmatch(number))
            return with_point(number, alone, where) if is_number else text
        case FormulaText(text=text):
            # As sympy prints them; in a text | is half of an absolute value, which sympy writes Abs.
            if named := EQUATION.fullmatch(text):
                return f"{named[1]} = {named[2]}"
            if contains := CONTAINS.fullmatch(text):
                text = f"{contains[1]} in {contains[2]}"
            text = SET_OF_NUMBERS.sub(_as_interval, text)
            return text.replace("|", "or").replace("~", "not ")
        case Number() | Array():
            if isinstance(value, Array) and math.prod(value.shape) != 1:
                hint = "each field takes one formula"
                raise Unreadable(
                    f"{describe(value)} where a formula was wanted", hint, where, "not-a-formula"
                )
            return read_number(value, where).text
        case Items(items=(only,)):
            return formula_text(only, where, example)
        case Nothing():
            hint = "put your formula in place of None, as text"
            raise Unreadable("None where a formula was wanted", hint, where, "none")
    hint = f'write it as text: "{example}"'
    raise Unreadable(f"{describe(value)} where a formula was wanted", hint, where, "not-a-formula")


def _as_interval(found: re.Match[str]) -> str:
    low = "(" if found[1] in ("open", "Lopen") else "["
    high = ")" if found[1] in ("open", "Ropen") else "]"
    return f"{low}{found[2]}, {found[3]}{high}"


def _alone(text: str) -> str:
    """A text without what ends a sentence or a line of code, and without a sign that leads to it."""
    if "\\" in text:
        return text
    # Spaces only: Python makes a tab or a form feed of what LaTeX begins with.
    plain = text.rstrip("; \n")
    plain = plain.removesuffix(".") if SENTENCE.search(plain) else plain
    return LEADING.sub("", plain) if plain else text


def read_back(
    name: str, text: str, names: Names, *, is_condition: bool = False, side_by_side: bool = True
) -> tuple[Feedback, ...]:
    """How a formula in LaTeX or without a sign between names was read, in the plain form; nothing of others.

    Args:
        name: The field.
        text: What the student wrote; it can be read.
        names: Which symbols there are.
        is_condition: Whether it is a condition.
        side_by_side: Whether names side by side were taken as a product.
    """
    if is_condition:
        condition, is_shown = read_text(
            ConditionReader,
            ConditionReader.condition,
            text,
            names,
            MAX_CHARACTERS,
            side_by_side=side_by_side,
        )
        plain = printed_condition(condition)
    else:
        formula, is_shown = read_text(
            FormulaReader, FormulaReader.formula, text, names, MAX_CHARACTERS, side_by_side=side_by_side
        )
        plain = printed(formula)
    return (Feedback(READ_AS, f"{name} was read as {plain}", level="verdict"),) if is_shown else ()


def with_numbers(value: Value) -> Value:
    """The value with a number in place of every formula that has no symbol.

    Args:
        value: What was handed in for a field of numbers; where a question takes formulas, their text counts.
    """
    match value:
        case FormulaText(text=text):
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
