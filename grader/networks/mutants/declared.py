"""Mistakes that are written as equations: an author's own, and another network of the exercise.

What such an equation differs in from the right one becomes edits as small as can be, so that these mistakes,
too, go together with others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from grader.networks.equations.declaration import MistakeTable
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.names import left_side
from grader.networks.equations.network import Equation, Network
from grader.networks.equations.printing import written
from grader.networks.equations.reader import Reader
from grader.networks.equations.tree import (
    ZERO,
    Node,
    Parameter,
    Path,
    Signal,
    children,
    transform,
    with_children,
)
from grader.networks.mutants.edit import Edit, given, renamed
from grader.networks.mutants.mutant import Addition, Mutant, apply
from grader.networks.mutants.wording import slug, variable


class Other(msgspec.Struct, frozen=True):
    """Another network, for which the network of a question may be mistaken.

    Args:
        name: What people call it: "jordan".
        network: Its equations, with the inputs of the question's network.
        own: Its parameters that have values of their own in the question.
    """

    name: str
    network: Network
    own: Collection[str] = ()

    def called(self, parameter: str) -> str:
        """The name of one of its own parameters, among those of the question."""
        return f"{parameter}_of_{slug(self.name).replace('-', '_')}"


def own_mistakes(network: Network) -> Iterator[Mutant]:
    """The mistakes that the author of a network has written as equations.

    Raises:
        NetworkError: If one of them cannot be read or computed; says which.
    """
    for table in network.mistakes:
        if bool(table.equations) == bool(table.mutant):
            raise NetworkError(
                f"mistake {table.id}: write the equations that it changes, or in mutant a general id"
            )
        if table.equations:
            try:
                mutant = _own_mistake(network, table)
                apply(network, mutant)
            except NetworkError as error:
                raise NetworkError(f"mistake {table.id}: {error}") from error
            yield mutant


def another_network(network: Network, other: Other) -> Iterator[Mutant]:
    """The other network computed in the place of this one; that earns nothing."""
    edits: list[Edit] = []
    added: list[Equation] = []
    for one in other.network.equations:
        one = replace(one, right_side=_with_own_parameters(one.right_side, network, other))
        if one.name in network.by_name:
            edits += differing(one.name, network.by_name[one.name].right_side, one.right_side)
        else:
            added.append(one)
    for asked, name in zip(network.output, other.network.output, strict=False):
        if asked not in other.network.by_name:
            edits.append(Edit(given(asked), (), "name", renamed(name)))
    if edits:
        yield Mutant(
            f"{slug(other.name)}-instead",
            f"Another network is computed, {other.name}: there {_difference(network, other)}.",
            tuple(edits),
            start=tuple(_starts(network, other)),
            addition=_addition(network, other, added),
            kind="network",
            earns_credit=False,
        )


def _own_mistake(network: Network, table: MistakeTable) -> Mutant:
    edits: list[Edit] = []
    static = {*network.parameters, *(one.name for one in network.equations if one.is_static)}
    signals = {*network.inputs, *(one.name for one in network.equations if not one.is_static)}
    for text in table.equations:
        name, is_static, at = left_side(text)
        if name not in network.by_name:
            raise NetworkError(f"{name} has no equation that could be changed")
        right = network.by_name[name]
        if right.is_static != is_static:
            raise NetworkError(f"{variable(network, name)} is what the right equation gives; write it so")
        wrong = Reader(text, static, signals, is_static).read_all(text[at:], at)
        edits += differing(name, right.right_side, wrong)
    if not edits:
        raise NetworkError("its equations are the right ones")
    return Mutant(table.id, table.message, tuple(edits), kind="declared")


def _with_own_parameters(right_side: Node, network: Network, other: Other) -> Node:
    def own(node: Node) -> Node:
        if isinstance(node, Parameter) and node.name in _own(network, other):
            return Parameter(other.called(node.name))
        return node

    return transform(right_side, own)


def _own(network: Network, other: Other) -> set[str]:
    """Parameters of the other network that are not this one's."""
    return {name for name in other.network.parameters if name in other.own or name not in network.parameters}


def _addition(network: Network, other: Other, added: list[Equation]) -> Addition:
    parameters = {other.called(name): other.network.parameters[name] for name in _own(network, other)}
    shapes: dict[str, Any] = {one.name: other.network.shapes[one.name] for one in added}
    return Addition(tuple(added), parameters, shapes | parameters)


def _starts(network: Network, other: Other) -> Iterator[tuple[str, Node]]:
    for name, value in other.network.start.items():
        if value not in (ZERO, network.start.get(name)):
            yield name, _with_own_parameters(value, network, other)


def _difference(network: Network, other: Other) -> str:
    """The first equation that is another."""
    for one in other.network.equations:
        right = network.by_name.get(one.name)
        if right is None or right.right_side != one.right_side:
            return f"{variable(other.network, one.name)} = {written(one.right_side)}"
    return f"{variable(other.network, other.network.output[0])} is the output"


def differing(equation: str, right: Node, wrong: Node) -> Iterator[Edit]:
    """The edits that make a right side into a wrong one."""
    yield from _differing(equation, (), right, wrong)


def _differing(equation: str, path: Path, right: Node, wrong: Node) -> Iterator[Edit]:
    if right == wrong:
        return
    if isinstance(wrong, Parameter | Signal) and _is_read_alike(right, wrong):
        yield Edit(equation, path, "name", renamed(wrong.name))
    elif _differs_inside(right, wrong):
        for i, (inner, other) in enumerate(zip(children(right), children(wrong), strict=True)):
            yield from _differing(equation, (*path, i), inner, other)
    else:
        yield Edit(equation, path, "replaced", lambda node: wrong)


def _is_read_alike(right: Node, wrong: Parameter | Signal) -> bool:
    """Whether one is read as the other is, by another name."""
    return isinstance(right, Parameter | Signal) and replace(right, name=wrong.name) == wrong


def _differs_inside(right: Node, wrong: Node) -> bool:
    """Whether two nodes differ only in what stands in them."""
    inside = children(wrong)
    return len(inside) == len(children(right)) > 0 and with_children(right, inside) == wrong
