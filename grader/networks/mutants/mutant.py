"""A known mistake as edits of a network's equations, and the network that one or more of them make.

Every edit stands at a place of the right equation and changes one thing of it, its slot. All are made in one
pass from the leaves to the root, at one place in the order of the slots: the order of mistakes cannot matter,
and two of them go together unless they change the same slot of the same place.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from grader.model.mistake import Mistake
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Equation, Network
from grader.networks.equations.order import order
from grader.networks.equations.tree import Constant, Node, Read, Signal, node_at, reads_of
from grader.networks.mutants.edit import LOSING, Edit, EditsCollideError, Key, given
from grader.networks.mutants.reading import remembered, without_signals
from grader.networks.mutants.rebuilding import Derived, rebuilt

Work: TypeAlias = Literal["by-hand", "as-code"]
ANY_WORK: frozenset[Work] = frozenset({"by-hand", "as-code"})


class Addition(msgspec.Struct, frozen=True):
    """What edits refer to that the right network does not have.

    Args:
        equations: Further variables.
        parameters: Further parameters, with their shapes.
        shapes: The shape of each of both.
    """

    equations: tuple[Equation, ...] = ()
    parameters: Mapping[str, Any] | None = None
    shapes: Mapping[str, Any] | None = None


NOTHING_ADDED = Addition()


@dataclass(frozen=True)
class Mutant(Mistake[tuple[Edit, ...]]):
    """A mistake as what it makes of a network; its id is made of the operator and the place.

    Args:
        effect: Changes of the equations.
        start: Variables with what they start from instead; None is the activation of the bias.
        addition: What the edits refer to beside the network.
        kind: The sort of mistake, the same in every network.
        work: Where it counts as a mistake: in work by hand, rounding to the asked places does not.
        earns_credit: Whether a question's slip credit is given for it.
        is_rare: Whether it is made so seldom that it is not looked for together with another.
    """

    effect: tuple[Edit, ...] = ()
    start: tuple[tuple[str, Node | None], ...] = ()
    addition: Addition = NOTHING_ADDED
    kind: str = ""
    work: frozenset[Work] = ANY_WORK
    earns_credit: bool = True
    is_rare: bool = False

    @functools.cached_property
    def keys(self) -> frozenset[Key]:
        """What it changes; mistakes with a common key do not go together."""
        return frozenset((*(edit.key for edit in self.effect), *(("start", name) for name, _ in self.start)))


def go_together(one: Mutant, other: Mutant) -> bool:
    """Whether two mistakes can be made together, and each still changes something."""
    return not one.keys & other.keys and not _is_lost(one, other) and not _is_lost(other, one)


def _is_lost(one: Mutant, other: Mutant) -> bool:
    """Whether everything that one changes lies inside what the other leaves out."""
    gone = [edit for edit in other.effect if edit.slot in LOSING]
    return bool(one.effect and gone) and all(
        any(edit.equation == out.equation and edit.path[: len(out.path)] == out.path for out in gone)
        for edit in one.effect
    )


def apply(network: Network, *mutants: Mutant) -> Network:
    """The network with these mistakes in it, in the order in which it is computed.

    Its `output` stands in the order of the right network's: what is handed in for `network.output[k]` is its
    `output[k]`. What is fed back rounded, thresholded or before its activation has an equation of its own.

    Args:
        network: The right network; its output is what a question asks for.
        mutants: Mistakes made together, in any order.

    Raises:
        EditsCollideError: If two change the same thing, or one does not fit what another made of its place.
        NetworkError: If nothing can be computed any more.
    """
    _require_own_places(mutants)
    edits = [edit for mutant in mutants for edit in mutant.effect]
    mistaken = {name: value for mutant in mutants for name, value in mutant.start}
    changes = {edit.equation for edit in edits}
    handed_in = tuple([given(name) if given(name) in changes else name for name in network.output])
    right = [*network.equations, *_outputs(network, handed_in), *_added(mutants)]
    made, derived = rebuilt(right, edits)
    taken = {one.name for one in made} & {*network.inputs, *network.parameters}
    if taken:
        raise NetworkError(f"{min(taken)} is a name of the author's, and is needed for a mistake")
    changed = Network(
        network.inputs,
        network.parameters | _parameters(mutants),
        made,
        _start_values(network, mistaken, edits, derived),
        handed_in,
        network.words,
        _shapes(network, mutants, made, derived),
        network.groups,
        network.start_arguments,
        network.mistakes,
    )
    return changed if _keeps_order(network, changed) else replace(changed, groups=order(changed))


def _require_own_places(mutants: Sequence[Mutant]) -> None:
    changed: dict[Key, str] = {}
    for mutant in mutants:
        for key in mutant.keys:
            if key in changed:
                place = ", ".join(map(str, key))
                raise EditsCollideError(f"{changed[key]} and {mutant.id} change the same thing: {place}")
            changed[key] = mutant.id


def _keeps_order(network: Network, changed: Network) -> bool:
    """Whether the right network's order is surely one of the changed one, too."""
    return (
        len(network.equations) == len(changed.equations)
        and all(
            one is other or (one.name == other.name and reads_in_order(network, changed.start, one, other))
            for one, other in zip(network.equations, changed.equations, strict=True)
        )
        and (network.start == changed.start or _read_to_start(network) >= _read_to_start(changed))
    )


