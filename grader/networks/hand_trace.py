"""A network worked out by hand: what follows from values that were written down with a few decimals."""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

from grader.networks.equations.network import Network
from grader.networks.equations.tree import (
    At,
    Node,
    Parameter,
    Product,
    Quotient,
    Signal,
    Sum,
    signals_of,
    walk,
)
from grader.networks.running.functions import Array
from grader.networks.running.interpreted import evaluate
from grader.networks.running.intervals import Interval, Intervals

# Above the error of floating point, far below half a unit of the last place; as in `grader.answers.rounding`.
MARGIN = 1e-9
# Each doubles the work; where more signals are repeated in an equation, its bounds are left wider.
MOST_REPEATED = 4
INTERVALS = Intervals()
# An interval, or a tuple of them.
Boxed: TypeAlias = Any


class HandedIn(NamedTuple):
    """One variable's values as handed in.

    Args:
        values: (T, n), or (1, n) for a value after the last step; NaN where an entry is no number.
        is_key: (T, n) whether each entry is right by itself.
    """

    values: Array
    is_key: npt.NDArray[np.bool_]


class HandTrace(msgspec.Struct, frozen=True, dict=True):
    """What was to be worked out.

    Args:
        network: A checked one.
        inputs: (T, n) by name.
        parameters: By name, start arguments too.
        n_steps: T.
        widths: Entries of each variable.
        asked: The variables that are marked.
        reach: Half a unit of the last place: how far a written value may be from what it stands for; 0 where
            nothing needs rounding, so that it stands for itself.
    """

    network: Network
    inputs: Mapping[str, Array]
    parameters: Mapping[str, Array]
    n_steps: int
    widths: Mapping[str, int]
    asked: tuple[str, ...]
    reach: float

    def right_side(self, name: str) -> Node:
        """Of a variable's equation."""
        return self.network.by_name[name].right_side

    def is_static(self, name: str) -> bool:
        """Whether a variable has one value, after all steps."""
        return name in self.network.by_name and self.network.by_name[name].is_static

    @functools.cached_property
    def affine_repeated(self) -> dict[str, tuple[Signal, ...]]:
        """For each variable the signals that its equation repeats and is affine in."""
        return {name: _affine_repeated(self.right_side(name), self) for name in self.widths}

    @functools.cached_property
    def boxed_parameters(self) -> dict[str, Boxed]:
        """The parameters as intervals of no width."""
        return {name: _points(value.tolist()) for name, value in self.parameters.items()}

    @functools.cached_property
    def boxed_inputs(self) -> dict[str, tuple[Boxed, ...]]:
        """The inputs step by step, as intervals of no width."""
        return {
            name: tuple(_points(row.tolist() if shape else float(row[0])) for row in self.inputs[name])
            for name, shape in self.network.inputs.items()
        }


