"""What follows from a student's own values, by intervals.

A value written to d places stands for everything within half a unit of its last place. The interval of what
can be computed from there is exact: tanh and the sigmoid rise, and what goes into them is affine. A later
value follows if some number that it stands for lies in that interval.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from reference.network import Array, Weights, sigmoid

# Above the error of floating point, far below half a unit of any sheet; as in `grader.answers.rounding`.
MARGIN = 1e-9


class Box(NamedTuple):
    """Lower and upper bounds of a vector."""

    lower: Array
    upper: Array

    def meets(self, values: Array, half_unit: float) -> list[bool]:
        """Whether each entry, as written to half a unit, reaches into the box."""
        reach = half_unit + MARGIN
        # NaN, which stands for an entry that could not be read, meets nothing.
        return [bool(met) for met in (values + reach >= self.lower) & (values - reach <= self.upper)]


def box_around(values: Array, half_unit: float) -> Box:
    """Everything that the written values may stand for."""
    return Box(values - half_unit, values + half_unit)


@np.errstate(all="ignore")  # what overflows meets nothing
def hidden_box(net: Weights, t: int, fed_back: Box) -> Box:
    """h(t), from 0 on, for everything that may have been fed back."""
    centre, spread = _through(net.W, fed_back)
    centre = centre + net.U.T @ net.x[t] + net.b
    return Box(np.tanh(centre - spread), np.tanh(centre + spread))


@np.errstate(all="ignore")
def output_box(net: Weights, hidden: Box) -> Box:
    """The output for everything that h may be at this step."""
    centre, spread = _through(net.V, hidden)
    return Box(sigmoid(centre + net.c - spread), sigmoid(centre + net.c + spread))


def _through(weights: Array, box: Box) -> tuple[Array, Array]:
    middle, radius = (box.lower + box.upper) / 2, (box.upper - box.lower) / 2
    return weights.T @ middle, np.abs(weights).T @ radius
