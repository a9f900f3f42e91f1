"""An equation's right side as a tree: what it is made of, walking through it, and changing it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import msgspec
from msgspec.structs import replace

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

    numerator: Node
    denominator: Node


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

ZERO, HALF, ONE, TWO = (Constant(Fraction(number)) for number in ("0", "1/2", "1", "2"))

Path: TypeAlias = tuple[int, ...]
# What a tree reads: of inputs and variables at a step, or a value without steps.
Read: TypeAlias = Signal | At | Parameter


def negative(node: Node) -> Node:
    """The value with the other sign."""
    return Sum(((-1, node),))


def one_minus(node: Node) -> Node:
    """1 - node."""
    return Sum(((1, ONE), (-1, node)))


def turned(node: Node) -> Node:
    """The transpose of a node."""
    return node.arg if isinstance(node, Transpose) else Transpose(node)


def children(node: Node) -> tuple[Node, ...]:
    """What a node is made of, in the order of a path."""
    return _CHILDREN[type(node)](node)


# A table and no match: thousands of trees are walked before a mistake is named.
_CHILDREN: dict[type, Callable[[Any], tuple[Node, ...]]] = {
    Constant: lambda node: (),
    Parameter: lambda node: (),
    Signal: lambda node: (),
    At: lambda node: (),
    Sum: lambda node: tuple([term for _, term in node.terms]),
    Product: lambda node: node.factors,
    Quotient: lambda node: (node.numerator, node.denominator),
    Power: lambda node: (node.base,),
    MatrixProduct: lambda node: (node.left, node.right),
    OuterProduct: lambda node: (node.left, node.right),
    Transpose: lambda node: (node.arg,),
    Over: lambda node: (node.arg,),
    Function: lambda node: node.args,
}


def with_children(node: Node, new: Sequence[Node]) -> Node:
    """The same node made of other values.

    Args:
        node: The node.
        new: As many as `children` gives; a sum keeps its signs.
    """
    made = _WITH_CHILDREN.get(type(node))
    return made(node, new) if made else node


_WITH_CHILDREN: dict[type, Callable[[Any, Sequence[Node]], Node]] = {
    Sum: lambda node, new: Sum(
        tuple([(sign, child) for (sign, _), child in zip(node.terms, new, strict=True)])
    ),
    Product: lambda node, new: Product(tuple(new)),
    Quotient: lambda node, new: Quotient(*new),
    Power: lambda node, new: Power(new[0], node.exponent),
    MatrixProduct: lambda node, new: MatrixProduct(*new),
    OuterProduct: lambda node, new: OuterProduct(*new),
    Transpose: lambda node, new: Transpose(new[0]),
    Over: lambda node, new: Over(node.how, new[0]),
    Function: lambda node, new: Function(node.name, tuple(new), node.part, node.of),
}


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every node with its path from the root, from the root down."""
    yield path, node
    for number, child in enumerate(children(node)):
        yield from walk(child, (*path, number))


def nodes(node: Node) -> list[Node]:
    """Every node, from the root down, in the order of `walk`."""
    found, left = [], [node]
    while left:
        one = left.pop()
        found.append(one)
        left += _CHILDREN[type(one)](one)[::-1]
    return found


def node_at(node: Node, path: Path) -> Node:
    """The node at a path."""
    for number in path:
        node = children(node)[number]
    return node


def replaced_at(node: Node, path: Path, new: Node) -> Node:
    """The tree with another node at a path.

    Args:
        node: The tree.
        path: Where, from its root.
        new: What stands there then.
    """
    if not path:
        return new
    inner = list(children(node))
    inner[path[0]] = replaced_at(inner[path[0]], path[1:], new)
    return with_children(node, inner)


def transform(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with every node changed, the innermost first.

    Args:
        node: The tree.
        change: From a node to what stands in its place.
    """
    inner = _CHILDREN[type(node)](node)
    if inner:
        new = [transform(child, change) for child in inner]
        if any(map(operator.is_not, inner, new)):
            node = with_children(node, new)
    return change(node)


def reads_of(node: Node) -> tuple[Read, ...]:
    """All that is read, in the order in which it stands."""
    return tuple([inner for inner in nodes(node) if isinstance(inner, (Signal, At, Parameter))])


def signals_of(node: Node) -> list[Signal]:
    """All that is read step by step, in the order in which it stands."""
    return [inner for inner in nodes(node) if isinstance(inner, Signal)]


def moved(node: Node, steps: int) -> Node:
    """The value `steps` steps later."""

    def later(inner: Node) -> Node:
        return replace(inner, lag=inner.lag - steps) if isinstance(inner, Signal) else inner

    return transform(node, later)
