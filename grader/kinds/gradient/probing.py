"""How a gradient function is called: its arguments in a course's layout, their shapes, instances of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from grader.networks.backward.adjoint import BackwardPass
from grader.networks.backward.gradients import Arrays, FloatArray, GradientInstance, gradients
from grader.networks.backward.loss import Loss
from grader.networks.equations.network import Network
from grader.networks.equations.sizes import Size
from grader.networks.equations.tree import At, Function, Node, Signal, walk
from grader.networks.layout import ONE, SEQUENCES, STEPS, ArrayLayout, Axes, axes_of, read_axes

Sizes: TypeAlias = Mapping[str, int]
"""How long each axis is, by name."""


class GradientSignature(NamedTuple):
    """What a gradient function takes.

    Args:
        arguments: The layout of each, in the order of the call.
        axes: The names of all sizes: N where there are sequences, T, then the network's.
    """

    arguments: Mapping[str, ArrayLayout]
    axes: Axes


def signature(network: Network, loss: Loss, arguments: Mapping[str, str]) -> GradientSignature:
    """The signature: the arguments listed, then the others as declared.

    Args:
        network: The network.
        loss: Its loss, for the targets.
        arguments: Layouts by name, such as "N x T x n_in".

    Raises:
        ValueError: If a name or an axis is unknown, or the layouts do not go together.
    """
    names = _names(network, loss)
    for name in arguments:
        if name not in names:
            raise ValueError(f"arguments: {name} is none; they are {', '.join(names)}")
    layouts = {name: _layout(network, loss, name, arguments.get(name)) for name in (*arguments, *names)}
    signals = [name for name in names if STEPS in layouts[name].standard]
    used = {axis for layout in layouts.values() for axis in layout.own}
    for axis, wanted in ((STEPS, signals), (SEQUENCES, (*network.inputs, *loss.targets))):
        lacking = [name for name in wanted if axis not in layouts[name].own]
        if lacking and (axis == STEPS or axis in used):
            raise ValueError(f"arguments.{lacking[0]}: {axis} is left out")
    axes = (
        *(axis for axis in (SEQUENCES, STEPS) if axis in used),
        *network.size_names,
    )
    return GradientSignature(layouts, axes)


def _names(network: Network, loss: Loss) -> tuple[str, ...]:
    starts = network.start_arguments
    weights = (name for name in network.parameters if name not in starts)
    return (*network.inputs, *loss.targets, *starts, *weights)


def _layout(network: Network, loss: Loss, name: str, text: str | None) -> ArrayLayout:
    where = f"arguments.{name}"
    if name in network.inputs or name in loss.targets:
        each_step = name in network.inputs or loss.targets[name].each_step
        shape = network.inputs[name] if name in network.inputs else loss.targets[name].shape
        declared = axes_of(shape)
        steps: Axes = (STEPS,) if each_step else ()
        standard = (*steps, SEQUENCES, *(declared or (ONE,)))
        return ArrayLayout(
            standard, (*steps, *declared) if text is None else read_axes(text, standard, where)
        )
    declared = axes_of(network.parameters[name])
    if text is None:
        return ArrayLayout(declared, declared)
    if name not in network.start_arguments:
        return ArrayLayout(declared, read_axes(text, declared, where))
    own = read_axes(text, (SEQUENCES, *declared), where)
    return ArrayLayout((SEQUENCES, *declared) if SEQUENCES in own else declared, own)


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
