"""The chain rule, node by node: from a gradient at a value to the gradients at what it is made of."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from grader.networks.backward.loss import Loss, free_name
from grader.networks.backward.names import error_at, gradient_at, gradient_at_sum, sent_back_to
from grader.networks.backward.slopes import SLOPES
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Equation, Network
from grader.networks.equations.shapes import infer
from grader.networks.equations.simplifying import simplified
from grader.networks.equations.sizes import Shape
from grader.networks.equations.tree import (
    ZERO,
    At,
    Constant,
    Function,
    MatrixProduct,
    Node,
    OuterProduct,
    Over,
    Parameter,
    Power,
    Product,
    Quotient,
    Signal,
    Sum,
    Transpose,
    moved,
    one_minus,
    turned,
    walk,
)

Send: TypeAlias = Callable[[Node, Node], None]


def negative(node: Node) -> Node:
    """The node with the other sign."""
    return simplified(Sum(((-1, node),)))


def added(nodes: list[Node]) -> Node:
    """The sum; zero of nothing."""
    return simplified(Sum(tuple((1, one) for one in nodes))) if nodes else ZERO


class Chain:
    """What each node of an equation sends back to what it is made of, and where that arrives.

    Args:
        network: Through which gradients are sent.
        loss: What they are the gradients of.
    """

    def __init__(self, network: Network, loss: Loss) -> None:
        self.network, self.loss = network, loss
        self.own = network.by_name
        self.starts = frozenset(network.start_arguments)
        self.shapes: dict[str, Shape] = {**network.shapes}
        self.shapes |= {name: target.shape for name, target in loss.targets.items()}
        for name in self.own:
            self.shapes |= dict.fromkeys(
                (gradient_at(name), gradient_at_sum(name), error_at(name)), network.shapes[name]
            )
        self.n_steps, self.n_seqs = (free_name(name, network) for name in ("n_steps", "n_seqs"))
        self.counts: set[str] = {self.n_steps, self.n_seqs}
        self.marks: dict[str, str | int] = {}
        self.arrived: dict[str, list[Node]] = {}
        self.gradients: dict[str, list[Node]] = {}
        self.extra: list[Equation] = []
        self.carried: dict[tuple[str, int], list[Node]] = {}
        self.per_sequence: set[str] = set()

    def value(self, name: str, prefix: str = "") -> Node:
        """A variable, or the gradient at it, as it is read at step t."""
        full = prefix + name
        return Parameter(full) if self.own[name].is_static else Signal(full)

    def rank(self, node: Node) -> int:
        """0 for a number, 1 for a vector, 2 for a matrix."""
        return len(self.shape(node))

    def shape(self, node: Node) -> Shape:
        """The shape of a value of the backward pass."""
        numbers: dict[str, Shape] = dict.fromkeys((*self.counts, *self.sizes_in(node)), ())
        shape = infer(node, self.shapes | numbers, "the backward pass")
        assert shape is not None
        return shape

    def sizes_in(self, node: Node) -> set[str]:
        """The sizes that stand in a node as numbers."""
        return {x.name for _, x in walk(node) if isinstance(x, Parameter) and x.name not in self.shapes}

    def mark(self, step: str | int) -> Node:
        """1 at one step, 0 elsewhere."""
        name = free_name("last_step" if step == "T" else f"step_{step}", self.network)
        self.marks[name] = step
        self.shapes[name] = ()
        return Signal(name)

    def send(self, node: Node, gradient: Node, is_static: bool, value: Node | None = None) -> None:
        """Send the gradient at a node to what the node is made of.

        Args:
            node: Of an equation.
            gradient: The gradient at it, at step t.
            is_static: Whether the node is one value a sequence.
            value: A name for the node's value, where it has one.
        """

        def go(child: Node, to_child: Node) -> None:
            if self.rank(child) == 0 and self.rank(to_child) == 1:
                to_child = Function("total", (to_child,))
            self.send(child, simplified(to_child), is_static)

        match node:
            case Constant():
                return
            case Signal(name, lag):
                self._arrive(name, lag, gradient)
            case At(name, when):
                if name in self.own:
                    self.arrived.setdefault(name, []).append(Product((self.mark(when), self._once(gradient))))
            case Parameter(name) if name in self.own:
                sent = gradient if is_static else Over("sum", gradient)
                self.arrived.setdefault(name, []).append(sent)
            case Parameter(name):
                self._collect(name, gradient, is_static)
            case Sum() | Product() | Quotient() | Power():
                _send_by_entries(node, gradient, go)
            case MatrixProduct(left, right):
                self._send_to_product(left, right, gradient, is_static, go)
            case Over("mean" | "sum" | "last" | "first" as how, child):
                self.send(child, self._of_each_step(how, self._once(gradient)), False)
            case Function():
                self._send_to_arguments(node, gradient, value or node, go)
            case _:
                raise NetworkError("a matrix stands here whose gradient is not known")

    def _of_each_step(self, how: str, gradient: Node) -> Node:
        """The part of a gradient at a value over all steps that goes to each step."""
        if how in ("mean", "sum"):
            return Quotient(gradient, Parameter(self.n_steps)) if how == "mean" else gradient
        return Product((self.mark("T" if how == "last" else 1), gradient))

    def _send_to_product(self, left: Node, right: Node, gradient: Node, is_static: bool, go: Send) -> None:
        ranks = self.rank(left), self.rank(right)
        if ranks == (2, 1):
            self._to_matrix(left, gradient, right, is_static)
            go(right, MatrixProduct(turned(left), gradient))
        elif ranks == (1, 2):
            self._to_matrix(right, left, gradient, is_static)
            go(left, MatrixProduct(right, gradient))
        elif ranks == (1, 1):
            go(left, Product((gradient, right)))
            go(right, Product((gradient, left)))
        else:
            raise NetworkError("the gradient of a product of two matrices is not known")

    def _send_to_arguments(self, node: Function, gradient: Node, value: Node, go: Send) -> None:
        match node:
            case Function("stack", args):
                for i, child in enumerate(args):
                    go(child, Function(f"slice{i}", (gradient, *args)))
            case Function("part", (child,), k, n):
                go(child, Function("pad", (gradient,), k, n))
            case Function("total", (child,)):
                go(child, gradient)
            case Function("max" | "min" as name, args):
                self._send_to_largest(name, args, gradient, go)
            case Function("softmax", (child,)):
                dot = Function("dot", (gradient, value))
                go(child, Product((value, Sum(((1, gradient), (-1, dot))))))
            case Function("mod", (child, divisor)) if isinstance(divisor, Constant):
                go(child, gradient)
            case Function(name, (child,)) if name in SLOPES:
                go(child, Product((gradient, SLOPES[name](value, child))))
            case Function(name):
                raise NetworkError(f"the gradient of {name} is not known")

    def _send_to_largest(self, name: str, args: tuple[Node, ...], gradient: Node, go: Send) -> None:
        """Send to the first argument of a max or min where it is beyond all others, else to those."""
        first, *others = args
        rest = others[0] if len(others) == 1 else Function(name, tuple(others))
        ahead, behind = (first, rest) if name == "max" else (rest, first)
        wins = Function("positive", (Sum(((1, ahead), (-1, behind))),))
        go(first, Product((gradient, wins)))
        go(rest, Product((gradient, one_minus(wins))))

    def _arrive(self, name: str, lag: int, gradient: Node) -> None:
        """At a variable read `lag` steps before: the gradient from `lag` steps later."""
        if name not in self.own:
            return
        sent = gradient
        if lag and _may_be_infinite(gradient):
            # Beyond the last step values are zero, by which nothing is to be divided.
            sent = self._named(gradient, self.shapes[name], is_static=False)
        start = self.network.start.get(name, ZERO)
        if not lag or isinstance(start, Constant):
            self.arrived.setdefault(name, []).append(moved(sent, lag))
        else:
            if abs(lag) > 1:
                text = f"{name} has a start value and is read {abs(lag)} steps away"
                raise NetworkError(f"{text}: its gradient is not known")
            self.carried.setdefault((name, lag), []).append(gradient)

    def _named(self, node: Node, shape: Shape, is_static: bool) -> Node:
        """The node as a variable of its own."""
        name = free_name(f"q{len(self.extra) + 1}", self.network)
        self.extra.append(Equation(name, node, is_static))
        self.shapes[name] = shape
        return Parameter(name) if is_static else Signal(name)

    def _once(self, gradient: Node) -> Node:
        """A name for a value over all steps, without which the equations of a step cannot read it."""
        if any(isinstance(one, Over) for _, one in walk(gradient)):
            return self._named(gradient, self.shape(gradient), is_static=True)
        return gradient

    def send_to_starts(self) -> None:
        """Send gradients back to the step before, and from the first step to the start value."""
        for (name, lag), sent in self.carried.items():
            back = sent_back_to(name)
            self.shapes[back] = self.shapes[name]
            self.extra.append(Equation(back, added(sent)))
            self.arrived.setdefault(name, []).append(moved(Signal(back), lag))
            start, node = self.network.start[name], Over("first" if lag > 0 else "last", Signal(back))
            if isinstance(start, Parameter) and start.name not in self.own:
                self._collect(start.name, node, True)
            else:
                self.send(start, self._named(node, self.shapes[name], is_static=True), True)

    def _collect(self, name: str, gradient: Node, is_static: bool) -> None:
        if name not in self.network.parameters:
            return
        if name in self.starts:
            self.per_sequence.add(name)
            self.gradients.setdefault(name, []).append(gradient)
        else:
            self.gradients.setdefault(name, []).append(Over("batch" if is_static else "total", gradient))

    def _to_matrix(self, matrix: Node, left: Node, right: Node, is_static: bool) -> None:
        """The gradient left right^T at a matrix, sent to the parameters in it."""
        match matrix:
            case Parameter(name) if name in self.own:
                raise NetworkError(f"{name} is a matrix that is computed: its gradient is not known")
            case Parameter(name):
                self._collect(name, OuterProduct(left, right), is_static)
            case Transpose(child):
                self._to_matrix(child, right, left, is_static)
            case Sum(terms):
                for sign, child in terms:
                    self._to_matrix(child, left if sign > 0 else negative(left), right, is_static)
            case Product(factors):
                self._to_scaled_matrix(factors, left, right, is_static)
            case MatrixProduct(first, second):
                self._to_matrix(first, left, MatrixProduct(second, right), is_static)
                self._to_matrix(second, MatrixProduct(turned(first), left), right, is_static)
            case _:
                raise NetworkError("a matrix stands here whose gradient is not known")

    def _to_scaled_matrix(self, factors: tuple[Node, ...], left: Node, right: Node, is_static: bool) -> None:
        """A matrix times numbers: left right^T at it, and left^T M right at a number before M."""
        matrices = [one for one in factors if self.rank(one) == 2]
        if len(matrices) != 1:
            raise NetworkError("the gradient of matrices multiplied entry by entry is not known")
        numbers = [one for one in factors if one is not matrices[0]]
        self._to_matrix(matrices[0], simplified(Product((*numbers, left))), right, is_static)
        for i, number in enumerate(numbers):
            dot = Function("dot", (left, MatrixProduct(matrices[0], right)))
            self.send(number, simplified(Product((dot, *numbers[:i], *numbers[i + 1 :]))), is_static)


def _may_be_infinite(node: Node) -> bool:
    """Whether something is divided by, or its logarithm taken."""
    return any(
        isinstance(one, Quotient) or (isinstance(one, Function) and one.name == "log")
        for _, one in walk(node)
    )


def _send_by_entries(node: Sum | Product | Quotient | Power, gradient: Node, go: Send) -> None:
    """Through what is computed entry by entry."""
    match node:
        case Sum(terms):
            for sign, child in terms:
                go(child, gradient if sign > 0 else negative(gradient))
        case Product(factors):
            for i, child in enumerate(factors):
                go(child, Product((gradient, *factors[:i], *factors[i + 1 :])))
        case Quotient(above, below):
            go(above, Quotient(gradient, below))
            go(below, negative(Quotient(Product((gradient, above)), Power(below, 2))))
        case Power(base, exponent):
            factor = Power(base, exponent - 1) if exponent > 2 else base
            inner: tuple[Node, ...] = (Constant(Fraction(exponent)), factor) if exponent > 1 else ()
            go(base, Product((gradient, *inner)))