def reads_in_order(network: Network, start: Mapping[str, Node], right: Equation, other: Equation) -> bool:
    """Whether what another right side reads is read by the right one, or is there before it.

    Args:
        network: The right network.
        start: What a variable is before the first step, with the mistake.
        right: One of its equations.
        other: The same with the mistake.
    """
    return all(read in right.reads or _is_before(network, start, read, right) for read in other.reads)


def _is_before(network: Network, start: Mapping[str, Node], read: Read, equation: Equation) -> bool:
    """Whether something is there when an equation is computed; False where that is hard to tell."""
    if read.name not in network.by_name:
        return True
    if not isinstance(read, Signal) or read.edge or read.pick or equation.is_static:
        return False
    if read.lag and read.name in start and reads_of(start[read.name]):
        return False
    for group in network.groups:
        if equation.name in group.names:
            forward = group.kind == "forward"
            place = [name for name in group.names if name in (read.name, equation.name)]
            return (
                read.name in place
                and forward
                and (read.lag > 0 or (read.lag == 0 and place[0] == read.name != equation.name))
            )
        if read.name in group.names:
            return True
    return False


def _read_to_start(network: Network) -> set[tuple[str, Read]]:
    return {
        (name, read)
        for name, start in network.start.items()
        for read in reads_of(start)
        if not isinstance(read, Signal)
    }


def _outputs(network: Network, handed_in: Sequence[str]) -> Iterator[Equation]:
    """What is handed in, where a mistake changes that."""
    for name, changed in zip(network.output, handed_in, strict=True):
        if changed != name:
            yield Equation(changed, Signal(name))


def _added(mutants: Iterable[Mutant]) -> Iterator[Equation]:
    for mutant in mutants:
        yield from mutant.addition.equations


def _parameters(mutants: Iterable[Mutant]) -> dict[str, Any]:
    return {name: shape for mutant in mutants for name, shape in (mutant.addition.parameters or {}).items()}


def _shapes(
    network: Network, mutants: Iterable[Mutant], made: Iterable[Equation], derived: Iterable[Derived]
) -> dict[str, Any]:
    handed_in = {given(name): network.shapes[name] for name in network.output}
    shapes = network.shapes | {one.name: handed_in[one.name] for one in made if one.name in handed_in}
    for mutant in mutants:
        shapes |= mutant.addition.shapes or {}
    for one in derived:
        shapes[one.equation.name] = shapes[one.origin]
    return shapes


def _start_values(
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
