"""What a signal is: a small frozen tree over the inputs x[1]..x[n]."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias


@dataclass(frozen=True)
class Input:
    """x[index] at the present step; indices count from 1."""

    index: int


@dataclass(frozen=True)
class Constant:
    """The same exact number at every step."""

    value: Fraction


@dataclass(frozen=True)
class Sum:
    """left + right."""

    left: Signal
    right: Signal


@dataclass(frozen=True)
class Product:
    """left * right, step by step."""

    left: Signal
    right: Signal


@dataclass(frozen=True)
class Delay:
    """The signal as it was so many steps ago; zero before the first step."""

    signal: Signal
    steps: int


@dataclass(frozen=True)
class Cumsum:
    """The sum of the signal from the first step to the present one."""

    signal: Signal


Signal: TypeAlias = Input | Constant | Sum | Product | Delay | Cumsum


def from_step(signal: Signal) -> int:
    """The first step, counted from 1, at which no delay reaches back before the first input.

    For example 4 for `delay(x[2], 1) * delay(x[3], 3)`. A running sum begins where its summand does.
    """
    match signal:
        case Sum(left=left, right=right) | Product(left=left, right=right):
            return max(from_step(left), from_step(right))
        case Delay(signal=inner, steps=steps):
            return from_step(inner) + steps
        case Cumsum(signal=inner):
            return from_step(inner)
    return 1
