"""Exact numbers from what a student wrote: 0.1 is one tenth, "1/3" is a third."""

from __future__ import annotations

import functools
import math
import re
import struct
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from grader.answers.describe import describe, quoted, short
from grader.answers.latex_numbers import number_from_latex
from grader.answers.look_alikes import odd_character, plain_text, with_fractions
from grader.answers.number_texts import number_alone
from grader.errors import Unreadable
from grader.model.value import Array, Flag, Formula, Items, Nothing, Number, NumberKind, Opaque, Text, Value

# Against hostile answers: no honest weight needs more (a float has at most 17 digits and exponent 308).
MAX_DIGITS = 1200
MAX_EXPONENT = 400
# From this many significant digits on, a decimal may be a rounded value (0.33333 for a third); with fewer it
# is taken as meant.
ROUNDED_DIGITS = 5
# A fraction over a power of two from here on was a float before, if a float's significand holds it.
FLOAT_DENOMINATOR, FLOAT_BITS = 2**30, 53

DECIMAL = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?")
# Names in a formula that has a value without any symbol: sqrt(2), pi/4.
CONSTANTS = re.compile(r"\b(?:sqrt|cbrt|exp|log|sin|cos|tan|tanh|sinh|cosh|atan|asin|acos|pi|E)\b")
LONE_SIGN = re.compile(r"^([+-])\s+(?=[\d.])")
# A comma that can only be a decimal one, or a point beside commas, and what may be either: 1,234.
COMMA = re.compile(r"[+-]?\s*(\d*),(\d+)(?:[eE][+-]?\d+)?")
GROUPED = (re.compile(r"([+-]?\d{1,3}(?:,\d{3})+)(\.\d*)"), re.compile(r"([+-]?\d{1,3}(?:\.\d{3})+)(,\d*)"))
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


class ExactNumber(NamedTuple):
    """A number as handed in.

    Args:
        value: Its exact value.
        text: As the student wrote it, in plain characters, or the shortest decimal of a float.
        is_rounded: Whether it may stand for a nearby number that has no short decimal.
        is_single: Whether it comes from a float of 32 bits, which is coarser than its digits show.
    """

    value: Fraction
    text: str
    is_rounded: bool = False
    is_single: bool = False


def read_number(value: Value, where: str) -> ExactNumber:
    """The exact number that a plain value stands for.

    Args:
        value: What was handed in.
        where: The field's name, for the message.

    Raises:
        Unreadable: If it is not one finite real number; the code says what it is instead.
    """
    match value:
        case Number(text=text, kind=kind):
            return _from_number(text, kind, where)
        case Text(text=text):
            return _from_text(text, where)
        case Array(shape=shape) if math.prod(shape) == 1:
            return read_number(next(entries_of(value)), where)
        case Items(items=(only,)):
            return read_number(only, where)
    raise _no_number(value, where)


def entries_of(array: Array) -> Iterator[Number | Flag]:
    """The entries of an array in row-major order; a float is the shortest decimal in its own dtype."""
    match array.dtype:
        case "<f8":
            # As numpy writes them, which takes longer to load than this takes.
            yield from (Number(repr(item), "float") for (item,) in struct.iter_unpack("<d", array.data))
        case "<i8":
            yield from (Number(str(item), "int") for (item,) in struct.iter_unpack("<q", array.data))
        case "|b1":
            yield from (Flag(bool(item)) for item in array.data)
        case _:
            import numpy as np

            # Not float(item): the float32 0.1 would become 0.10000000149011612.
            kind: NumberKind = "single" if array.dtype == "<f4" else "complex"
            yield from (Number(str(item), kind) for item in np.frombuffer(array.data, dtype=array.dtype))


def _no_number(value: Value, where: str) -> Unreadable:
    code, hint = "not-a-number", None
    match value:
        case Nothing():
            code, hint = "none", "put your value in place of None"
        case Flag():
            code = "flag-not-number"
        case Formula(text=text) if CONSTANTS.sub("", text).strip("0123456789.+-*/() ") == "":
            code, hint = "symbolic", "write its value as a decimal number or a fraction, such as 1.25"
        case Formula():
            code, hint = "symbolic", "this question takes numbers, without free symbols"
        case Opaque(description=description) if "entries" in description or "digits" in description:
            code = "too-large"
    return Unreadable(f"{describe(value)} where a number was wanted", hint, where, code)


