"""What a formula is: a small frozen tree over symbols and exact numbers.

A signal is a formula whose symbols x[1], x[2] ... take a new value at each step, and whose only functions are
`SIGNAL_FUNCTIONS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TypeAlias

import msgspec

FUNCTIONS = ("tanh", "sigmoid", "exp", "log", "sqrt", "cosh", "sinh", "sech", "abs")
SIGNAL_FUNCTIONS = ("delay", "cumsum", "decay")


class Constant(msgspec.Struct, frozen=True):
    """An exact number."""

    value: Fraction


class Symbol(msgspec.Struct, frozen=True):
    """A declared symbol."""

    name: str


class Sum(msgspec.Struct, frozen=True):
    """Two or more terms; flat, so that a long sum is not a deep tree."""

    terms: tuple[Formula, ...]


class Product(msgspec.Struct, frozen=True):
    """Two or more factors; a divisor is a factor to the power -1, a minus sign the factor -1."""

    factors: tuple[Formula, ...]


class Power(msgspec.Struct, frozen=True):
    """A base to the power of an exponent."""

    base: Formula
    exponent: Formula


class FunctionCall(msgspec.Struct, frozen=True):
    """A function of one argument.

    Args:
        function: One of `FUNCTIONS`; in a signal "cumsum", the sum from the first step to the present one,
            "decay", the same with all that came before multiplied by a rate at every step, or "delay".
        argument: Of the function.
        steps: Of a delay: how many steps ago; before the first step a signal is zero.
        rate: Of a decay: y_t = rate y_{t-1} + x_t.
    """

    function: str
    argument: Formula
    steps: int = 0
    rate: Fraction = Fraction(1)


Formula: TypeAlias = Constant | Symbol | Sum | Product | Power | FunctionCall

ONE, MINUS_ONE = Constant(Fraction(1)), Constant(Fraction(-1))
EULER = FunctionCall("exp", ONE)


def negated(formula: Formula) -> Formula:
    """The formula with the other sign."""
    if isinstance(formula, Constant):
        return Constant(-formula.value)
    return Product((MINUS_ONE, formula))


def inverted(formula: Formula) -> Formula:
    """One over the formula."""
    return Power(formula, MINUS_ONE)


def parts(formula: Formula) -> tuple[Formula, ...]:
    """What a formula is directly made of."""
    match formula:
        case Sum(terms=parts) | Product(factors=parts):
            return parts
        case Power(base=base, exponent=exponent):
            return base, exponent
        case FunctionCall(argument=argument):
            return (argument,)
    return ()


def everything_in(formula: Formula) -> Iterator[Formula]:
    """The formula and all that is in it."""
    waiting = [formula]
    while waiting:
        part = waiting.pop()
        yield part
        waiting += reversed(parts(part))


def substituted(formula: Formula, meanings: Mapping[str, Formula]) -> Formula:
    """The formula with some symbols replaced by what they stand for; equal parts stay one object."""
    match formula:
        case Symbol(name=name):
            return meanings.get(name, formula)
        case Sum(terms=terms):
            return Sum(tuple(substituted(term, meanings) for term in terms))
        case Product(factors=factors):
            return Product(tuple(substituted(factor, meanings) for factor in factors))
        case Power(base=base, exponent=exponent):
            return Power(substituted(base, meanings), substituted(exponent, meanings))
        case FunctionCall(function=function, argument=argument):
            return FunctionCall(function, substituted(argument, meanings), formula.steps, formula.rate)
    return formula


def symbols_in(formula: Formula) -> frozenset[str]:
    """Names of the symbols that stand in it."""
    return frozenset(part.name for part in everything_in(formula) if isinstance(part, Symbol))
