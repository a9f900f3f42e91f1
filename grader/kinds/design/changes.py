"""Changes of weights, of the network or of the task under which wrong weights would be right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from grader.kinds.design.question import EXACT, SMOOTH, Task
from grader.kinds.design.weights import Weights
from grader.model.mistake import Mistake
from grader.networks.automaton.entries import Rows
from grader.networks.automaton.target import Moves, Target
from grader.networks.equations.network import Network
from grader.networks.equations.tree import (
    At,
    Function,
    Node,
    Parameter,
    Signal,
    Sum,
    children,
    transform,
    walk,
)
from grader.networks.mutants.catalogue import variants

# More numbers than this are not tried one by one.
MOST_NUMBERS = 150
# Kinds of mutants in which a task is as hard as in the right network: not with units that are thresholded for
# the student, say.
AS_HARD = frozenset({"lag", "other-variable", "exchange-parameters", "exchange-variables", "declared"})
PLACES = 6
STEPS = tuple(Fraction(step) for step in ("-1", "1", "-1/2", "1/2"))


class Mended(NamedTuple):
    """What would be right of weights that are wrong by one mistake.

    Args:
        values: The parameters to run in place of the student's.
        network: The network to run in place of the question's; None for that.
        target: What the weights would do rightly; None for what is asked.
    """

    values: Mapping[str, Rows]
    network: Network | None = None
    target: Target | None = None


Change: TypeAlias = Mistake[Mended]
"""A mistake by what would mend it."""


def with_strict_units(network: Network) -> Network:
    """The network whose units are off where their sum is exactly zero."""

    def strict(node: Node) -> Node:
        if isinstance(node, Function) and node.name == "step":
            return Function("positive", node.args)
        return node

    for equation in network.equations:
        network = network.with_equation(equation.name, transform(equation.right_side, strict))
    return network


def on_at_zero(network: Network) -> bool:
    """Whether its units are on where their sum is 0; one that is 1 - step(-u) is not."""
    return not any(
        sign < 0 and isinstance(term, Function) and term.name == "step"
        for one in network.equations
        for _, node in walk(one.right_side)
        if isinstance(node, Sum)
        for sign, term in node.terms
    )


def whole_changes(task: Task, weights: Weights, values: Mapping[str, Rows]) -> Iterator[Change]:
    """Mistakes that concern a whole parameter, the units or the output."""
    network = task.network
    units = {
        node.name
        for one in network.equations
        for _, node in walk(one.right_side)
        if isinstance(node, Function)
    }
    if "step" in units:
        text = (
            "It would be right if a unit were on only above its threshold, but step(0) is 1: "
            "a sum of exactly 0 counts as on."
        )
        if not on_at_zero(network):
            text = "It would be right if units did the opposite where their sum is exactly 0."
        yield Mistake("on-at-threshold", text, Mended(values, with_strict_units(network)))
    vectors = [
        name for name, rank in weights.ranks.items() if rank < 2 and name not in network.start_arguments
    ]
    for name in vectors:
        text = f"{name} has the wrong sign throughout: it is added."
        yield Mistake("bias-sign", text, Mended(_negated(values, (name,))))
    if len(vectors) > 1:
        text = f"{' and '.join(vectors)} have the wrong sign throughout: they are added."
        yield Mistake("bias-sign", text, Mended(_negated(values, tuple(vectors))))
    for name, rank in weights.ranks.items():
        if rank < 2:
            continue
        text = f"{name} has the wrong sign throughout."
        yield Mistake("weights-sign", text, Mended(_negated(values, (name,))))
        rows = weights.numbers[name]
        if len(rows) == len(rows[0]) > 1:
            turned = {**values, name: list(zip(*_matrix(values[name]), strict=True))}
            yield Mistake("weights-transposed", f"{name} is transposed.", Mended(turned))
    late = Mended(values, target=Delayed(task.target))
    yield Mistake("output-one-step-late", "The output comes one step late.", late)
    if flipped := _inverted(task):
        text = "The output is inverted: it is on where it should be off, and off where it should be on."
        yield Mistake("output-inverted", text, Mended(values, target=flipped))


def other_networks(task: Task, values: Mapping[str, Rows]) -> Iterator[Change]:
    """Networks that this one may be mistaken for: known mistakes of its equations that can be run."""
    for one in variants(task.network, "as-code", PLACES):
        if one.mutant.kind not in AS_HARD or not can_be_run(one.network, task.is_smooth):
            continue
        text = f"The weights do the task in another network. {one.mutant.message}"
        yield Mistake("for-another-network", text, Mended(values, one.network))


def can_be_run(network: Network, is_smooth: bool) -> bool:
    """Whether a network goes step by step, and by functions that can be decided on."""
    functions = EXACT | (SMOOTH if is_smooth else frozenset())
    for equation in network.equations:
        for _, node in walk(equation.right_side):
            if isinstance(node, Function) and node.name not in functions:
                return False
            if isinstance(node, At) or (
                isinstance(node, Signal) and (node.lag < 0 or node.pick or node.edge)
            ):
                return False
    return not any(one.is_static for one in network.equations)


def single_changes(
    weights: Weights, values: Mapping[str, Rows]
) -> Iterator[tuple[str, int, Mapping[str, Rows]]]:
    """The parameters with one number changed, with the parameter's name and the row, from 1."""
    count = sum(len(row) for rows in weights.numbers.values() for row in rows)
    if count > MOST_NUMBERS:
        return
    # A threshold is the likelier place: vectors first.
    for name, value in sorted(values.items(), key=lambda item: weights.ranks[item[0]] == 2):
        rank = weights.ranks[name]
        rows = [list(row) for row in _matrix(value)]
        for i, row in enumerate(rows):
            for j, number in enumerate(row):
                for other in dict.fromkeys((-number, Fraction(0), *(number + step for step in STEPS))):
                    if other == number:
                        continue
                    changed = [list(one) for one in rows]
                    changed[i][j] = other
                    new = (
                        [tuple(one) for one in changed] if rank == 2 else tuple(changed[0]) if rank else other
                    )
                    yield name, (i if rank == 2 else j) + 1, {**values, name: new}


