"""Instances in numbers of one digit, on which no gradient is small beside the others."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from grader.kinds.gradient.probing import Probing, Sizes, probabilities
from grader.networks.backward.gradients import Arrays, FloatArray, GradientInstance, gradients_of_each

# A gradient's largest entry is at least this share of the largest of all: finite differences lose too many
# digits in a smaller one.
LEAST = 0.1
DRAWS = 40
# Shares worked out for all draws at once are rounded otherwise than that of one by itself, by far less than
# this. One below the second may be of a gradient that is zero, and does not count, where it is rounded so.
SURELY_LESS, SURELY_THERE = 1 - 1e-6, 1e-9


class WithGradients(NamedTuple):
    """An instance, and the right gradients at it."""

    instance: GradientInstance
    right: Arrays

    @property
    def least_share(self) -> float:
        """The least of the gradients' largest entries over the largest of all; zeros do not count."""
        return _share([float(np.abs(one).max()) for one in self.right.values()])


def in_tenths(probing: Probing, sizes: Sizes, rng: np.random.Generator) -> WithGradients:
    """The first of some draws on which no gradient is small beside the others, or the best of them.

    Args:
        probing: What is drawn for.
        sizes: Of the instance.
        rng: It has drawn no more afterwards than if all draws were looked at in turn.
    """
    draws = _Draws(probing, sizes, rng)
    # One is left out, so that what is drawn for an exercise stays what it was.
    found = draws.next(2)[1:]
    first = _drawn(probing, found[0])
    if first.least_share >= LEAST:
        return first
    before = rng.bit_generator.state
    found += draws.next(DRAWS - 1)
    best = _best(probing, found, first)
    if best.share >= LEAST:
        rng.bit_generator.state = before
        draws.next(best.place)
    return best.drawn


class _Best(NamedTuple):
    """Which of some instances is taken, and its least share."""

    place: int
    drawn: WithGradients
    share: float


def _best(probing: Probing, instances: Sequence[GradientInstance], first: WithGradients) -> _Best:
    """The first with a share that is enough, else the first of those with the largest."""
    about = _least_shares(probing, instances)
    none = _Best(0, first, -1.0)
    if not any(about):
        # All gradients are zero, as behind the softmax of one number.
        return none
    # Of a draw that seems to be less than another the share is not worked out by itself. Where the other's
    # turns out not to be what it seemed, all are worked out.
    for seeming in (min(LEAST, max(about)), 0.0):
        best = none
        for place, one in enumerate(about):
            if SURELY_THERE <= one < seeming * SURELY_LESS:
                continue
            drawn = _drawn(probing, instances[place]) if place else first
            share = drawn.least_share
            if share > best.share:
                best = _Best(place, drawn, share)
            if share >= LEAST:
                return best
        if best.share >= seeming * SURELY_LESS:
            break
    return best


def _drawn(probing: Probing, instance: GradientInstance) -> WithGradients:
    return WithGradients(instance, probing.gradients(instance))


def _least_shares(probing: Probing, instances: Sequence[GradientInstance]) -> list[float]:
    """The same of each of many, up to rounding."""
    found = gradients_of_each(probing.right, instances)
    largest = [np.abs(found[name]).reshape(len(instances), -1).max(axis=1) for name in probing.asked]
    return [_share(one) for one in np.stack(largest, axis=1).tolist()]


def _share(largest: Sequence[float]) -> float:
    return min((one for one in largest if one), default=0.0) / (max(largest) or 1)


class _Draws:
    """Instances of the same sizes, one after the other.

    Args:
        probing: What is drawn for.
        sizes: Of all.
        rng: From which they come.
    """

    def __init__(self, probing: Probing, sizes: Sizes, rng: np.random.Generator) -> None:
        self.probing, self.rng = probing, rng
        self.shapes = tuple(probing.shapes(sizes))
        self.takes_shares = probing.takes_probabilities
        runs = itertools.groupby(self.shapes, lambda one: self.takes_shares and one[1] == "target")
        self.runs = [(is_shares, [shape for _, _, shape in some]) for is_shares, some in runs]
        self.digits = [None if is_shares else OneDigitDraw(shapes) for is_shares, shapes in self.runs]

    def next(self, count: int) -> list[GradientInstance]:
        """The next instances of the stream.

        Args:
            count: How many.
        """
        if len(self.runs) == 1 and self.digits[0] is not None:
            return [self._instance(arrays) for arrays in self.digits[0].draw(self.rng, count)]
        return [self._instance(self._in_runs()) for _ in range(count)]

    def _in_runs(self) -> list[FloatArray]:
        """The arrays of one, some in digits and some that are shares."""
        arrays: list[FloatArray] = []
        for (_, shapes), digits in zip(self.runs, self.digits, strict=True):
            if digits is None:
                arrays += [probabilities(self.probing, self.rng, shape) for shape in shapes]
            else:
                arrays += digits.draw(self.rng, 1)[0]
        return arrays

    def _instance(self, arrays: Sequence[FloatArray]) -> GradientInstance:
        named = zip(self.shapes, arrays, strict=True)
        return self.probing.instance(
            # Far from the outputs the cost is steep, which makes finite differences exact enough.
            (name, what, 10 * array if what == "target" and not self.takes_shares else array)
            for (name, what, _), array in named
        )


class OneDigitDraw:
    """Arrays that are drawn together, each as `one_digit` would draw it: all its digits, then all its signs.

    A generator takes 32 random bits for each number of a range that is a power of two, and keeps the highest
    of them. So all bits are taken in one call, which is twenty times as quick as two calls an array.

    Args:
        shapes: Of the arrays, in their order; of at least one.
    """

    def __init__(self, shapes: Sequence[tuple[int, ...]]) -> None:
        self.shapes = tuple(shapes)
        sizes = list(map(math.prod, self.shapes))
        self.ends = np.cumsum([0, *sizes]).tolist()
        # An array of n numbers takes its 2 n places after those of all arrays before it.
        within = np.concatenate([np.arange(size) for size in sizes])
        before = np.repeat(self.ends[:-1], sizes)
        self.digits = 2 * before + within
        self.signs = self.digits + np.repeat(sizes, sizes)

    def draw(self, rng: np.random.Generator, count: int) -> list[list[FloatArray]]:
        """The next numbers of a generator, from 0.2 to 0.9 of either sign.

        Args:
            rng: The generator.
            count: How many times all arrays are drawn, one after the other.
        """
        bits = rng.integers(0, 1 << 32, (count, 2 * self.ends[-1]), dtype=np.uint32)
        tenths = (2.0 + (bits[:, self.digits] >> 29)) * (2.0 * (bits[:, self.signs] >> 31) - 1)
        numbers = tenths / 10
        # Each in memory of its own: where in it an array begins can change the last digit of a sum.
        return [
            [
                one[start:end].reshape(shape)
                for start, end, shape in zip(self.ends, self.ends[1:], self.shapes, strict=False)
            ]
            for one in map(np.copy, numbers)
        ]
