"""Parameters: two exchanged, one copied, gates or parts of a packed one in another order."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from grader.networks.equations.network import Network
from grader.networks.equations.tree import Function, MatrixProduct, Node, Parameter, Sum, Transpose, transform
from grader.networks.mutants.edit import Change, Edit, renamed
from grader.networks.mutants.mutant import Mutant
from grader.networks.mutants.reading import (
    ACTIVATIONS,
    NodePlace,
    activation_of,
    is_carried,
    parent,
    places,
    together,
)
from grader.networks.mutants.wording import called, capital, listed, slug, term, variable, where


def two_exchanged(network: Network) -> Iterator[Mutant]:
    """Two parameters are exchanged; of biases of other sizes one entry is taken for all, or the first."""
    uses = uses_of_parameters(network)
    for one, other in itertools.combinations(network.parameters, 2):
        shapes = network.parameters[one], network.parameters[other]
        if not all(shapes) or not (uses[one] and uses[other]) or len(shapes[0]) != len(shapes[1]):
            continue
        if shapes[0] == shapes[1] or len(shapes[0]) == 1:
            fits = shapes[0] == shapes[1]
            homes = [where(network, [place.equation for place in uses[name]]) for name in (one, other)]
            yield Mutant(
                f"{slug(one)}-{slug(other)}-exchanged",
                f"{one} and {other} are exchanged: {one} belongs to {homes[0]}, {other} to {homes[1]}.",
                tuple(
                    Edit(place.equation, place.path, "name", renamed(name) if fits else _fitted(name))
                    for name, found in ((other, uses[one]), (one, uses[other]))
                    for place in found
                ),
                kind="exchange-parameters",
            )


def parts_exchanged(network: Network) -> Iterator[Mutant]:
    """Parts 1 and 2 of packed gates are exchanged."""
    packed: dict[tuple[Node, int], list[NodePlace]] = {}
    for place in places(network, lambda node: isinstance(node, Function) and node.name == "part"):
        packed.setdefault((place.node.args[0], place.node.of), []).append(place)
    for (whole, _), found in packed.items():
        for one, other in itertools.combinations(sorted({place.node.part for place in found}), 2):
            yield Mutant(
                f"{slug(term(whole))}-parts-{one}-{other}-exchanged",
                f"Parts {one} and {other} of {term(whole)} are exchanged.",
                tuple(
                    Edit(place.equation, place.path, "name", _part(other if place.node.part == one else one))
                    for place in found
                    if place.node.part in (one, other)
                ),
                kind="exchange-parts",
            )


def order_of_a_stack(network: Network) -> Iterator[Mutant]:
    """`h` before x where x is stacked before h."""
    for place in places(network, lambda node: isinstance(node, Function) and node.name == "stack"):
        if len(place.node.args) == 2:
            first, second = place.node.args
            yield Mutant(
                f"{place.equation}-stack-order",
                f"In {called(network, place.equation)}, {term(second)} is put before {term(first)}; the "
                f"order is {term(place.node).removeprefix('stack')}.",
                (
                    Edit(
                        place.equation,
                        place.path,
                        "function",
                        lambda node: replace(node, args=node.args[::-1]),
                    ),
                ),
                kind="order",
            )


def all_of_two_equations(network: Network) -> Iterator[Mutant]:
    """The output gate and the candidate use each other's weights: the order of packed gates."""
    makes, uses = {one.name: make(one.right_side) for one in network.equations}, uses_of_parameters(network)
    for one, other in itertools.combinations(network.by_name, 2):
        (form, own), (other_form, others) = makes[one], makes[other]
        activations = {activation_of(network.by_name[name]) for name in (one, other)} - {""}
        fits = all(
            network.parameters.get(a) == network.parameters.get(b) for a, b in zip(own, others, strict=False)
        )
        if form == other_form and own and not set(own) & set(others) and fits and len(activations) == 2:
            names = dict(zip(own, others, strict=True)) | dict(zip(others, own, strict=True))
            yield Mutant(
                f"parameters-{one}-{other}-exchanged",
                f"{capital(called(network, one))} and {called(network, other)} use each other's parameters: "
                f"{', '.join(own)} belong to {variable(network, one)}, {', '.join(others)} to "
                f"{variable(network, other)}.",
                tuple(
                    Edit(place.equation, place.path, "name", renamed(names[place.node.name]))
                    for name in names
                    for place in uses[name]
                ),
                kind="exchange-parameters",
            )


def order_of_the_gates(network: Network) -> Iterator[Mutant]:
    """Three or more equations use each other's parameters: packed gates in the order of another library."""
    uses = uses_of_parameters(network)
    for names in _of_one_make(network):
        own = {name: make(network.by_name[name].right_side)[1] for name in names}
        for others in itertools.permutations(names):
            moved = {name: other for name, other in zip(names, others, strict=True) if name != other}
            if len(moved) > 2:
                to = {
                    a: b for name, other in moved.items() for a, b in zip(own[name], own[other], strict=True)
                }
                yield Mutant(
                    f"parameters-{'-'.join(names)}-as-{'-'.join(others)}",
                    f"The parameters are in another order: {_uses_of(network, moved)}.",
                    tuple(
                        Edit(place.equation, place.path, "name", renamed(to[place.node.name]))
                        for name in to
                        for place in uses[name]
                    ),
                    kind="exchange-parameters",
                    work=frozenset({"as-code"}),
                    is_rare=True,
                )


