"""Follow-through: a hand trace held against the right values ("the key") and the student's own earlier ones.

The rule for a step, where h is handed in: y(t) is right if it is the key's, or if it follows from the
student's h(t) and this h(t) is the key's or follows from what was fed back. So a slip in h costs its own step
and no other. In a Jordan network y(t) may also follow from y(t-1) alone. Handing in h never lowers a mark.

A value written to d places stands for every number within half a unit of its last place. The interval of what
can be computed from these is exact, since tanh and the sigmoid increase and what goes into them is affine. A
later value follows if some number that it stands for lies in that interval.

Nothing follows from a value that the activation cannot take, nor from a slip whose entries are all 0 or ±1:
such a value makes the next step trivial, or is a guess at a saturated one. What is the key's, or follows
itself, may be 0 or ±1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from grader.networks.forward import MARGIN
from reference.network import Array, Weights, sigmoid

Withheld: TypeAlias = Literal["", "bare", "impossible"]


class LayerValues(NamedTuple):
    """One layer's values as handed in.

    Args:
        values: (T, n); NaN where an entry is no number.
        is_key: Whether each entry is right by itself, step by step.
    """

    values: Array
    is_key: Sequence[Sequence[bool]]


class HandTrace(NamedTuple):
    """What was to be worked out.

    Args:
        net: Weights and inputs.
        is_hidden_fed_back: Whether h is fed back; else y is.
        places: Decimal places asked for.
    """

    net: Weights
    is_hidden_fed_back: bool
    places: int


class StepFacts(NamedTuple):
    """What was found about one step.

    Args:
        y_follows: Whether each output follows from the student's own values.
        is_h_slip: Whether h(t) is neither the key's nor follows; False where h was not handed in.
        is_y_slip: The same for y(t).
        is_h_copied: Whether h(t) is the key's but does not follow from the student's own wrong values.
        is_y_copied: The same for y(t).
        withheld: Why a wrong value that follows from what was fed back earns nothing all the same: that is a
            slip of 0 and ±1 alone ("bare"), or no value of its activation ("impossible"); else empty.
    """

    y_follows: tuple[bool, ...]
    is_h_slip: bool
    is_y_slip: bool
    is_h_copied: bool
    is_y_copied: bool
    withheld: Withheld


class Box(NamedTuple):
    """Lower and upper bounds of a vector."""

    lower: Array
    upper: Array

    def meets(self, values: Array, half_unit: float) -> list[bool]:
        """Whether each entry, as written to half a unit, reaches into the box."""
        reach = half_unit + MARGIN
        # NaN, which stands for an entry that could not be read, meets nothing.
        return [bool(met) for met in (values + reach >= self.lower) & (values - reach <= self.upper)]


class _Source(NamedTuple):
    """A vector, handed in or computed, that a later value may follow from.

    Args:
        box: Bounds of what it may be; None where nothing is known.
        is_key: Whether it is the key's.
        withheld: Why nothing may follow from it; empty where something may.
    """

    box: Box | None
    is_key: bool
    withheld: Withheld = ""

    @property
    def is_sound(self) -> bool:
        """Whether later values may follow from it."""
        return not self.withheld


def follow(trace: HandTrace, y: LayerValues, h: LayerValues | None) -> tuple[StepFacts, ...]:
    """What follows from what, for each step.

    Args:
        trace: Network and places.
        y: The outputs.
        h: The hidden activations, where they were handed in.
    """
    nothing = np.zeros(len(trace.net.W))
    fed = _Source(Box(nothing, nothing), is_key=True)
    steps = []
    for t in range(len(trace.net.x)):
        step, fed = _step(trace, t, fed, y, h)
        steps.append(step)
    return tuple(steps)


def _step(
    trace: HandTrace, t: int, fed: _Source, y: LayerValues, h: LayerValues | None
) -> tuple[StepFacts, _Source]:
    """What is found of step t, from 0 on, and what it feeds back to the next."""
    net, unit = trace.net, 10.0**-trace.places
    reach = _hidden_box(net, t, fed.box) if fed.box else None
    hidden = _Source(None if trace.is_hidden_fed_back else reach, fed.is_key, fed.withheld)
    h_met, h_is_right = [False], True
    if h is not None:
        h_met = _met(reach, h.values[t], unit)
        h_is_right = _all_right(h.is_key[t], h_met, fed)
        hidden = _source(h.values[t], all(h.is_key[t]), h_is_right, 1.0, unit)
    by_h = _met(_output_box(net, hidden.box) if hidden.box else None, y.values[t], unit)
    direct = _met(
        _output_box(net, reach) if reach and not trace.is_hidden_fed_back else None, y.values[t], unit
    )
    y_met = [
        (h_is_right and hidden.is_sound and from_h) or (fed.is_sound and from_y)
        for from_h, from_y in zip(by_h, direct, strict=True)
    ]
    y_is_key = all(y.is_key[t])
    y_is_right = all(key or met for key, met in zip(y.is_key[t], y_met, strict=True))
    would_follow = [
        *zip(y.is_key[t], direct, strict=True),
        *(zip(h.is_key[t], h_met, strict=True) if h else []),
    ]
    step = StepFacts(
        y_follows=tuple(y_met),
        is_h_slip=not h_is_right,
        is_y_slip=not y_is_right,
        is_h_copied=h is not None and not fed.is_key and all(h.is_key[t]) and not all(h_met),
        is_y_copied=hidden.box is not None and not hidden.is_key and y_is_key and not all(by_h),
        withheld=fed.withheld if any(met and not key for key, met in would_follow) else "",
    )
    return step, hidden if trace.is_hidden_fed_back else _source(y.values[t], y_is_key, y_is_right, 0.0, unit)


def _all_right(is_key: Sequence[bool], met: Sequence[bool], source: _Source) -> bool:
    """Whether each entry is the key's or follows from the source."""
    return all(key or (follows and source.is_sound) for key, follows in zip(is_key, met, strict=True))


