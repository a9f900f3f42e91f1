"""What an operator on a backward pass works with, and what it makes."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from grader.model.mistake import Mistake
from grader.networks.backward.adjoint import BackwardPass
from grader.networks.backward.loss import Loss, free_name
from grader.networks.backward.slopes import SLOPES
from grader.networks.equations.network import Equation, Network
from grader.networks.equations.order import order
from grader.networks.equations.tree import (
    Function,
    Node,
    Over,
    Parameter,
    Path,
    Signal,
    Sum,
    replaced_at,
    signals_of,
    walk,
)
from grader.networks.identity import Identical
from grader.networks.mutants.edit import Change

ACTIVATIONS = {"tanh": "tanh", "sigmoid": "the sigmoid", "relu": "ReLU"}


class WrongPasses(msgspec.Struct, frozen=True, eq=False):
    """How gradients come out with a mistake.

    Args:
        forward: The forward pass that is made.
        backward: The equations that are worked out for its values.
        reach: How many steps an error goes back; None for all.
        chunk: Length of pieces of sequences between which no error goes; None for one piece.
    """

    forward: Network
    backward: Network
    reach: int | None = None
    chunk: int | None = None

    @property
    def is_truncated(self) -> bool:
        """Whether errors stop on their way back."""
        return self.reach is not None or self.chunk is not None


@dataclass(frozen=True)
class GradientMutant(Mistake[WrongPasses]):
    """A mistake in gradients; its id is stable while the equations stay.

    Args:
        has_kept_name: Whether id and message stand in a table, for a network or of an author.
    """

    has_kept_name: bool = False


class Context(msgspec.Struct, frozen=True, eq=False):
    """The right passes, and names for what operators refer to.

    Args:
        right: The backward pass.
        forward: The network with a variable of its own for each sum inside an activation.
        backward: The backward pass, which may read these sums.
        sums: Name of the sum inside a variable's activation.
        own: The backward equations by name.
    """

    right: BackwardPass
    forward: Network
    backward: Network
    sums: Mapping[str, str]
    own: Mapping[str, Equation] = {}

    @property
    def network(self) -> Network:
        """The network whose gradients are asked."""
        return self.right.forward

    @property
    def loss(self) -> Loss:
        """What they are the gradients of."""
        return self.right.loss

    def activation(self, variable: str) -> str:
        """Name of the function around a variable's equation; empty where there is none."""
        right = self.network.by_name[variable].right_side
        return right.name if isinstance(right, Function) and right.name in SLOPES else ""

    def made(
        self, id: str, message: str, changes: Mapping[str, Node], forward: Network | None = None
    ) -> Iterator[GradientMutant]:
        """The mutant with other right sides; none where nothing changes."""
        changed = {name: node for name, node in changes.items() if node != self.own[name].right_side}
        if message.startswith(("the ", "what ")):
            message = message[0].upper() + message[1:]
        if changed or forward is not None:
            effect = WrongPasses(forward or self.forward, with_changes(self.backward, changed))
            yield GradientMutant(id.rstrip("-"), message, effect)

    def places(self, fits: Callable[[Node], bool], names: tuple[str, ...] = ()) -> Iterator[BackwardPlace]:
        """Where a node stands in the equations whose names begin so."""
        for name, equation in self.own.items():
            if not names or name.startswith(names):
                for path, node in walk(equation.right_side):
                    if fits(node):
                        yield BackwardPlace(name, path, node)

    def changed(self, places: list[BackwardPlace], change: Callable[[Node], Node]) -> dict[str, Node]:
        """The right sides with each of these places changed."""
        found: dict[str, Node] = {}
        for place in sorted(places, key=lambda one: -len(one.path)):
            before = found.get(place.equation, self.own[place.equation].right_side)
            found[place.equation] = replaced_at(before, place.path, change(place.node))
        return found

    def gradients_in(self, node: Node) -> list[str]:
        """The names of what is on the way back of which some step is read in it."""
        return [one.name for one in signals_of(node) if one.name in self.own]

    def is_later(self, node: Node) -> bool:
        """Whether a gradient of another step stands in it."""
        return any(one.lag and one.name in self.own for one in signals_of(node))


class BackwardPlace(msgspec.Struct, frozen=True):
    """A node of a backward equation."""

    equation: str
    path: Path
    node: Node


def with_changes(network: Network, changes: Mapping[str, Node]) -> Network:
    """The network with other right sides; the order in which it is computed is left to the caller."""
    equations = tuple(
        replace(one, right_side=changes[one.name]) if one.name in changes else one
        for one in network.equations
    )
    return replace(network, equations=equations)


def with_sums(network: Network) -> tuple[Network, dict[str, str]]:
    """The network with a variable for each sum inside an activation, and the names of these."""
    equations, shapes, names = [], dict(network.shapes), {}
    for one in network.equations:
        right = one.right_side
        if one.is_static or not (isinstance(right, Function) and right.name in SLOPES):
            equations.append(one)
            continue
        name = names[one.name] = free_name(f"{one.name}_sum", network)
        shapes[name] = shapes[one.name]
        equations += [
            Equation(name, right.args[0]),
            replace(one, right_side=replace(right, args=(Signal(name),))),
        ]
    made = replace(network, equations=tuple(equations), shapes=shapes)
    return replace(made, groups=order(made)), names


def context_of(right: BackwardPass) -> Context:
    """The right passes of a question; the same object for the same pass."""
    return _context_of(Identical(right))


@functools.lru_cache(maxsize=64)
def _context_of(key: Identical[BackwardPass]) -> Context:
    right = key.one
    forward, sums = with_sums(right.forward)
    backward = reading(right.network, forward, sums)
    return Context(right, forward, backward, sums, {one.name: one for one in backward.equations})


def reading(backward: Network, forward: Network, sums: Mapping[str, str]) -> Network:
    """A backward pass that may read the sums inside activations."""
    shapes = {name: forward.shapes[name] for name in sums.values()}
    return replace(backward, inputs={**backward.inputs, **shapes}, shapes={**backward.shapes, **shapes})


def at_edge(edge: str) -> Change:
    """The change of a signal to another value before the first step."""
    return lambda node: replace(node, edge=edge)


def picked(pick: str) -> Change:
    """The change of a signal to some steps, sequences or entries only."""
    return lambda node: replace(node, pick=pick)


def slug(text: str) -> str:
    """A text as part of an id."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", text.replace("^T", "t")).strip("-").lower()


def terms_of(node: Node) -> tuple[tuple[int, Node], ...]:
    """The signed terms of a sum; of anything else the one term that it is."""
    return node.terms if isinstance(node, Sum) else ((1, node),)


def totals(node: Node) -> list[tuple[Path, Over]]:
    """The sums over steps in a parameter's gradient."""
    return [(path, one) for path, one in walk(node) if isinstance(one, Over) and one.how == "total"]


def is_read(node: Node, name: str) -> bool:
    """Whether a variable is read in it."""
    return any(isinstance(one, Signal | Parameter) and one.name == name for _, one in walk(node))
