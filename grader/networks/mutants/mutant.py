# mypy: ignore-errors
"""A known mistake as edits of a network's equations, and the network that one or more of them make.

Every edit stands at a place of the right equation and changes one thing of it, its slot. All are made in one
pass from the leaves to the root, at one place in the order of the slots: the order of mistakes cannot matter,
and two of them go together unless they change the same slot of the same place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Equation, Network
from grader.networks.equations.order import order
from grader.networks.equations.tree import At, Constant, Node, Parameter, Signal, node_at, signals_of, walk
from grader.networks.mutants.edit import BEFORE, LOSING, Edit, Key, given
from grader.networks.mutants.reading import remembered, without_signals
from grader.networks.mutants.rebuilding import (
    Derived,
    cleaned,
    edited,
    with_sums_before_activations,
    with_values_fed_back,
)

Work: TypeAlias = Literal["by-hand", "as-code"]
ANY_WORK: frozenset[Work] = frozenset({"by-hand", "as-code"})


@dataclass(frozen=True)
class Addition:
    """What edits refer to that the right network does not have.

    Args:
        equations: Further variables.
        parameters: Further parameters, with their shapes.
        shapes: The shape of each of both.
    """

    equations: tuple[Equation, ...] = ()
    parameters: Mapping[str, Any] | None = None
    shapes: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Mutant:
    """A mistake that people do make, as what it makes of a network.

    Args:
        id: Made of the operator and the place: stable while the equations stay.
        message: What is wrong, to the student.
        edits: Changes of the equations.
        start: Variables with what they start from instead; None is the activation of the bias.
        addition: What the edits refer to beside the network.
        kind: The sort of mistake, the same in every network.
        work: Where it counts as a mistake: in work by hand, rounding to the asked places does not.
        earns_credit: Whether a question's slip credit is given for it.
    """

    id: str
    message: str
    edits: tuple[Edit, ...] = ()
    start: tuple[tuple[str, Node | None], ...] = ()
    addition: Addition = Addition()
    kind: str = ""
    work: frozenset[Work] = ANY_WORK
    earns_credit: bool = True

    @property
    def keys(self) -> frozenset[Key]:
        """What it changes; mistakes with a common key do not go together."""
        return frozenset((*(edit.key for edit in self.edits), *(("start", name) for name, _ in self.start)))


def go_together(one: Mutant, other: Mutant) -> bool:
    """Whether two mistakes can be made together, and each still changes something."""
    return not one.keys & other.keys and not _is_lost(one, other) and not _is_lost(other, one)


def _is_lost(one: Mutant, other: Mutant) -> bool:
    """Whether everything that one changes lies inside what the other leaves out."""
    gone = [edit for edit in other.edits if edit.slot in LOSING]
    return bool(one.edits and gone) and all(
        any(edit.equation == out.equation and edit.path[: len(out.path)] == out.path for out in gone)
        for edit in one.edits
    )


def apply(network: Network, *mutants: Mutant) -> Network:
    """The network with these mistakes in it, in the order in which it is computed.

    Its `output` stands in the order of the right network's: what is handed in for `network.output[k]` is its
    `output[k]`. What is fed back rounded, thresholded or before its activation has an equation of its own.

    Args:
        network: The right network; its output is what a question asks for.
        mutants: Mistakes made together, in any order.

    Raises:
        NetworkError: If they change the same thing, or nothing can be computed any more.
    """
    keys = [key for mutant in mutants for key in mutant.keys]
    if len(set(keys)) < len(keys):
        raise NetworkError("two mistakes change the same thing")
    edits = [edit for mutant in mutants for edit in mutant.edits]
    right = [*network.equations, *_outputs(network, edits), *_added(mutants)]
    try:
        made, derived = _made(right, edits)
    except (AttributeError, IndexError, TypeError) as error:
        raise NetworkError("two mistakes change the same thing") from error
    changed = replace(
        network,
        equations=made,
        parameters=network.parameters | _parameters(mutants),
        start=_starts(network, mutants, derived, _taking_over(network, edits)),
        output=tuple(_handed_in(name, edits) for name in network.output),
        shapes=_shapes(network, mutants, derived),
    )
    return replace(changed, groups=network.groups if _reads_alike(network, changed) else order(changed))


def _made(right: Sequence[Equation], edits: Sequence[Edit]) -> tuple[tuple[Equation, ...], list[Derived]]:
    """The equations with the edits made, and those of derived variables among them.

    What no edit touches stays the same object: whoever runs many variants together relies on it.
    """
    touched = {edit.equation for edit in edits}
    made, fed = with_values_fed_back([_with(one, edits) for one in right if one.name in touched])
    edited = {one.name: one for one in (*made, *(one.equation for one in fed))}
    equations = [edited.pop(one.name, one) for one in right] + list(edited.values())
    same = {id(one) for one in right}
    sums: list[Derived] = []
    if any(
        signal.name.endswith(BEFORE)
        for one in equations
        if id(one) not in same
        for signal in signals_of(one.right_side)
    ):
        equations, sums = with_sums_before_activations(equations)
    whole = [*(total.equation for total in sums), *equations]
    return (
        tuple(one if id(one) in same else replace(one, right_side=cleaned(one.right_side)) for one in whole),
        [*sums, *fed],
    )


def _reads_alike(network: Network, changed: Network) -> bool:
    """Whether the same is read at the same steps everywhere, so that the order is the same."""
    return (
        len(network.equations) == len(changed.equations)
        and network.start.items() == changed.start.items()
        and all(
            one is other or (one.name == other.name and _reads(one) == _reads(other))
            for one, other in zip(network.equations, changed.equations, strict=True)
        )
    )


def _reads(equation: Equation) -> set[Node]:
    return {node for _, node in walk(equation.right_side) if isinstance(node, Signal | At | Parameter)}


def _with(equation: Equation, edits: Sequence[Edit]) -> Equation:
    own = [edit for edit in edits if edit.equation == equation.name]
    return replace(equation, right_side=edited(equation.right_side, own)) if own else equation


def _outputs(network: Network, edits: Sequence[Edit]) -> Iterator[Equation]:
    """What is handed in, where a mistake changes that."""
    for name in network.output:
        if _handed_in(name, edits) != name:
            yield Equation(given(name), Signal(name))


def _handed_in(name: str, edits: Iterable[Edit]) -> str:
    return given(name) if any(edit.equation == given(name) for edit in edits) else name


def _added(mutants: Iterable[Mutant]) -> Iterator[Equation]:
    for mutant in mutants:
        yield from mutant.addition.equations


def _parameters(mutants: Iterable[Mutant]) -> dict[str, Any]:
    return {name: shape for mutant in mutants for name, shape in (mutant.addition.parameters or {}).items()}


def _shapes(network: Network, mutants: Iterable[Mutant], derived: Iterable[Derived]) -> dict[str, Any]:
    shapes = dict(network.shapes) | {given(name): network.shapes[name] for name in network.output}
    for mutant in mutants:
        shapes |= mutant.addition.shapes or {}
    for one in derived:
        shapes[one.equation.name] = shapes[one.origin]
    return shapes


def _taking_over(network: Network, edits: Iterable[Edit]) -> dict[str, str]:
    """From a variable that only a mistake feeds back to the one in whose place it is fed back."""
    renaming = [edit for edit in edits if edit.slot == "name"]
    known, found = remembered(network) if renaming else {}, {}
    for edit in renaming:
        if edit.equation not in network.by_name:
            continue
        right = node_at(network.by_name[edit.equation].right_side, edit.path)
        read = edit.change(right)
        if isinstance(right, Signal) and right.lag and read.name not in known:
            found[read.name] = right.name
    return found


def _starts(
    network: Network, mutants: Iterable[Mutant], derived: Iterable[Derived], taking_over: Mapping[str, str]
) -> dict[str, Node]:
    """Start values: the right ones, those of mistakes, and those of what takes the place of another."""
    mistaken = {name: value for mutant in mutants for name, value in mutant.start}
    starts = dict(network.start)
    for name, value in mistaken.items():
        starts[name] = _activated_bias(network, name) if value is None else value
    for name, right in taking_over.items():
        if right in mistaken and mistaken[right] is None:
            starts[name] = _activated_bias(network, name)
        elif right in starts and (
            isinstance(starts[right], Constant) or network.shapes.get(name) == network.shapes[right]
        ):
            starts[name] = starts[right]
    for one in derived:
        if one.origin in starts:
            starts[one.equation.name] = starts[one.origin]
    return starts


def _activated_bias(network: Network, name: str) -> Node:
    return without_signals(network.by_name[name].right_side)
