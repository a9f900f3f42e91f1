"""Trees and networks evaluated in any arithmetic: exact fractions, intervals, or another that does the same.

A number is an entry, a vector a tuple of entries, a matrix a tuple of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from grader.networks.equations.network import Network
from grader.networks.equations.tree import (
    At,
    Constant,
    Function,
    MatrixProduct,
    Node,
    Over,
    Parameter,
    Power,
    Product,
    Quotient,
    Signal,
    Sum,
    Transpose,
    signals_of,
)
from grader.networks.running.arithmetic import Arithmetic

E = TypeVar("E")
# An entry, or tuples of entries: the shapes tell what is a vector where, so no type does.
Value: TypeAlias = Any
Lookup: TypeAlias = Callable[[Node], Value]
State: TypeAlias = tuple[Value, ...]


class NoMachine(ValueError):
    """A network that cannot be run step by step: it needs later steps."""


def evaluate(node: Node, lookup: Lookup, arithmetic: Arithmetic[Any], steps: Sequence[Lookup] = ()) -> Value:
    """The value of a tree.

    Args:
        node: The tree, of fitting shapes.
        lookup: Values of parameters, signals and signals at a fixed step.
        arithmetic: Of the entries.
        steps: The look-up at each step, for sums and means over all of them.

    Raises:
        NotExact: If the arithmetic has no value for a function in it.
        ZeroDivisionError: If something is divided by zero.
    """
    return _Evaluation(lookup, arithmetic, steps).value(node)


class _Evaluation(NamedTuple):
    lookup: Lookup
    arithmetic: Arithmetic[Any]
    steps: Sequence[Lookup]

    def value(self, node: Node) -> Value:
        arithmetic = self.arithmetic
        match node:
            case Constant(value):
                return arithmetic.constant(value)
            case Parameter() | Signal() | At():
                return self.lookup(node)
            case Sum(terms):
                signed = [
                    self.value(term) if sign > 0 else _mapped(arithmetic.negative, self.value(term))
                    for sign, term in terms
                ]
                return self._folded(arithmetic.add, signed)
            case Product(factors):
                return self._folded(arithmetic.multiply, map(self.value, factors))
            case Quotient(above, below):
                return _paired(arithmetic.divide, self.value(above), self.value(below))
            case Power(base, exponent):
                return _mapped(lambda entry: arithmetic.power(entry, exponent), self.value(base))
            case Transpose(arg):
                return tuple(zip(*self.value(arg), strict=True))
            case MatrixProduct(left, right):
                return self._matrix_product(self.value(left), self.value(right))
            case Over(how, arg):
                return self._over(how, arg)
            case Function():
                return self._function(node)
        raise TypeError(node)

    def _folded(self, operation: Callable[[Any, Any], Any], values: Any) -> Value:
        first, *others = values
        for other in others:
            first = _paired(operation, first, other)
        return first

    def _dot(self, a: Sequence[Any], b: Sequence[Any]) -> Any:
        return self._folded(self.arithmetic.add, map(self.arithmetic.multiply, a, b))

    def _matrix_product(self, a: Value, b: Value) -> Value:
        if type(a[0]) is tuple and type(b[0]) is tuple:
            return tuple(tuple(self._dot(row, column) for column in zip(*b, strict=True)) for row in a)
        if type(a[0]) is tuple:
            return tuple(self._dot(row, b) for row in a)
        if type(b[0]) is tuple:
            return tuple(self._dot(a, column) for column in zip(*b, strict=True))
        return self._dot(a, b)

    def _over(self, how: str, arg: Node) -> Value:
        values = [self._replace(lookup=at_step).value(arg) for at_step in self.steps]
        if how in ("first", "last"):
            return values[0 if how == "first" else -1]
        total = self._folded(self.arithmetic.add, values)
        if how == "sum":
            return total
        count = self.arithmetic.constant(Fraction(len(values)))
        return _mapped(lambda entry: self.arithmetic.divide(entry, count), total)

    def _function(self, node: Function) -> Value:
        arithmetic = self.arithmetic
        args = [self.value(arg) for arg in node.args]
        match node.name:
            case "stack":
                return tuple(entry for arg in args for entry in (arg if type(arg) is tuple else (arg,)))
            case "part":
                width = len(args[0]) // node.of
                return args[0][(node.part - 1) * width : node.part * width]
            case "max" | "min" | "mod":
                return self._folded(lambda a, b: arithmetic.of_two(node.name, a, b), args)
            case "softmax":
                return tuple(arithmetic.softmax(args[0]))
            case "first-row":
                return args[0][0]
            case "rounded" | "cut" | "coarse":
                return _mapped(lambda entry: arithmetic.to_places(node.name, entry, node.part), args[0])
        return _mapped(lambda entry: arithmetic.function(node.name, entry), args[0])


def _mapped(function: Callable[[Any], Any], value: Value) -> Value:
    if type(value) is tuple:
        return tuple(_mapped(function, one) for one in value)
    return function(value)


def _paired(function: Callable[[Any, Any], Any], a: Value, b: Value) -> Value:
    """Entry by entry; a number goes with every entry."""
    if type(a) is tuple and type(b) is tuple:
        return tuple(_paired(function, x, y) for x, y in zip(a, b, strict=True))
    if type(a) is tuple:
        return tuple(_paired(function, x, b) for x in a)
    if type(b) is tuple:
        return tuple(_paired(function, a, y) for y in b)
    return function(a, b)


class NetworkMachine(Generic[E]):
    """A network as a machine: from a state and an input to the next state and all values.

    The state is what is remembered of earlier steps, a tuple that can be a key.

    Args:
        network: One that runs forwards, with an equation at every step for each variable.
        parameters: By name, start arguments too: entries, or tuples of them.
        arithmetic: Of the entries.
        sizes: What each named size is.

    Raises:
        NoMachine: If it needs later steps.
    """

    def __init__(
        self,
        network: Network,
        parameters: Mapping[str, Value],
        arithmetic: Arithmetic[E],
        sizes: Mapping[str, int],
    ) -> None:
        self.parameters = parameters
        self.arithmetic = arithmetic
        right_sides = {one.name: one.right_side for one in network.equations}
        self._refuse(network)
        self._equations = [(name, right_sides[name]) for group in network.groups for name in group.names]
        memory: dict[str, int] = {}
        for name, right_side in right_sides.items():
            for signal in signals_of(right_side):
                if signal.lag < 0:
                    raise NoMachine(f"{name} needs {signal.name} of a later step")
                if signal.lag:
                    memory[signal.name] = max(memory.get(signal.name, 0), signal.lag)
        self.slots = [(name, lag) for name, most in memory.items() for lag in range(1, most + 1)]
        self.initial: State = tuple(self._start(network, name, sizes) for name, _ in self.slots)

    def step(self, state: State, inputs: Mapping[str, Value]) -> tuple[State, dict[str, Value]]:
        """The next state, and inputs and variables at this step.

        Args:
            state: As `initial`, or as it came from a step before.
            inputs: By name: an entry, or a tuple of them.
        """
        before = dict(zip(self.slots, state, strict=True))
        now = dict(inputs)

        def lookup(node: Node) -> Value:
            match node:
                case Parameter(name):
                    return self.parameters[name]
                case Signal(name, 0):
                    return now[name]
                case Signal(name, lag):
                    return before[name, lag]
            raise TypeError(node)

        for name, right_side in self._equations:
            now[name] = evaluate(right_side, lookup, self.arithmetic)
        return tuple(now[name] if lag == 1 else before[name, lag - 1] for name, lag in self.slots), now

    def _start(self, network: Network, name: str, sizes: Mapping[str, int]) -> Value:
        start = network.start.get(name)
        value = (
            self.arithmetic.constant(Fraction(0))
            if start is None
            else evaluate(start, self._parameter, self.arithmetic)
        )
        shape = network.shapes[name]
        return (value,) * shape[0].at(sizes) if shape and type(value) is not tuple else value

    def _parameter(self, node: Node) -> Value:
        if not isinstance(node, Parameter):
            raise NoMachine("a start value is made of later steps")
        return self.parameters[node.name]

    @staticmethod
    def _refuse(network: Network) -> None:
        for group in network.groups:
            if group.kind in ("static", "backward"):
                raise NoMachine(f"{group.names[0]} needs later steps")