def _met(box: Box | None, values: Array, unit: float) -> list[bool]:
    return box.meets(values, unit / 2) if box else [False] * len(values)


def _source(values: Array, is_key: bool, is_right: bool, reach: float, unit: float) -> _Source:
    """The handed-in values of a step, for what comes after it.

    Args:
        values: As handed in.
        is_key: Whether they are the key's.
        is_right: Whether they are, or follow.
        reach: How far below zero the activation goes: 1 for tanh, 0 for the sigmoid.
        unit: Of the last place.
    """
    can_be = bool(((values >= -reach - unit / 2) & (values <= 1 + unit / 2)).all())
    is_bare = bool((np.abs(values - np.rint(values)) <= unit / 2).all())
    withheld: Withheld = "" if can_be else "impossible"
    if can_be and is_bare and not is_right:
        withheld = "bare"
    return _Source(_box_around(values, unit / 2), is_key, withheld)


def _box_around(values: Array, half_unit: float) -> Box:
    """Everything that the written values may stand for."""
    return Box(values - half_unit, values + half_unit)


@np.errstate(all="ignore")  # what overflows meets nothing
def _hidden_box(net: Weights, t: int, fed_back: Box) -> Box:
    """h(t), from 0 on, for everything that may have been fed back."""
    centre, spread = _through(net.W, fed_back)
    centre = centre + net.U.T @ net.x[t] + net.b
    return Box(np.tanh(centre - spread), np.tanh(centre + spread))


@np.errstate(all="ignore")
def _output_box(net: Weights, hidden: Box) -> Box:
    """The output for everything that h may be at this step."""
    centre, spread = _through(net.V, hidden)
    return Box(sigmoid(centre + net.c - spread), sigmoid(centre + net.c + spread))


def _through(weights: Array, box: Box) -> tuple[Array, Array]:
    """Middle and half width of the interval that W^T s takes, entry by entry, for s in the box."""
    middle, radius = (box.lower + box.upper) / 2, (box.upper - box.lower) / 2
    return weights.T @ middle, np.abs(weights).T @ radius
