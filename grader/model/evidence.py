"""What a verdict rests on, and the facts that a report shows of it."""

from __future__ import annotations

import functools
import typing
from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

import msgspec

# How much is given away, least first. What goes with a verdict (missing, unreadable) is always shown; a
# counterexample shows what is wanted on one input; working shows how it is got.
Level: TypeAlias = Literal["verdict", "location", "counterexample", "working"]
LEVELS: tuple[Level, ...] = ("verdict", "location", "counterexample", "working")


class ShownFrom(msgspec.Struct, frozen=True):
    """Marks a field of `Evidence`: from which reveal level on a report shows it."""

    level: Level


LOCATION = ShownFrom("location")
"""Where something is right or wrong, and what was read: no wanted value."""
COUNTEREXAMPLE = ShownFrom("counterexample")
"""What is wanted, on one input."""
WORKING = ShownFrom("working")
"""How it is got."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the facts that a kind shows in its reports; field names are keys of the report's JSON.

    A field is `Annotated[T | UnsetType, LOCATION] = UNSET`, or of another level. One without a level is shown
    to nobody, so that a new fact cannot give an answer away unnoticed.
    """

    def facts(self, most: Level = "working") -> dict[str, Any]:
        """The facts that are set, as plain values, as far as `most` lets them be shown.

        Args:
            most: The highest level that may be shown.
        """
        allowed = LEVELS.index(most)
        return {
            name: _plain(value)
            for name, level in _levels(type(self)).items()
            if level <= allowed and (value := getattr(self, name)) is not msgspec.UNSET
        }

    def up_to(self, most: Level) -> Evidence:
        """The same evidence without what is shown from a higher level on only.

        Args:
            most: The highest level that may be shown.
        """
        allowed, levels = LEVELS.index(most), _levels(type(self))
        above = {name: msgspec.UNSET for name, level in levels.items() if level > allowed}
        return msgspec.structs.replace(self, **above)


class RecordedFacts(Evidence, frozen=True, kw_only=True):
    """Facts read back from the record of a report, which holds no more than could be shown when it was made.

    Args:
        plain: By name.
    """

    plain: dict[str, Any]

    def facts(self, most: Level = "working") -> dict[str, Any]:
        """All of them; none below the highest level, since a record does not say from which each is shown."""
        return self.plain if most == LEVELS[-1] else {}

    def up_to(self, most: Level) -> RecordedFacts:
        """The facts that may still be shown."""
        return RecordedFacts(plain=self.facts(most))


def facts(evidence: Iterable[Evidence]) -> dict[str, Any]:
    """The facts of several pieces of evidence together; where two have one name, the later counts.

    Args:
        evidence: From a judge and what explains its decision.
    """
    found: dict[str, Any] = {}
    for one in evidence:
        found |= one.facts()
    return found


TESTED_ON = "tested on "


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """What a verdict rests on.

    Args:
        points: On how many instances, steps or curves it was tested; None where it is decided exactly.
        of: What these are; for an exact decision, what it holds for. A length is that up to which all
            sequences of inputs were tried.
    """

    points: int | None = None
    of: Literal["answer", "inputs", "instance", "step", "curve", "length"] = "answer"

    @property
    def code(self) -> str:
        """As the report's JSON has it: "proved" or "tested on N"."""
        return "proved" if self.points is None else f"{TESTED_ON}{self.points}"


PROVED = Basis()
PROVED_FOR_ALL_INPUTS = Basis(of="inputs")


def tried_on(points: int, of: Literal["instance", "step", "curve", "length"] = "instance") -> Basis:
    """The basis of a verdict that was tested.

    Args:
        points: On how many.
        of: What they are.
    """
    return Basis(points=points, of=of)


def points_of_code(code: str) -> int | None:
    """How many inputs a verdict was tested on, None if it is proved: reads `Basis.code` back.

    Args:
        code: As the JSON of a report has it.

    Raises:
        ValueError: If it is no such code.
    """
    return None if code == PROVED.code else int(code.removeprefix(TESTED_ON))


@functools.cache
def _levels(kind: type[Evidence]) -> dict[str, int]:
    """The fields that may be shown, in their order, with the place of their level in `LEVELS`."""
    hints = typing.get_type_hints(kind, include_extras=True)
    marks = {name: getattr(hints[name], "__metadata__", ()) for name in kind.__struct_fields__}
    return {
        name: LEVELS.index(mark.level)
        for name, found in marks.items()
        for mark in found
        if isinstance(mark, ShownFrom)
    }


def _plain(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        fields = ((name, getattr(value, name)) for name in value.__struct_fields__)
        return {name: _plain(field) for name, field in fields if field is not msgspec.UNSET}
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
