"""The tables of an exercise file with a variant's values in the places of their names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import Any

from grader.mathematics.prose import PIECE
from grader.variants.declaration import VariantError
from grader.variants.placeholders import Placeholder, placeholders, require_clear
from grader.variants.printing import Context, printed
from grader.variants.values import Value, native

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
