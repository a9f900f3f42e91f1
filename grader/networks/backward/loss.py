"""A loss over a network's values, as text: mean((y - h)**2), sum(...), cross entropy, the final step alone.

The outermost mean or sum runs over all that there is: sequences, steps and entries. One inside it runs over
the entries of a vector. Names that the network does not have are targets.
"""

from __future__ import annotations

import ast
import copy
import warnings
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple, TypeGuard

import msgspec

from grader.networks.backward.loss_syntax import ENTROPIES, OVER, WithSteps, is_fixed, is_step, names_in
from grader.networks.equations.faults import EquationError, NetworkError
from grader.networks.equations.names import RESERVED
from grader.networks.equations.network import Network
from grader.networks.equations.reader import Reader
from grader.networks.equations.shapes import infer
from grader.networks.equations.simplifying import simplified
from grader.networks.equations.sizes import Size
from grader.networks.equations.tree import (
    ONE,
    Constant,
    Function,
    Node,
    Parameter,
    Product,
    Quotient,
    Sum,
    one_minus,
    transform,
    walk,
)

INNER = "_inner"
HOW = "write mean(...) or sum(...) around it, as in mean((y - h)**2)"


class LossTarget(NamedTuple):
    """What a value is compared with: its shape, and whether it is one for each step."""

    shape: tuple[Size, ...]
    each_step: bool


class Term(NamedTuple):
    """One mean or sum of the loss.

    Args:
        body: What is summed: a number or a vector, of each step or once a sequence.
        is_mean: Whether it is divided by how many there are.
        each_step: Whether it is taken at every step.
    """

    body: Node
    is_mean: bool
    each_step: bool


class Loss(msgspec.Struct, frozen=True):
    """A loss that was read.

    Args:
        terms: What it is the sum of.
        targets: By name, in the order in which they stand.
    """

    terms: tuple[Term, ...]
    targets: dict[str, LossTarget]


def read_loss(network: Network, text: str) -> Loss:
    """The loss of a text, read by the rules of equations.

    Raises:
        EquationError: If it is none; shows the place.
    """
    return _LossReader(network, text).loss()


def free_name(name: str, network: Network) -> str:
    """The name, or one like it that nothing of the network has."""
    taken = {*network.inputs, *network.parameters, *network.by_name}
    while name in taken:
        name += "_"
    return name


def count_of(size: Size, network: Network) -> Node:
    """A size as a number of the equations."""
    terms = [
        Product((Constant(Fraction(number)), Parameter(free_name(name, network))))
        if name
        else Constant(Fraction(number))
        for name, number in size.form
    ]
    return simplified(Sum(tuple((1, one) for one in terms)))