def _from_number(text: str, kind: str, where: str) -> ExactNumber:
    if kind == "complex" and complex(text).imag == 0:  # as an eigenvalue routine returns real numbers
        return _from_number(repr(complex(text).real), "float", where)
    if kind == "complex":
        raise Unreadable(f"{short(text)} is complex", "give real numbers", where, "complex")
    if text.strip("+-").lower() in ("nan", "inf", "infinity"):
        raise Unreadable(f"{text} is not a finite number", "give finite numbers", where, "not-finite")
    number = _from_text(text, where)
    is_rounded = number.is_rounded or (kind == "rational" and _is_float(number.value))
    return number._replace(is_rounded=is_rounded, is_single=kind == "single")


def nearest_float(value: Fraction) -> float:
    """The number as a float; infinite beyond a float's range."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _is_float(value: Fraction) -> bool:
    # Fraction(1/3) and sympy.Rational(0.1) are the float's own value; nobody means such a power of two.
    is_binary = value.denominator >= FLOAT_DENOMINATOR and value.denominator & (value.denominator - 1) == 0
    return is_binary and value.numerator.bit_length() <= FLOAT_BITS


# Answers are mostly zeros and ones; a refusal raises and is never kept.
@functools.lru_cache(maxsize=4096)
def _from_text(text: str, where: str) -> ExactNumber:
    plain = number_alone(number_from_latex(number_alone(plain_text(text).replace(r"\%", "%"))))
    if len(plain) > 2 * MAX_DIGITS:
        raise Unreadable(f"a number with {len(plain)} characters", "give a shorter one", where, "too-large")
    plain = with_fractions(plain)
    if plain.endswith("%") and plain.count("%") == 1:
        of_hundred = _quotient(number_from_latex(plain.removesuffix("%").rstrip()), text, where)
        return of_hundred._replace(value=of_hundred.value / 100, text=f"{of_hundred.text}%")
    return _quotient(plain, text, where)


def _quotient(plain: str, text: str, where: str) -> ExactNumber:
    before, slash, behind = plain.partition("/")
    numerator = _decimal(before, text, where)
    if not slash:
        return numerator
    denominator = _decimal(behind, text, where)
    if denominator.value == 0:
        raise Unreadable(f"{quoted(text)} divides by zero", None, where, "not-finite")
    is_rounded = numerator.is_rounded or denominator.is_rounded
    return ExactNumber(numerator.value / denominator.value, plain, is_rounded)


def _decimal(part: str, text: str, where: str) -> ExactNumber:
    plain = with_point(LONE_SIGN.sub(r"\1", part.strip().replace("_", "")), text, where)
    found = DECIMAL.fullmatch(plain)
    if found is None or not (found[2] or found[3]):
        if part.strip("+- ").lower() in ("nan", "inf", "infinity"):
            raise Unreadable(f"{part} is not a finite number", "give finite numbers", where, "not-finite")
        hint = 'write numbers such as 2, -0.5 or "1/3"'
        if odd := odd_character(text):
            hint = f"it has the character {odd}; {hint}"
        raise Unreadable(f"the text {quoted(text)} where a number was wanted", hint, where, "not-a-number")
    sign, whole, decimals, exponent = found[1], found[2], found[3] or "", int(found[4] or 0)
    digits = (whole + decimals).lstrip("0")
    if len(digits) > MAX_DIGITS or abs(exponent) > MAX_EXPONENT:
        raise Unreadable(f"{short(text)} is too large or too small", None, where, "too-large")
    value = Fraction(int(sign + (whole + decimals))) * Fraction(10) ** (exponent - len(decimals))
    is_decimal = value.denominator != 1
    return ExactNumber(value, plain, is_decimal and len(digits.rstrip("0")) >= ROUNDED_DIGITS)


def with_point(plain: str, text: str, where: str) -> str:
    """A number with the point for its decimals, where its comma can mean nothing else.

    Args:
        plain: The number: "0,27" is 0.27, "1.234,5" is 1234.5.
        text: All that was written, for the message.
        where: The field's name, for the message.

    Raises:
        Unreadable: If the comma may stand before decimals or thousands (code "comma-decimal"): "1,234".
    """
    if "," not in plain:
        return plain
    for grouped in GROUPED:
        if found := grouped.fullmatch(plain):
            return re.sub("[.,]", "", found[1]) + found[2].replace(",", ".")
    if THOUSANDS.fullmatch(plain):
        one, other = plain.replace(",", "."), plain.replace(",", "")
        raise Unreadable(
            f"{quoted(text)} may be {one} or {other}", "write it without a comma", where, "comma-decimal"
        )
    return plain.replace(",", ".") if COMMA.fullmatch(plain) else plain
