"""How an asked formula is compared: where, and with which wrong ones that have a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction

import msgspec

from grader.formula.points import Domain
from grader.formula.tree import Formula
from grader.model.mistake import Mistake


class WrittenMistake(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A wrong formula that is recognised.

    Args:
        field: Where it may be given.
        formula: What is given then, up to how it is written.
        mutant: In its place, of what a network is asked for, the id of a general mistake in it.
        id: Stable kebab-case word.
        message: What is wrong, to the student.
        credit: Share of the field's points.
    """

    field: str
    formula: str = ""
    mutant: str = ""
    id: str
    message: str
    credit: str = "0"


@dataclass(frozen=True)
class KnownFormula(Mistake[Formula]):
    """A wrong formula that is recognised, up to how it is written: the mistake's effect.

    Args:
        credit: Share of the field's points.
        rank: Of those that explain an answer the ones of the lowest rank are named: what the exercise's
            author has declared before what follows from equations, one mistake before two.
    """

    credit: Fraction = field(default=Fraction(0), kw_only=True)
    rank: int = field(default=0, kw_only=True)


def none_known(field: str) -> tuple[KnownFormula, ...]:
    """For a question without known mistakes."""
    return ()


class Comparing(msgspec.Struct, frozen=True):
    """How the formulas of one question are compared and explained.

    Args:
        domain: Where.
        seed: For the points of comparison.
        known: From a field's name to its wrong formulas that are recognised; asked of wrong answers only.
        asked_numbers: Plain numbers that fields ask for: no counterexample to another may tell one.
    """

    domain: Domain
    seed: int = 0
    known: Callable[[str], Iterable[KnownFormula]] = none_known
    asked_numbers: frozenset[Fraction] = frozenset()