def copied(network: Network) -> Iterator[Mutant]:
    """One equation's bias in another: a line that was copied; in one, or in all of one activation."""
    uses = uses_of_parameters(network)
    for names in _of_one_make(network):
        own = {name: make(network.by_name[name].right_side)[1] for name in names}
        for source, k in itertools.product(names, range(len(own[names[0]]))):
            others = [name for name in names if name != source]
            alike = [
                name
                for name in others
                if activation_of(network.by_name[name]) == activation_of(network.by_name[source])
            ]
            for some in dict.fromkeys([*((name,) for name in others), tuple(alike), tuple(others)]):
                wrong, right = own[source][k], [own[name][k] for name in some]
                if some and wrong not in right:
                    yield Mutant(
                        f"{slug(wrong)}-for-{'-'.join(map(slug, right))}",
                        f"{wrong} is used in {where(network, some)} where {listed(right)} "
                        f"{'is' if len(right) == 1 else 'are'} meant.",
                        tuple(
                            Edit(place.equation, place.path, "name", renamed(wrong))
                            for name, parameter in zip(some, right, strict=True)
                            for place in uses[parameter]
                            if place.equation == name
                        ),
                        kind="copied-parameter",
                        is_rare=True,
                        work=frozenset({"as-code"}),
                    )


def copied_from_another_make(network: Network) -> Iterator[Mutant]:
    """The bias of a gate in the candidate, whose equation is of another make; or a matrix of the same use."""
    found = list(_roles(network))
    makes = {one.name: make(one.right_side)[0] for one in network.equations}
    for (place, role), (other, other_role) in itertools.permutations(found, 2):
        is_copy = role == other_role and place.node != other.node and place.equation != other.equation
        is_new = makes[place.equation] != makes[other.equation]
        if is_copy and is_new and together(network, place.equation, other.equation):
            wrong, right = other.node.name, place.node.name
            yield Mutant(
                f"{slug(wrong)}-for-{slug(right)}-in-{place.equation}",
                f"{wrong} is used in {called(network, place.equation)} where {right} is meant.",
                (Edit(place.equation, place.path, "name", renamed(wrong)),),
                kind="copied-parameter",
                is_rare=True,
                work=frozenset({"as-code"}),
            )


def _roles(network: Network) -> Iterator[tuple[NodePlace, tuple[Any, ...]]]:
    """Every use of a parameter, its shape, and what it is used for: a bias, for inputs, for states."""
    for place in _all_uses(network):
        above = parent(network, place)
        if isinstance(above, Transpose):
            above = parent(network, place._replace(path=place.path[:-1]))
        shape = network.parameters[place.node.name]
        if len(shape) == 1 and isinstance(above, Sum):
            yield place, (shape, "bias")
        if len(shape) == 2 and isinstance(above, MatrixProduct):
            yield place, (shape, is_carried(network, above))


def _all_uses(network: Network) -> Iterator[NodePlace]:
    return places(network, lambda node: isinstance(node, Parameter) and node.name in network.parameters)


def _of_one_make(network: Network) -> list[list[str]]:
    """Variables of one loop whose equations differ in parameters and activations alone."""
    found: dict[tuple[Any, ...], list[str]] = {}
    for name, one in network.by_name.items():
        form, own = make(one.right_side)
        group = next(group.names for group in network.groups if name in group.names)
        shapes = tuple(network.parameters.get(parameter) for parameter in own)
        if own and None not in shapes:
            found.setdefault((form, shapes, group), []).append(name)
    return [names for names in found.values() if len(names) > 1]


def _uses_of(network: Network, moved: Mapping[str, str]) -> str:
    return listed(
        f"{variable(network, name)} uses those of {variable(network, other)}" for name, other in moved.items()
    )


def make(right_side: Node) -> tuple[Node, Sequence[str]]:
    """An equation without the names of its parameters and activations, and these parameters."""
    names: list[str] = []

    def anonymous(node: Node) -> Node:
        if isinstance(node, Parameter):
            names.append(node.name)
            return Parameter(f"#{len(names)}")
        if isinstance(node, Function) and node.name in ACTIVATIONS:
            return replace(node, name="activation")
        return node

    return transform(right_side, anonymous), names


def uses_of_parameters(network: Network) -> dict[str, list[NodePlace]]:
    """Where each parameter stands.

    Args:
        network: Of them.
    """
    found: dict[str, list[NodePlace]] = {name: [] for name in network.parameters}
    for place in _all_uses(network):
        found[place.node.name].append(place)
    return found


def _fitted(name: str) -> Change:
    return lambda node: Function("fitted", (Parameter(name), node))


def _part(number: int) -> Change:
    return lambda node: replace(node, part=number)


OPERATORS = (
    two_exchanged,
    parts_exchanged,
    order_of_a_stack,
    all_of_two_equations,
    order_of_the_gates,
    copied,
    copied_from_another_make,
)
