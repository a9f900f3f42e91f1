"""One known mistake, or two made together: which there are, and what is said where they explain an answer."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated

import msgspec
import numpy as np
import numpy.typing as npt

from grader.model.evidence import LOCATION, Evidence
from grader.model.mistake import Identifiability, Mistake
from grader.model.outcome import Diagnosis, Feedback, Finding
from grader.networks.forward import CELL, CellChange, Network, Work
from grader.networks.mistakes import CATALOGUE, TWO_PLACES
from reference.cell import Cell

Mask = npt.NDArray[np.bool_]
MOST_TOGETHER = 2
# More is no help to a person; the evidence names all.
MOST_NAMED = 4


@dataclass(frozen=True)
class Combination:
    """One known mistake, or two made together, and what cell that makes.

    Args:
        mistakes: In the order of `CATALOGUE`.
        cell: What they compute: the right cell with all their changes made.
    """

    mistakes: tuple[Mistake[CellChange], ...]
    cell: Cell

    @property
    def id(self) -> str:
        """The ids, joined: "b-forgotten", "b-forgotten-and-c-forgotten"."""
        return "-and-".join(mistake.id for mistake in self.mistakes)

    @property
    def message(self) -> str:
        """What is wrong, to the student."""
        if len(self.mistakes) == 1:
            return self.mistakes[0].message
        return "Two mistakes together. " + " ".join(mistake.message for mistake in self.mistakes)


class Explanations(msgspec.Struct, frozen=True):
    """The combinations that explain an answer, as a report has them.

    Args:
        explanations: The ids of the mistakes in each.
        slip_credit: The share that the question gives for them.
    """

    explanations: tuple[tuple[str, ...], ...]
    slip_credit: str


class DiagnosisEvidence(Evidence, frozen=True, kw_only=True):
    """What the diagnosis rests on."""

    diagnosis: Annotated[Explanations, LOCATION]


@functools.lru_cache(maxsize=64)
def combinations(network: Network, work: Work, size: int, places: int) -> tuple[Combination, ...]:
    """Every way to make so many known mistakes at once.

    Args:
        network: The right network.
        work: Whether numbers are worked out by hand, or a function is written.
        size: 1 or 2.
        places: Decimal places that are kept by mistakes about rounding.
    """
    right = replace(CELL[network], places=places)
    known = [
        replace(one, message=one.message.replace(TWO_PLACES, f"{places} decimals"))
        for one in CATALOGUE
        if network in one.effect.networks and work in one.effect.work
    ]
    return tuple(
        Combination(
            chosen,
            replace(
                right, **{key: one.effect.settings[key] for one in chosen for key in one.effect.settings}
            ),
        )
        for chosen in _compatible(known, size)
    )


def finding(found: Sequence[Combination], credit: Fraction, earned: Fraction) -> Finding:
    """The combinations as diagnoses, and the credit.

    Args:
        found: The combinations that explain the answer, at least one; the answer does not tell them apart.
        credit: The share that the question gives for them, if every one of them earns it.
        earned: The share that the answer earns without it.
    """
    earns = all(mistake.effect.earns_credit for one in found for mistake in one.mistakes)
    explanations = Explanations(
        tuple(tuple(mistake.id for mistake in one.mistakes) for one in found),
        str(credit if earns else Fraction(0)),
    )
    return Finding(
        diagnoses=tuple(Diagnosis(one.id, one.message) for one in found[:MOST_NAMED]),
        fraction=credit if earns else None,
        feedback=(*_consistent_with(found), *(_credited(found, credit) if earns and credit > earned else ())),
        evidence=(DiagnosisEvidence(diagnosis=explanations),),
    )


def identifiability(
    known: Sequence[Combination], like: Callable[[int], Mask], like_right: Mask
) -> Identifiability:
    """Which combinations share an answer, and which share one with what is right.

    Args:
        known: K combinations.
        like: From the index of one of them to which of the K share an answer with it.
        like_right: Which of the K share an answer with what is right.
    """
    ids = [one.id for one in known]
    alike = {ids[k]: tuple(ids[m] for m in np.flatnonzero(like(k)) if m != k) for k in range(len(ids))}
    return Identifiability(alike, tuple(ids[k] for k in np.flatnonzero(like_right)))


def _compatible(known: Sequence[Mistake[CellChange]], size: int) -> Iterator[tuple[Mistake[CellChange], ...]]:
    for chosen in itertools.combinations(known, size):
        changed = [key for one in chosen for key in one.effect.settings]
        if len(set(changed)) == len(changed):
            yield chosen


def _consistent_with(found: Sequence[Combination]) -> tuple[Feedback, ...]:
    if len(found) == 1:
        return ()
    text = (
        f"Your answer is consistent with {len(found)} explanations, which this question cannot tell "
        f"apart. {'Look at each' if len(found) <= MOST_NAMED else f'{MOST_NAMED} of them are named'}."
    )
    return (Feedback("consistent-with", text),)


def _credited(found: Sequence[Combination], credit: Fraction) -> tuple[Feedback, ...]:
    mistakes = "One mistake explains" if len(found[0].mistakes) == 1 else "Two mistakes explain"
    text = f"{mistakes} the whole answer: it earns {credit} of the points, not only what is right in it."
    return (Feedback("slip-credit", text),)
