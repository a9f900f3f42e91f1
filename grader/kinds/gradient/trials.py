"""Instances that a gradient function is tried on: general ones, those with a size of 1, long and loud ones.

Sizes are called general where all differ: on these, mistakes are told apart. The other calls find functions
that are right on general sizes only: those that lose an axis of size 1, go back some steps and stop, or clip
large gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from grader.kinds.gradient.signature import GradientSignature
from grader.kinds.gradient.sizes import Sizes, long, loud, small
from grader.networks.backward.adjoint import BackwardPass
from grader.networks.backward.gradients import Arrays, FloatArray, GradientInstance, gradients
from grader.networks.equations.sizes import Size
from grader.networks.equations.tree import At, Function, Node, Signal, walk
from grader.networks.layout import SEQUENCES, STEPS
from grader.networks.mutants.backward.context import context_of, stopping
from grader.networks.mutants.backward.evaluation import Evaluation
from grader.training.task import one_digit

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
# A gradient's largest entry is at least this share of the largest of all: finite differences lose too many
# digits in a smaller one.
LEAST = 0.1
DRAWS = 40


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


class Probing(NamedTuple):
    """What instances are drawn for.

    Args:
        right: The right backward pass.
        signature: How the function is called.
        asked: The gradients that are compared.
    """

    right: BackwardPass
    signature: GradientSignature
    asked: tuple[str, ...]

    def gradients(self, instance: GradientInstance) -> Arrays:
        """Those that are asked."""
        found = gradients(self.right, instance)
        return {name: found[name] for name in self.asked}

    @property
    def takes_probabilities(self) -> bool:
        """Whether targets stand beside a logarithm."""
        return any(True for _ in self._in_logarithms())

    @property
    def takes_shares(self) -> bool:
        """Whether targets are shares of 1 that softmax is to give, so that one that stands alone is 1."""
        return any(map(self._is_softmax, self._in_logarithms()))

    def _in_logarithms(self) -> Iterator[Node]:
        for term in self.right.loss.terms:
            for _, node in walk(term.body):
                if isinstance(node, Function) and node.name == "log":
                    yield node.args[0]

    def _is_softmax(self, node: Node) -> bool:
        if isinstance(node, Signal | At) and node.name in self.right.forward.by_name:
            node = self.right.forward.by_name[node.name].right_side
        return isinstance(node, Function) and node.name == "softmax"

    def shapes(self, sizes: Sizes) -> Iterator[tuple[str, str, tuple[int, ...]]]:
        """Each argument's name, what it is, and its shape in the standard order."""
        network, loss = self.right.forward, self.right.loss
        n_seqs = sizes.get(SEQUENCES, 1)
        for name in network.inputs:
            yield name, "input", (sizes[STEPS], n_seqs, *_entries(network.inputs[name], sizes))
        for name, target in loss.targets.items():
            steps = (sizes[STEPS],) if target.each_step else ()
            yield name, "target", (*steps, n_seqs, *_entries(target.shape, sizes))
        for name, shape in network.parameters.items():
            is_each = self.signature.arguments[name].standard[:1] == (SEQUENCES,)
            front = (n_seqs,) if is_each else ()
            yield name, "parameter", (*front, *(one.at(sizes) for one in shape))

    def drawn(self, sizes: Sizes, draw: Callable[[str, tuple[int, ...]], FloatArray]) -> GradientInstance:
        """An instance of numbers that `draw` gives for what something is and its shape."""
        made: dict[str, Arrays] = {"input": {}, "target": {}, "parameter": {}}
        for name, what, shape in self.shapes(sizes):
            made[what][name] = np.asarray(draw(what, shape), dtype=np.float64)
        return GradientInstance(made["input"], made["target"], made["parameter"])


def _entries(shape: Sequence[Size], sizes: Sizes) -> tuple[int, ...]:
    return tuple(one.at(sizes) for one in shape) or (1,)


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

    found = [trial(_in_tenths(probing, of, rng), of) for of in small(axes)]
    if not probing.takes_probabilities and probing.right.loss.targets:
        instance = _in_tenths(probing, loud(axes), rng)
        targets = {name: LARGE_TARGETS + np.abs(100 * one) for name, one in instance.targets.items()}
        found.append(trial(instance._replace(targets=targets), loud(axes), is_large=True))
    rng = np.random.default_rng(seed)
    found += [trial(_general(probing, of, rng), of, is_general=True) for of in sizes]
    instance = _long(probing, long(axes), np.random.default_rng([seed, 2]))
    found.append(trial(instance, long(axes), is_general=True, tolerance=LONG_TOLERANCE))
    return tuple(found)


def _general(probing: Probing, sizes: Sizes, rng: np.random.Generator) -> GradientInstance:
    """Weights that are neither small nor saturating: every path must show in the gradients."""

    def draw(what: str, shape: tuple[int, ...]) -> FloatArray:
        if what == "parameter":
            return rng.uniform(-LARGEST_WEIGHT, LARGEST_WEIGHT, shape)
        if what == "target" and probing.takes_probabilities:
            return _probabilities(probing, rng, shape)
        return rng.uniform(-1, 1, shape)

    return probing.drawn(sizes, draw)


def _probabilities(probing: Probing, rng: np.random.Generator, shape: tuple[int, ...]) -> FloatArray:
    """Targets between 0 and 1, which are 1 together where there are several; alone beside softmax, 1."""
    drawn = rng.uniform(0.1, 0.9, shape)
    is_whole = shape[-1] > 1 or probing.takes_shares
    return drawn / drawn.sum(axis=-1, keepdims=True) if is_whole else drawn


def _in_tenths(probing: Probing, sizes: Sizes, rng: np.random.Generator) -> GradientInstance:
    """Numbers of one digit, on which no gradient is small beside the others, or the best of some draws."""

    def draw(what: str, shape: tuple[int, ...]) -> FloatArray:
        if what == "target":
            # Far from the outputs the cost is steep, which makes finite differences exact enough.
            return (
                _probabilities(probing, rng, shape)
                if probing.takes_probabilities
                else 10 * one_digit(rng, *shape)
            )
        return one_digit(rng, *shape)

    best, most = probing.drawn(sizes, draw), -1.0
    for _ in range(DRAWS):
        instance = probing.drawn(sizes, draw)
        largest = [float(np.abs(one).max()) for one in probing.gradients(instance).values()]
        least = min((one for one in largest if one), default=0.0) / (max(largest) or 1)
        if least > most:
            best, most = instance, least
        if most >= LEAST:
            break
    return best


def _long(probing: Probing, sizes: Sizes, rng: np.random.Generator) -> GradientInstance:
    """Many steps through which gradients reach back: what is cut off anywhere must show."""
    best, most = None, -1.0
    context = context_of(probing.right)
    for attempt in range(LONG_DRAWS):
        scale = 1.0 if attempt == 0 else float(rng.uniform(0.2, 1))
        biases = LONG_BIASES if attempt == 0 else 5.0
        instance = probing.drawn(sizes, _reaching(probing, rng, scale, biases))
        evaluation = Evaluation(context, instance)
        right, cut = evaluation.right, evaluation.gradients(stopping(context, FURTHEST))
        assert cut is not None
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
                return _probabilities(probing, rng, shape)
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
