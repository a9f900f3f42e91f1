"""What an equation's right side is made of."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

import msgspec

# gc=False: no tree stands in itself, so the garbage collector need not walk through tens of thousands.


class Constant(msgspec.Struct, frozen=True, gc=False):
    """A number."""

    value: Fraction


class Parameter(msgspec.Struct, frozen=True, gc=False):
    """A value that is the same at every step: a parameter, or a variable with no step."""

    name: str


class Signal(msgspec.Struct, frozen=True, gc=False):
    """The value name(t - lag) of an input or of a variable.

    Args:
        name: The input's or variable's.
        lag: How many steps back; below 0 ahead.
        edge: What is read beyond the ends, by mutants only: "" the start value, "hold" the first or last
            value, "wrap" the one at the other end.
        pick: Which values stand in for it, by mutants only: "" its own, "reversed", "first", "last",
            "last-only", "first-only", "first-sequence", "first-entry".
    """

    name: str
    lag: int = 0
    edge: str = ""
    pick: str = ""


class At(msgspec.Struct, frozen=True, gc=False):
    """A signal at a fixed step: `when` is "T", the last one, or counted from 1."""

    name: str
    when: str | int


class Over(msgspec.Struct, frozen=True, gc=False):
    """A value over all steps: `how` is "sum", "mean", "last", "first", or a total of gradients."""

    how: str
    arg: Node


class Sum(msgspec.Struct, frozen=True, gc=False):
    """Terms with their signs, 1 or -1."""

    terms: tuple[tuple[int, Node], ...]


class Product(msgspec.Struct, frozen=True, gc=False):
    """Factors, multiplied entry by entry."""

    factors: tuple[Node, ...]


class Quotient(msgspec.Struct, frozen=True, gc=False):
    """One value over another, entry by entry."""

    above: Node
    below: Node


class Power(msgspec.Struct, frozen=True, gc=False):
    """A whole power, entry by entry."""

    base: Node
    exponent: int


class MatrixProduct(msgspec.Struct, frozen=True, gc=False):
    """What `@` means: of two matrices, of a matrix and a vector, or the dot product of two vectors."""

    left: Node
    right: Node


class Transpose(msgspec.Struct, frozen=True, gc=False):
    """A matrix with rows and columns exchanged."""

    arg: Node


class Function(msgspec.Struct, frozen=True, gc=False):
    """A named function of values.

    Args:
        name: Of the language, or one that only mutants and backward equations use.
        args: The values.
        part: In part(v, k, n): k, counted from 1.
        of: In part(v, k, n): n.
    """

    name: str
    args: tuple[Node, ...]
    part: int = 0
    of: int = 0


class OuterProduct(msgspec.Struct, frozen=True, gc=False):
    """The matrix left right^T of two vectors; in gradients only."""

    left: Node
    right: Node


Node: TypeAlias = (
    Constant
    | Parameter
    | Signal
    | At
    | Over
    | Sum
    | Product
    | Quotient
    | Power
    | MatrixProduct
    | Transpose
    | Function
    | OuterProduct
)

ZERO, ONE, TWO = Constant(Fraction(0)), Constant(Fraction(1)), Constant(Fraction(2))
