"""Strict decoding of TOML tables, with errors that an author can act on."""

from __future__ import annotations

import difflib
import enum
import functools
import re
import tomllib
import types
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from grader.errors import SpecError
from grader.model.share import closed_up
from grader.model.text import joined

T = TypeVar("T")

TYPE_WORDS = {
    "object": "a table",
    "array": "a list",
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "nothing",
    "datetime": "a date with a time, such as 2026-11-20T23:59:00",
}


def parse_toml(data: bytes, file: str) -> dict[str, Any]:
    """The tables of a TOML file.

    Args:
        data: The file's bytes.
        file: Its name in errors.

    Raises:
        SpecError: If it is not UTF-8 or not TOML; names line and column.
    """
    try:
        # Windows editors put a byte order mark in front, which TOML does not know.
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise spec_error(
            f"{file}, line {line}", "", "not UTF-8 text", "save the file with the encoding UTF-8"
        ) from None
    except tomllib.TOMLDecodeError as error:
        message, _, place = str(error).rstrip(")").rpartition(" (at ")
        where = f"{file}, {place}" if message else file
        raise spec_error(where, "", f"not valid TOML: {message or error}") from None


def decode(table: dict[str, Any], wanted: type[T], file: str, key_of: Callable[[str], str]) -> T:
    """A table as the type that is wanted; nothing unknown is let through.

    Args:
        table: From `parse_toml`.
        wanted: A msgspec Struct.
        file: Its name in errors.
        key_of: From msgspec's path, e.g. ".question[3].points", to the key path to be shown.

    Raises:
        SpecError: For the first thing that does not fit.
    """
    try:
        return _convert(table, wanted)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `")
        path = path.rstrip("`").removeprefix("$")
    path = _named_keys(table, wanted, path, message)
    found = _value_at(table, path)
    raise spec_error(file, key_of(path), *_explained(message, found, wanted, path))


def _convert(table: Any, wanted: type[T]) -> T:
    return msgspec.convert(table, wanted, dec_hook=_read_other)


def _read_other(wanted: type, value: object) -> object:
    if wanted.__name__ == "Fraction":
        return read_fraction(value)
    raise NotImplementedError(wanted)


def _explained(message: str, found: object, wanted: type, path: str) -> tuple[str, str | None]:
    if match := re.fullmatch(r"Object contains unknown field `(.*)`", message):
        known = _keys_at(wanted, path)
        near = did_you_mean(match[1], known)
        return f"unknown key {match[1]!r}", near or (f"the keys are {joined(known)}" if known else None)
    if match := re.fullmatch(r"Object missing required field `(.*)`", message):
        near = did_you_mean(match[1], found if isinstance(found, dict) else ())
        return f"the key {match[1]!r} is missing", near and f"{near[:-1]} written for it?"
    if match := re.fullmatch(r"Expected `(.*)`, got `(.*)`", message):
        expected = [TYPE_WORDS.get(word, word) for word in match[1].split(" | ") if word != "null"]
        if "a number" in expected and "a whole number" in expected:
            expected.remove("a whole number")
        hint = None
        if match[1] == "array" and isinstance(found, dict):
            hint = "tables that come in a list have two brackets: [[question]], [[question.example]]"
        return f"found {shown(found)}, wanted {' or '.join(expected)}", hint
    if match := re.fullmatch(r"Invalid enum value '?(.*?)'?", message):
        words = _words_at(wanted, path)
        near = did_you_mean(match[1], words)
        return f"found {shown(found)}" + (
            f", wanted {joined(words, ' or ')}" if words else ", which it cannot be"
        ), near
    return message[:1].lower() + message[1:], None


def _keys_at(wanted: type, path: str) -> tuple[str, ...]:
    """Keys of the Struct at a path, as far as the types can be followed."""
    return tuple(f.encode_name for annotation in _types_at(wanted, path) for f in fields_of(annotation))


def _words_at(wanted: type, path: str) -> tuple[str, ...]:
    """What may be written at a path where only certain words may."""
    words: list[str] = []
    for annotation in _types_at(wanted, path):
        if get_origin(annotation) is Literal:
            words += [str(word) for word in get_args(annotation) if word is not None]
        elif isinstance(annotation, type) and issubclass(annotation, enum.Enum):
            words += [str(member.value) for member in annotation]
    return tuple(dict.fromkeys(words))


def _types_at(wanted: Any, path: str) -> list[Any]:
    """The types that a value at a path may have, as far as they can be followed."""
    found = list(alternatives(wanted))
    for name, _ in re.findall(r"\.([^.\[\]]+)|(\[)", path):
        inner = [one for annotation in found for one in _inside(annotation, name)]
        found = [one for each in inner for one in alternatives(each)]
    return found


