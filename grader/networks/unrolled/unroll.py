"""A network of single numbers unrolled in symbols: values h(2), derivatives dh(2)/dw, and those of a loss."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import msgspec

from grader.formula.tree import Formula, Symbol
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Network
from grader.networks.equations.sizes import Shape
from grader.networks.equations.tree import At, Node, Parameter, Signal
from grader.networks.running.arithmetic import Arithmetic, NotExact
from grader.networks.running.interpreted import evaluate
from grader.networks.unrolled.arithmetic import ONE, ZERO, Dual, Duals, Formulas, evaluated

VALUE = re.compile(r"([A-Za-z_]\w*)(?:\((\d+)\))?")
SLOPE = re.compile(r"d([A-Za-z_]\w*)(?:\((\d+)\))?/d([A-Za-z_]\w*)(?:\((\d+)\))?")
LOSS = "L"
MAX_STEPS = 8


class AskedValue(msgspec.Struct, frozen=True):
    """One thing that is asked.

    Args:
        of: The variable, or "L" for the loss.
        step: At which step; 0 for the loss and for variables without steps.
        by: The symbol by which its derivative is asked; empty for its value.
    """

    of: str
    step: int = 0
    by: str = ""

    @property
    def field(self) -> str:
        """The field of the answer: h2, dh2_dw, dL_dw."""
        name = f"{self.of}{self.step or ''}"
        return f"d{name}_d{self.by}" if self.by else name


def read_asked(text: str) -> AskedValue:
    """What a text asks for.

    Raises:
        NetworkError: If it is none of the forms.
    """
    plain = text.replace(" ", "")
    if found := SLOPE.fullmatch(plain):
        return AskedValue(found[1], int(found[2] or 0), f"{found[3]}{found[4] or ''}")
    if found := VALUE.fullmatch(plain):
        return AskedValue(found[1], int(found[2] or 0))
    raise NetworkError(f'{text!r} cannot be asked: write "h(2)", "dh(2)/dw", or "dL/dw" with a loss')


class Unrolling(msgspec.Struct, frozen=True):
    """A network that is asked for in symbols.

    Args:
        network: Its equations.
        n_steps: How many steps it runs.
        loss: L, in the names h1, h2, ... of its values and further symbols; None where there is none.
    """

    network: Network
    n_steps: int
    loss: Formula | None = None

    def value(self, asked: AskedValue) -> Formula:
        """The formula of a value, or of the loss."""
        run = Unrolled(self.network, self.n_steps, lambda *_: Formulas(), Symbol)
        found: Formula = self._result(run, asked, Formulas(), Symbol)
        return found

    def slope(
        self,
        asked: AskedValue,
        duals: Callable[[str, int], Duals] = lambda *_: Duals(),
        steps_back: int | None = None,
    ) -> Formula:
        """The formula of a derivative.

        Args:
            asked: Of what, and by what.
            duals: With which chain rule at each variable and step: mistakes change it.
            steps_back: Over how many steps the derivative is carried back; over all if left out.
        """

        def symbol(name: str) -> Dual:
            return Dual(Symbol(name), ONE if name == asked.by else ZERO)

        def forgotten(value: Any, step: int) -> Any:
            too_old = steps_back is not None and 0 < step <= self.n_steps - steps_back
            return _constant(value) if too_old else value

        run = Unrolled(self.network, self.n_steps, duals, symbol, forgotten)
        found: Dual = self._result(run, asked, Duals(), symbol)
        return found.slope

    def _result(
        self, run: Unrolled, asked: AskedValue, arithmetic: Arithmetic[Any], symbol: Callable[[str], Any]
    ) -> Any:
        if asked.of != LOSS or self.loss is None:
            return run.at(asked.of, asked.step)
        values = self.values
        known = {name: run.at(*place) for name, place in values.items()}
        return evaluated(self.loss, lambda name: known[name] if name in known else symbol(name), arithmetic)

    @property
    def values(self) -> Mapping[str, tuple[str, int]]:
        """The names of its variables' values, h1, h2, ..., with variable and step."""
        steps = range(1, self.n_steps + 1)
        found = {
            f"{one.name}{step}": (one.name, step)
            for one in self.network.equations
            if not one.is_static
            for step in steps
        }
        return found | {one.name: (one.name, 0) for one in self.network.equations if one.is_static}


def _constant(value: Any) -> Any:
    if isinstance(value, Dual):
        return Dual(value.value, ZERO)
    return tuple(map(_constant, value))


