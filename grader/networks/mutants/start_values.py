"""What everything starts from in a network with mistakes in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from grader.networks.equations.network import Network
from grader.networks.equations.tree import Constant, Node, Signal, node_at
from grader.networks.mutants.edit import Edit
from grader.networks.mutants.reading import remembered, without_signals
from grader.networks.mutants.rebuilding import Derived


def start_values(
    network: Network,
    mistaken: Mapping[str, Node | None],
    edits: Sequence[Edit],
    derived: Iterable[Derived],
) -> dict[str, Node]:
    """The right start values, those of mistakes, and those of what takes the place of another variable.

    Args:
        network: The right network.
        mistaken: Start values of mistakes; None is the activation of the bias.
        edits: Changes of the equations: what they feed back in the place of another starts as that does.
        derived: What is computed for these mistakes alone, and starts as what it is made of.
    """
    starts = dict(network.start)
    for name, value in mistaken.items():
        starts[name] = _activated_bias(network, name) if value is None else value
    for name, right in _taking_over(network, edits).items():
        if right in mistaken and mistaken[right] is None:
            starts[name] = _activated_bias(network, name)
        elif right in starts and _goes_with(network, starts[right], name, right):
            starts[name] = starts[right]
    for one in derived:
        if one.origin in starts:
            starts[one.equation.name] = starts[one.origin]
    return starts


def _taking_over(network: Network, edits: Iterable[Edit]) -> dict[str, str]:
    """From a variable that only a mistake feeds back to the one in whose place it is fed back."""
    renaming = [edit for edit in edits if edit.slot == "name" and edit.equation in network.by_name]
    known = remembered(network) if renaming else ()
    found = {}
    for edit in renaming:
        right = node_at(network.by_name[edit.equation].right_side, edit.path)
        read = edit.change(right)
        if isinstance(right, Signal) and isinstance(read, Signal) and right.lag and read.name not in known:
            found[read.name] = right.name
    return found


def _goes_with(network: Network, value: Node, name: str, right: str) -> bool:
    """Whether a variable can start as another one does."""
    return isinstance(value, Constant) or network.shapes.get(name) == network.shapes[right]


def _activated_bias(network: Network, name: str) -> Node:
    return without_signals(network.by_name[name].right_side)
