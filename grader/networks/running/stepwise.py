"""A network run step by step with all intermediate values, as one would by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from grader.answers.numbers import nearest_float
from grader.errors import CannotDo
from grader.networks.equations.network import Network
from grader.networks.equations.printing import written
from grader.networks.equations.tree import (
    Function,
    MatrixProduct,
    Node,
    Parameter,
    Product,
    Signal,
    Sum,
    signals_of,
)
from grader.networks.running.arithmetic import Arithmetic, Floats, Fractions, NotExact
from grader.networks.running.interpreted import NetworkMachine, NoMachine, Value, evaluate

Inputs: TypeAlias = Mapping[str, Sequence[Value]]
"""For each input its value at every step: a number, or a tuple of numbers."""

MOST_BITS = 4096
"""Bits of an exact number; from step to step they may double."""

LAGGED = re.compile(r"\(t(?:-(\d+))?\)")


class OwnNetwork(NamedTuple):
    """A network with the weights of an answer.

    Args:
        network: The network.
        parameters: By name: a number, a vector as a tuple, a matrix as a tuple of rows; exact.
        sizes: What each named size is.
    """

    network: Network
    parameters: Mapping[str, Value]
    sizes: Mapping[str, int]


class Worked(NamedTuple):
    """One intermediate value, or a variable's.

    Args:
        text: How it comes about: "Wss s(0)".
        value: A number, a tuple of them, or a tuple of rows.
        is_variable: Whether it is a variable of the network, and not a part of one.
    """

    text: str
    value: Value
    is_variable: bool


class Step(NamedTuple):
    """One step.

    Args:
        t: Counted from 1.
        inputs: By name.
        worked: In the order in which it is worked out.
    """

    t: int
    inputs: Mapping[str, Value]
    worked: tuple[Worked, ...]


class StepwiseRun(NamedTuple):
    """A network run step by step.

    Args:
        steps: All of them.
        is_exact: Whether every value is an exact fraction; else they are floats.
    """

    steps: tuple[Step, ...]
    is_exact: bool


def run(own: OwnNetwork, inputs: Inputs) -> StepwiseRun:
    """Run a network step by step.

    Args:
        own: The network with its weights.
        inputs: Of fitting sizes and as many steps each.

    Raises:
        CannotDo: If it needs later steps, divides by zero, or its numbers grow beyond all bounds.
    """
    try:
        return StepwiseRun(tuple(_steps(own, inputs, Fractions())), is_exact=True)
    except NotExact:
        pass
    except NoMachine as error:
        raise CannotDo(f"this network does not run step by step: {error}") from None
    as_floats = own._replace(parameters={name: _floats(value) for name, value in own.parameters.items()})
    try:
        floats = {name: [_floats(value) for value in values] for name, values in inputs.items()}
        return StepwiseRun(tuple(_steps(as_floats, floats, Floats())), is_exact=False)
    except NotExact as error:
        raise CannotDo(f"this network cannot be run here: {error}") from None


def _steps(own: OwnNetwork, inputs: Inputs, arithmetic: Arithmetic[Any]) -> Iterator[Step]:
    machine = NetworkMachine(own.network, own.parameters, arithmetic, own.sizes)
    state = machine.initial
    for t, values in enumerate(zip(*inputs.values(), strict=True), start=1):
        given = dict(zip(inputs, values, strict=True))
        before = dict(zip(machine.slots, state, strict=True))
        try:
            state, now = machine.step(state, given)
            worked = tuple(_worked(own, t, now, before, arithmetic))
        except ZeroDivisionError:
            raise CannotDo(f"at step {t} your network divides by zero") from None
        except OverflowError:
            raise CannotDo(f"at step {t} the numbers grow beyond all bounds", "give fewer steps") from None
        if any(_bits(one.value) > MOST_BITS for one in worked):
            raise CannotDo(f"at step {t} the numbers grow beyond all bounds", "give fewer steps")
        yield Step(t, given, worked)


def _worked(
    own: OwnNetwork,
    t: int,
    now: Mapping[str, Value],
    before: Mapping[tuple[str, int], Value],
    arithmetic: Arithmetic[Any],
) -> Iterator[Worked]:
    def lookup(node: Node) -> Value:
        match node:
            case Parameter(name):
                return own.parameters[name]
            case Signal(name, lag):
                return before[name, lag] if lag else now[name]
        raise TypeError(node)

    sides = {one.name: one.right_side for one in own.network.equations}
    for name in (name for group in own.network.groups for name in group.names):
        for part in _parts(sides[name]):
            yield Worked(_at_step(written(part), t), evaluate(part, lookup, arithmetic), False)
        yield Worked(f"{name}({t})", now[name], True)


def _parts(node: Node) -> Iterator[Node]:
    """What is worked out before a value, the innermost first; what is the same at every step is not."""
    match node:
        case MatrixProduct(left, right):
            inner = [left, right]
        case Sum(terms):
            inner = [term for _, term in terms]
        case Product(factors):
            inner = list(factors)
        case Function(args=args):
            inner = list(args)
        case _:
            inner = []
    for one in inner:
        if not isinstance(one, Signal) and signals_of(one):
            yield from _parts(one)
            yield one


def _at_step(text: str, t: int) -> str:
    return LAGGED.sub(lambda lag: f"({t - int(lag[1] or 0)})", text)


def _floats(value: Value) -> Value:
    return tuple(map(_floats, value)) if isinstance(value, tuple) else nearest_float(value)


def _bits(value: Value) -> int:
    if isinstance(value, tuple):
        return max(map(_bits, value), default=0)
    if isinstance(value, Fraction):
        return max(value.numerator.bit_length(), value.denominator.bit_length())
    return 0
