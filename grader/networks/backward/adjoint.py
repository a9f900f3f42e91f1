"""The backward pass of a network, itself written as equations.

d_h(t) is the gradient of the loss at h(t), dz_h(t) the same at the sum inside the activation of h(t), e_y(t)
what the loss itself sends to y(t), and dW the gradient of a parameter or start value, summed over steps and
sequences. Where a start value has a gradient, too, back_h(t) is what goes back to h(t-1). So all that can be
done to equations (running, printing, making known mistakes) can be done to backpropagation through time.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

import msgspec
from msgspec.structs import replace

from grader.networks.backward.loss import Loss, Term, count_of, free_name
from grader.networks.backward.slopes import ONE, SLOPES, ZERO, one_minus
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Equation, Network, infer, order
from grader.networks.equations.sizes import Size
from grader.networks.equations.tree import (
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
    simplified,
    walk,
)

Shape: TypeAlias = tuple[Size, ...]
Send: TypeAlias = Callable[[Node, Node], None]


class BackwardPass(msgspec.Struct, frozen=True):
    """The backward pass of a network under a loss.

    Args:
        network: Its equations. It reads inputs, parameters, targets and all values of the forward pass, the
            numbers of steps, sequences and entries, and marks: 1 at one step and 0 elsewhere.
        forward: The network that it belongs to.
        loss: What it is the gradient of.
        asked: Parameters and start values that have a gradient, in the network's order.
        n_steps: Name of the number of steps; `n_seqs` that of sequences.
        marks: Names of the marks with their steps, "T" or from 1.
        per_sequence: Those asked whose gradient is told for each sequence: start values.
    """

    network: Network
    forward: Network
    loss: Loss
    asked: tuple[str, ...]
    n_steps: str
    n_seqs: str
    marks: dict[str, str | int]
    per_sequence: frozenset[str]


def backward_pass(network: Network, loss: Loss) -> BackwardPass:
    """The equations of the gradients.

    Raises:
        NetworkError: If the gradient of something in the network is not known here, or names collide.
    """
    return _Chain(network, loss).backward()


def negative(node: Node) -> Node:
    """-node."""
    return simplified(Sum(((-1, node),)))


def added(nodes: list[Node]) -> Node:
    """The sum; zero of nothing."""
    return simplified(Sum(tuple((1, one) for one in nodes))) if nodes else ZERO


class _Chain:
    """The chain rule from the loss back to the parameters."""

    def __init__(self, network: Network, loss: Loss) -> None:
        self.network, self.loss = network, loss
        self.own = network.by_name
        self.starts = frozenset(network.start_arguments)
        self.shapes: dict[str, Shape] = {**network.shapes}
        self.shapes |= {name: target.shape for name, target in loss.targets.items()}
        for name in self.own:
            self.shapes |= dict.fromkeys((f"d_{name}", f"dz_{name}", f"e_{name}"), network.shapes[name])
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
        shape = infer(node, self.shapes | dict.fromkeys(self.counts, ()), "the backward pass")
        assert shape is not None
        return len(shape)

    def mark(self, step: str | int) -> Node:
        """1 at one step, 0 elsewhere."""
        name = free_name("last_step" if step == "T" else f"step_{step}", self.network)
        self.marks[name] = step
        self.shapes[name] = ()
        return Signal(name)

    def backward(self) -> BackwardPass:
        equations = self.errors()
        slopes = {}
        for equation in self.network.equations:
            name, right, at = equation.name, equation.right_side, self.value(equation.name, "d_")
            if isinstance(right, Function) and right.name in SLOPES:
                slope = SLOPES[right.name](self.value(name), right.args[0])
                slopes[name] = simplified(Product((at, slope)))
                self.send(right.args[0], self.value(name, "dz_"), equation.is_static)
            else:
                self.send(right, at, equation.is_static, self.value(name))
        self.send_to_starts()
        equations += self.extra
        for equation in self.network.equations:
            name, is_static = equation.name, equation.is_static
            equations.append(Equation("d_" + name, added(self.arrived.get(name, [])), is_static))
            if name in slopes:
                equations.append(Equation("dz_" + name, slopes[name], is_static))
        asked = tuple(self.network.parameters)
        for name in asked:
            equations.append(Equation("d" + name, added(self.gradients.get(name, [])), True))
            self.shapes["d" + name] = self.shapes[name]
        return self.finished(equations, asked)

    def finished(self, equations: list[Equation], asked: tuple[str, ...]) -> BackwardPass:
        network, targets = self.network, self.loss.targets
        signals = {name: one.shape for name, one in targets.items() if one.each_step}
        inputs = {**network.inputs, **signals, **dict.fromkeys(self.marks, ())}
        inputs |= {name: self.shapes[name] for name, one in self.own.items() if not one.is_static}
        numbers = {x.name for one in equations for _, x in walk(one.right_side) if isinstance(x, Parameter)}
        sizes = {name for name in numbers if name not in self.shapes and name not in self.counts}
        parameters = network.parameters | dict.fromkeys((*self.counts, *sorted(sizes)), ())
        parameters |= {name: self.shapes[name] for name, one in self.own.items() if one.is_static}
        parameters |= {name: one.shape for name, one in targets.items() if not one.each_step}
        names = [one.name for one in equations]
        taken = {*inputs, *parameters}
        for name in names:
            if name in taken or names.count(name) > 1:
                raise NetworkError(f"{name} names a gradient of the backward pass; take another name")
        shapes = self.shapes | dict.fromkeys((*self.counts, *sizes), ())
        made = Network(
            inputs=inputs,
            parameters=parameters,
            equations=tuple(equations),
            start=dict(network.start),
            output=tuple("d" + name for name in asked),
            words=network.words,
            shapes=shapes,
        )
        return BackwardPass(
            network=replace(made, groups=order(made)),
            forward=network,
            loss=self.loss,
            asked=asked,
            n_steps=self.n_steps,
            n_seqs=self.n_seqs,
            marks=self.marks,
            per_sequence=frozenset(self.per_sequence),
        )

    def errors(self) -> list[Equation]:
        """What the loss sends to each value, e_y, divided by what it is the mean over."""
        sent: dict[str, list[Node]] = {}
        for term in self.loss.terms:
            for name, contributions in self.sent_by(term).items():
                sent.setdefault(name, []).append(self.averaged(added(contributions), term))
        equations = []
        for name, contributions in sent.items():
            right = added(contributions)
            if self.rank(right) == 0 and self.shapes[name]:
                # A number for all entries needs as many as there are.
                right = Sum(((1, right), (1, Product((ZERO, self.value(name))))))
            equations.append(Equation("e_" + name, right, self.own[name].is_static))
            self.arrived[name] = [self.value(name, "e_")]
        return equations

    def sent_by(self, term: Term) -> dict[str, list[Node]]:
        self.arrived = {}
        self.send(term.body, ONE, not term.each_step)
        found, self.arrived = self.arrived, {}
        if self.gradients:
            raise NetworkError("the loss is over the network's values; a parameter cannot stand in it")
        return found

    def averaged(self, error: Node, term: Term) -> Node:
        if not term.is_mean:
            return error
        body = term.body
        counts: list[Node] = [Parameter(self.n_seqs)]
        if term.each_step:
            counts.append(Parameter(self.n_steps))
        shape = infer(body, self.shapes | dict.fromkeys(self.sizes_in(body), ()), "the loss")
        if shape:
            counts.append(count_of(shape[0], self.network))
        return simplified(Quotient(error, counts[0] if len(counts) == 1 else Product(tuple(counts))))

    def sizes_in(self, body: Node) -> set[str]:
        return {x.name for _, x in walk(body) if isinstance(x, Parameter) and x.name not in self.shapes}

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
                self.arrive(name, lag, gradient)
            case At(name, when):
                if name in self.own:
                    self.arrived.setdefault(name, []).append(Product((self.mark(when), gradient)))
            case Parameter(name) if name in self.own:
                sent = gradient if is_static else Over("sum", gradient)
                self.arrived.setdefault(name, []).append(sent)
            case Parameter(name):
                self.collect(name, gradient, is_static)
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
            case MatrixProduct(left, right):
                self.send_to_product(left, right, gradient, is_static, go)
            case Over("mean" | "sum" as how, child):
                share = Quotient(gradient, Parameter(self.n_steps)) if how == "mean" else gradient
                self.send(child, share, False)
            case Over("last" | "first" as how, child):
                self.send(child, Product((self.mark("T" if how == "last" else 1), gradient)), False)
            case Function():
                self.send_to_arguments(node, gradient, value or node, go)
            case _:
                raise NetworkError("a matrix stands here whose gradient is not known")

    def send_to_product(self, left: Node, right: Node, gradient: Node, is_static: bool, go: Send) -> None:
        ranks = self.rank(left), self.rank(right)
        if ranks == (2, 1):
            self.to_matrix(left, gradient, right, is_static)
            go(right, MatrixProduct(turned(left), gradient))
        elif ranks == (1, 2):
            self.to_matrix(right, left, gradient, is_static)
            go(left, MatrixProduct(right, gradient))
        elif ranks == (1, 1):
            go(left, Product((gradient, right)))
            go(right, Product((gradient, left)))
        else:
            raise NetworkError("the gradient of a product of two matrices is not known")

    def send_to_arguments(self, node: Function, gradient: Node, value: Node, go: Send) -> None:
        match node:
            case Function("stack", args):
                for i, child in enumerate(args):
                    go(child, Function(f"slice{i}", (gradient, *args)))
            case Function("part", (child,), k, n):
                go(child, Function("pad", (gradient,), k, n))
            case Function("total", (child,)):
                go(child, gradient)
            case Function("max" | "min" as name, args):
                self.send_to_largest(name, args, gradient, go)
            case Function("softmax", (child,)):
                dot = Function("dot", (gradient, value))
                go(child, Product((value, Sum(((1, gradient), (-1, dot))))))
            case Function("mod", (child, divisor)) if isinstance(divisor, Constant):
                go(child, gradient)
            case Function(name, (child,)) if name in SLOPES:
                go(child, Product((gradient, SLOPES[name](value, child))))
            case Function(name):
                raise NetworkError(f"the gradient of {name} is not known")

    def send_to_largest(self, name: str, args: tuple[Node, ...], gradient: Node, go: Send) -> None:
        """To the first where it is beyond all others, else to those."""
        first, *others = args
        rest = others[0] if len(others) == 1 else Function(name, tuple(others))
        ahead, behind = (first, rest) if name == "max" else (rest, first)
        wins = Function("positive", (Sum(((1, ahead), (-1, behind))),))
        go(first, Product((gradient, wins)))
        go(rest, Product((gradient, one_minus(wins))))

    def arrive(self, name: str, lag: int, gradient: Node) -> None:
        """At a variable read `lag` steps before: the gradient from `lag` steps later."""
        if name not in self.own:
            return
        sent = gradient
        if lag and _may_be_infinite(gradient):
            # Beyond the last step values are zero, by which nothing is to be divided.
            sent = self.named(gradient, self.shapes[name], is_static=False)
        start = self.network.start.get(name, ZERO)
        if not lag or isinstance(start, Constant):
            self.arrived.setdefault(name, []).append(moved(sent, lag))
        else:
            if abs(lag) > 1:
                text = f"{name} has a start value and is read {abs(lag)} steps away"
                raise NetworkError(f"{text}: its gradient is not known")
            self.carried.setdefault((name, lag), []).append(gradient)

    def named(self, node: Node, shape: Shape, is_static: bool) -> Node:
        """The node as a variable of its own."""
        name = free_name(f"q{len(self.extra) + 1}", self.network)
        self.extra.append(Equation(name, node, is_static))
        self.shapes[name] = shape
        return Parameter(name) if is_static else Signal(name)

    def send_to_starts(self) -> None:
        """What goes back to the step before, and from the first step to the start value."""
        for (name, lag), sent in self.carried.items():
            back = f"back_{name}"
            self.shapes[back] = self.shapes[name]
            self.extra.append(Equation(back, added(sent)))
            self.arrived.setdefault(name, []).append(moved(Signal(back), lag))
            start, node = self.network.start[name], Over("first" if lag > 0 else "last", Signal(back))
            if isinstance(start, Parameter) and start.name not in self.own:
                self.collect(start.name, node, True)
            else:
                self.send(start, self.named(node, self.shapes[name], is_static=True), True)

    def collect(self, name: str, gradient: Node, is_static: bool) -> None:
        if name not in self.network.parameters:
            return
        if name in self.starts:
            self.per_sequence.add(name)
            self.gradients.setdefault(name, []).append(gradient)
        else:
            self.gradients.setdefault(name, []).append(Over("batch" if is_static else "total", gradient))

    def to_matrix(self, matrix: Node, left: Node, right: Node, is_static: bool) -> None:
        """The gradient left right^T at a matrix, sent to the parameters in it."""
        match matrix:
            case Parameter(name) if name in self.own:
                raise NetworkError(f"{name} is a matrix that is computed: its gradient is not known")
            case Parameter(name):
                self.collect(name, OuterProduct(left, right), is_static)
            case Transpose(child):
                self.to_matrix(child, right, left, is_static)
            case Sum(terms):
                for sign, child in terms:
                    self.to_matrix(child, left if sign > 0 else negative(left), right, is_static)
            case Product(factors):
                self.to_scaled_matrix(factors, left, right, is_static)
            case MatrixProduct(first, second):
                self.to_matrix(first, left, MatrixProduct(second, right), is_static)
                self.to_matrix(second, MatrixProduct(turned(first), left), right, is_static)
            case _:
                raise NetworkError("a matrix stands here whose gradient is not known")

    def to_scaled_matrix(self, factors: tuple[Node, ...], left: Node, right: Node, is_static: bool) -> None:
        """A matrix times numbers: left right^T at it, and left^T M right at a number before M."""
        matrices = [one for one in factors if self.rank(one) == 2]
        if len(matrices) != 1:
            raise NetworkError("the gradient of matrices multiplied entry by entry is not known")
        numbers = [one for one in factors if one is not matrices[0]]
        self.to_matrix(matrices[0], simplified(Product((*numbers, left))), right, is_static)
        for i, number in enumerate(numbers):
            dot = Function("dot", (left, MatrixProduct(matrices[0], right)))
            self.send(number, simplified(Product((dot, *numbers[:i], *numbers[i + 1 :]))), is_static)


def turned(matrix: Node) -> Node:
    """The transpose."""
    return matrix.arg if isinstance(matrix, Transpose) else Transpose(matrix)


def _may_be_infinite(node: Node) -> bool:
    """Whether something is divided by, or its logarithm taken."""
    return any(
        isinstance(one, Quotient) or (isinstance(one, Function) and one.name == "log")
        for _, one in walk(node)
    )
