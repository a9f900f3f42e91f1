"""What can be asked of an unrolled network: "h(2)", "dh(2)/dw", and "dL/dw" for a loss L."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from grader.formula.tree import Constant, Formula, FunctionCall, Power, Product, Sum, Symbol
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Network
from grader.networks.running.arithmetic import Arithmetic, NotExact
from grader.networks.unrolled.arithmetic import ONE, ZERO, Dual, Duals, Formulas
from grader.networks.unrolled.unroll import Unrolled

VALUE = re.compile(r"([A-Za-z_]\w*)(?:\((\d+)\))?")
SLOPE = re.compile(r"d([A-Za-z_]\w*)(?:\((\d+)\))?/d([A-Za-z_]\w*)(?:\((\d+)\))?")
LOSS = "L"


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
        return _evaluated(self.loss, lambda name: known[name] if name in known else symbol(name), arithmetic)

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


def _evaluated(formula: Formula, symbol: Callable[[str], Any], arithmetic: Arithmetic[Any]) -> Any:
    """A formula in another arithmetic."""

    def go(one: Formula) -> Any:
        return _evaluated(one, symbol, arithmetic)

    match formula:
        case Constant(value=value):
            return arithmetic.constant(value)
        case Symbol(name=name):
            return symbol(name)
        case Sum(terms=parts) | Product(factors=parts):
            found, *others = map(go, parts)
            for other in others:
                join = arithmetic.add if isinstance(formula, Sum) else arithmetic.multiply
                found = join(found, other)
            return found
        case Power(base=base, exponent=Constant(value=value)) if value.denominator == 1:
            if value < 0:
                one = arithmetic.constant(ONE.value)
                return arithmetic.divide(one, arithmetic.power(go(base), -int(value)))
            return arithmetic.power(go(base), int(value)) if value else arithmetic.constant(ONE.value)
        case FunctionCall(function=function, argument=argument):
            return arithmetic.function(function, go(argument))
    raise NotExact("a loss has whole exponents only")
