"""What the operators ask of a network: where things stand, and what is carried from step to step."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from grader.networks.equations.network import Equation, Network
from grader.networks.equations.shapes import infer
from grader.networks.equations.simplifying import simplified
from grader.networks.equations.tree import (
    ZERO,
    At,
    Constant,
    Function,
    Node,
    Path,
    Signal,
    Sum,
    node_at,
    reads_of,
    signals_of,
    transform,
    walk,
)

# Functions that only rearrange entries, and functions that a whole equation may go through.
PARTS = ("stack", "part")
ACTIVATIONS = ("tanh", "sigmoid", "relu", "softmax", "step", "sign", "exp", "softplus")


class NodePlace(NamedTuple):
    """A node of a network's equations.

    Args:
        equation: The variable in whose equation it stands.
        path: Where in the right side.
        node: What stands there.
    """

    equation: str
    path: Path
    node: Any


def places(network: Network, fits: Callable[[Node], bool] = lambda node: True) -> Iterator[NodePlace]:
    """Every place of the equations whose node fits, in the order of writing."""
    for place in _all_places(network.equations):
        if fits(place.node):
            yield place


# Of the last networks that were looked at: each operator asks for the places of the same one.
_KNOWN_PLACES: deque[tuple[tuple[Equation, ...], tuple[NodePlace, ...]]] = deque(maxlen=4)


def _all_places(equations: tuple[Equation, ...]) -> tuple[NodePlace, ...]:
    for known, found in tuple(_KNOWN_PLACES):
        if known is equations:
            return found
    found = tuple(NodePlace(one.name, path, node) for one in equations for path, node in walk(one.right_side))
    _KNOWN_PLACES.append((equations, found))
    return found


def parent(network: Network, place: NodePlace) -> Node | None:
    """What a place stands in; None for a whole right side."""
    return node_at(network.by_name[place.equation].right_side, place.path[:-1]) if place.path else None


def remembered(network: Network) -> tuple[str, ...]:
    """Variables that are read at another step than their own: what is carried from step to step."""
    reads = (read for one in network.equations for read in one.reads)
    read = {one.name for one in reads if isinstance(one, Signal) and one.lag}
    return tuple(one.name for one in network.equations if one.name in read)


def is_carried(network: Network, node: Node) -> bool:
    """Whether something of another step stands in it: h(t-1), not x(t-1)."""
    return any(signal.lag and signal.name in network.by_name for signal in signals_of(node))


def activation_of(equation: Equation) -> str:
    """The function that a whole right side goes through; "" if there is none."""
    root = equation.right_side
    return root.name if isinstance(root, Function) and root.name in ACTIVATIONS else ""


def reads(network: Network, fits: Callable[[Signal], bool]) -> dict[Signal, list[NodePlace]]:
    """Every signal that fits, such as h(t-1), with the places where it is read."""
    found: dict[Signal, list[NodePlace]] = {}
    for place in places(network, lambda node: isinstance(node, Signal) and fits(node)):
        found.setdefault(place.node, []).append(place)
    return found


def spots(network: Network, found: Sequence[NodePlace]) -> Iterator[tuple[list[NodePlace], str]]:
    """All places together, each alone, and all gates of one activation; with the end of an id for each."""
    yield list(found), ""
    if len(found) > 1:
        for place in found:
            yield [place], f"-in-{place.equation}"
    for activation in ACTIVATIONS:
        some = [place for place in found if activation_of(network.by_name[place.equation]) == activation]
        if 1 < len(some) < len(found):
            yield some, f"-in-{'-'.join(place.equation for place in some)}"


def has_numbers(total: Sum) -> bool:
    """Whether a sum is one thing with a number in it, such as 1 - z."""
    return any(isinstance(node, Constant) for _, node in total.terms)


def shape_of(network: Network, node: Node) -> Any:
    """The shape of a part of an equation: (), (n,) or (n, m)."""
    return infer(node, network.shapes, "")


def needed(network: Network) -> set[str]:
    """The variables that what is asked for depends on, itself among them."""
    found: set[str] = set()
    todo = [*network.output]
    while todo:
        name = todo.pop()
        if name in network.by_name and name not in found:
            found.add(name)
            todo += [read.name for read in network.by_name[name].reads]
            todo += [read.name for read in reads_of(network.start.get(name, ZERO))]
    return found


def without_signals(right_side: Node) -> Node:
    """What an equation gives where every signal is zero: the activation of its bias."""

    def zero(node: Node) -> Node:
        is_zero = isinstance(node, Function) and node.name in PARTS and set(node.args) == {ZERO}
        return ZERO if is_zero or isinstance(node, Signal | At) else node

    return simplified(transform(right_side, zero))


def together(network: Network, *variables: str) -> bool:
    """Whether the variables are computed in one loop."""
    return any(set(variables) <= set(group.names) for group in network.groups)
