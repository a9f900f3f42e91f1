"""Within which bounds a variable stays whatever the weights and inputs: a gate in 0 to 1, a cell anywhere."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping
from math import isfinite
from typing import NamedTuple

from grader.networks.equations.tree import (
    At,
    Constant,
    Function,
    Node,
    Over,
    Parameter,
    Power,
    Product,
    Quotient,
    Signal,
    Sum,
)
from grader.networks.hand_trace import INTERVALS, MARGIN, HandTrace
from grader.networks.running.intervals import EVERYTHING, Interval

AT_FIRST = Interval(-1.0, 1.0)
"""The bounds that are tried first for a variable that its equation alone does not bound."""


def possible_values(trace: HandTrace) -> dict[str, Interval]:
    """Bounds of each variable that its activations give, by induction over the steps.

    Sums over inputs or a layer, which weights scale, may be anything. Some equations bound their variable
    whatever they read: a gate is in 0 to 1. Another variable is bounded by -1, 1 and its start value if these
    bounds at one step imply them at the next; everything else is unbounded.

    Args:
        trace: The network; its parameters bound what they alone scale.
    """
    always = {name: _of_equation(trace, name, {}) for name in trace.widths}
    bounds = {
        name: (bound if isfinite(bound.high - bound.low) else AT_FIRST).hull(_start(trace, name))
        for name, bound in always.items()
    }
    while True:
        given = {name: _of_equation(trace, name, bounds) for name in trace.widths}
        broken = [
            name
            for name in bounds
            if bounds[name] != EVERYTHING and not _is_within(given[name], bounds[name])
        ]
        if not broken:
            return given
        bounds |= dict.fromkeys(broken, EVERYTHING)


def keeps_others_small(trace: HandTrace, name: str, bounds: Mapping[str, Interval], near: float) -> bool:
    """Whether some variable lies within `near` of zero wherever this one does, whatever else it reads.

    So is h in h = o * tanh(c) by c, and in y = h / 2 by h, but no tanh of a sum over a layer.

    Args:
        trace: The network.
        name: The variable that is small.
        bounds: Of the others, as `possible_values` gives them.
        near: How small.
    """
    small = Interval(-near, near)
    given = {**bounds, name: small}
    return any(_is_within(_of_equation(trace, reader, given), small) for reader in trace.widths)


def _of_equation(trace: HandTrace, name: str, bounds: Mapping[str, Interval]) -> Interval:
    """What an equation gives where variables lie within these bounds and inputs anywhere."""
    repeated = trace.affine_repeated[name]
    ends = itertools.product((0, 1), repeat=len(repeated))
    return functools.reduce(
        Interval.hull,
        [
            _Range(trace, bounds, dict(zip(repeated, chosen, strict=True))).of(trace.right_side(name))
            for chosen in ends
        ],
    )


def _start(trace: HandTrace, name: str) -> Interval:
    start = trace.network.start.get(name)
    return Interval(0.0, 0.0) if start is None else _Range(trace, {}, {}).of(start)


class _Range(NamedTuple):
    """What a tree may give in any of its entries."""

    trace: HandTrace
    bounds: Mapping[str, Interval]
    ends: Mapping[Signal, int]

    def of(self, tree: Node) -> Interval:
        match tree:
            case Constant(value):
                return INTERVALS.constant(value)
            case Parameter(name) if name in self.trace.parameters:
                values = self.trace.parameters[name]
                return Interval(float(values.min()), float(values.max()))
            case Signal(name) | At(name) | Parameter(name):
                bounds = self.bounds.get(name, EVERYTHING)
                if isinstance(tree, Signal) and tree in self.ends:
                    return Interval(*(bounds[self.ends[tree]],) * 2)
                return bounds
            case Sum(terms):
                return functools.reduce(INTERVALS.add, [self._signed(*term) for term in terms])
            case Product(factors):
                return functools.reduce(INTERVALS.multiply, map(self.of, factors))
            case Quotient(above, below):
                return INTERVALS.divide(self.of(above), self.of(below))
            case Power(base, exponent):
                return INTERVALS.power(self.of(base), exponent)
            case Function():
                return self._function(tree)
            case Over(how, arg) if how != "sum":
                return self.of(arg)
        return EVERYTHING

    def _signed(self, sign: int, term: Node) -> Interval:
        return self.of(term) if sign > 0 else INTERVALS.negative(self.of(term))

    def _function(self, tree: Function) -> Interval:
        args = [self.of(arg) for arg in tree.args]
        match tree.name:
            case "softmax":
                return Interval(0.0, 1.0)
            case "stack" | "part":
                return functools.reduce(Interval.hull, args)
            case "max" | "min" | "mod":
                return functools.reduce(lambda a, b: INTERVALS.of_two(tree.name, a, b), args)
        return INTERVALS.function(tree.name, args[0])


def _is_within(a: Interval, b: Interval) -> bool:
    # Intervals are rounded outwards: without a margin nothing would map into itself.
    return b.low - MARGIN <= a.low and a.high <= b.high + MARGIN
