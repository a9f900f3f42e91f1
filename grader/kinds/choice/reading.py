"""Options as people name them: by letter, by id, or by what the option says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from grader.answers.describe import describe
from grader.answers.layouts import readings
from grader.answers.look_alikes import plain_text
from grader.answers.tables import read_table
from grader.errors import Unreadable
from grader.model.text import counted, joined
from grader.model.value import Array, Fields, Flag, Items, Number, Opaque, Text, Value

T = TypeVar("T")

MARKED = re.compile(r"(?:(?:option|item)\s+)?\(?([a-z]|\d{1,2})\s?[).:]{0,2}", re.IGNORECASE)
MARK_AND_TEXT = re.compile(r"\(?([a-z]|\d{1,2})\s?[).:]{1,2}\s(.+)", re.IGNORECASE | re.DOTALL)
SEPARATORS = re.compile(r"[,;&\n]|->|→|>|≥|\band\b")
DASHES = re.compile(r"\s+-\s+|(?<=^[A-Za-z])-|(?<=-[A-Za-z])-")
"""Between letters: A - B - C, A-B-C."""
NUMBERED = re.compile(r"(\d{1,2})\s?[.):]\s?(\S.*)", re.DOTALL)
LEFT_AND_RIGHT = re.compile(
    r"\(?(?P<left>\d{1,2}|[a-z]|\w{2,60})\)?(?:\s*(?:->|→|[-=:.>–])\s*|\s+)(?P<right>\S.*)"
    r"|(?P<number>\d{1,2})(?P<letter>[a-z])",
    re.IGNORECASE,
)
MAX_CHARACTERS = 5000
MOST_WORDS = 52
"""Words of a text that is read word by word: each of 26 options twice."""


class Labels(NamedTuple):
    """Options, or items to be matched, with what they may be called.

    Args:
        what: "option" or "item".
        texts: What each says, by id; for a picture, what is seen on it.
        marks: The letter or number of each, in the same order.
    """

    what: str
    texts: Mapping[str, str]
    marks: tuple[str, ...]

    @property
    def sign(self) -> str:
        """What the marks are: letters or numbers."""
        return "number" if self.what == "item" else "letter"

    def mark(self, id: str) -> str:
        """The letter or number under which one is shown."""
        return self.marks[list(self.texts).index(id)]


def read_label(value: Value, labels: Labels, where: str) -> str:
    """The id of the option that is meant.

    Args:
        value: Its letter, its id or its text; a list of one of them.
        labels: What there is to choose from.
        where: The field's name, for messages.

    Raises:
        Unreadable: If it names no option, or could mean more than one.
    """
    if isinstance(value, Items) and len(value.items) == 1:
        return read_label(value.items[0], labels, where)
    written = _written(value)
    found = _meant(written, labels) if written is not None else []
    if len(found) == 1:
        return found[0]
    marks = joined(labels.marks, " or ")
    if found:
        could = joined((labels.mark(id) for id in found), " or ")
        raise Unreadable(
            f"{describe(value)} could mean {could}", "give the letter alone", where, "ambiguous-choice"
        )
    message = f"{describe(value)} is no {labels.what} of this question"
    raise Unreadable(message, f"wanted {marks}, or the text of one", where, "not-a-choice")


def read_labels(value: Value, labels: Labels, where: str) -> tuple[str, ...]:
    """The ids of the options that are meant, in the order given.

    Args:
        value: A list, a set, or a dict by place; or a text such as "A, C" or "AC"; one option alone.
        labels: What there is to choose from.
        where: The field's name, for messages.

    Raises:
        Unreadable: If one names no option, or could mean more than one.
    """
    if isinstance(value, Fields):
        value = readings(value)[0]  # by place: {"1": "C", "2": "A"}
    match value:
        case Items(items=items):
            return tuple(read_label(item, labels, where) for item in items)
        case Opaque(members=members) if members:
            return tuple(read_label(Text(member), labels, where) for member in members)
        case Text(text=text) if len(text) <= MAX_CHARACTERS and not _meant(text, labels):
            parts = [word for part in _parts(text) for word in _words(part, labels)]
            if any(re.search("[<≤]", part) and not _meant(part, labels) for part in parts):
                hint = "put commas between them, what comes first in front"
                message = f"{describe(value)} may be in this order or from its end"
                raise Unreadable(message, hint, where, "ambiguous-choice")
            if len(parts) == 1:
                parts = [part.strip() for part in DASHES.split(parts[0])]
            numbered = [NUMBERED.fullmatch(part) for part in parts]
            if [one and one[1] for one in numbered] == [str(n) for n in range(1, len(parts) + 1)]:
                parts = [one[2] for one in numbered if one]  # "1. C, 2. A"
            if len(parts) > 1:
                return tuple(read_label(Text(part), labels, where) for part in parts)
    return (read_label(value, labels, where),)


def _parts(text: str) -> list[str]:
    """What stands between commas, arrows and their like; letters that are written together, each."""
    plain = plain_text(text).strip().strip("$[](){}")
    together = list(plain) if plain.isupper() and plain.isalpha() else SEPARATORS.split(plain)
    return [part.strip() for part in together if part.strip()]


def _words(part: str, labels: Labels) -> list[str]:
    """The words of "A B", where each of them names an option and all together do not."""
    words = part.split()
    if not 1 < len(words) <= MOST_WORDS or _meant(part, labels):
        return [part]
    return words if all(len(_meant(one, labels)) == 1 for one in words) else [part]


def read_given(
    value: Value, labels: Labels, where: str, read: Callable[[Value], T], wanted: str
) -> dict[str, T]:
    """What each option or item is given: by letter, number, id or text, or all in the order shown.

    Args:
        value: Names with what they are given, a list of all in order, of pairs, or either as a text.
        labels: The options or items.
        where: The field's name, for messages.
        read: Reads what one is given.
        wanted: What that is, for messages.

    Raises:
        Unreadable: If it cannot be read, or could mean two things.
    """
    found: list[dict[str, T]] = []
    faults: list[Unreadable] = []
    if isinstance(value, Array) and len(value.shape) == 1:
        value = Items(read_table(value, where).entries)
    for pairs in _readings(value, labels):
        try:
            one = _by_id(pairs, labels, where, read)
        except Unreadable as fault:
            faults.append(fault)
        else:
            found += [one] if one not in found else []
    if len(found) == 1:
        return found[0]
    hint = (
        f"a list of {len(labels.texts)}, {wanted} for each in the order shown, or each by its {labels.sign}: "
        f'{{"{labels.marks[0]}": ...}}'
    )
    if found:
        raise Unreadable(f"{describe(value)} could mean two things", hint, where, "ambiguous-choice")
    if faults:
        raise faults[0]
    if isinstance(value, Items):
        number = counted(len(value.items), "entry", "entries")
        raise Unreadable(f"{number} where {len(labels.texts)} were wanted", hint, where, "wrong-number")
    raise Unreadable(f"{describe(value)} where a list was wanted", hint, where, "not-a-list")


def read_true_ones(value: Value, labels: Labels, where: str) -> tuple[str, ...] | None:
    """The ids of the statements that are true, where only these are named: ["B", "D"], "B, D" or "BD".

    Args:
        value: As handed in.
        labels: The statements.
        where: The field's name, for messages.

    Returns:
        None where it is no list of statements, or could say yes or no of each: T, F, Y and N do.
    """
    is_set = isinstance(value, Opaque) and bool(value.members)
    if not is_set and not isinstance(value, (Items, Text)):
        return None
    try:
        named = read_labels(value, labels, where)
    except Unreadable:
        return None
    is_list = is_set or isinstance(value, Items) or len(named) > 1
    could_be_flags = all(labels.mark(id) in "TFYN" for id in named)
    return named if is_list and not could_be_flags and len(set(named)) == len(named) else None


def _readings(value: Value, labels: Labels) -> Iterator[list[tuple[Value, Value]]]:
    """All that the value could mean, as pairs of an option or item and what it is given."""
    ids = [Text(id) for id in labels.texts]
    match value:
        case Fields(fields=fields):
            yield [(Text(name), one) for name, one in fields.items()]
        case Items(items=items):
            if len(items) == len(ids):
                yield list(zip(ids, items, strict=True))
            if items and all(isinstance(one, Items) and len(one.items) == 2 for one in items):
                yield [(one.items[0], one.items[1]) for one in items if isinstance(one, Items)]
            matches = _matches(one.text for one in items if isinstance(one, Text))
            if items and len(matches) == len(items):
                yield _pairs(matches)
        case Text(text=text) if len(text) <= MAX_CHARACTERS:
            split = (re.split(r"[,;\n]", plain_text(text).strip()), plain_text(text).split())
            for parts in (_parts(text), *([part.strip() for part in one if part.strip()] for one in split)):
                if len(parts) == len(ids):
                    yield list(zip(ids, map(Text, parts), strict=True))
                matches = _matches(parts)
                if parts and len(matches) == len(parts):
                    yield _pairs(matches)
        case _ if len(ids) == 1:
            yield [(ids[0], value)]


def _matches(texts: Iterable[str]) -> list[re.Match[str]]:
    return [found for one in texts if (found := LEFT_AND_RIGHT.fullmatch(one))]


def _pairs(matches: list[re.Match[str]]) -> list[tuple[Value, Value]]:
    return [(Text(one["left"] or one["number"]), Text(one["right"] or one["letter"])) for one in matches]


def _by_id(
    pairs: list[tuple[Value, Value]], labels: Labels, where: str, read: Callable[[Value], T]
) -> dict[str, T]:
    found: dict[str, T] = {}
    for label, one in pairs:
        id = read_label(label, labels, where)
        if id in found:
            raise Unreadable(f"{labels.mark(id)} is given twice", "give each once", where, "given-twice")
        found[id] = read(one)
    return found


def looks_like_mark(text: str, labels: Labels) -> bool:
    """Whether a text is, or begins with, what could be taken for a letter that some option is shown under."""
    plain = " ".join(plain_text(text).split())
    found = MARKED.fullmatch(plain) or MARK_AND_TEXT.fullmatch(plain)
    return found is not None and found[1].upper() in labels.marks


def _written(value: Value) -> str | None:
    match value:
        case Text(text=text) if len(text) <= MAX_CHARACTERS:
            return text
        case Flag(value=flag):
            return str(flag)
        case Number(text=text):
            return text.removesuffix(".0")
    return None


def _meant(written: str, labels: Labels) -> list[str]:
    """All options that the words could mean; where one is written to the letter, that one text counts."""
    marks = {mark.casefold(): id for mark, id in zip(labels.marks, labels.texts, strict=True)}
    found = []
    plain = " ".join(plain_text(written).replace("**", "").split())
    if (marked := MARKED.fullmatch(plain)) and marked[1].casefold() in marks:
        found.append(marks[marked[1].casefold()])
    if not found and (both := MARK_AND_TEXT.fullmatch(plain)) and both[1].casefold() in marks:
        said = _by_text(both[2], labels)
        found += [marks[both[1].casefold()], *said] if said else []
    return list(dict.fromkeys([*found, *_by_text(written, labels)]))


def _by_text(written: str, labels: Labels) -> list[str]:
    exact = _spaced(written)
    same = [id for id, text in labels.texts.items() if exact in (id, _spaced(text))]
    loose = _spaced(written).casefold()
    alike = (id for id, text in labels.texts.items() if loose in (id.casefold(), _spaced(text).casefold()))
    return same or list(alike)


def _spaced(text: str) -> str:
    return " ".join(re.sub(r"[$`]|\*\*", "", plain_text(text)).split()).rstrip(".")
