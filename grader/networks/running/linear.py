"""Linear networks: the exact system that their equations are, each entry as a polynomial in the weights.

A network is linear where no variable goes through a function or is multiplied by another. One step is
evaluated on linear forms in the state and the inputs; what stands before each of them is an entry of
A, B, C or D. A bias is a state more that is always 1.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias, TypeVar

from grader.networks.equations.network import Network
from grader.networks.equations.printing import written
from grader.networks.equations.tree import (
    At,
    Function,
    MatrixProduct,
    Node,
    OuterProduct,
    Parameter,
    Power,
    Product,
    Quotient,
    Signal,
    children,
    signals_of,
    walk,
)
from grader.networks.running.arithmetic import NotExact
from grader.networks.running.interpreted import evaluate
from grader.networks.running.linear_forms import (
    ONE,
    Form,
    Forms,
    ParameterEntry,
    Polynomial,
    Unknown,
    parameter_entries,
)

N = TypeVar("N")


class NotLinear(ValueError):
    """A network that is no linear system."""


class Row(NamedTuple):
    """One row of A, B, C or D.

    Args:
        polynomials: Its entries.
        places: Where each stands among the weights, if each is an entry of a weight as it is; else None.
    """

    polynomials: tuple[Polynomial, ...]
    places: tuple[ParameterEntry, ...] | None

    @staticmethod
    def of(polynomials: Iterable[Polynomial]) -> Row:
        """The row with these entries."""
        entries = tuple(polynomials)
        single = [next(iter(entry)) for entry in entries if list(entry.values()) == [1]]
        places = tuple(place for found in single if len(found) == 1 for place in found)
        return Row(entries, places if len(places) == len(entries) else None)


Rows: TypeAlias = tuple[Row, ...]


class Coefficients(NamedTuple):
    """A linear system s_t = A s_{t-1} + B x_t, g_t = C s_t + D x_t, in polynomials of the weights.

    Args:
        A: (n, n), B: (n, m), C: (p, n), D: (p, m), s0: (1, n).
    """

    A: Rows
    B: Rows
    C: Rows
    D: Rows
    s0: Rows


def coefficients(network: Network, sizes: Mapping[str, int]) -> Coefficients:
    """The system that a linear network is, for any weights.

    Args:
        network: A checked one with one input.
        sizes: What each named size is.

    Raises:
        NotLinear: If it is not linear, or has no exact system.
    """
    reason = why_not_linear(network)
    if reason is None and len(network.inputs) != 1:
        reason = f"it has {len(network.inputs)} inputs; one is wanted"
    if reason is not None:
        raise NotLinear(reason)
    try:
        return _Reading(network, sizes).coefficients()
    except (NotExact, ZeroDivisionError) as error:
        raise NotLinear(str(error)) from None


def values_of(
    system: Rows,
    entry: Callable[[ParameterEntry], N],
    number: Callable[[Fraction], N],
    add: Callable[[N, N], N] = operator.add,
    multiply: Callable[[N, N], N] = operator.mul,
) -> tuple[tuple[N, ...], ...]:
    """The rows with values in the places of the weights.

    Args:
        system: From `coefficients`.
        entry: The value of a weight's entry.
        number: A number as a value of that type.
        add: The sum of two such values.
        multiply: Their product.
    """

    def value(polynomial: Polynomial) -> N:
        terms = []
        for places, factor in polynomial.items():
            values = [entry(place) for place in places]
            if factor != 1 or not values:
                values.append(number(factor))
            terms.append(functools.reduce(multiply, values))
        return functools.reduce(add, terms) if terms else number(Fraction(0))

    return tuple(
        tuple(map(entry, row.places)) if row.places is not None else tuple(map(value, row.polynomials))
        for row in system
    )


def why_not_linear(network: Network) -> str | None:
    """Which part of the equations is not linear, as a sentence; None where all are."""
    for equation in network.equations:
        if equation.is_static:
            return f"{equation.name} is no value at every step"
        for _, node in walk(equation.right_side):
            if _is_bent(node):
                return f"{written(node, style='python')} in {equation.name}(t) is not linear"
        if any(signal.lag < 0 for signal in signals_of(equation.right_side)):
            return f"{equation.name}(t) needs a later step"
    return None


def _is_bent(node: Node) -> bool:
    changing = [child for child in children(node) if _changes(child)]
    match node:
        case Function(name):
            return bool(changing) and name not in ("stack", "part")
        case Product() | MatrixProduct() | OuterProduct():
            return len(changing) > 1
        case Quotient():
            return _changes(node.denominator)
        case Power():
            return bool(changing) and node.exponent > 1
    return False


def _changes(node: Node) -> bool:
    return any(isinstance(inner, Signal | At) for _, inner in walk(node))


class _Reading:
    """One network's step, read off on linear forms."""

    def __init__(self, network: Network, sizes: Mapping[str, int]) -> None:
        self.network = network
        self.sizes = sizes
        self.right_sides = {one.name: one.right_side for one in network.equations}
        self.forms = Forms()
        ((self.input, _),) = network.inputs.items()
        self.slots = self._slots()

    def _slots(self) -> tuple[tuple[str, int], ...]:
        """What is remembered: (name, lag), so that outputs follow from it and the current input."""
        memory: dict[str, int] = {}
        for signal in (signal for one in self.right_sides.values() for signal in signals_of(one)):
            if signal.lag:
                memory[signal.name] = max(memory.get(signal.name, 0), signal.lag)
        for name, lag in self._read_by_outputs(memory):
            memory[name] = max(memory[name], lag + 1)
        return tuple((name, lag) for name, most in memory.items() for lag in range(1, most + 1))

    def _read_by_outputs(self, memory: Mapping[str, int]) -> Iterable[tuple[str, int]]:
        """The variables and lags that outputs read, directly or through variables outside the memory."""
        for name in self._needed(memory):
            for signal in signals_of(self.right_sides[name]):
                if signal.lag:
                    yield signal.name, signal.lag

    def _needed(self, known: Container[str]) -> set[str]:
        """The variables from which the outputs follow, of those that are not known."""
        left, needed = list(self.network.output), set()
        while left:
            name = left.pop()
            if name not in needed and name not in known and name != self.input:
                needed.add(name)
                left += [signal.name for signal in signals_of(self.right_sides[name]) if not signal.lag]
        return needed

    def coefficients(self) -> Coefficients:
        before = {slot: self._unknowns(*slot) for slot in self.slots}
        after = self._step(before, self.right_sides)
        next_state = [
            form
            for name, lag in self.slots
            for form in _entries(after[name, 0] if lag == 1 else before[name, lag - 1])
        ]
        current = {(name, lag - 1): self._unknowns(name, lag) for name, lag in self.slots}
        given = self._step(current, self._needed({name for name, _ in self.slots}))
        outputs = [form for name in self.network.output for form in _entries(given[name, 0])]
        start = [self._start(name, entry) for name, _ in self.slots for entry in range(self._width(name))]
        return self._assembled(next_state, outputs, start)

    def _assembled(self, state: list[Form], outputs: list[Form], start: list[Polynomial]) -> Coefficients:
        unknowns: list[Unknown] = [
            (name, lag, entry) for name, lag in self.slots for entry in range(self._width(name))
        ]
        if any(form.get(None) for form in (*state, *outputs)):
            unknowns.append(None)
            state, start = [*state, {None: ONE}], [*start, ONE]
        inputs = [(self.input, 0, entry) for entry in range(self._width(self.input))]

        def rows(forms: list[Form], columns: Sequence[Unknown]) -> Rows:
            return tuple(Row.of(form.get(one, {}) for one in columns) for form in forms)

        return Coefficients(
            rows(state, unknowns),
            rows(state, inputs),
            rows(outputs, unknowns),
            rows(outputs, inputs),
            (Row.of(start),),
        )

    def _step(self, known: Mapping[tuple[str, int], Any], computed: Container[str]) -> dict[Any, Any]:
        """Values of one step as forms in what is known."""
        values = {**known, (self.input, 0): self._unknowns(self.input, 0)}

        def lookup(node: Node) -> Any:
            match node:
                case Parameter(name):
                    return self._parameter(name)
                case Signal(name, lag):
                    return values[name, lag]
            raise NotExact("a value at a fixed step")

        for name in (name for group in self.network.groups for name in group.names):
            if name in computed:
                values[name, 0] = self._widened(name, evaluate(self.right_sides[name], lookup, self.forms))
        return values

    def _unknowns(self, name: str, lag: int) -> Any:
        entries = tuple({(name, lag, entry): ONE} for entry in range(self._width(name)))
        return entries if self.network.shapes[name] else entries[0]

    def _widened(self, name: str, value: Any) -> Any:
        is_vector = self.network.shapes[name] and type(value) is not tuple
        return (value,) * self._width(name) if is_vector else value

    def _width(self, name: str) -> int:
        shape = self.network.shapes[name]
        return shape[0].at(self.sizes) if shape else 1

    def _parameter(self, name: str) -> Any:
        return parameter_entries(name, self.network.parameters[name], self.sizes)

    def _start(self, name: str, entry: int) -> Polynomial:
        start = self.network.start.get(name)
        if start is None:
            return {}

        def lookup(node: Node) -> Any:
            if isinstance(node, Parameter):
                return self._parameter(node.name)
            raise NotExact("a start value is made of later steps")

        form: Form = _entries(self._widened(name, evaluate(start, lookup, self.forms)))[entry]
        return form.get(None, {})


def _entries(value: Any) -> tuple[Form, ...]:
    return value if type(value) is tuple else (value,)
