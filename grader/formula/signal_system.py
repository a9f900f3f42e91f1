"""An exact state-space system that outputs linear signals."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from grader.formula.signals import SignalError, input_name, parse_signal
from grader.formula.tree import Constant, Formula, FunctionCall, Product, Sum, Symbol
from reference.linear_system import LinearSystem

Row: TypeAlias = tuple[Fraction, ...]
ZERO = Fraction(0)


class SignalNotLinear(ValueError):
    """A signal that no linear system without bias outputs; says why."""


class AffineForm(NamedTuple):
    """A signal as state . s_t + inputs . x_t + constant.

    The state row may be shorter than the state: entries that are left out are zero.
    """

    state: Row
    inputs: Row
    constant: Fraction


def compile_linear(targets: Sequence[str], inputs: int, has_biases: bool = False) -> LinearSystem:
    """The exact system whose outputs are the signals, started from a zero state.

    s_t = A s_{t-1} + B x_t, g_t = C s_t + D x_t, s_0 = 0. A sum, a decaying one too, takes one state, a
    delay of x by k takes k + 1, and what several signals share is kept once; the state is not always the
    smallest possible.

    Args:
        targets: One signal for each output.
        inputs: Size of x_t.
        has_biases: Whether numbers may be added to signals: they are multiples of a state that is always 1.

    Raises:
        SignalError: If a text is no signal, or no linear one.
    """
    states = _SignalStates(inputs, has_biases)
    outputs = [_compile(text, parse_signal(text, inputs), states) for text in targets]
    size = len(states.rows)
    return LinearSystem(
        A=tuple(_padded(row, size) for row, _ in states.rows),
        B=tuple(row for _, row in states.rows),
        C=tuple(_padded(form.state, size) for form in outputs),
        D=tuple(form.inputs for form in outputs),
        s0=tuple(Fraction(i == states.one) for i in range(size)),
    )


def _compile(text: str, signal: Formula, states: _SignalStates) -> AffineForm:
    try:
        form = states.form(signal)
        if form.constant and not states.has_biases:
            raise SignalNotLinear(
                f"it adds the constant {form.constant}; a linear network without bias answers 0 to zero input"
            )
        form = states.without_constant(form, "")
    except SignalNotLinear as error:
        raise SignalError(text, 0, f"this signal is not linear: {error}") from None
    return form


class _SignalStates:
    """The states made so far. Each is a pair of rows: s_t = first row . s_{t-1} + second row . x_t."""

    def __init__(self, inputs: int, has_biases: bool) -> None:
        self.inputs = inputs
        self.has_biases = has_biases
        # Which state is always 1; none yet.
        self.one: int | None = None
        self.rows: list[tuple[Row, Row]] = []
        self.known: dict[tuple[str, AffineForm], AffineForm] = {}

    def form(self, signal: Formula) -> AffineForm:
        match signal:
            case Constant(value=value):
                return AffineForm((), (ZERO,) * self.inputs, value)
            case Symbol(name=name):
                row = tuple(Fraction(int(input_name(i + 1) == name)) for i in range(self.inputs))
                return AffineForm((), row, ZERO)
            case Sum(terms=(left, right)):
                return _plus(self.form(left), self.form(right))
            case Product(factors=(left, right)):
                return _times(self.form(left), self.form(right))
            case FunctionCall(function="delay", argument=argument, steps=steps):
                form = self.form(argument)
                for _ in range(steps):
                    form = self.delayed(self.without_constant(form, "delay"))
                return form
            case FunctionCall(function="cumsum", argument=argument):
                return self.summed(self.without_constant(self.form(argument), "cumsum"), Fraction(1))
            case FunctionCall(function="decay", argument=argument, rate=rate):
                return self.summed(self.without_constant(self.form(argument), "decay"), rate)
        raise TypeError(signal)

    def without_constant(self, form: AffineForm, name: str) -> AffineForm:
        """The form with its constant as a multiple of the state that is always 1."""
        if not form.constant:
            return form
        if not self.has_biases:
            raise SignalNotLinear(f"{name} of a signal with the constant {form.constant} in it")
        if self.one is None:
            self.one = len(self.rows)
            self.new_state((ZERO,) * self.one + (Fraction(1),), (ZERO,) * self.inputs)
        constant = (ZERO,) * self.one + (form.constant,)
        return AffineForm(_trimmed(_add(form.state, constant)), form.inputs, ZERO)

    def reads_one(self, form: AffineForm) -> bool:
        """Whether the state that is always 1, at the start too, stands in a form."""
        return self.one is not None and any(form.state[self.one : self.one + 1])

    def delayed(self, form: AffineForm) -> AffineForm:
        """The form one step ago, as a new state.

        A state's row reads s_{t-1} but not x_{t-1}: a form that reads x_t first gets a state of its own, and
        so does one with a number in it, which before the first step is not there.
        """
        if ("delay", form) not in self.known:
            kept = self.kept(form) if any(form.inputs) or self.reads_one(form) else form
            self.known["delay", form] = self.new_state(kept.state, (ZERO,) * self.inputs)
        return self.known["delay", form]

    def kept(self, form: AffineForm) -> AffineForm:
        """A new state that equals the form at every step."""
        if ("keep", form) not in self.known:
            state, inputs = self.one_step_back(form)
            self.known["keep", form] = self.new_state(state, inputs)
        return self.known["keep", form]

    def summed(self, form: AffineForm, rate: Fraction) -> AffineForm:
        """The sum of the form up to now, as a new state m_t = rate * m_{t-1} + form."""
        key = (f"sum, rate {rate}", form)
        if key not in self.known:
            state, inputs = self.one_step_back(form)
            unit = (ZERO,) * len(self.rows) + (rate,)
            self.known[key] = self.new_state(_add(state, unit), inputs)
        return self.known[key]

    def one_step_back(self, form: AffineForm) -> tuple[Row, Row]:
        """The form as rows over (s_{t-1}, x_t), by s_t = A s_{t-1} + B x_t."""
        state: Row = ()
        inputs = form.inputs
        for weight, (a, b) in zip(form.state, self.rows, strict=False):
            state, inputs = _add(state, _scaled(a, weight)), _add(inputs, _scaled(b, weight))
        return state, inputs

    def new_state(self, state: Row, inputs: Row) -> AffineForm:
        self.rows.append((state, inputs))
        unit = (ZERO,) * (len(self.rows) - 1) + (Fraction(1),)
        return AffineForm(unit, (ZERO,) * self.inputs, ZERO)


def _plus(left: AffineForm, right: AffineForm) -> AffineForm:
    return AffineForm(
        _trimmed(_add(left.state, right.state)),
        _add(left.inputs, right.inputs),
        left.constant + right.constant,
    )


def _times(left: AffineForm, right: AffineForm) -> AffineForm:
    if not _is_number(left):
        left, right = right, left
    if not _is_number(left):
        raise SignalNotLinear("it multiplies two signals")
    factor = left.constant
    return AffineForm(
        _trimmed(_scaled(right.state, factor)), _scaled(right.inputs, factor), right.constant * factor
    )


def _is_number(form: AffineForm) -> bool:
    return not any(form.state) and not any(form.inputs)


def _add(left: Row, right: Row) -> Row:
    size = max(len(left), len(right))
    return tuple(a + b for a, b in zip(_padded(left, size), _padded(right, size), strict=True))


def _scaled(row: Row, factor: Fraction) -> Row:
    return tuple(factor * entry for entry in row)


def _padded(row: Row, size: int) -> Row:
    return row + (ZERO,) * (size - len(row))


def _trimmed(row: Row) -> Row:
    # Without zeros at the end: rows are keys of what is known, so equal forms must be equal tuples.
    size = len(row)
    while size and not row[size - 1]:
        size -= 1
    return row[:size]
