"""Options as people name them: by letter, by id, or by what the option says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from grader.answers.describe import describe
from grader.answers.look_alikes import plain_text
from grader.errors import Unreadable
from grader.model.text import joined
from grader.model.value import Flag, Items, Number, Text, Value

MARKED = re.compile(r"(?:(?:option|item)\s+)?\(?([a-z]|\d{1,2})\s?[).:]{0,2}", re.IGNORECASE)
MARK_AND_TEXT = re.compile(r"\(?([a-z]|\d{1,2})\s?[).:]{1,2}\s(.+)", re.IGNORECASE | re.DOTALL)
SEPARATORS = re.compile(r"[,;&]|->|→|>|<|\band\b")
MAX_CHARACTERS = 5000


class Labels(NamedTuple):
    """Options, or items to be matched, with what they may be called.

    Args:
        what: "option" or "item".
        texts: What each says, by id.
        marks: The letter or number of each, in the same order.
    """

    what: str
    texts: Mapping[str, str]
    marks: tuple[str, ...]

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
        value: A list, or a text such as "A, C" or "AC"; one option alone.
        labels: What there is to choose from.
        where: The field's name, for messages.

    Raises:
        Unreadable: If one names no option, or could mean more than one.
    """
    match value:
        case Items(items=items):
            return tuple(read_label(item, labels, where) for item in items)
        case Text(text=text) if not _meant(text, labels):
            plain = plain_text(text).strip().strip("[](){}")
            together = list(plain) if plain.isupper() and plain.isalpha() else SEPARATORS.split(plain)
            parts = [part.strip() for part in together if part.strip()]
            if len(parts) > 1 and len(text) <= MAX_CHARACTERS:
                return tuple(read_label(Text(part), labels, where) for part in parts)
    return (read_label(value, labels, where),)


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
    plain = " ".join(plain_text(written).split())
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
