"""What a known mistake is, which there are, and how two of them go together."""

from __future__ import annotations

import functools
import importlib
import itertools
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple, TypeAlias

from reference.cell import Cell

Network: TypeAlias = Literal["elman", "jordan"]
QuestionKind: TypeAlias = Literal["sequence", "behaviour"]
NETWORKS: tuple[Network, ...] = ("elman", "jordan")
KINDS: tuple[QuestionKind, ...] = ("sequence", "behaviour")
# What a message about rounding says of the usual number of places.
TWO_PLACES = "2 decimals"
RIGHT: dict[Network, Cell] = {"elman": Cell(), "jordan": Cell(fed_back="output")}


class Example(NamedTuple):
    """An answer to the sequence question of `grader.kinds.sequence.demonstration`, to 2 decimal places."""

    network: Network
    y: tuple[float, ...]


@dataclass(frozen=True)
class Misconception:
    """A known mistake.

    Args:
        id: Stable kebab-case word.
        change: The settings of `Cell` that it changes; two mistakes go together if they share none.
        message: Names the mistake, and gives no number of the key.
        shown_by: An answer that it explains.
        not_shown_by: A wrong answer that it does not explain.
        networks: Where it can be made.
        kinds: Where it is a mistake: working rounded to the asked places is none in a sequence.
        earns_credit: Whether the question's slip credit is given for it.
    """

    id: str
    change: Mapping[str, Any]
    message: str
    shown_by: Example
    not_shown_by: Example
    networks: tuple[Network, ...] = NETWORKS
    kinds: tuple[QuestionKind, ...] = KINDS
    earns_credit: bool = True


@dataclass(frozen=True)
class Explanation:
    """One known mistake, or two made together, and what cell that makes.

    Args:
        mistakes: In the order of the catalogue.
        cell: The right cell with all their changes.
    """

    mistakes: tuple[Misconception, ...]
    cell: Cell

    @property
    def id(self) -> str:
        """The ids, joined: "b-forgotten", "b-forgotten-and-c-forgotten"."""
        return "-and-".join(mistake.id for mistake in self.mistakes)

    @property
    def message(self) -> str:
        """What to tell the student."""
        if len(self.mistakes) == 1:
            return self.mistakes[0].message
        return "Two mistakes together. " + " ".join(mistake.message for mistake in self.mistakes)


@functools.cache
def catalogue() -> tuple[Misconception, ...]:
    """All known mistakes: the `MISCONCEPTIONS` of every module in `grader.networks.mistakes`."""
    from grader.networks import mistakes

    names = sorted(module.name for module in pkgutil.iter_modules(mistakes.__path__))
    modules = [importlib.import_module(f"{mistakes.__name__}.{name}") for name in names]
    return tuple(mistake for module in modules for mistake in module.MISCONCEPTIONS)


@functools.lru_cache(maxsize=64)
def explanations(network: Network, kind: QuestionKind, size: int, places: int) -> tuple[Explanation, ...]:
    """Every way to make so many known mistakes at once.

    Args:
        network: The right network.
        kind: The kind of question.
        size: 1 or 2.
        places: Decimal places that are kept by mistakes about rounding.
    """
    right = replace(RIGHT[network], places=places)
    known = [
        replace(one, message=one.message.replace(TWO_PLACES, f"{places} decimals"))
        for one in catalogue()
        if network in one.networks and kind in one.kinds
    ]
    return tuple(
        Explanation(chosen, replace(right, **{key: one.change[key] for one in chosen for key in one.change}))
        for chosen in _compatible(known, size)
    )


def _compatible(known: list[Misconception], size: int) -> Iterator[tuple[Misconception, ...]]:
    for chosen in itertools.combinations(known, size):
        changed = [key for one in chosen for key in one.change]
        if len(set(changed)) == len(changed):
            yield chosen
