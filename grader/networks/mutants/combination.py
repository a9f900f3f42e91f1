"""One known mistake, or two made together, and what is said where they explain an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated

import msgspec
import numpy as np
import numpy.typing as npt

from grader.model.evidence import LOCATION, Evidence
from grader.model.mistake import Identifiability
from grader.model.outcome import Diagnosis, Feedback, Finding
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Network
from grader.networks.mutants.mutant import Mutant, apply

Mask = npt.NDArray[np.bool_]
MOST_TOGETHER = 2
# More is no help to a person; the evidence names all.
MOST_NAMED = 4


@dataclass(frozen=True, eq=False)
class Combination:
    """Known mistakes that are made together.

    Args:
        mistakes: One, or two in the order in which they are listed.
        made: A network, and what they make of it, where that is known; it is asked for again and again.
    """

    mistakes: tuple[Mutant, ...]
    made: list[tuple[Network, Network | None]] = field(default_factory=list, repr=False)

    def made_in(self, network: Network) -> Network | None:
        """The network with these mistakes; None where they cannot be made together.

        Args:
            network: The right network.
        """
        if not (self.made and self.made[0][0] == network):
            try:
                self.made[:] = [(network, apply(network, *self.mistakes))]
            except NetworkError:
                self.made[:] = [(network, None)]
        return self.made[0][1]

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


def finding(found: Sequence[Combination], credit: Fraction, earned: Fraction) -> Finding:
    """The combinations as diagnoses, and the credit.

    Args:
        found: The combinations that explain the answer, at least one; the answer does not tell them apart.
        credit: The share that the question gives for them, if every one of them earns it.
        earned: The share that the answer earns without it.
    """
    earns = all(mistake.earns_credit for one in found for mistake in one.mistakes)
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
