"""Gates: 1 - z for z, two variables exchanged, one in the place of another."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from grader.networks.equations.network import Network
from grader.networks.equations.tree import ONE, Node, Signal, Sum
from grader.networks.mutants.edit import Edit, renamed
from grader.networks.mutants.mutant import Mutant
from grader.networks.mutants.reading import Place, activation_of, parent, places, remembered, together
from grader.networks.mutants.wording import called, capital, slug, term


def complement(network: Network) -> Iterator[Mutant]:
    """Z and 1 - z are exchanged, everywhere."""
    for name in network.by_name:
        read = Signal(name)
        ones = [place for place in places(network) if place.node == _one_minus(read)]
        inner = {(place.equation, (*place.path, 1)) for place in ones}
        plain = [place for place in places(network) if place.node == read and place[:2] not in inner]
        if ones:
            yield Mutant(
                f"{name}-complement",
                f"{capital(called(network, name))} and {term(_one_minus(read))} are exchanged.",
                (
                    *(Edit(place.equation, place.path, "complement", _subtracted) for place in ones),
                    *(Edit(place.equation, place.path, "complement", _one_minus) for place in plain),
                ),
                kind="complement",
            )


def complement_at_one_place(network: Network) -> Iterator[Mutant]:
    """Z where 1 - z is meant, or the other way round."""
    for place in places(network, _is_one_minus):
        if place.path:
            yield Mutant(
                f"{place.equation}-{slug(term(place.node))}-plain",
                f"In {called(network, place.equation)}, {term(_subtracted(place.node))} stands where "
                f"{term(place.node)} is meant.",
                (Edit(place.equation, place.path, "complement", _subtracted),),
                kind="complement",
            )
    used = {place.node for place in places(network, _is_one_minus)}
    for place in _values(network):
        above = parent(network, place)
        if _one_minus(place.node) in used and not (above is not None and _is_one_minus(above)):
            yield Mutant(
                f"{place.equation}-one-minus-{place.node.name}",
                f"In {called(network, place.equation)}, {term(_one_minus(place.node))[1:-1]} stands where "
                f"{term(place.node)} is meant.",
                (Edit(place.equation, place.path, "complement", _one_minus),),
                kind="complement",
            )


def exchanged(network: Network) -> Iterator[Mutant]:
    """The input gate and the forget gate are exchanged wherever they are used."""
    known = remembered(network)
    used = {place.node.name for place in _values(network)}
    gates = [
        one.name for one in network.equations if activation_of(one) and not one.is_static and one.name in used
    ]
    for one, other in itertools.combinations([name for name in gates if name not in known], 2):
        activations = {activation_of(network.by_name[name]) for name in (one, other)}
        if network.shapes[one] == network.shapes[other] and len(activations) == 1:
            yield Mutant(
                f"{one}-{other}-exchanged",
                f"{capital(called(network, one))} and {called(network, other)} are exchanged.",
                tuple(
                    Edit(
                        place.equation, place.path, "name", renamed(other if place.node.name == one else one)
                    )
                    for place in places(network, lambda node: isinstance(node, Signal))
                    if place.node.name in (one, other)
                ),
                kind="exchange-variables",
            )


def another(network: Network) -> Iterator[Mutant]:
    """Z(t) where r(t) is meant, at one place."""
    for place in _values(network):
        for name, one in network.by_name.items():
            is_other = name not in (place.node.name, place.equation) and not one.is_static
            fits = network.shapes[name] == network.shapes[place.node.name] and network.shapes[name]
            if is_other and fits and together(network, name, place.equation):
                yield Mutant(
                    f"{place.equation}-{name}-for-{place.node.name}",
                    f"In {called(network, place.equation)}, {term(replace(place.node, name=name))} stands "
                    f"where {term(place.node)} is meant.",
                    (Edit(place.equation, place.path, "name", renamed(name)),),
                    kind="other-variable",
                    work=frozenset({"as-code"}),
                )


def _values(network: Network) -> Iterator[Place]:
    """Variables that are read at their own step."""
    own = network.by_name
    return places(
        network,
        lambda node: (
            isinstance(node, Signal)
            and node.lag == 0
            and node.name in own
            and bool(network.shapes[node.name])
        ),
    )


def _is_one_minus(node: Node) -> bool:
    return (
        isinstance(node, Sum)
        and len(node.terms) == 2
        and node.terms[0] == (1, ONE)
        and node.terms[1][0] == -1
    )


def _one_minus(node: Node) -> Node:
    return Sum(((1, ONE), (-1, node)))


def _subtracted(node: Sum) -> Node:
    return node.terms[1][1]


OPERATORS = (complement, complement_at_one_place, exchanged, another)
