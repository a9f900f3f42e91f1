"""An equation as a function of the signals and the constants in it: equal forms share one function."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from grader.networks.equations.network import Network
from grader.networks.equations.tree import (
    At,
    Constant,
    Function,
    Node,
    Parameter,
    Read,
    Signal,
    Transpose,
    children,
    turned,
    walk,
)
from grader.networks.running.compiled import executed
from grader.networks.running.expressions import ExpressionWriter, RowWriter, Shapes, rank, value_name
from grader.networks.running.functions import Array


class Slotted(msgspec.Struct, frozen=True):
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
    writer = _SlotWriter(network)
    writer.find_constants(right_side)
    text = writer.text(right_side)
    ranks = tuple([rank(node, network.shapes) for node in writer.constants])
    return Slotted(text, tuple(writer.reads), tuple(writer.constants), ranks)


class _SlotWriter(RowWriter):
    """Writes a tree with a slot for each thing that is read, and for each largest part without any."""

    def __init__(self, network: Network) -> None:
        super().__init__(network.shapes, _no_signal, computed=network.by_name)
        self.variables = network.by_name
        self.reads: dict[Read, str] = {}
        self.constants: dict[Node, str] = {}
        self.steady: set[int] = set()

    def find_constants(self, node: Node) -> bool:
        """Whether nothing is read in a tree; such parts of it are kept."""
        # All parts are gone through; what is read has none.
        inner = [self.find_constants(one) for one in children(node)]
        is_steady = all(inner) if inner else not self._is_read(node)
        if is_steady:
            self.steady.add(id(node))
        return is_steady

    def text(self, node: Node) -> str:
        """The expression as source."""
        if id(node) in self.steady:
            return super().text(node) if isinstance(node, Constant) else _slot(node, "c", self.constants)
        return _slot(node, "r", self.reads) if self._is_read(node) else super().text(node)

    def _matrix_times_vector(self, left: Node, right: Node) -> str:
        if id(left) not in self.steady:
            return super()._matrix_times_vector(left, right)
        # v M^T is what is computed: so the matrix is transposed once, and not at every step.
        return f"({self.text(right)} @ {_slot(turned(left), 'c', self.constants)})"

    def _function(self, node: Function) -> str:
        text = super()._function(node)
        # A vector of the matrix that a variant has computed: (rows, n) stands for all paths.
        return f"{text}[:, None]" if node.name == "first-row" else text

    def _is_read(self, node: Node) -> bool:
        return isinstance(node, (Signal, At)) or (isinstance(node, Parameter) and node.name in self.variables)


def _slot(node: Any, letter: str, known: dict[Any, str]) -> str:
    if node not in known:
        known[node] = value_name(f"{letter}{len(known)}")
    return known[node]


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