def remembering(network: Network) -> tuple[str, ...]:
    """The parameters that multiply what is fed back."""
    found = []
    for equation in network.equations:
        for _, node in walk(equation.right_side):
            kids = children(node)
            has_past = any(isinstance(one, Signal) and one.lag for kid in kids for _, one in walk(kid))
            own = [kid.name for kid in kids if isinstance(kid, Parameter)]
            if has_past and own and not isinstance(node, Function) and len(kids) == 2:
                found += own
    return tuple(dict.fromkeys(name for name in found if len(network.parameters[name]) != 1))


class Delayed:
    """A target one step late; at the first step 0 is wanted."""

    def __init__(self, target: Target) -> None:
        self._target = target
        first = target.moves(0).outputs[0]
        # A state of the target, and what it put out last.
        self._states: list[tuple[int, tuple[Fraction, ...]]] = [(0, (Fraction(0),) * len(first))]
        self._numbers = {self._states[0]: 0}

    def moves(self, state: int) -> Moves:
        """What a state does."""
        own, last = self._states[state]
        moves = self._target.moves(own)
        after = []
        for pair in zip(moves.states, moves.outputs, strict=True):
            if pair not in self._numbers:
                self._numbers[pair] = len(self._states)
                self._states.append(pair)
            after.append(self._numbers[pair])
        return Moves(tuple(after), (last,) * len(after))


class Inverted:
    """A target of which 0 and 1 are exchanged."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def moves(self, state: int) -> Moves:
        """What a state does."""
        moves = self._target.moves(state)
        return Moves(moves.states, tuple(tuple(1 - value for value in row) for row in moves.outputs))


def _inverted(task: Task) -> Target | None:
    first = task.target.moves(0).outputs
    is_binary = all(value in (0, 1) for row in first for value in row)
    return Inverted(task.target) if is_binary else None


def _negated(values: Mapping[str, Rows], names: tuple[str, ...]) -> dict[str, Rows]:
    return {name: _minus(value) if name in names else value for name, value in values.items()}


def _minus(value: Rows) -> Rows:
    if isinstance(value, Fraction):
        return -value
    return tuple(_minus(one) for one in value)  # type: ignore[return-value]


def _matrix(value: Rows) -> list[tuple[Fraction, ...]]:
    """A matrix as rows, a vector as one row, a number as one row of one."""
    if isinstance(value, Fraction):
        return [(value,)]
    rows: Any = [value] if isinstance(value[0], Fraction) else value
    return [tuple(row) for row in rows]
