"""Reading a .json answer. No code can be in it, so it is read here, without a process of its own."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Collection
from typing import Any, NamedTuple

import msgspec

from grader.answers.describe import quoted
from grader.answers.look_alikes import plain_text
from grader.model.run import Fault
from grader.model.value import Fields, Flag, Items, Nothing, Number, Opaque, Text, Value
from grader.sandbox.host.frames import NUMBER_TEXT
from grader.sandbox.host.text import clean, clean_line
from grader.sandbox.inside import caps

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""What Windows editors add; RFC 8259 section 8.1 lets a reader ignore it."""

NOT_A_NUMBER = re.compile(rb"[-+]?(nan|inf(?:inity)?)\b", re.IGNORECASE)
SHOWN_CHARACTERS = 20


class NotJson(Exception):
    """The file cannot be read; the message is for the student."""


class GivenTwice(Exception):
    """A name has two values; the message says which and how. It costs what it is a part of."""


def float_literal(text: str) -> Number | Opaque:
    """A number with a point or exponent, by its own digits: 0.1 is one tenth."""
    exponent = text.lower().partition("e")[2] or "0"
    if not NUMBER_TEXT["float"].fullmatch(text) or abs(int(exponent)) > caps.MAX_EXPONENT:
        return Opaque(clean_line(f"the number {text}, which is out of a float's range", caps.MAX_DESCRIPTION))
    return Number(text, "float")


# msgspec refuses NaN, Infinity, whole numbers beyond 4300 digits, and what nests too deeply for the stack.
_DECODER = msgspec.json.Decoder(float_hook=float_literal)


class JsonAnswer(NamedTuple):
    """What one file holds.

    Args:
        seen: Its top-level names; at most as many as are handed back.
        values: Of the names that were asked for.
    """

    seen: tuple[str, ...]
    values: dict[str, Value]


def read_json(name: str, data: bytes, reads: Collection[str]) -> tuple[JsonAnswer, Fault | None]:
    """The names of a .json answer; a file that cannot be read gives none and a fault.

    Args:
        name: The file's.
        data: Its bytes.
        reads: Names to read; of all others only the name is kept, or a small file could fill the memory.
    """
    try:
        return names_of(data, reads), None
    except NotJson as error:
        message = clean_line(str(error), caps.MAX_MESSAGE)
        return JsonAnswer((), {}), Fault(kind="unreadable", message=message, where=name)


def names_of(data: bytes, reads: Collection[str]) -> JsonAnswer:
    """The names, and the values of those that are asked for.

    Raises:
        NotJson: If the file is not an object of JSON, or says something twice.
    """
    content = decoded(data)
    if not isinstance(content, dict):
        raise NotJson("the file must hold an object: {...} with the answers' names as keys")
    refuse_twice(data)
    names: dict[str, Any] = {}
    # A group comes before its parts, whichever stands first in the file.
    for key in sorted(content, key=lambda key: key.count(".")):
        path = _plain_key(key, content, reads).split(".")
        try:
            put(names, path, content[key])
        except GivenTwice as twice:
            if not isinstance(names[path[0]], Opaque):
                names[path[0]] = Opaque(clean_line(str(twice), caps.MAX_DESCRIPTION))
    seen = (clean_line(key, caps.MAX_NAME) for key in names if is_name(key))
    values = {key: JsonReader().value(value, 0, key) for key, value in names.items() if key in reads}
    return JsonAnswer(tuple(itertools.islice(seen, caps.MAX_NAMES)), values)


def decoded(data: bytes) -> Any:
    """What the text says; numbers with a point by their own digits.

    Raises:
        NotJson: If it is no JSON; says where.
    """
    data = data.removeprefix(BYTE_ORDER_MARK)
    try:
        return _DECODER.decode(data)
    except RecursionError:
        raise NotJson("the file is nested too deeply") from None
    except (msgspec.MsgspecError, ValueError) as error:
        raise NotJson(broken(data, str(error))) from None