class Boxes:
    """Bounds of what follows from the handed-in values, for all numbers that these may stand for.

    Args:
        trace: The network and its values.
        handed: Variables by name.
    """

    def __init__(self, trace: HandTrace, handed: Mapping[str, HandedIn]) -> None:
        self.trace = trace
        self.handed = handed
        self._unknown = _run_from_the_start_only(trace, handed)
        self._boxes: dict[tuple[str, int], Boxed] = {}

    def computed(self, name: str, t: int) -> tuple[Array, Array] | None:
        """The least and the most, (n,) each, that a variable's equation gives; None where nothing is known.

        Args:
            name: Of the variable.
            t: The step, from 0 on.
        """
        box = self._computed(name, t)
        if box is None:
            return None
        entries = box if type(box) is tuple else (box,)
        return np.array([one.low for one in entries]), np.array([one.high for one in entries])

    def _computed(self, name: str, t: int) -> Boxed:
        if (name, t) not in self._boxes:
            try:
                self._boxes[name, t] = self._ends(name, t)
            except _NothingKnown:
                self._boxes[name, t] = None
        return self._boxes[name, t]

    def _ends(self, name: str, t: int) -> Boxed:
        """Bounds by an equation that is affine in its repeated signals: its values at both ends of each."""
        repeated = self.trace.affine_repeated[name]
        boxes = [
            self._evaluated(self.trace.right_side(name), t, dict(zip(repeated, ends, strict=True)))
            for ends in itertools.product((0, 1), repeat=len(repeated))
        ]
        return functools.reduce(_hull, boxes)

    def _evaluated(self, tree: Node, t: int, ends: Mapping[Node, int]) -> Boxed:
        def lookup(node: Node) -> Boxed:
            box = self._read(node, t)
            return _end(box, ends[node]) if node in ends else box

        steps = [functools.partial(self._read, t=s) for s in range(self.trace.n_steps)]
        return evaluate(tree, lookup, INTERVALS, steps)

    def _read(self, node: Node, t: int) -> Boxed:
        match node:
            case Signal(name, lag):
                return self._value(name, t - lag)
            case At(name, when):
                return self._value(name, self.trace.n_steps - 1 if when == "T" else int(when) - 1)
            case Parameter(name) if name in self.trace.widths:
                return self._value(name, 0)
            case Parameter(name) if name in self.trace.boxed_parameters:
                return self.trace.boxed_parameters[name]
        # Nothing is known of a matrix that is computed: it is not handed in.
        raise _NothingKnown

    def _value(self, name: str, t: int) -> Boxed:
        if not self.trace.is_static(name):
            if not 0 <= t < self.trace.n_steps:
                return self._start(name)
            if name in self.trace.inputs:
                return self.trace.boxed_inputs[name][t]
        if name in self._unknown:
            raise _NothingKnown
        box = self._around(name, t) if name in self.handed else self._computed(name, t)
        if box is None:
            raise _NothingKnown
        return box

    def _around(self, name: str, t: int) -> Boxed:
        """Everything that the written values may stand for; None where one is no number."""
        row = self.handed[name].values[t]
        if not np.isfinite(row).all():
            return None
        reach = self.trace.reach
        box = tuple(Interval(value - reach, value + reach) for value in row.tolist())
        return box if self.trace.network.shapes[name] else box[0]

    def _start(self, name: str) -> Boxed:
        """Before the first step, or after the last one; zero for inputs."""
        start, shape = self.trace.network.start.get(name), self.trace.network.shapes[name]
        value = Interval(0.0, 0.0) if start is None else self._evaluated(start, 0, {})
        if not shape or type(value) is tuple:
            return value
        inputs = self.trace.inputs
        return (value,) * (inputs[name].shape[1] if name in inputs else self.trace.widths[name])


class _NothingKnown(Exception):
    """A value that was not handed in and cannot be computed from those that were."""


def _run_from_the_start_only(trace: HandTrace, handed: Iterable[str]) -> set[str]:
    """Variables that were left out and need themselves, through others that were: they need the whole run."""
    # What reads fixed or all steps, a start value too, stands in no circle: there is no order then.
    needs = {
        name: {one.name for one in signals_of(trace.right_side(name))}
        for name in trace.widths
        if name not in handed
    }
    reached = {name: set(direct) & set(needs) for name, direct in needs.items()}
    for _ in needs:
        for name in needs:
            reached[name] |= {far for near in reached[name] for far in reached[near]}
    return {name for name in needs if name in reached[name]}


def _affine_repeated(tree: Node, trace: HandTrace) -> tuple[Signal, ...]:
    """The signals that stand more than once in an equation that is affine in them."""
    count = Counter(one for _, one in walk(tree) if isinstance(one, Signal) and one.name in trace.widths)
    found = [one for one, times in count.items() if times > 1 and is_affine_in(tree, one)]
    return tuple(found) if len(found) <= MOST_REPEATED else ()


def is_affine_in(tree: Node, signal: Signal) -> bool:
    """Whether an entry of a tree is affine in the signal's own entry and depends on no other entry of it.

    Args:
        tree: The tree.
        signal: Never inside an activation, under a matrix, or multiplied with itself.
    """

    def has(node: Node) -> bool:
        return any(one == signal for _, one in walk(node))

    if tree == signal or not has(tree):
        return True
    match tree:
        case Sum(terms):
            return all(is_affine_in(term, signal) for _, term in terms)
        case Product(factors):
            return sum(map(has, factors)) == 1 and all(is_affine_in(one, signal) for one in factors)
        case Quotient(above, below):
            return not has(below) and is_affine_in(above, signal)
    return False


def _points(value: Any) -> Boxed:
    return tuple(map(_points, value)) if isinstance(value, list) else Interval(value, value)


def _end(box: Boxed, which: int) -> Boxed:
    if type(box) is tuple:
        return tuple(_end(one, which) for one in box)
    return Interval(box[which], box[which])


def _hull(a: Boxed, b: Boxed) -> Boxed:
    return tuple(map(_hull, a, b)) if type(a) is tuple else a.hull(b)
