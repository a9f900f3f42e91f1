"""The text of a network's function: its equations in order, with loops over steps where there is memory.

What does not depend on a loop is computed before it, for all steps at once.
"""

from __future__ import annotations

from collections.abc import Mapping

from grader.networks.equations.network import Network
from grader.networks.equations.order import VariableGroup
from grader.networks.equations.tree import (
    Constant,
    Node,
    Parameter,
    Signal,
    Sum,
    Transpose,
    signals_of,
    transform,
)
from grader.networks.running.expressions import ExpressionWriter, RowWriter, rank, transposed_name, value_name


def source(network: Network, by_row: bool = False) -> str:
    """The text of `run(x, p, n_steps, axes)`: inputs and parameters in their order, and each variable's axes.

    Args:
        network: A checked one.
        by_row: Whether sums over all steps are of each row, (T, rows, P, n) -> (rows, 1, n).
    """
    return _Writer(network, RowWriter if by_row else ExpressionWriter).text()


class _Writer:
    """Writes one network's function, line by line."""

    def __init__(self, network: Network, expressions: type[ExpressionWriter]) -> None:
        self.network, self.expressions = network, expressions
        self.right_sides: Mapping[str, Node] = {one.name: one.right_side for one in network.equations}
        self.lines: list[str] = []
        self.whole = expressions(network.shapes, self._whole_signal, computed=network.by_name)
        self.hoisted = 0

    def text(self) -> str:
        for group in self.network.groups:
            if group.kind in ("forward", "backward"):
                self._write_loop(group)
            else:
                for name in group.names:
                    self._write_at_once(name, group.kind == "map")
        values = ", ".join(f"{one.name!r}: {value_name(one.name)}" for one in self.network.equations)
        return "\n".join([*self._head(), *self.lines, f"    return {{{values}}}"])

    def _head(self) -> list[str]:
        """The arguments by name, and transposes that are used."""
        given = (("x", self.network.inputs), ("p", self.network.parameters))
        unpacked = [
            f"    [{', '.join(map(value_name, names))}] = {argument}" for argument, names in given if names
        ]
        transposed = [
            f"    {transposed_name(name)} = np.swapaxes({value_name(name)}, -1, -2)"
            for name in sorted(self.whole.transposed)
        ]
        return ["def run(x, p, n_steps, axes):", *unpacked, *transposed]

    def _write(self, line: str, indent: int = 1) -> None:
        self.lines.append("    " * indent + line)

    def _write_at_once(self, name: str, is_signal: bool) -> None:
        right_side = self.right_sides[name]
        text = self.whole.text(right_side)
        if is_signal and not self._is_as_wide(name):
            text = f"np.broadcast_to({text}, (n_steps, *axes[{name!r}]))"
        self._write(f"{value_name(name)} = {text}")

    def _is_as_wide(self, name: str) -> bool:
        """Whether what stands right is a value of this variable's axes by itself."""
        right_side = self.right_sides[name]
        is_number = rank(right_side, self.network.shapes) < len(self.network.shapes[name])
        return bool(signals_of(right_side)) and not is_number

    def _whole_signal(self, signal: Signal) -> str:
        """A signal at all steps."""
        text = value_name(signal.name)
        if signal.pick:
            text = f"picked({text}, {signal.pick!r})"
        if signal.lag == 0:
            return text
        edge = f", {signal.edge!r}" if signal.edge else ""
        return f"shifted({text}, {signal.lag}, {self._start(signal.name)}{edge})"

    def _start(self, name: str) -> str:
        start = self.network.start.get(name)
        return "0.0" if start is None else self.whole.text(start)

    def _write_loop(self, group: VariableGroup) -> None:
        inside = set(group.names)
        writer = self.expressions(
            self.network.shapes,
            _signal_at_a_step,
            _Hoisting(self, inside).known,
            self.whole.transposed,
            self.network.by_name,
        )
        body = [(name, writer.text(_gathered(self.right_sides[name], inside))) for name in group.names]
        lags = self._lags(group)
        for name in group.names:
            self._write(f"o_{name} = [None] * n_steps")
        for name, most in lags.items():
            start = f"start({self._start(name)}, axes[{name!r}])"
            self._write(f"{' = '.join(f'l{lag}_{name}' for lag in range(1, most + 1))} = {start}")
        steps = "range(n_steps)" if group.kind == "forward" else "range(n_steps - 1, -1, -1)"
        self._write(f"for t in {steps}:")
        for name, text in body:
            if rank(self.right_sides[name], self.network.shapes) < len(self.network.shapes[name]):
                text = f"np.broadcast_to({text}, axes[{name!r}])"
            self._write(f"c_{name} = o_{name}[t] = {text}", 2)
        for name, most in lags.items():
            for lag in range(most, 1, -1):
                self._write(f"l{lag}_{name} = l{lag - 1}_{name}", 2)
            self._write(f"l1_{name} = c_{name}", 2)
        for name in group.names:
            self._write(f"{value_name(name)} = stacked(o_{name}, axes[{name!r}])")

    def _lags(self, group: VariableGroup) -> dict[str, int]:
        """How far back each variable of a loop is read in it."""
        lags: dict[str, int] = {}
        for name in group.names:
            for signal in signals_of(self.right_sides[name]):
                if signal.name in group.names and signal.lag:
                    lags[signal.name] = max(lags.get(signal.name, 0), abs(signal.lag))
        return lags

    def hoist(self, node: Node) -> str:
        """The name of what is computed before a loop."""
        self.hoisted += 1
        name = f"a{self.hoisted}"
        self._write(f"{name} = {self.whole.text(node)}")
        return name


class _Hoisting:
    """Subtrees that do not depend on a loop, by the names under which they are computed before it."""

    def __init__(self, writer: _Writer, inside: set[str]) -> None:
        self.writer = writer
        self.inside = inside
        self.names: dict[Node, str] = {}

    def known(self, node: Node) -> str | None:
        if _is_bare(node) or depends(node, self.inside):
            return None
        if node not in self.names:
            self.names[node] = self.writer.hoist(node)
        return self.names[node] + ("[t]" if signals_of(node) else "")


def depends(node: Node, names: set[str]) -> bool:
    """Whether a tree reads one of these variables step by step."""
    return any(signal.name in names and not signal.pick for signal in signals_of(node))


def _is_bare(node: Node) -> bool:
    """Whether there is nothing to compute."""
    if isinstance(node, Transpose):
        node = node.arg
    return isinstance(node, Constant | Parameter)


def _gathered(node: Node, inside: set[str]) -> Node:
    """The tree with the terms of a sum that do not depend on the loop put together, to be hoisted as one."""

    def gather(one: Node) -> Node:
        if not isinstance(one, Sum):
            return one
        fixed = tuple(term for term in one.terms if not depends(term[1], inside))
        moving = tuple(term for term in one.terms if depends(term[1], inside))
        if len(fixed) < 2 or not moving:
            return one
        return Sum(((1, Sum(fixed)), *moving))

    gathered: Node = transform(node, gather)
    return gathered


def _signal_at_a_step(signal: Signal) -> str:
    """A variable of the loop; every other signal is hoisted."""
    return f"l{abs(signal.lag)}_{signal.name}" if signal.lag else f"c_{signal.name}"