def _plain_key(key: str, content: Collection[str], reads: Collection[str]) -> str:
    """The key that is asked for, if this one differs from it in look-alike letters only; else this one."""
    plain = plain_text(key).strip()
    return plain if plain not in content and plain.partition(".")[0] in reads else key


def broken(data: bytes, error: str) -> str:
    """Where a file stops being JSON and why, for the student.

    Args:
        data: The file.
        error: What the decoder says; "(byte 29)" in it is the place.
    """
    if not _is_utf_8(data):
        return "the file is not text in UTF-8: save it as UTF-8"
    found = re.search(r"\(byte (\d+)\)", error)
    if "out of range" in error:
        return "a whole number in the file has too many digits"
    if found is None:
        return "the file is not JSON: it ends too early" if "truncated" in error else "the file is not JSON"
    at = int(found[1])
    line = data.count(b"\n", 0, at) + 1
    # The decoder names the first byte that does not fit: the one behind a minus sign.
    number = NOT_A_NUMBER.match(data, at)
    if number is not None:
        return f"line {line}: {number[1].decode()} is not JSON; a number or null must stand there"
    rest = data[at:].split(b"\n")[0][: 4 * SHOWN_CHARACTERS].decode("utf-8", "replace")[:SHOWN_CHARACTERS]
    return f"line {line}: the file is not JSON from {quoted(rest)} on"


def _is_utf_8(data: bytes) -> bool:
    """Whether it is text in UTF-8; what an editor saves in UTF-16 can be, but for its null bytes."""
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def is_name(key: str) -> bool:
    """Whether a key can be an answer's name: public and not endless."""
    return 0 < len(key) <= caps.MAX_NAME and not key.startswith("_")


def refuse_twice(data: bytes) -> None:
    """Refuse an object with the same key twice: a reader would keep the last and drop the other."""

    def unique(pairs: list[tuple[str, Any]]) -> None:
        keys: set[str] = set()
        for key, _ in pairs:
            if key in keys:
                raise NotJson(f"the key {quoted(key)} stands twice in the same object")
            keys.add(key)

    try:
        json.loads(data, object_pairs_hook=unique, parse_int=len, parse_float=len)
    except (ValueError, RecursionError):
        raise NotJson("the file cannot be read") from None


def put(names: dict[str, Any], path: list[str], value: Any) -> None:
    """Put a value where its dotted name says.

    Raises:
        GivenTwice: If there is something.
    """
    for step in path[:-1]:
        names = names.setdefault(step, {})
        if not isinstance(names, dict):
            raise GivenTwice(f"given twice: {quoted(step)} is both a value and a group of values")
    if path[-1] in names:
        raise GivenTwice(f"given twice: {quoted('.'.join(path))} stands in it and beside it")
    names[path[-1]] = value


class JsonReader:
    """Turns one decoded JSON value into a plain value and counts its entries."""

    def __init__(self) -> None:
        self.entries = 0

    def value(self, content: Any, depth: int, name: str) -> Value:
        """One value and all that is in it."""
        self.entries += 1
        if depth > caps.MAX_DEPTH:
            raise NotJson(f"{quoted(name)} has lists in lists, more than {caps.MAX_DEPTH} deep")
        if self.entries > caps.MAX_ENTRIES:
            raise NotJson(f"{quoted(name)} has more than {caps.MAX_ENTRIES:,} entries")
        match content:
            case None:
                return Nothing()
            case bool():
                return Flag(content)
            case int() if content.bit_length() > caps.MAX_BITS:
                return Opaque("a whole number with more than 1200 digits")
            case int():
                return Number(str(content), "int")
            case str() if len(content) > caps.MAX_TEXT:
                return Opaque(f"a string of {len(content)} characters")
            case str():
                return Text(clean(content, caps.MAX_TEXT))
            case list():
                return Items(tuple(self.value(item, depth + 1, name) for item in content))
            case dict():
                return Fields(
                    {
                        clean_line(key, caps.MAX_NAME): self.value(item, depth + 1, name)
                        for key, item in content.items()
                        if is_name(key)
                    }
                )
        assert isinstance(content, Number | Opaque)
        return content