def symbols_of(network: Network, n_steps: int) -> tuple[str, ...]:
    """What its formulas are written in: weights, start values, and each input at each step, x1, x2, ...

    Args:
        network: A network of single numbers.
        n_steps: How many steps it runs.

    Raises:
        NetworkError: If something in it has more than one entry, or two symbols have one name.
    """
    for name, shape in {**network.inputs, **network.parameters}.items():
        if any(size.at(dict.fromkeys(size.names, 1)) != 1 for size in shape):
            raise NetworkError(f"{name} has several entries; formulas are of networks of single numbers")
    steps = [f"{name}{step}" for step in range(1, n_steps + 1) for name in network.inputs]
    found = (*network.parameters, *steps)
    if len(set(found)) < len(found):
        raise NetworkError("an input at a step has the name of a parameter")
    return found


class Unrolled:
    """The values of a network in symbols.

    Args:
        network: A network of single numbers.
        n_steps: How many steps it runs.
        arithmetic: Of the values, for the equation of a variable at a step.
        symbol: The value of a symbol.
        forgotten: What a value becomes for whoever reads it, by the step at which it is computed.
    """

    def __init__(
        self,
        network: Network,
        n_steps: int,
        arithmetic: Callable[[str, int], Arithmetic[Any]],
        symbol: Callable[[str], Any],
        forgotten: Callable[[Any, int], Any] = lambda value, step: value,
    ) -> None:
        self.network, self.n_steps = network, n_steps
        self.arithmetic, self.symbol, self.forgotten = arithmetic, symbol, forgotten
        self._known: dict[tuple[str, int], Any] = {}

    def at(self, name: str, step: int = 0) -> Any:
        """The number that an input or a variable is at a step, counted from 1; 0 for one without steps.

        Raises:
            NotExact: If it is no formula.
        """
        value = self._value(name, step)
        while _is_vector(value):
            (value,) = value
        return value

    def _value(self, name: str, step: int) -> Any:
        if (name, step) not in self._known:
            self._known[name, step] = self._computed(name, step)
        return self._known[name, step]

    def _computed(self, name: str, step: int) -> Any:
        if name in self.network.inputs:
            zero = self.arithmetic(name, step).constant(Fraction(0))
            inside = 1 <= step <= self.n_steps
            return _wrapped(self.symbol(f"{name}{step}") if inside else zero, self.network.inputs[name])
        arithmetic, equation = self.arithmetic(name, step), self.network.by_name[name]
        if not equation.is_static and not 1 <= step <= self.n_steps:
            return self._start(name, step, arithmetic)
        each = [self._lookup(one) for one in range(1, self.n_steps + 1)]
        value = evaluate(equation.right_side, self._lookup(step), arithmetic, each)
        return self.forgotten(value, step)

    def _start(self, name: str, step: int, arithmetic: Arithmetic[Any]) -> Any:
        start = self.network.start.get(name)
        if start is None:
            return _wrapped(arithmetic.constant(Fraction(0)), self.network.shapes[name])
        value = evaluate(start, self._lookup(0), arithmetic)
        return value if _is_vector(value) else _wrapped(value, self.network.shapes[name])

    def _lookup(self, step: int) -> Callable[[Node], Any]:
        def lookup(node: Node) -> Any:
            match node:
                case Parameter(name) if name in self.network.parameters:
                    return _wrapped(self.symbol(name), self.network.parameters[name])
                case Parameter(name):
                    return self._value(name, 0)
                case At(name, when):
                    return self._value(name, self.n_steps if when == "T" else int(when))
                case Signal(name):
                    return self._read(node, step)
            raise TypeError(node)

        return lookup

    def _read(self, signal: Signal, step: int) -> Any:
        at = step - signal.lag
        inside = 1 <= at <= self.n_steps
        if not inside and signal.edge == "hold":
            at = min(max(at, 1), self.n_steps)
        elif not inside and signal.edge == "wrap":
            at = (at - 1) % self.n_steps + 1
        if 1 <= at <= self.n_steps:
            at = self._picked(signal.pick, at)
        return self._value(signal.name, at)

    def _picked(self, pick: str, step: int) -> int:
        match pick:
            case "":
                return step
            case "reversed":
                return self.n_steps + 1 - step
            case "first":
                return 1
            case "last":
                return self.n_steps
        raise NotExact(f"{pick} is not written in formulas")


def _is_vector(value: Any) -> bool:
    return isinstance(value, tuple) and not hasattr(value, "_fields")


def _wrapped(value: Any, shape: Shape) -> Any:
    for _ in shape:
        value = (value,)
    return value
