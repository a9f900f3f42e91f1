"""One known mistake, or two made together, and the finding where they explain an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from grader.model.evidence import LOCATION, Evidence
from grader.model.mistake import Identifiability
from grader.model.outcome import Diagnosis, Feedback, Finding
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.names import FUNCTIONS
from grader.networks.equations.network import Equation, Network
from grader.networks.equations.printing import written
from grader.networks.equations.tree import Function, Node, Signal, nodes
from grader.networks.mutants.edit import Edit
from grader.networks.mutants.mutant import Mutant, apply, reads_in_order
from grader.networks.mutants.rebuilding import changed_equation

Mask = npt.NDArray[np.bool_]
MOST_TOGETHER = 2
# More is no help to a person; the evidence names all.
MOST_NAMED = 4


class Combination(msgspec.Struct, frozen=True, eq=False):
    """Known mistakes that are made together.

    Args:
        mistakes: One, or two in the order in which they are listed.
        made: A network, and the one that they make of it, once computed: it is asked for again and again.
        parts: Of a pair each mistake by itself, if known.
        changes: Of a single mistake a network, and the right sides that it changes there, once computed.
    """

    mistakes: tuple[Mutant, ...]
    made: list[tuple[Network, Network | None]] = []
    parts: tuple[Combination, ...] = ()
    changes: list[tuple[Network, RightSides | None]] = []

    def made_in(self, network: Network) -> Network | None:
        """The network with these mistakes; None where they cannot be made together.

        Args:
            network: The right network.
        """
        if not (self.made and (self.made[0][0] is network or self.made[0][0] == network)):
            try:
                self.made[:] = [(network, self._joined(network) or apply(network, *self.mistakes))]
            except NetworkError:
                self.made[:] = [(network, None)]
        return self.made[0][1]

    def _joined(self, network: Network) -> Network | None:
        """What a pair makes of a network, where that follows from what each makes of it."""
        changes = [one.changes_in(network) for one in self.parts]
        if len(changes) != 2 or changes[0] is None or changes[1] is None:
            return None
        return joined(network, changes[0], changes[1])

    def changes_in(self, network: Network) -> RightSides | None:
        """The right sides that one mistake changes in a network, where these are all that it changes.

        Args:
            network: The right network.
        """
        if not (self.changes and self.changes[0][0] is network):
            made = self.made_in(network)
            changes = None if made is None else right_sides(network, self.mistakes[0], made)
            self.changes[:] = [(network, changes)]
        return self.changes[0][1]

    def forget_pair(self) -> None:
        """Let go of the network that two mistakes make: of thousands few are asked for again."""
        if len(self.mistakes) > 1:
            self.made.clear()

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


def finding(found: Sequence[Combination], credit: Fraction, earned: Fraction, network: Network) -> Finding:
    """The combinations as diagnoses, and the credit.

    Args:
        found: The combinations that explain the answer, at least one; the answer does not tell them apart.
        credit: The share that the question gives for them, if every one of them earns it.
        earned: The share that the answer earns without it.
        network: The right network.
    """
    earns = all(mistake.earns_credit for one in found for mistake in one.mistakes)
    explanations = Explanations(
        tuple(tuple(mistake.id for mistake in one.mistakes) for one in found),
        str(credit if earns else Fraction(0)),
    )
    return Finding(
        diagnoses=tuple(Diagnosis(one.id, one.message) for one in found[:MOST_NAMED]),
        fraction=credit if earns else None,
        feedback=(
            *_consistent_with(found),
            *_side_by_side(found, network),
            *(_credited(found, credit) if earns and credit > earned else ()),
        ),
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


def _side_by_side(found: Sequence[Combination], network: Network) -> tuple[Feedback, ...]:
    """The equations that the answer comes from beside the right ones, where only one explanation is left."""
    made = found[0].made_in(network) if len(found) == 1 else None
    own = made and _pairs(network, made)
    if not own:
        return ()
    lines = [f"\n    yours:   {wrong}\n    wanted:  {right}" for right, wrong in own]
    text = f"Your answer follows from {'this equation' if len(own) == 1 else 'these equations'}:"
    return (Feedback("equation", text + "".join(lines), level="working"),)


def _pairs(network: Network, made: Network) -> list[tuple[str, str]]:
    """Right and changed equations; none where the mistake needs more than other right sides."""
    before, after = ({one.name: one for one in each.equations} for each in (network, made))
    if before.keys() != after.keys() or network.output != made.output or network.start != made.start:
        return []
    different = [name for name in before if before[name].right_side != after[name].right_side]
    if not all(_can_be_written(after[name].right_side) for name in different):
        return []
    pairs = [(_line(before[name]), _line(after[name])) for name in different]
    return [pair for pair in pairs if pair[0] != pair[1]]


def _can_be_written(right_side: Node) -> bool:
    """Whether it is an equation as a person would write it, without what only mistakes are made of."""
    return all(
        node.name in FUNCTIONS
        if isinstance(node, Function)
        else not (isinstance(node, Signal) and (node.edge or node.pick))
        for node in nodes(right_side)
    )


def _line(equation: Equation) -> str:
    left = equation.name if equation.is_static else f"{equation.name}(t)"
    return f"{left} = {written(equation.right_side)}"


def _credited(found: Sequence[Combination], credit: Fraction) -> tuple[Feedback, ...]:
    mistakes = "One mistake explains" if len(found[0].mistakes) == 1 else "Two mistakes explain"
    text = f"{mistakes} the whole answer: it earns {credit} of the points, not only what is right in it."
    return (Feedback("slip-credit", text),)


class RightSides(NamedTuple):
    """What a mistake makes of a network of which it changes right sides alone.

    Args:
        equations: Those with another right side, by their variables.
        edits: Of each of them.
    """

    equations: Mapping[str, Equation]
    edits: Mapping[str, tuple[Edit, ...]]


def right_sides(network: Network, mutant: Mutant, made: Network) -> RightSides | None:
    """What a mistake changes; None where it changes more than right sides, or the order of computing.

    Args:
        network: The right network.
        mutant: The mistake.
        made: The network with it.
    """
    edits: dict[str, tuple[Edit, ...]] = {}
    for edit in mutant.effect:
        edits[edit.equation] = (*edits.get(edit.equation, ()), edit)
    # An order that was worked out anew may be the same and still not that of a pair.
    keeps_order = made.groups is network.groups
    if mutant.start or not keeps_order or len(made.equations) != len(network.equations):
        return None
    equations = {
        other.name: other
        for one, other in zip(network.equations, made.equations, strict=True)
        if one is not other
    }
    is_all = equations.keys() == edits.keys() and made == replace(network, equations=made.equations)
    return RightSides(equations, edits) if is_all else None


def joined(network: Network, one: RightSides, other: RightSides) -> Network | None:
    """What `apply` makes of two such mistakes that go together; None where it must work that out.

    Args:
        network: The right network.
        one: What the first makes of it.
        other: What the second does.

    Raises:
        NetworkError: If they do not go together in an equation that both change.
    """
    changed = {**one.equations, **other.equations}
    for name in one.equations.keys() & other.equations.keys():
        right = network.by_name[name]
        made = changed_equation(right, (*one.edits[name], *other.edits[name]))
        needs_more = made.fed or made.reads_a_sum
        if needs_more or not reads_in_order(network, network.start, right, made.plain):
            return None
        changed[name] = made.plain
    return replace(network, equations=tuple([changed.get(each.name, each) for each in network.equations]))
