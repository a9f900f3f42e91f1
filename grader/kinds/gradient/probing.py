"""What instances of a gradient question are drawn for: its arguments and shapes, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from grader.kinds.gradient.signature import GradientSignature
from grader.kinds.gradient.sizes import Sizes
from grader.networks.backward.adjoint import BackwardPass
from grader.networks.backward.gradients import Arrays, FloatArray, GradientInstance, gradients
from grader.networks.equations.sizes import Size
from grader.networks.equations.tree import At, Function, Node, Signal, walk
from grader.networks.layout import SEQUENCES, STEPS


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
        return self.instance((name, what, draw(what, shape)) for name, what, shape in self.shapes(sizes))

    def instance(self, arguments: Iterable[tuple[str, str, FloatArray]]) -> GradientInstance:
        """An instance of arguments: the name of each, what it is, and its numbers."""
        made: dict[str, Arrays] = {"input": {}, "target": {}, "parameter": {}}
        for name, what, array in arguments:
            made[what][name] = np.asarray(array, dtype=np.float64)
        return GradientInstance(made["input"], made["target"], made["parameter"])


def _entries(shape: Sequence[Size], sizes: Sizes) -> tuple[int, ...]:
    return tuple(one.at(sizes) for one in shape) or (1,)


def probabilities(probing: Probing, rng: np.random.Generator, shape: tuple[int, ...]) -> FloatArray:
    """Targets between 0 and 1, which are 1 together where there are several; alone beside softmax, 1."""
    drawn = rng.uniform(0.1, 0.9, shape)
    is_whole = shape[-1] > 1 or probing.takes_shares
    return drawn / drawn.sum(axis=-1, keepdims=True) if is_whole else drawn