class _LossReader:
    def __init__(self, network: Network, text: str) -> None:
        self.network, self.text = network, text
        own = network.by_name
        self.static = {*network.parameters, *(name for name in own if own[name].is_static)}
        self.signals = {*network.inputs, *(name for name in own if not own[name].is_static)}
        self.targets: dict[str, LossTarget] = {}

    def error(self, node: ast.AST, message: str) -> EquationError:
        return EquationError(message, self.text, getattr(node, "col_offset", 0))

    def loss(self) -> Loss:
        if not self.text.isascii() or len(self.text) > 500:
            raise EquationError("a loss is at most 500 plain characters", self.text[:40], 0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(self.text, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise EquationError(f"this does not read as a loss: {HOW}", self.text, 0) from None
        if sum(1 for _ in ast.walk(tree)) > 400:
            raise EquationError("this loss is too long", self.text[:40], 0)
        terms = tuple(self.term(factor, call) for factor, call in self.summands(tree, Fraction(1)))
        if not any(names_in(call) & {*self.network.by_name} for _, call in self.summands(tree, Fraction(1))):
            raise self.error(tree, "nothing of the network stands in this loss")
        return Loss(terms, self.targets)

    def summands(self, node: ast.expr, factor: Fraction) -> Iterator[tuple[Fraction, ast.Call]]:
        """The means and sums of a loss, each with the number before it."""
        match node:
            case ast.BinOp(left=a, op=ast.Add() | ast.Sub() as op, right=b):
                yield from self.summands(a, factor)
                yield from self.summands(b, factor if isinstance(op, ast.Add) else -factor)
            case ast.UnaryOp(op=ast.USub(), operand=a):
                yield from self.summands(a, -factor)
            case ast.BinOp(left=a, op=ast.Mult(), right=b) if (number := self.number(a)) is not None:
                yield from self.summands(b, factor * number)
            case ast.BinOp(left=a, op=ast.Mult(), right=b) if (number := self.number(b)) is not None:
                yield from self.summands(a, factor * number)
            case ast.BinOp(left=a, op=ast.Div(), right=b) if number := self.number(b):
                yield from self.summands(a, factor / number)
            case ast.Call(func=ast.Name(id=name), args=[_], keywords=[]) if name in OVER:
                yield factor, node
            case _:
                raise self.error(node, f"a loss is one number: {HOW}")

    def number(self, node: ast.expr) -> Fraction | None:
        """The value of a number, or of one number over another."""
        match node:
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                read = self.read(node, set(), set(), is_static=True)
                return read.value if isinstance(read, Constant) else None
            case ast.UnaryOp(op=ast.USub(), operand=a):
                value = self.number(a)
                return None if value is None else -value
            case ast.BinOp(left=a, op=ast.Div(), right=b):
                above, below = self.number(a), self.number(b)
                return None if above is None or not below else above / below
        return None

    def term(self, factor: Fraction, call: ast.Call) -> Term:
        assert isinstance(call.func, ast.Name)
        body = call.args[0]
        each_step = self.is_each_step(body)
        targets = self.targets_in(body, each_step)
        read = self.body(body, each_step, targets)
        for name in targets:
            self.bind(name, read, body, each_step)
        read = transform(read, self.counted)
        shape = self.shape(read, body)
        if shape is None or len(shape) > 1:
            raise self.error(body, "this is a matrix; the loss is over values and targets")
        if factor != 1:
            read = simplified(Product((Constant(factor), read)))
        return Term(read, call.func.id == "mean", each_step)

    def is_each_step(self, body: ast.expr) -> bool:
        """Whether a value of each step stands there: h or h(t), not h(T)."""
        fixed = {id(node.func) for node in ast.walk(body) if isinstance(node, ast.Call) and is_fixed(node)}
        names = [node for node in ast.walk(body) if isinstance(node, ast.Name) and id(node) not in fixed]
        return any(node.id in self.signals for node in names)

    def targets_in(self, body: ast.expr, each_step: bool) -> list[str]:
        known = {*self.static, *self.signals, *RESERVED, *OVER, *ENTROPIES}
        found = [node for node in ast.walk(body) if isinstance(node, ast.Name) and node.id not in known]
        for node in ast.walk(body):
            match node:
                case ast.Call(func=ast.Name(id=name), args=args) if name not in known and not is_step(args):
                    raise self.error(node, f"{name} is no function of this language")
        for node in found:
            before = self.targets.get(node.id)
            if before is not None and before.each_step != each_step:
                raise self.error(node, f"{node.id} is a target of each step and of the final one")
        return list(dict.fromkeys(node.id for node in found))

    def body(self, node: ast.expr, each_step: bool, targets: list[str]) -> Node:
        static = self.static | (set() if each_step else set(targets))
        signals = self.signals | (set(targets) if each_step else set())
        return self.read(node, static, signals, is_static=not each_step)

    def read(self, node: ast.expr, static: set[str], signals: set[str], is_static: bool) -> Node:
        """A part of the text, with h for h(t), and what is summed over entries read by itself."""

        def go(one: ast.expr) -> Node:
            return self.read(one, static, signals, is_static)

        inner: dict[str, Node] = {}
        used = WithSteps(signals, lambda call: self.entries(call, go, inner)).visit(copy.deepcopy(node))
        reader = Reader(self.text, static | set(inner), signals, is_static)
        reader.start = 0
        tree = reader.read(used, 0)
        found = transform(tree, lambda one: inner.get(one.name, one) if isinstance(one, Parameter) else one)
        return simplified(found)

    def entries(self, call: ast.Call, go: Callable[[ast.expr], Node], inner: dict[str, Node]) -> ast.expr:
        """A name in the place of sum, mean or cross entropy over the entries of a vector."""
        assert isinstance(call.func, ast.Name)
        name = call.func.id
        wanted = 1 if name in OVER else 2
        if len(call.args) != wanted or call.keywords:
            raise self.error(call, f"{name} takes {'one value' if wanted == 1 else 'a target and a value'}")
        key = f"{INNER}{len(inner)}"
        values = [go(arg) for arg in call.args]
        if name in OVER:
            made: Node = Function("total", (values[0],))
            made = Quotient(made, Function("entries", (values[0],))) if name == "mean" else made
        else:
            first_is_value = bool(names_in(call.args[0]) & {*self.network.by_name})
            target, value = values[::-1] if first_is_value else values
            made = _entropy(target, value, is_binary=name != "cross_entropy")
        inner[key] = made
        return ast.copy_location(ast.Name(id=key, ctx=ast.Load()), call)

    def bind(self, name: str, read: Node, body: ast.expr, each_step: bool) -> None:
        """The shape of a target: that of the first value with which the term makes sense."""
        if name in self.targets:
            return
        # How many entries there are is one number, whatever their shape.
        read = transform(read, lambda one: ONE if _counts_entries(one) else one)
        own = [x for x in self.network.by_name if x in names_in(body)]
        shapes = dict.fromkeys([*(self.network.shapes[x] for x in own), ()])
        for shape in shapes:
            try:
                infer(read, {**self.network.shapes, name: shape}, self.text)
            except NetworkError:
                continue
            self.targets[name] = LossTarget(shape, each_step)
            return
        raise self.error(body, f"{name} fits no value of this term")

    def counted(self, node: Node) -> Node:
        """How many entries a vector has, where that stood for a mean."""
        if not _counts_entries(node):
            return node
        shapes = self.network.shapes | {name: one.shape for name, one in self.targets.items()}
        shape = infer(node.args[0], shapes, self.text)
        return count_of(shape[0], self.network) if shape else ONE

    def shape(self, read: Node, body: ast.expr) -> tuple[Size, ...] | None:
        shapes = self.network.shapes | {name: one.shape for name, one in self.targets.items()}
        # What has no shape of its own counts the entries of a mean: a number.
        counts = {one.name for _, one in walk(read) if isinstance(one, Parameter)} - set(shapes)
        try:
            return infer(read, shapes | dict.fromkeys(counts, ()), self.text)
        except NetworkError as error:
            raise self.error(body, str(error).removeprefix(f"{self.text}: ")) from None


def _counts_entries(node: Node) -> TypeGuard[Function]:
    return isinstance(node, Function) and node.name == "entries"


def _entropy(target: Node, value: Node, is_binary: bool) -> Node:
    """-sum y log p, and for the binary one - (1 - y) log(1 - p) besides, over entries."""
    summed: Node = Product((target, Function("log", (value,))))
    if is_binary:
        rest = Product((one_minus(target), Function("log", (one_minus(value),))))
        summed = Sum(((1, summed), (1, rest)))
    return Sum(((-1, Function("total", (summed,))),))
