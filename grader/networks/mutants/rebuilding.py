"""An equation with edits made in it, and the further equations that some edits need."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Equation
from grader.networks.equations.simplifying import simplified, simplified_here
from grader.networks.equations.tree import (
    HALF,
    ONE,
    ZERO,
    Constant,
    Function,
    Node,
    Path,
    Product,
    Signal,
    Sum,
    children,
    negative,
    node_at,
    nodes,
    replaced_at,
    signals_of,
    transform,
    walk,
    with_children,
)
from grader.networks.identity import Identical
from grader.networks.mutants.edit import BEFORE, DIGITS, FED, Edit, EditsCollideError

# Marks an argument with the wrong sign: the sum before the activation is the one without it.
MIRRORED = "mirrored"
# The hard sigmoid of Keras: 0.2 u + 0.5 between 0 and 1.
SLOPE = Constant(Fraction(1, 5))
# Marks what is made of a value before it is fed back: it gets an equation of its own.
FED_BACK = "fed-back"


def fed_back(read: Node, change: Callable[[Node], Node]) -> Node:
    """A value from an earlier step with a change that is made before it is kept for later.

    Its start value is not changed, nor what is read of it at its own step.
    """
    inner = read.args[0] if isinstance(read, Function) and read.name == FED_BACK else read
    return Function(FED_BACK, (change(inner),))


def edited(right_side: Node, edits: Iterable[Edit]) -> Node:
    """A right side with all edits made, in one pass from the leaves to the root; not yet simplified.

    Raises:
        EditsCollideError: If one no longer fits what others made of its place; says which.
    """
    at: dict[Path, list[Edit]] = {}
    for edit in sorted(edits, key=lambda edit: edit.rank):
        at.setdefault(edit.path, []).append(edit)
    on_the_way = {place[:length] for place in at for length in range(len(place) + 1)}

    def made(node: Node, path: Path) -> Node:
        if path not in on_the_way:
            return node
        node = with_children(node, [made(child, (*path, i)) for i, child in enumerate(children(node))])
        for edit in at.get(path, ()):
            try:
                node = edit.change(node)
            except (EditsCollideError, AttributeError, IndexError, TypeError) as error:
                others = _others(at, edit)
                if not others:
                    # It is made of the right equation, so the fault is its own.
                    raise
                others_text = " and ".join(map(_edit_text, others))
                raise EditsCollideError(
                    f"{_edit_text(edit)} does not go with {others_text}: {error}"
                ) from error
        return node

    return made(right_side, ())


def _others(at: Mapping[Path, list[Edit]], edit: Edit) -> list[Edit]:
    """The edits that are made at the place of one, or within it."""
    return [one for path in at for one in at[path] if path[: len(edit.path)] == edit.path and one is not edit]


def _edit_text(edit: Edit) -> str:
    return f"the {edit.slot} at {'.'.join(map(str, edit.path)) or 'the root'} of {edit.equation}"


def cleaned(right_side: Node, settled: Collection[int] = ()) -> Node:
    """Without marks and functions that the language does not have, and simplified.

    Args:
        right_side: The tree.
        settled: The `id` of nodes that stay as they are; most of a tree with one mistake in it.
    """
    if id(right_side) in settled:
        return right_side
    inner = children(right_side)
    node = with_children(right_side, [cleaned(child, settled) for child in inner]) if inner else right_side
    plain = _plain(node)
    return simplified_here(node) if plain is node else simplified(plain)


def _plain(node: Node) -> Node:
    match node:
        case Function(name="identity", args=(inner,)):
            return inner
        case Function(name="mirrored", args=(inner,)):
            return negative(inner)
        case Function(name="hard tanh", args=(inner,)):
            return _between(negative(ONE), inner)
        case Function(name="hard sigmoid", args=(inner,)):
            return _between(ZERO, Sum(((1, Product((SLOPE, inner))), (1, HALF))))
    return node


def _between(least: Node, value: Node) -> Node:
    return Function("max", (least, Function("min", (ONE, value))))


class Derived(msgspec.Struct, frozen=True):
    """A value that is computed for a mistake alone.

    Args:
        equation: What it is at each step.
        origin: The variable of which it is made, and whose start value it has.
    """

    equation: Equation
    origin: str


def rebuilt(right: Sequence[Equation], edits: Sequence[Edit]) -> tuple[tuple[Equation, ...], list[Derived]]:
    """The equations with the edits made, and what had to be derived for them, which stands among them.

    What no edit touches stays the same object: whoever runs many variants together relies on it.

    Args:
        right: The right equations, and what is handed in or added.
        edits: Changes of them, no two of the same thing.
    """
    of_each: dict[str, list[Edit]] = {}
    for edit in edits:
        of_each.setdefault(edit.equation, []).append(edit)
    new = {one.name: changed_equation(one, of_each[one.name]) for one in right if one.name in of_each}
    fed = {derived.equation.name: derived for one in new.values() for derived in one.fed}
    if not any(one.reads_a_sum for one in new.values()):
        plain = [new[one.name].plain if one.name in new else one for one in right]
        return (*plain, *(_cleaned(one.equation) for one in fed.values())), list(fed.values())
    marked = [new[one.name].marked if one.name in new else one for one in right]
    equations, sums = _with_sums_before_activations([*marked, *(one.equation for one in fed.values())])
    same = {id(one) for one in right}
    whole = (*(total.equation for total in sums), *equations)
    return tuple(one if id(one) in same else _cleaned(one) for one in whole), [*sums, *fed.values()]


class ChangedEquation(NamedTuple):
    """An equation with edits made in it.

    Args:
        marked: With the marks that tell what stands around what.
        plain: Without them.
        fed: What had to be derived for what it feeds back.
        reads_a_sum: Whether it reads the sum before an activation, which then needs an equation of its own.
    """

    marked: Equation
    plain: Equation
    fed: tuple[Derived, ...]
    reads_a_sum: bool


def changed_equation(equation: Equation, edits: Iterable[Edit]) -> ChangedEquation:
    """One equation with its edits, the same object for one mistake and for it together with one elsewhere.

    Args:
        equation: The right one.
        edits: Changes of it, no two of the same thing, in any order.

    Raises:
        NetworkError: If two do not go together, or nothing is left.
    """
    in_order = sorted(edits, key=lambda edit: (edit.path, edit.rank))
    return _changed(Identical(equation), tuple(map(Identical, in_order)))


@functools.lru_cache(maxsize=1024)
def _changed(equation: Identical[Equation], edits: tuple[Identical[Edit], ...]) -> ChangedEquation:
    right_side = edited(equation.one.right_side, [edit.one for edit in edits])
    settled = _settled(equation)
    found: dict[str, Derived] = {}

    def separate(node: Node) -> Node:
        if not (isinstance(node, Function) and node.name == FED_BACK):
            return node
        (read,) = signals_of(node)
        now = transform(node.args[0], lambda x: Signal(read.name) if x == read else x)
        made = "_".join(x.name for _, x in walk(now) if isinstance(x, Function))
        name = f"{read.name}{FED}_{made}"
        found[name] = Derived(Equation(name, now), read.name)
        return replace(read, name=name)

    if any(isinstance(node, Function) and node.name == FED_BACK for node in nodes(right_side)):
        right_side = transform(right_side, separate)
    marked = _with_right_side(equation.one, right_side)
    plain = _with_right_side(equation.one, cleaned(right_side, settled))
    if isinstance(plain.right_side, Constant):
        raise NetworkError(f"nothing is left of {plain.name}")
    read = (read for one in (plain, *(one.equation for one in found.values())) for read in one.reads)
    reads_a_sum = any(isinstance(one, Signal) and one.name.endswith(BEFORE) for one in read)
    return ChangedEquation(marked, plain, tuple(found.values()), reads_a_sum)


@functools.lru_cache(maxsize=256)
def _settled(equation: Identical[Equation]) -> frozenset[int]:
    """The `id` of each node of a right side that cleaning leaves as it is."""
    right_side = equation.one.right_side
    return frozenset(map(id, nodes(right_side))) if cleaned(right_side) == right_side else frozenset()


def _cleaned(equation: Equation) -> Equation:
    return _with_right_side(equation, cleaned(equation.right_side))


def _with_right_side(equation: Equation, right_side: Node) -> Equation:
    return Equation(equation.name, right_side, equation.is_static, equation.text)


def _with_sums_before_activations(equations: Sequence[Equation]) -> tuple[list[Equation], list[Derived]]:
    """The equations, each split at its activation where the sum before it is read, and these sums."""
    known = {one.name for one in equations}
    wanted = {
        signal.name.removesuffix(BEFORE)
        for one in equations
        for signal in signals_of(one.right_side)
        if signal.name not in known and signal.name.removesuffix(BEFORE) in known
    }
    changed, sums = [], []
    for one in equations:
        if one.name in wanted:
            path = _activation(one.right_side)
            function: Any = node_at(one.right_side, path)
            argument = function.args[0]
            is_mirrored = isinstance(argument, Function) and argument.name == MIRRORED
            total = Signal(one.name + BEFORE)
            sums.append(
                Derived(Equation(total.name, argument.args[0] if is_mirrored else argument), one.name)
            )
            through = replace(function, args=(replace(argument, args=(total,)) if is_mirrored else total,))
            one = replace(one, right_side=replaced_at(one.right_side, path, through))
        changed.append(one)
    return changed, sums


def _activation(right_side: Node) -> Path:
    """Where the activation of a whole equation stands, under what mistakes have put around it."""
    path: Path = ()
    while True:
        node = node_at(right_side, path)
        if isinstance(node, Sum) or (isinstance(node, Function) and node.name in DIGITS):
            path = (*path, 0)
        elif isinstance(node, Function) and len(node.args) == 1:
            return path
        else:
            raise NetworkError("nothing goes through an activation here")
