"""A network as a machine: what its delayed variables remember is its state, and all words run at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Generic, TypeVar

import numpy as np

from grader.networks.automaton.entries import Array, Entries, NoArithmetic
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Network
from grader.networks.equations.tree import (
    Constant,
    Function,
    MatrixProduct,
    Node,
    Parameter,
    Power,
    Product,
    Quotient,
    Signal,
    Sum,
    Transpose,
    signals_of,
)

E = TypeVar("E", bound=Entries)


class Machine(Generic[E]):
    """A network whose every step follows from the inputs so far.

    Args:
        network: Without variables that need later steps or all steps.
        parameters: Its parameters and the arguments of its start, by name.
        sizes: The value of each size name.
        arithmetic: In which it runs: `Whole` or `Enclosure`.

    Raises:
        NetworkError: If it needs later steps.
    """

    def __init__(
        self,
        network: Network,
        parameters: Mapping[str, E],
        sizes: Mapping[str, int],
        arithmetic: type[E],
    ) -> None:
        lags = _lags(network)
        self._parameters, self._arithmetic = parameters, arithmetic
        self._right_sides = {one.name: one.right_side for one in network.equations}
        self._order = [name for group in network.groups for name in group.names]
        self._slots = [(name, lag) for name, most in lags.items() for lag in range(1, most + 1)]
        self._widths: dict[str, int | None] = {}
        for name in lags:
            shape = {**network.shapes, **network.inputs}[name]
            self._widths[name] = shape[0].at(sizes) if shape else None
        self._mask: Array | None = None
        self.initial: E = self._start(network)
        numbers = sum(value.size for value in parameters.values())
        self.work = arithmetic.cost * (numbers + 8 * len(network.equations))
        self.parameter_bits = max((value.bits for value in parameters.values()), default=1)

    def step(self, states: E, inputs: Mapping[str, E]) -> tuple[E, dict[str, E]]:
        """One step of many runs.

        Args:
            states: (runs, n) what each run remembers.
            inputs: For each input the values of the runs, by name.

        Returns:
            The next states and the values of all variables and inputs.
        """
        known = self._by_slot(states)
        now: dict[str, E] = dict(inputs)
        for name in self._order:
            value = self.value(self._right_sides[name], now, known)
            wanted = self._widths.get(name)
            if wanted is not None and value.rank == 0:  # a number fills a vector
                value = self._filled(value, wanted)
            now[name] = value
        following = [now[name] if lag == 1 else known[name, lag - 1] for name, lag in self._slots]
        after = self._remembered(following, states)
        return (after if self._mask is None else after.masked(self._mask)), now

    def keep(self, places: Sequence[int]) -> None:
        """Remember some entries of the state only: zeros stand for the others from the start on.

        Args:
            places: Of the entries, from 0.
        """
        if len(places) < len(self.entries):
            self._mask = np.isin(np.arange(len(self.entries)), places)
            self.initial = self.initial.masked(self._mask)

    def value(self, node: Node, now: Mapping[str, E], known: Mapping[tuple[str, int], E]) -> E:
        """What an expression is worth.

        Args:
            node: The expression.
            now: Values at this step, by name.
            known: Remembered values, by name and lag.
        """

        def of(one: Node) -> E:
            return self.value(one, now, known)

        match node:
            case Constant(value):
                return self._arithmetic.of(value)
            case Parameter(name):
                return self._parameters[name]
            case Signal(name, lag):
                return known[name, lag] if lag else now[name]
            case Sum(terms):
                signed = [of(term) if sign > 0 else of(term).negated() for sign, term in terms]
                return _folded(signed, "plus")
            case Product(factors):
                return _folded([of(one) for one in factors], "times")
            case Quotient(numerator, denominator):
                return of(numerator).times(of(denominator).inverted())
            case Power(base, exponent):
                return _folded([of(base)] * exponent, "times")
            case Transpose(arg):
                return of(arg).transposed()
            case MatrixProduct(left, right):
                return of(left).product(of(right))
            case Function(name, args, part, parts):
                return self._function(name, [of(one) for one in args], part, parts)
        raise NoArithmetic(type(node).__name__)

    def known(self, states: E) -> dict[tuple[str, int], E]:
        """What the states remember, by name and lag."""
        return self._by_slot(states)

    def _function(self, name: str, values: list[E], part: int, parts: int) -> E:
        match name:
            case "max":
                return _folded(values, "larger")
            case "min":
                return _folded(values, "smaller")
            case "mod":
                return values[0].modulo(values[1])
            case "stack":
                return self._arithmetic.stacked(values)
            case "part":
                width = values[0].size // values[0].runs // parts
                return values[0].column((part - 1) * width, part * width)
        return values[0].applied(name)

    def _start(self, network: Network) -> E:
        zero = self._arithmetic.of(Fraction(0))
        starts = []
        for name, _ in self._slots:
            node = network.start.get(name)
            value = zero if node is None else self.value(node, {}, {})
            width = self._widths[name]
            starts.append(value if width is None or value.rank else self._filled(value, width))
        return self._arithmetic.stacked(starts) if starts else self._filled(zero, 0)

    def _filled(self, number: E, width: int) -> E:
        vector = self._arithmetic.of((Fraction(1),) * width)
        return vector.times(number)

    def _remembered(self, values: list[E], before: E) -> E:
        return self._arithmetic.stacked(values) if values else before

    def _by_slot(self, states: E) -> dict[tuple[str, int], E]:
        found, start = {}, 0
        for slot in self._slots:
            width = self._widths[slot[0]]
            found[slot] = states.entry(start) if width is None else states.column(start, start + width)
            start += width or 1
        return found

    @property
    def entries(self) -> list[tuple[str, int, int | None]]:
        """For each entry of a state the variable, the lag, and which entry of it (None for a number)."""
        return [
            (name, lag, None if width is None else place)
            for name, lag in self._slots
            for width in (self._widths[name],)
            for place in range(width or 1)
        ]


def _lags(network: Network) -> dict[str, int]:
    """How far back each variable and input is remembered."""
    lags: dict[str, int] = {}
    if any(one.is_static for one in network.equations):
        raise NetworkError("it has a value of all steps together, which no machine gives step by step")
    for equation in network.equations:
        for signal in signals_of(equation.right_side):
            if signal.lag < 0 or signal.pick or signal.edge:
                raise NetworkError(f"{equation.name} needs steps that come later")
            if signal.lag:
                lags[signal.name] = max(lags.get(signal.name, 0), signal.lag)
    return lags


def _folded(values: list[E], operation: str) -> E:
    found, *rest = values
    for value in rest:
        found = getattr(found, operation)(value)
    return found
