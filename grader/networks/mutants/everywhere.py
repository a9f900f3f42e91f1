"""One mistake in all equations of one make: all gates without their biases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from grader.networks.equations.network import Network
from grader.networks.equations.tree import Function, MatrixProduct, Node, Parameter, Transpose, node_at
from grader.networks.mutants.edit import NO_ACTIVATION
from grader.networks.mutants.mutant import Mutant
from grader.networks.mutants.operators.activations import HALF_TANH
from grader.networks.mutants.operators.matrices import matrix_of, weights_of
from grader.networks.mutants.reading import activation_of, is_carried, remembered, together
from grader.networks.mutants.wording import NAMES, listed, slug, term, where

TWICE = "twice"


class EquationRole(NamedTuple):
    """What a mistake in one equation has in common with the same mistake in another.

    Args:
        kind: Of the mistake.
        part: What it changes: "bias", "recurrent", "input", or for an activation the right one.
        instead: For an activation the wrong one.
    """

    kind: str
    part: str
    instead: str = ""


def everywhere(network: Network, singles: Sequence[Mutant]) -> Iterator[Mutant]:
    """The mistakes that are made in every equation of a loop that has a place for them.

    Args:
        network: The right network.
        singles: Mistakes in one equation each.
    """
    found: dict[EquationRole, list[Mutant]] = {}
    for mutant in singles:
        role = _role(network, mutant)
        if role is not None:
            found.setdefault(role, []).append(mutant)
    for role, same in found.items():
        equations = [mutant.effect[0].equation for mutant in same]
        if len(set(equations)) < len(equations):
            continue
        yield from _in_all_layers(network, role, same)
        is_one_size = len({network.shapes[name] for name in equations}) == 1
        if len(same) > 1 and is_one_size and together(network, *equations):
            whole = _together(network, role, same)
            yield whole
            for some in _of_one_activation(network, same):
                part = _together(network, role, some)
                names = "-".join(mutant.effect[0].equation for mutant in some)
                yield replace(part, id=f"{whole.id}-in-{names}", is_rare=True)


def _in_all_layers(network: Network, role: EquationRole, same: Sequence[Mutant]) -> Iterator[Mutant]:
    """The mistake in everything carried from step to step in several loops, and in other equations too."""
    known = remembered(network)
    carried = [mutant for mutant in same if mutant.effect[0].equation in known]
    loops = {
        k
        for k, group in enumerate(network.groups)
        for mutant in carried
        if mutant.effect[0].equation in group.names
    }
    if len(loops) > 1 and role.instead != HALF_TANH:
        whole = _together(network, role, carried)
        yield replace(whole, id=f"{whole.id}-in-all-layers")
        if len(same) > len(carried):
            yield _together(network, role, same)


def _together(network: Network, role: EquationRole, same: Sequence[Mutant]) -> Mutant:
    return Mutant(
        f"all-{role.kind}-{slug(role.part)}" + (f"-{role.instead}" if role.instead else ""),
        _message(network, role, same),
        tuple(mutant.effect[0] for mutant in same),
        kind=role.kind,
        work=same[0].work,
        is_rare=same[0].is_rare,
    )


def _of_one_activation(network: Network, same: Sequence[Mutant]) -> Iterator[list[Mutant]]:
    """Those of the gates, where other equations have another activation."""
    by_activation: dict[str, list[Mutant]] = {}
    for mutant in same:
        activation = activation_of(network.by_name[mutant.effect[0].equation])
        by_activation.setdefault(activation, []).append(mutant)
    for some in by_activation.values():
        if 1 < len(some) < len(same):
            yield some


def _role(network: Network, mutant: Mutant) -> EquationRole | None:
    if len(mutant.effect) != 1 or mutant.start or mutant.effect[0].equation not in network.by_name:
        return None
    node = _node(network, mutant)
    if mutant.kind in ("drop-term", "sign", "twice"):
        if isinstance(node, Parameter):
            return EquationRole(mutant.kind, "bias")
        if isinstance(node, MatrixProduct):
            return EquationRole(mutant.kind, "recurrent" if is_carried(network, node) else "input")
    if mutant.kind in ("transpose", "diagonal", "drop-matrix"):
        return EquationRole(mutant.kind, "recurrent" if is_carried(network, node) else "forward")
    if mutant.kind == "activation" and not mutant.effect[0].path and isinstance(node, Function):
        changed = mutant.effect[0].change(node)
        if isinstance(changed, Function) and len(changed.args) == 1 and changed.args == node.args:
            return EquationRole(mutant.kind, node.name, changed.name)
        if changed == Function(node.name, (node,)):
            return EquationRole(mutant.kind, node.name, TWICE)
    return None


def _message(network: Network, role: EquationRole, same: Sequence[Mutant]) -> str:
    places = where(network, [mutant.effect[0].equation for mutant in same])
    nodes = [_node(network, mutant) for mutant in same]
    terms = listed(term(node) for node in nodes)
    match role.kind:
        case "drop-term":
            belong = "the biases are added" if role.part == "bias" else "they belong"
            return f"{terms} are left out: {belong} in {places}."
        case "twice":
            return f"{terms} are counted twice in {places}."
        case "sign":
            return f"{terms} have the wrong sign in {places}."
        case "transpose":
            is_transposed = isinstance(weights_of(nodes[0]), Transpose)
            how = "used without their transposes" if is_transposed else "transposed"
            return f"{_matrices(nodes)} are {how} in {places}."
        case "drop-matrix":
            return f"{_matrices(nodes)} are left out of {places}: nothing multiplies what is fed back."
        case "diagonal":
            return f"Only the diagonals of {_matrices(nodes)} are used in {places}."
    if role.instead == TWICE:
        return f"{places} go through {NAMES[role.part]} twice."
    if role.instead == NO_ACTIVATION:
        return f"{places} have no activation; they go through {NAMES[role.part]}."
    wrong = NAMES.get(role.instead, role.instead)
    return f"{places} go through {wrong}; their activation is {NAMES[role.part]}."


def _matrices(nodes: Sequence[Node]) -> str:
    return listed(matrix.name for matrix in map(matrix_of, nodes) if matrix is not None)


def _node(network: Network, mutant: Mutant) -> Any:
    edit = mutant.effect[0]
    return node_at(network.by_name[edit.equation].right_side, edit.path)