def _inside(annotation: Any, name: str) -> Iterator[Any]:
    """Types of what is under a name, or of the items where there is no name."""
    if fields := fields_of(annotation):
        yield from (f.type for f in fields if f.encode_name == name)
    elif get_origin(annotation) is dict:
        yield get_args(annotation)[1]
    elif not name:
        yield from (one for one in get_args(annotation) if one is not ...)


def alternatives(annotation: Any) -> Iterator[Any]:
    """The types that a value of a type may have: those of a union, or the type itself."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        for one in get_args(annotation):
            yield from alternatives(one)
    else:
        yield annotation


def fields_of(annotation: Any) -> tuple[msgspec.structs.FieldInfo, ...]:
    """The fields of a Struct; none of any other type."""
    is_struct = isinstance(annotation, type) and issubclass(annotation, msgspec.Struct)
    return _fields(annotation) if is_struct else ()


@functools.cache
def _fields(struct: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """Kept: annotations are text, and msgspec evaluates all of them each time."""
    return msgspec.structs.fields(struct)


def _value_at(table: Any, path: str) -> Any:
    for name, index in re.findall(r"\.([^.\[\]]+)|\[(\d+)\]", path):
        try:
            table = table[name] if name else table[int(index)]
        except (KeyError, IndexError, TypeError):
            return None
    return table


def _named_keys(table: dict[str, Any], wanted: type, path: str, message: str) -> str:
    """The path with msgspec's `[...]` replaced by the key at fault.

    msgspec does not say which key of a dict it means, so each is tried alone: the one that still gives
    the same message is the one.
    """
    original, level = path, 0
    while "[...]" in path:
        before, _, after = path.partition("[...]")
        level += 1
        # msgspec's message does not name the keys further up either.
        message_start = f"{message} - at `$" + "[...]".join(original.split("[...]")[:level]) + "[...]"
        keys = _value_at(table, before)
        culprit = next((key for key in keys if _still_fails(table, wanted, before, key, message_start)), None)
        if culprit is None:
            break
        path = f"{before}.{culprit}{after}"
    return path


def _still_fails(table: dict[str, Any], wanted: type, before: str, key: str, message_start: str) -> bool:
    alone = _with_only(table, re.findall(r"\.([^.\[\]]+)|\[(\d+)\]", before), key)
    try:
        _convert(alone, wanted)
    except msgspec.ValidationError as error:
        return str(error).startswith(message_start)
    return False


def _with_only(table: Any, steps: list[tuple[str, str]], key: str) -> Any:
    if not steps:
        return {key: table[key]}
    name, index = steps[0]
    if name:
        return {**table, name: _with_only(table[name], steps[1:], key)}
    inner = list(table)
    inner[int(index)] = _with_only(table[int(index)], steps[1:], key)
    return inner


MOST_PLACES = 3
WRITTEN = re.compile(r"-?\d+(/0*[1-9]\d*)?|-?\d*\.\d+")


def read_fraction(value: object) -> Fraction:
    """The exact number that was written.

    Args:
        value: A whole number, text such as "1/2", or a float, taken by its shortest decimal.

    Raises:
        ValueError: If it is none of these; says what was found.
    """
    if isinstance(value, Fraction):
        return value
    if not isinstance(value, bool) and isinstance(value, int | float | str):
        text = closed_up(str(value))
        if WRITTEN.fullmatch(text):
            return Fraction(text)
    raise ValueError(f'found {value!r}, wanted a whole number or a fraction such as "1/2"')


def fraction_text(number: Fraction) -> str:
    """An exact number as an author would write it: 4, 2.5, 1/3."""
    places = next((n for n in range(MOST_PLACES + 1) if 10**n % number.denominator == 0), None)
    return str(number) if places is None else f"{Decimal(number.numerator) / number.denominator:.{places}f}"


SHOWN_CHARACTERS = 60


def spec_error(file: str, key: str, message: str, hint: str | None = None) -> SpecError:
    """A mistake at a key of an exercise file, ready to be raised.

    Args:
        file: The file, as the author knows it.
        key: Path of the key, e.g. "question 'b_i'.check.kind"; empty for the whole file.
        message: What was found and what was wanted.
        hint: One next step.
    """
    return SpecError(message, hint, f"{file}: {key}" if key else file)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The hint that names the nearest match, or None where nothing is near.

    Args:
        word: What was written.
        known: What could have been meant.
    """
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else None


def shown(value: object) -> str:
    """A value of the file on one short line.

    Args:
        value: Anything that TOML can hold.
    """
    words = {True: "true", False: "false"}.get(value) if isinstance(value, bool) else None
    text = words or repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 3] + "..."
