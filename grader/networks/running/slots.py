"""An equation as a function of the signals and the constants in it: equal forms share one function."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from grader.networks.equations.network import Network
from grader.networks.equations.sizes import Size
from grader.networks.equations.tree import (
    At,
    Constant,
    MatrixProduct,
    Node,
    Parameter,
    Signal,
    Transpose,
    children,
    walk,
    with_children,
)
from grader.networks.running.compiled import executed
from grader.networks.running.expressions import ExpressionWriter, Shapes, rank, value_name
from grader.networks.running.functions import Array

# What an equation reads of variables: at a step, at a fixed step, or one that has no steps.
Read: TypeAlias = Signal | At | Parameter
SHAPE_OF_RANK: tuple[tuple[Size, ...], ...] = tuple((Size(()),) * rank for rank in range(3))


@dataclass(frozen=True)
class Slotted:
    """An equation with slots where it reads something.

    Args:
        text: What it computes of its slots, as an expression; equal for equations of one form.
        reads: What of variables and inputs goes into the first slots.
        constants: What goes into the others: the largest parts that are the same at every step.
        ranks: 0 for a constant number, 1 for a vector, 2 for a matrix.
    """

    text: str
    reads: tuple[Read, ...]
    constants: tuple[Node, ...]
    ranks: tuple[int, ...]

    @property
    def function(self) -> Callable[..., Array]:
        """The function of all slots in order."""
        slots = (*_names("r", len(self.reads)), *_names("c", len(self.constants)))
        arguments = ", ".join(map(value_name, slots))
        return executed(f"def f({arguments}):\n    return {self.text}", "f")


def slotted(right_side: Node, network: Network) -> Slotted:
    """The equation's slots.

    Args:
        right_side: Of one of the network's equations, or a start value.
        network: Which tells what is a variable, and the shapes.
    """
    return _Slotting(network).slotted(right_side)


class _Slotting:
    def __init__(self, network: Network) -> None:
        self.shapes: Shapes = network.shapes
        self.variables = {one.name for one in network.equations}
        self.reads: dict[Read, str] = {}
        self.constants: dict[Node, str] = {}
        self.slots: dict[str, tuple[Size, ...]] = {}

    def slotted(self, right_side: Node) -> Slotted:
        skeleton = self._skeleton(right_side) or self._constant(right_side)
        text = ExpressionWriter(self.slots, _no_signal).text(skeleton)
        ranks = tuple(len(self.slots[slot]) for slot in self.constants.values())
        return Slotted(text, tuple(self.reads), tuple(self.constants), ranks)

    def _skeleton(self, node: Node) -> Node | None:
        """The tree with slots; None where nothing is read in it."""
        if self._is_read(node):
            return self._slot(node, "r", self.reads)
        inner = children(node)
        found = [self._skeleton(child) for child in inner]
        if all(one is None for one in found):
            return None
        if isinstance(node, MatrixProduct) and found[0] is None and self._is_matrix_times_vector(node):
            # v M^T is what is computed: so the matrix is transposed once, and not at every step.
            left = node.left.arg if isinstance(node.left, Transpose) else Transpose(node.left)
            return MatrixProduct(Transpose(self._constant(left)), found[1] or self._constant(node.right))
        return with_children(
            node, [one or self._constant(child) for one, child in zip(found, inner, strict=True)]
        )

    def _constant(self, node: Node) -> Node:
        return node if isinstance(node, Constant) else self._slot(node, "c", self.constants)

    def _is_matrix_times_vector(self, node: MatrixProduct) -> bool:
        return rank(node.left, self.shapes) == 2 and rank(node.right, self.shapes) == 1

    def _is_read(self, node: Node) -> bool:
        return isinstance(node, Signal | At) or (isinstance(node, Parameter) and node.name in self.variables)

    def _slot(self, node: Any, letter: str, known: dict[Any, str]) -> Parameter:
        if node not in known:
            known[node] = f"{letter}{len(known)}"
            self.slots[known[node]] = SHAPE_OF_RANK[rank(node, self.shapes)]
        return Parameter(known[node])


def _no_signal(signal: Signal) -> str:
    raise TypeError(signal)


@functools.lru_cache(maxsize=64)
def _names(letter: str, count: int) -> tuple[str, ...]:
    return tuple(f"{letter}{index}" for index in range(count))


def constant_value(node: Node, parameters: Mapping[str, Array], shapes: Shapes) -> Array:
    """The value of a part without signals.

    Args:
        node: The part.
        parameters: By name.
        shapes: Of them.

    Raises:
        KeyError: If a parameter has no value.
        ValueError: If sizes do not fit.
    """
    if isinstance(node, Parameter):
        return parameters[node.name]
    if isinstance(node, Transpose) and isinstance(node.arg, Parameter):
        return parameters[node.arg.name].swapaxes(-1, -2)
    names = sorted({one.name for _, one in walk(node) if isinstance(one, Parameter)})
    writer = ExpressionWriter(shapes, _no_signal)
    text = writer.text(node)
    transposed = [f"    t_{name} = np.swapaxes(v_{name}, -1, -2)\n" for name in sorted(writer.transposed)]
    arguments = ", ".join(map(value_name, names))
    function = executed(f"def f({arguments}):\n{''.join(transposed)}    return {text}", "f")
    return function(*(parameters[name] for name in names))  # type: ignore[no-any-return]
