"""One change at one place of an equation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec.structs import replace

from grader.networks.equations.faults import NetworkError
from grader.networks.equations.tree import Node, Path

if TYPE_CHECKING:
    from grader.networks.mutants.reading import NodePlace

Key: TypeAlias = tuple[Any, ...]
Change: TypeAlias = Callable[[Any], Node]
# What of a place an edit changes, in the order in which the edits of one place are made.
SLOTS = (
    "replaced",
    "name",
    "step",
    "signal",
    "kept",
    "complement",
    "matrix",
    "operation",
    "constant",
    "function",
    "outside",
    "scope",
    "sign",
    "presence",
    "activation",
    "piled-up",
    "digits",
)
# With these a whole part of the equation goes, and every edit inside it.
LOSING = ("replaced", "presence")
# Functions that only a mistake has: no activation at all, one made of straight lines, ways to drop digits.
NO_ACTIVATION = "identity"
HARD_TANH, HARD_SIGMOID = "hard tanh", "hard sigmoid"
DIGITS = ("rounded", "cut", "coarse")
# Ends of the names of values that are computed for a mistake alone.
BEFORE, FED, GIVEN = "_pre", "_fed", "_given"


class EditsCollideError(NetworkError):
    """An edit no longer fits what another has made of its place; what it was made for is not there."""


@dataclass(frozen=True)
class Edit:
    """One change at one place of a right equation.

    Args:
        equation: The variable whose equation it is; `given(v)` for what is handed in for v, which is v(t).
        path: Where in its right side.
        slot: What of the place it changes, one of `SLOTS`.
        change: From the node there, its children edited already, to what stands in its place.
        detail: Tells edits apart that go together though place and slot are the same.
    """

    equation: str
    path: Path
    slot: str
    change: Change = field(compare=False)
    detail: int = 0

    @property
    def key(self) -> Key:
        """Two edits with one key do not go together."""
        return (self.equation, self.path, self.slot, self.detail)

    @property
    def rank(self) -> tuple[int, int]:
        """When it is made among the edits of its place."""
        return (SLOTS.index(self.slot), self.detail)


def edits_at(places: Sequence[NodePlace], slot: str, change: Change) -> tuple[Edit, ...]:
    """The same change at several places."""
    return tuple(Edit(place.equation, place.path, slot, change) for place in places)


def given(variable: str) -> str:
    """The equation of what is handed in for a variable that is asked for."""
    return variable + GIVEN


def renamed(name: str) -> Change:
    """The change to another variable or parameter, read as the right one is."""
    return lambda node: replace(node, name=name)


def instead(wrong: Node) -> Change:
    """The change to something else altogether."""
    return lambda node: wrong
