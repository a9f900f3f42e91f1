"""Two mistakes made together where each changes right sides and nothing else: most pairs are such ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import replace

from grader.networks.equations.network import Equation, Network
from grader.networks.mutants.edit import Edit
from grader.networks.mutants.mutant import Mutant, reads_in_order
from grader.networks.mutants.rebuilding import changed_equation


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
