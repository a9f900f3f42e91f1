"""Layers and directions: one in the place of another, left out, or with the weights of another."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from msgspec.structs import replace

from grader.networks.equations.network import Network
from grader.networks.equations.tree import At, Function, Node, Parameter, Signal, Sum, nodes
from grader.networks.mutants.edit import Change, Edit, edits_at, renamed
from grader.networks.mutants.mutant import Mutant
from grader.networks.mutants.reading import NodePlace, parent, places, reads, remembered, together
from grader.networks.mutants.wording import called, capital, listed, term, variable, where


def read_for_another(network: Network) -> Iterator[Mutant]:
    """The first layer's state where the second one's is meant; the forward states in both halves."""
    for one, other in _pairs(network):
        if network.shapes[one] == network.shapes[other]:
            for read, found in reads(network, lambda signal: signal.name == one).items():  # noqa: B023
                for place in found:
                    wrong = replace(read, name=other)
                    if place.equation != other or read.lag:
                        yield Mutant(
                            f"{place.equation}-{other}-for-{one}",
                            f"In {called(network, place.equation)}, {term(wrong)} stands where {term(read)} "
                            "is meant.",
                            edits_at([place], "name", renamed(other)),
                            kind="other-variable",
                            is_rare=bool(read.lag),
                        )


def left_out(network: Network) -> Iterator[Mutant]:
    """Zeros where the backward states are stacked: only one direction is run."""
    for place in _stacked(network):
        yield Mutant(
            f"{place.equation}-{place.node.name}-zero",
            f"Zeros stand in {called(network, place.equation)} where {term(place.node)} is meant.",
            edits_at([place], "presence", lambda node: Sum(((1, node), (-1, node)))),
            kind="drop-term",
        )


def last_throughout(network: Network) -> Iterator[Mutant]:
    """The last state of a direction at every step, one direction or all."""
    backwards = {name for group in network.groups if group.kind == "backward" for name in group.names}
    found = list(_stacked(network))
    for some in [[place] for place in found] + [found] * (len(found) > 1):
        ends = [f"{place.node.name}({'1' if place.node.name in backwards else 'T'})" for place in some]
        yield Mutant(
            f"{'-'.join(place.node.name for place in some)}-last-throughout",
            f"{listed(ends)} {'is' if len(some) == 1 else 'are'} used in "
            f"{where(network, [place.equation for place in some])} at every step; each step has its own.",
            tuple(
                Edit(place.equation, place.path, "step", _ending(place.node.name in backwards))
                for place in some
            ),
            kind="order",
        )


def goes_on(network: Network) -> Iterator[Mutant]:
    """The backward direction begins where the forward one has ended: a state that is not set back."""
    for group, other in itertools.permutations(network.groups, 2):
        if group.kind == "backward" and other.kind == "forward":
            for name, before in itertools.product(group.names, other.names):
                are_carried = {name, before} <= set(remembered(network))
                if are_carried and network.shapes[name] == network.shapes[before]:
                    yield Mutant(
                        f"{name}-goes-on-from-{before}",
                        f"{capital(called(network, name))} begins with the last {before}, {before}(T): the "
                        "state is set back between the directions.",
                        start=((name, At(before, "T")),),
                        kind="start",
                        is_rare=True,
                    )


def weights_of_another(network: Network) -> Iterator[Mutant]:
    """One direction with the weights of the other: all of them, one kind, or both exchanged."""
    for one, other in _pairs(network):
        own, others = _parameters(network, one), _parameters(network, other)
        shapes = [[network.parameters[name] for name in names] for names in (own, others)]
        if not own or set(own) & set(others) or shapes[0] != shapes[1]:
            continue
        pairs = list(zip(own, others, strict=True))
        for some in [pairs, *([pair] for pair in pairs if len(pairs) > 1)]:
            wrong, right = [b for _, b in some], [a for a, _ in some]
            yield Mutant(
                f"{'-'.join(wrong)}-for-{'-'.join(right)}",
                f"In {called(network, one)}, {listed(wrong)} {'stand' if len(some) > 1 else 'stands'} where "
                f"{listed(right)} {'are' if len(some) > 1 else 'is'} meant.",
                _renaming(network, one, dict(some)),
                kind="copied-parameter",
                is_rare=True,
            )
        if one < other:
            yield Mutant(
                f"parameters-{one}-{other}-exchanged",
                f"{variable(network, one)} and {variable(network, other)} use each other's parameters: "
                f"{listed(own)} belong to {variable(network, one)}, {listed(others)} to "
                f"{variable(network, other)}.",
                (
                    *_renaming(network, one, dict(pairs)),
                    *_renaming(network, other, {b: a for a, b in pairs}),
                ),
                kind="exchange-parameters",
            )


def _pairs(network: Network) -> Iterator[tuple[str, str]]:
    """Variables that are carried in loops of their own."""
    for one, other in itertools.permutations(remembered(network), 2):
        is_static = network.by_name[one].is_static or network.by_name[other].is_static
        if not is_static and not together(network, one, other):
            yield one, other


def _stacked(network: Network) -> Iterator[NodePlace]:
    """Where carried variables are stacked, at their own step."""
    known = remembered(network)
    for place in places(network, lambda node: isinstance(node, Signal)):
        above = parent(network, place)
        is_stacked = isinstance(above, Function) and above.name == "stack"
        if is_stacked and place.node.name in known and not place.node.lag:
            yield place


def _ending(is_backward: bool) -> Change:
    return lambda node: replace(node, pick="first" if is_backward else "last")


def _parameters(network: Network, equation: str) -> list[str]:
    """The parameters in an equation, in order."""
    found = (node.name for node in nodes(network.by_name[equation].right_side) if isinstance(node, Parameter))
    return [name for name in dict.fromkeys(found) if name in network.parameters]


def _renaming(network: Network, equation: str, names: dict[str, str]) -> tuple[Edit, ...]:
    def is_one(node: Node) -> bool:
        return isinstance(node, Parameter) and node.name in names

    return tuple(
        Edit(place.equation, place.path, "name", renamed(names[place.node.name]))
        for place in places(network, is_one)
        if place.equation == equation
    )


OPERATORS = (read_for_another, left_out, last_throughout, goes_on, weights_of_another)
