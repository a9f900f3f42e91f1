"""A variant's value as text: in words, in TeX, in a formula of a check, in an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, TypeAlias

from grader.variants.values import Value, native, shape_of

Context: TypeAlias = Literal["words", "tex", "formula"]
PLACES = re.compile(r"\.(\d{1,2})")
# What stands on both sides of a number that needs no brackets in a formula; the empty text is an end.
BEFORE = ("", "(", "[", ",", "=", "<", ">", ":", "\n", '"', "'")
AFTER = ("", ")", "]", ",", "=", "<", ">", ";", "\n", '"', "'", "}")


def printed(value: Value, form: str, context: Context, before: str = "", after: str = "") -> str:
    """The value as it is read in a text.

    Args:
        value: What is printed.
        form: "" as usual; "+" with its sign, as behind a term; "()" in brackets where negative; ".2" with
            that many places; "row" a vector as a row of TeX.
        context: What kind of text it goes into.
        before: The last sign before it that is no blank.
        after: The first one behind it.

    Raises:
        ValueError: If there is no such form, or it does not go with the value.
    """
    if isinstance(value, Fraction):
        return _number(value, form, context, before, after)
    if isinstance(value, Mapping):
        raise ValueError(f"is a table; name one of its keys: {', '.join(value) or 'it has none'}")
    if form and not (form == "row" and context == "tex"):
        raise ValueError(f"the form {form!r} is for numbers")
    if isinstance(value, bool):
        return {"formula": str(value)}.get(context, str(value).lower())
    if isinstance(value, tuple):
        return _table(value, form, context)
    return value


def _number(number: Fraction, form: str, context: Context, before: str, after: str) -> str:
    if match := PLACES.fullmatch(form):
        return _with_places(number, int(match[1]))
    plain = _plain(number, context)
    if form == "+":
        return f"- {plain[1:]}" if number < 0 else f"+ {plain}"
    if form == "()":
        return f"({plain})" if number < 0 else plain
    if form:
        raise ValueError(f"there is no form {form!r}; there are +, (), .2 (places) and row")
    is_alone = before in BEFORE and after in AFTER
    if context == "formula" and not is_alone and (number < 0 or "/" in plain):
        return f"({plain})"
    return plain


def _with_places(number: Fraction, places: int) -> str:
    scaled = abs(number) * 10**places
    if scaled.denominator != 1:
        raise ValueError(f"{number} has more than {places} places; round it where it is computed")
    digits = str(int(scaled)).rjust(places + 1, "0")
    text = f"{digits[: len(digits) - places]}.{digits[len(digits) - places :]}".rstrip(".")
    return f"-{text}" if number < 0 else text


def _plain(number: Fraction, context: Context) -> str:
    written = native(number)
    if not isinstance(written, str):
        return _decimal_text(written)
    if context == "tex":
        sign = "-" if number < 0 else ""
        return f"{sign}\\frac{{{abs(number.numerator)}}}{{{number.denominator}}}"
    return written


def _decimal_text(number: int | float) -> str:
    """The number without an exponent: 0.00001 and not 1e-05."""
    text = str(number)
    if "e" not in text:
        return text
    exact = Fraction(text)
    places = next(n for n in range(400) if (exact * 10**n).denominator == 1)
    return _with_places(exact, places)


def _table(value: tuple[Value, ...], form: str, context: Context) -> str:
    shape = shape_of(value)
    if context != "tex" or shape is None:
        return f"[{', '.join(_inside(one) for one in value)}]"
    rows = [value] if form == "row" else value if len(shape) == 2 else [(one,) for one in value]
    lines = (" & ".join(printed(one, "", "tex") for one in row) for row in rows if isinstance(row, tuple))
    inside = r" \\ ".join(lines)
    return rf"\begin{{pmatrix}} {inside} \end{{pmatrix}}"


def _inside(value: Value) -> str:
    """An entry of a list in brackets, as Python and JSON read it."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_inside, value))}]"
    if isinstance(value, str):
        return f'"{value}"'
    written = native(value)
    return f'"{written}"' if isinstance(written, str) else printed(value, "", "words")
