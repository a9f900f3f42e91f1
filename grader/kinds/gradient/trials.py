"""Instances that a gradient function is tried on: general ones, those with a size of 1, long and loud ones.

Sizes are called general where all differ: on these, mistakes are told apart. The other calls find functions
that are right on general sizes only: those that lose an axis of size 1, go back some steps and stop, or clip
large gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from grader.kinds.gradient.probing import Probing, probabilities
from grader.kinds.gradient.sizes import Sizes, long, loud, small
from grader.kinds.gradient.tenths import in_tenths
from grader.networks.backward.gradients import Arrays, FloatArray, GradientInstance
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
