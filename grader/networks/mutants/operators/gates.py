"""Gates: 1 - z for z, two exchanged, one in another's place or coupled to it, a start bias added."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from msgspec.structs import replace

from grader.networks.equations.network import Network
from grader.networks.equations.tree import ONE, Function, Node, Parameter, Product, Signal, Sum, one_minus
from grader.networks.mutants.edit import Change, Edit, edits_at, renamed
from grader.networks.mutants.mutant import ANY_WORK, Mutant
from grader.networks.mutants.reading import NodePlace, activation_of, parent, places, remembered, together
from grader.networks.mutants.wording import called, capital, slug, term, whole


def complement(network: Network) -> Iterator[Mutant]:
    """`z` and `1 - z` are exchanged, everywhere."""
    known: list[Signal | Parameter] = [*map(Signal, network.by_name), *map(Parameter, network.parameters)]
    every = list(places(network, _is_one_minus))
    for read in known:
        ones = [place for place in every if place.node == one_minus(read)]
        if ones:
            inner = {(place.equation, (*place.path, 1)) for place in ones}
            plain = [place for place in places(network) if place.node == read and place[:2] not in inner]
            yield Mutant(
                f"{read.name}-complement",
                f"{_name(network, read)} and {whole(one_minus(read))} are exchanged.",
                edits_at(ones, "complement", _subtracted) + edits_at(plain, "complement", one_minus),
                kind="complement",
            )


def complement_at_one_place(network: Network) -> Iterator[Mutant]:
    """`z` where `1 - z` is meant, or the other way round."""
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
        is_used = one_minus(place.node) in used
        if (is_used or _are_gates(network, place.node.name)) and not (
            above is not None and _is_one_minus(above)
        ):
            yield Mutant(
                f"{place.equation}-one-minus-{place.node.name}",
                f"In {called(network, place.equation)}, {whole(one_minus(place.node))} stands where "
                f"{term(place.node)} is meant.",
                (Edit(place.equation, place.path, "complement", one_minus),),
                kind="complement",
                is_rare=not is_used,
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


def coupled(network: Network) -> Iterator[Mutant]:
    """`f = 1 - i`: one gate is taken as what another leaves, as in a coupled variant."""
    for total in places(network, lambda node: isinstance(node, Sum)):
        found = [gate for _, node in total.node.terms for gate in _gates_of(network, node)]
        for one, other in itertools.permutations(dict.fromkeys(found), 2):
            if network.shapes[one] == network.shapes[other]:
                yield Mutant(
                    f"{one}-coupled-to-{other}",
                    f"{capital(called(network, one))} is taken as {whole(one_minus(Signal(other)))}; "
                    "it has weights of its own.",
                    (Edit(one, (), "replaced", _coupled(other)),),
                    kind="coupled",
                )


def one_added(network: Network) -> Iterator[Mutant]:
    """One is added to the bias of a gate: its value before training, as some libraries add it."""
    for one in network.equations:
        is_gate = activation_of(one) == "sigmoid" and one.name not in network.output
        if is_gate and isinstance(one.right_side, Function) and isinstance(one.right_side.args[0], Sum):
            yield Mutant(
                f"{one.name}-plus-one",
                f"One is added before the sigmoid in {called(network, one.name)}: that is how a bias starts "
                "before training, and no part of the equation.",
                (Edit(one.name, (0,), "constant", _plus_one),),
                kind="constant",
                is_rare=True,
                work=frozenset({"as-code"}),
            )


def another(network: Network) -> Iterator[Mutant]:
    """`z(t)` where r(t) is meant, at one place."""
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
                    work=ANY_WORK if _are_gates(network, name, place.node.name) else frozenset({"as-code"}),
                )


def _name(network: Network, read: Signal | Parameter) -> str:
    return read.name if isinstance(read, Parameter) else capital(called(network, read.name))


def _gates_of(network: Network, product: Node) -> list[str]:
    """The gates that are factors of a term."""
    factors = product.factors if isinstance(product, Product) else ()
    return [
        one.name
        for one in factors
        if isinstance(one, Signal)
        and one.name in network.by_name
        and activation_of(network.by_name[one.name]) == "sigmoid"
    ]


def _are_gates(network: Network, *names: str) -> bool:
    """Whether variables weigh others: they go through the sigmoid, and nobody asks for them."""
    return all(
        activation_of(network.by_name[name]) == "sigmoid" and name not in network.output for name in names
    )


def _coupled(other: str) -> Change:
    return lambda node: one_minus(Signal(other))


def _plus_one(total: Node) -> Node:
    return Sum(((1, total), (1, ONE)))


def _values(network: Network) -> Iterator[NodePlace]:
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


def _subtracted(node: Sum) -> Node:
    return node.terms[1][1]


OPERATORS = (complement, complement_at_one_place, exchanged, coupled, one_added, another)
