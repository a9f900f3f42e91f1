"""The shapes that a network's declaration gives, and where each thing of it stands."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from grader.networks.counting.blocks import ParameterPlace, blocks_of, places
from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.equations.printing import written
from grader.networks.equations.tree import Parameter, walk


def sizes_in(table: NetworkTable) -> tuple[str, ...]:
    """Names of its sizes, sorted."""
    network = network_of(table)
    shapes = (*network.inputs.values(), *network.parameters.values(), *network.shapes.values())
    return tuple(sorted({name for shape in shapes for size in shape for name in size.names}))


@functools.lru_cache(maxsize=64)
def axes_in(table: NetworkTable, asked: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """What the axes of each field are; a vector is a column.

    Args:
        table: The network.
        asked: Names in it; none stands for all parameters that are vectors or matrices.
    """
    network = network_of(table)
    known = {**network.inputs, **network.shapes, **network.parameters}
    trained = (name for name in network.parameters if name not in network.start_arguments)
    names = asked or tuple(name for name in trained if known[name])
    return {name: (*map(str, known[name]), *("1",) * (2 - len(known[name]))) for name in names}


@functools.lru_cache(maxsize=64)
def uses(table: NetworkTable) -> Mapping[str, str]:
    """Where each parameter, variable and input stands: what its axes go with, not how long they are."""
    network = network_of(table)
    found = {name: f"{name} is an input." for name in network.inputs}
    for variable, start in network.start.items():
        for _, one in walk(start):
            if isinstance(one, Parameter) and one.name in network.parameters:
                found[one.name] = f"{one.name} is where {variable} starts."
    found |= {one.name: f"{one.name} is what its own equation gives." for one in network.equations}
    for equation in network.equations:
        for place in places(equation, network):
            found.setdefault(place.parameter, _use(place, equation.name))
    return found


def _use(place: ParameterPlace, variable: str) -> str:
    if place.product is None:
        return f"{place.parameter} is added in the equation of {variable}."
    product = written(place.product)
    if not place.is_matrix:
        return f"{place.parameter} stands entry by entry in {product}."
    return f"It has to fit into {product}, in the equation of {variable}."


def has_biases(table: NetworkTable) -> bool:
    """Whether the network has biases."""
    return any(block.role == "bias" for block in blocks_of(network_of(table)))
