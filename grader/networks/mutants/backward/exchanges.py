"""Two of something on the way back, each in the place of the other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from msgspec.structs import replace

from grader.networks.backward.names import AT_SUM, gradient_at
from grader.networks.equations.tree import Node, Parameter, Signal
from grader.networks.mutants.backward.context import BackwardPlace, Context, GradientMutant, renamed
from grader.networks.mutants.backward.wording import value_of


def exchanges(context: Context) -> Iterator[GradientMutant]:
    """All mistakes in which two of something take each other's place."""
    yield from _gradients(context)
    yield from _values(context)


def _gradients(context: Context) -> Iterator[GradientMutant]:
    """Two gradients of one shape, each for the other, wherever they are used."""
    names = [name for name in context.own if name.startswith(AT_SUM)]
    for one, other in itertools.combinations(names, 2):
        if context.backward.shapes[one] != context.backward.shapes[other]:
            continue
        places = list(
            context.places(
                lambda node: isinstance(node, Signal | Parameter) and node.name in (one, other)  # noqa: B023
            )
        )
        first, second = (value_of(context.right, name.removeprefix(AT_SUM)) for name in (one, other))
        text = f"The gradients at the sums inside {first} and {second} are exchanged."

        def change(node: Node, one: str = one, other: str = other) -> Node:
            assert isinstance(node, Signal | Parameter)
            return replace(node, name=other if node.name == one else one)

        yield from context.made(f"{one}-{other}-exchanged", text, context.changed(places, change))


def _values(context: Context) -> Iterator[GradientMutant]:
    """D_i reads i and d_g reads g, where d_i reads g and d_g reads i."""
    for one, other in itertools.combinations(context.network.by_name, 2):
        if context.network.shapes[one] != context.network.shapes[other]:
            continue
        places = [list(_reading(context, gradient_at(a), b)) for a, b in ((one, other), (other, one))]
        if all(places):
            changes = context.changed(places[0], renamed(one)) | context.changed(places[1], renamed(other))
            first, second = (value_of(context.right, name) for name in (one, other))
            text = (
                f"In the gradients at {first} and {second} the two are exchanged: {first} stands in that at "
                f"{first}, and {second} in that at {second}."
            )
            yield from context.made(f"{one}-{other}-by-themselves", text, changes)


def _reading(context: Context, equation: str, name: str) -> Iterator[BackwardPlace]:
    """Where an equation reads a variable at its own step."""
    read = Signal(name)
    places = context.places(lambda node: node == read, (equation,))
    return (place for place in places if place.equation == equation)
