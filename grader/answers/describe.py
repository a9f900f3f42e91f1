"""A plain value described in a message to the student."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from grader.model.value import Array, Fields, Flag, Formula, Items, Nothing, Number, Opaque, Text, Value

# A half and 7/10 are written as fractions, a hundredth as a decimal.
LARGEST_PLAIN_DENOMINATOR, MOST_DECIMALS = 12, 6


def describe(value: Value) -> str:
    """What a plain value is: "a list of 3", "the text '2x'"."""
    match value:
        case Nothing():
            return "None"
        case Flag(value=flag):
            return str(flag)
        case Number(text=text):
            return short(text)
        case Text(text=text):
            return f"the text {quoted(text)}"
        case Array(shape=shape):
            return f"an array of shape {shape}"
        case Items(items=items):
            return f"a list of {len(items)}"
        case Fields():
            return "a dict"
        case Formula(text=text):
            return f"the formula {short(text)}"
        case Opaque(description=description):
            return description
    return "something else"


def short(text: str) -> str:
    """The text, cut to what fits into a message."""
    return text if len(text) <= 40 else text[:37] + "..."


def fraction_text(value: Fraction) -> str:
    """A fraction as people write it: 1/3 and 3/4, but 1.004 and not 251/250."""
    if value.denominator <= LARGEST_PLAIN_DENOMINATOR or 10**MOST_DECIMALS % value.denominator:
        return str(value)
    return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"


def quoted(text: str) -> str:
    """The text between quotes, as it was written: a backslash once, and a line's end as a space."""
    plain = "".join(" " if letter.isspace() else letter for letter in short(text))
    return f'"{plain}"' if "'" in plain and '"' not in plain else f"'{plain}'"
