"""The tables of an exercise file with a variant's values in the places of their names, written as needed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from grader.mathematics.prose import PIECE
from grader.variants.declaration import VariantError
from grader.variants.placeholders import Placeholder, placeholders, require_clear
from grader.variants.values import Value, native, shape_of

# The same for all students: a mark, a report and a gradebook name them.
FIXED = frozenset({"id", "label", "points", "kind", "title", "source", "seed", "reveal", "limits", "verdict"})
# Below these keys a text is for people; elsewhere in a check it is a formula, or a name.
WORDS = frozenset(
    {
        *("introduction", "prompt", "fields", "hints", "errata", "title"),
        *("options", "items", "why", "message", "text", "comment", "words"),
    }
)
ANSWER = "answer"


def filled(value: Any, values: Mapping[str, Value], key: str = "", place: str = "") -> Any:
    """A value of the file with what it names put in.

    A text that is one name, and nothing else, becomes the value itself: a number, a list, a table. Within a
    longer text it is printed. What was put in is not looked at again.

    Args:
        value: A table, a list, a text, ...
        values: By name.
        key: The innermost key above it that is no index.
        place: The path of keys, for errors.

    Raises:
        VariantError: If a name stands where it cannot, or its value cannot be printed.
    """
    if isinstance(value, str):
        return _filled_text(value, values, key, place)
    if isinstance(value, list):
        return [filled(one, values, key, f"{place}[{number}]") for number, one in enumerate(value)]
    if isinstance(value, dict):
        for name in value:
            if found := next(placeholders(name, values), None):
                hint = "write the key out; what stands behind it may be drawn"
                raise VariantError(_under(place, name), f"names {found.text} in a key", hint)
        # A table under a key for words holds words, whatever its own keys are.
        return {
            name: filled(one, values, key if key in WORDS - {"text"} else name, _under(place, name))
            for name, one in value.items()
        }
    return value


def _under(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _filled_text(text: str, values: Mapping[str, Value], key: str, place: str) -> Any:
    found = list(placeholders(text, values))
    if not found:
        return text
    if key in FIXED and not (key == "title" and ".example" in place):
        raise VariantError(place, f"names {found[0].text}; it is the same for all students", "write it out")
    only = found[0]
    is_value = only.text == text and not only.form and key != ANSWER
    if is_value and not (key in WORDS and isinstance(_value(only, values, place), Fraction | bool)):
        return _within(native(_value(only, values, place)), values, key, place)
    return "".join(_pieces(text, found, values, key, place))


def _within(value: Any, values: Mapping[str, Value], key: str, place: str) -> Any:
    """A drawn value with the names in its own texts put in, once."""
    if isinstance(value, str):
        return "".join(_pieces(value, list(placeholders(value, values)), values, key, place))
    if isinstance(value, list):
        return [_within(one, values, key, place) for one in value]
    if isinstance(value, dict):
        return {name: _within(one, values, key, place) for name, one in value.items()}
    return value


def _pieces(
    text: str, found: Collection[Placeholder], values: Mapping[str, Value], key: str, place: str
) -> Iterator[str]:
    formulas = _formulas(text, key)
    for start, end, offset in formulas:
        inside = [one for one in found if start <= one.start < end]
        require_clear(text[start:end], inside, offset, place)
    end = 0
    for one in found:
        yield text[end : one.start]
        before, after = text[: one.start].rstrip(" ")[-1:], text[one.end :].lstrip(" ")[:1]
        try:
            yield printed(_value(one, values, place), one.form, _context(one, formulas, key), before, after)
        except ValueError as error:
            raise VariantError(place, f"{one.text} {error}") from None
        end = one.end
    yield text[end:]


def _formulas(text: str, key: str) -> list[tuple[int, int, int]]:
    """Where formulas stand in a text, and from where their places count."""
    if key in WORDS:
        return [(*match.span(), match.start()) for match in PIECE.finditer(text) if match["source"] is None]
    return [] if key == ANSWER else [(0, len(text), 0)]


def _context(one: Placeholder, formulas: list[tuple[int, int, int]], key: str) -> Context:
    if key not in WORDS:
        return "formula"
    return "tex" if any(start <= one.start < end for start, end, _ in formulas) else "words"


def _value(one: Placeholder, values: Mapping[str, Value], place: str) -> Value:
    try:
        return value_at(one, values)
    except ValueError as error:
        raise VariantError(place, *error.args) from None


def value_at(one: Placeholder, values: Mapping[str, Value]) -> Value:
    """What a place in a text names.

    Args:
        one: The place.
        values: By name.

    Raises:
        ValueError: If the name has no such part, with what it has.
    """
    value = values[one.name]
    for step in one.path:
        if isinstance(step, str):
            if not isinstance(value, Mapping) or step not in value:
                has = f"it has {', '.join(value)}" if isinstance(value, Mapping) else "it is no table"
                raise ValueError(f"{one.text}: {one.name} has no {step!r}", has)
            value = value[step]
        else:
            if not isinstance(value, tuple) or not 1 <= step <= len(value):
                has = f"they count from 1 to {len(value)}" if isinstance(value, tuple) else "it is no list"
                raise ValueError(f"{one.text}: {one.name} has no entry {step}", has)
            value = value[step - 1]
    return value


Context: TypeAlias = Literal["words", "tex", "formula"]
PLACES = re.compile(r"\.(\d{1,2})")
# Signs before and behind a number in a formula between which it needs no brackets; the empty text is an end.
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
