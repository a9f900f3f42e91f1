"""Instances that a gradient function is tried on, and their sizes: general, with a 1, long, and loud ones.

Sizes are called general where all differ: on these, mistakes are told apart. The other calls find functions
that are right on general sizes only: those that lose an axis of size 1, go back some steps and stop, or clip
large gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from grader.kinds.gradient.probing import Probing, Sizes, probabilities
from grader.kinds.gradient.tenths import in_tenths
from grader.networks.backward.gradients import Arrays, FloatArray, GradientInstance
from grader.networks.layout import SEQUENCES, STEPS, Axes
from grader.networks.mutants.backward.context import context_of
from grader.networks.mutants.backward.evaluation import Evaluation

LARGEST_WEIGHT = 0.7
# Honest functions, float32 and finite differences among them, stay below 3e-4; mistakes are 0.1 off.
TOLERANCE = 1e-3
# For sixty steps: forward differences of 1e-4 are off by 2e-3, errors that go back fifty steps only by 0.08.
LONG_TOLERANCE = 1e-2
# Hidden values stay so small that tanh hardly loses anything on the way back through all steps.
LONG_INPUTS, LONG_BIASES, LONG_TARGETS = 0.05, 0.01, 30.0
LONG_ANGLES = (0.5, 2.6)
# The furthest that people cut off at, and the share of a gradient that must come from beyond it.
FURTHEST, FROM_BEYOND = 50, 0.03
LONG_DRAWS = 12
# They make gradients of 1e3: people clip at 1, 5, 10 or 100. Finite differences of larger ones lose digits.
LARGE_TARGETS = 3e3
# Start states to 4.5 with them: beyond what people clip states at, and not where tanh has no slope left.
START_SCALE = 5


SMALLEST, LARGEST = 2, 64
# All different in each row: a transposed matrix or a mean over the wrong axis must show.
FEW, MORE = (4, 6, 5, 8, 9, 10, 12, 13), (3, 4, 7, 6, 8, 9, 10, 12)
LONG, WIDE, LOUD = (2, 4, 7, 5, 6, 8, 9, 10), (5, 2, 6, 7, 8, 9, 10, 11), (4, 5, 6, 7, 8, 9, 10, 11)
# How many `chosen` gives.
N_CHOSEN = 2
# Longer than any number of steps after which people stop on the way back.
LONG_STEPS = 60


class GradientTrial(NamedTuple):
    """What the student's function is called with (twice), and what it should return.

    Args:
        instance: The arguments.
        sizes: By name.
        right: The right gradients that are asked.
        is_general: Whether known mistakes are looked for here: all sizes differ.
        is_large: Whether gradients are of the size of 1e3.
        tolerance: Largest error of a gradient over its largest entry.
    """

    instance: GradientInstance
    sizes: Sizes
    right: Arrays
    is_general: bool = False
    is_large: bool = False
    tolerance: float = TOLERANCE

    @property
    def title(self) -> str:
        """The sizes, for people."""
        text = ", ".join(f"{name} = {size}" for name, size in self.sizes.items())
        return f"{text} and targets of about {LARGE_TARGETS:g}" if self.is_large else text


def drawn_trials(probing: Probing, sizes: Sequence[Sizes], seed: int) -> tuple[GradientTrial, ...]:
    """All calls, the smallest first.

    Args:
        probing: What they are drawn for.
        sizes: Of the exercise's own instances.
        seed: Of everything that is drawn.
    """
    axes = probing.signature.axes
    rng = np.random.default_rng([seed, 1])

    def trial(instance: GradientInstance, of: Sizes, **how: object) -> GradientTrial:
        return GradientTrial(instance, of, probing.gradients(instance), **how)  # type: ignore[arg-type]

    found = []
    for of in small(axes):
        drawn = in_tenths(probing, of, rng)
        found.append(GradientTrial(drawn.instance, of, drawn.right))
    if _can_be_large(probing):
        instance = in_tenths(probing, loud(axes), rng).instance
        targets = {name: LARGE_TARGETS + np.abs(100 * one) for name, one in instance.targets.items()}
        starts = probing.right.forward.start_arguments
        parameters = {
            name: START_SCALE * one if name in starts else one for name, one in instance.parameters.items()
        }
        instance = instance._replace(targets=targets, parameters=parameters)
        found.append(trial(instance, loud(axes), is_large=True))
    rng = np.random.default_rng(seed)
    found += [trial(_general(probing, of, rng), of, is_general=True) for of in sizes]
    instance = _long(probing, long(axes), np.random.default_rng([seed, 2]))
    found.append(trial(instance, long(axes), is_general=True, tolerance=LONG_TOLERANCE))
    return tuple(found)


def how_many(probing: Probing, own: int) -> int:
    """How many calls `drawn_trials` gives, before any is drawn.

    Args:
        probing: What they are drawn for.
        own: How many instances have the exercise's own sizes.
    """
    return len(list(small(probing.signature.axes))) + _can_be_large(probing) + own + 1


def _can_be_large(probing: Probing) -> bool:
    """Whether targets far off make gradients large."""
    return not probing.takes_probabilities and bool(probing.right.loss.targets)


def _general(probing: Probing, sizes: Sizes, rng: np.random.Generator) -> GradientInstance:
    """Weights that are neither small nor saturating: every path must show in the gradients."""

    def draw(what: str, shape: tuple[int, ...]) -> FloatArray:
        if what == "parameter":
            return rng.uniform(-LARGEST_WEIGHT, LARGEST_WEIGHT, shape)
        if what == "target" and probing.takes_probabilities:
            return probabilities(probing, rng, shape)
        return rng.uniform(-1, 1, shape)

    return probing.drawn(sizes, draw)


def _long(probing: Probing, sizes: Sizes, rng: np.random.Generator) -> GradientInstance:
    """Many steps through which gradients reach back: what is cut off anywhere must show."""
    best, most = None, -1.0
    context = context_of(probing.right)
    for attempt in range(LONG_DRAWS):
        scale = 1.0 if attempt == 0 else float(rng.uniform(0.2, 1))
        biases = LONG_BIASES if attempt == 0 else 5.0
        instance = probing.drawn(sizes, _reaching(probing, rng, scale, biases))
        evaluation = Evaluation(context, instance)
        right, cut = evaluation.right, evaluation.cut_off(FURTHEST)
        beyond = max(_share(right[name], cut[name]) for name in probing.asked)
        if beyond > most:
            best, most = instance, beyond
        if most >= FROM_BEYOND:
            break
    assert best is not None
    return best


def _share(right: FloatArray, cut: FloatArray) -> float:
    largest = float(np.abs(right).max())
    share = float(np.abs(right - cut).max()) / largest if largest else 0.0
    return share if np.isfinite(share) else -1.0


def _reaching(
    probing: Probing, rng: np.random.Generator, scale: float, biases: float
) -> Callable[[str, tuple[int, ...]], FloatArray]:
    def draw(what: str, shape: tuple[int, ...]) -> FloatArray:
        if what == "input":
            return rng.uniform(-LONG_INPUTS, LONG_INPUTS, shape)
        if what == "target":
            if probing.takes_probabilities:
                return probabilities(probing, rng, shape)
            return rng.uniform(-LONG_TARGETS, LONG_TARGETS, shape)
        if len(shape) == 2 and shape[0] == shape[1]:
            return scale * _turning(rng, shape[0])
        if len(shape) == 2:
            return scale * rng.uniform(-1, 1, shape)
        return rng.uniform(-biases, biases, shape)

    return draw


def _turning(rng: np.random.Generator, n: int) -> FloatArray:
    """An orthogonal matrix: gradients neither vanish, explode nor add up on the way through it."""
    turn = np.eye(n)
    for i in range(0, n - 1, 2):
        angle = rng.uniform(*LONG_ANGLES)
        turn[i : i + 2, i : i + 2] = [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    Q = np.linalg.qr(rng.standard_normal((n, n)))[0]
    return np.asarray(Q @ turn @ Q.T, dtype=np.float64)


def small(axes: Axes) -> Iterator[Sizes]:
    """All 1, two steps of it, then each size 1 by itself."""
    ones = dict.fromkeys(axes, 1)
    yield ones
    yield {**ones, STEPS: 2}
    n_others = sum(axis not in (SEQUENCES, STEPS) for axis in axes)
    for place, alone in enumerate(axes):
        # No two have inputs of one shape: what is kept from call to call must not look like a wrong size.
        turn = place % max(1, n_others)
        others = WIDE[:n_others][turn:] + WIDE[:n_others][:turn]
        yield {**_filled(axes, 3, 3 if alone == SEQUENCES else 4, others), alone: 1}


def loud(axes: Axes) -> Sizes:
    """Those of the instance with large errors."""
    return _filled(axes, 2, 3, LOUD)


def long(axes: Axes) -> Sizes:
    """Those of the instance with many steps."""
    return _filled(axes, 3, LONG_STEPS, LONG)


def chosen(axes: Axes, tells_apart: Callable[[Sizes], bool]) -> tuple[Sizes, ...]:
    """Sizes that are all different, where an author gives none.

    Args:
        axes: Of the question.
        tells_apart: Whether slips in the loss give factors of their own.
    """
    return tuple(_first_that(axes, *numbers, tells_apart) for numbers in ((3, 7, FEW), (5, 11, MORE)))


def _first_that(
    axes: Axes, n_seqs: int, n_steps: int, others: tuple[int, ...], tells_apart: Callable[[Sizes], bool]
) -> Sizes:
    turns = [_filled(axes, n_seqs, n_steps, others[i:] + others[:i]) for i in range(len(others))]
    return next(filter(tells_apart, turns), turns[0])


def check_sizes(given: Sequence[Sizes], axes: Axes) -> None:
    """Whether an author's sizes fit and are all different.

    Raises:
        ValueError: Which are not.
    """
    for place, sizes in enumerate(given):
        if wrong := sorted(set(sizes) ^ set(axes)):
            fault = "unknown" if wrong[0] in sizes else "missing"
            raise ValueError(f"sizes[{place}].{wrong[0]} is {fault}; they are {', '.join(axes)}")
        numbers = tuple(sizes.values())
        if len(set(numbers)) < len(numbers) or not all(SMALLEST <= size <= LARGEST for size in numbers):
            raise ValueError(f"sizes[{place}] is {numbers}; wanted different numbers from 2 to 64")


def _filled(axes: Axes, n_seqs: int, n_steps: int, others: tuple[int, ...]) -> Sizes:
    numbers = iter(others)
    return {
        axis: n_seqs if axis == SEQUENCES else n_steps if axis == STEPS else next(numbers, 14)
        for axis in axes
    }
