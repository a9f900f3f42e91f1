"""From linear signals to an exact state-space system that outputs them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from grader.formula.signal_parse import SignalError, parse_signal
from grader.formula.signal_tree import Constant, Cumsum, Delay, Input, Product, Signal, Sum
from reference.linear_system import LinearSystem

Row: TypeAlias = tuple[Fraction, ...]
ZERO = Fraction(0)


class NotLinear(ValueError):
    """A signal that no linear system without bias outputs; says why."""


class Line(NamedTuple):
    """state . s_t + inputs . x_t + constant; the state row may be shorter than the state."""

    state: Row
    inputs: Row
    constant: Fraction


def compile_linear(targets: Sequence[str], inputs: int) -> LinearSystem:
    """The exact system whose outputs are the signals, started from a zero state.

    s_t = A s_{t-1} + B x_t, g_t = C s_t + D x_t, s_0 = 0. A sum takes one state, a delay of x by k takes
    k + 1, and what several signals share is kept once; the state is not always the smallest possible.

    Args:
        targets: One signal for each output.
        inputs: Size of x_t.

    Raises:
        SignalError: If a text is no signal, or no linear one.
    """
    states = _States(inputs)
    lines = [_compile(text, parse_signal(text, inputs), states) for text in targets]
    size = len(states.rows)
    return LinearSystem(
        A=tuple(_padded(row, size) for row, _ in states.rows),
        B=tuple(row for _, row in states.rows),
        C=tuple(_padded(line.state, size) for line in lines),
        D=tuple(line.inputs for line in lines),
        s0=(ZERO,) * size,
    )


def _compile(text: str, signal: Signal, states: _States) -> Line:
    try:
        line = states.line(signal)
        if line.constant:
            raise NotLinear(
                f"it adds the constant {line.constant}; a linear network without bias answers 0 to zero input"
            )
    except NotLinear as error:
        raise SignalError(text, 0, f"this signal is not linear: {error}") from None
    return line


class _States:
    """The states made so far: each is a row over (s_{t-1}, x_t)."""

    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.rows: list[tuple[Row, Row]] = []
        self.known: dict[tuple[str, Line], Line] = {}

    def line(self, signal: Signal) -> Line:
        match signal:
            case Input(index=index):
                row = tuple(Fraction(int(i + 1 == index)) for i in range(self.inputs))
                return Line((), row, ZERO)
            case Constant(value=value):
                return Line((), (ZERO,) * self.inputs, value)
            case Sum(left=left, right=right):
                return _plus(self.line(left), self.line(right))
            case Product(left=left, right=right):
                return _times(self.line(left), self.line(right))
            case Delay(signal=inner, steps=steps):
                line = self.line(inner)
                for _ in range(steps):
                    line = self.delayed(_without_constant(line, "delay"))
                return line
            case Cumsum(signal=inner):
                return self.summed(_without_constant(self.line(inner), "cumsum"))

    def delayed(self, line: Line) -> Line:
        """The line one step ago. What looks at x_t is first kept in a state: m_t must not need x_{t-1}."""
        if ("delay", line) not in self.known:
            kept = line if not any(line.inputs) else self.kept(line)
            self.known["delay", line] = self.new_state(kept.state, (ZERO,) * self.inputs)
        return self.known["delay", line]

    def kept(self, line: Line) -> Line:
        """A state that equals the line."""
        if ("keep", line) not in self.known:
            state, inputs = self.one_step_back(line)
            self.known["keep", line] = self.new_state(state, inputs)
        return self.known["keep", line]

    def summed(self, line: Line) -> Line:
        """A state m_t = m_{t-1} + line."""
        if ("sum", line) not in self.known:
            state, inputs = self.one_step_back(line)
            unit = (ZERO,) * len(self.rows) + (Fraction(1),)
            self.known["sum", line] = self.new_state(_add(state, unit), inputs)
        return self.known["sum", line]

    def one_step_back(self, line: Line) -> tuple[Row, Row]:
        """The line as rows over (s_{t-1}, x_t), by s_t = A s_{t-1} + B x_t."""
        state: Row = ()
        inputs = line.inputs
        for weight, (a, b) in zip(line.state, self.rows, strict=False):
            state, inputs = _add(state, _scaled(a, weight)), _add(inputs, _scaled(b, weight))
        return state, inputs

    def new_state(self, state: Row, inputs: Row) -> Line:
        self.rows.append((state, inputs))
        unit = (ZERO,) * (len(self.rows) - 1) + (Fraction(1),)
        return Line(unit, (ZERO,) * self.inputs, ZERO)


def _plus(left: Line, right: Line) -> Line:
    return Line(
        _trimmed(_add(left.state, right.state)),
        _add(left.inputs, right.inputs),
        left.constant + right.constant,
    )


def _times(left: Line, right: Line) -> Line:
    if not _is_number(left):
        left, right = right, left
    if not _is_number(left):
        raise NotLinear("it multiplies two signals")
    factor = left.constant
    return Line(
        _trimmed(_scaled(right.state, factor)), _scaled(right.inputs, factor), right.constant * factor
    )


def _is_number(line: Line) -> bool:
    return not any(line.state) and not any(line.inputs)


def _without_constant(line: Line, name: str) -> Line:
    if line.constant:
        raise NotLinear(f"{name} of a signal with the constant {line.constant} in it")
    return line


def _add(left: Row, right: Row) -> Row:
    size = max(len(left), len(right))
    return tuple(a + b for a, b in zip(_padded(left, size), _padded(right, size), strict=True))


def _scaled(row: Row, factor: Fraction) -> Row:
    return tuple(factor * entry for entry in row)


def _padded(row: Row, size: int) -> Row:
    return row + (ZERO,) * (size - len(row))


def _trimmed(row: Row) -> Row:
    # One line, one spelling: lines are keys of what is already known.
    size = len(row)
    while size and not row[size - 1]:
        size -= 1
    return row[:size]
