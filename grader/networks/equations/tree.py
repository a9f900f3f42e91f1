"""An equation's right side as a tree: walking through it, and changing it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from msgspec.structs import replace

from grader.networks.equations.nodes import (
    ONE,
    TWO,
    ZERO,
    At,
    Constant,
    Function,
    MatrixProduct,
    Node,
    OuterProduct,
    Over,
    Parameter,
    Power,
    Product,
    Quotient,
    Signal,
    Sum,
    Transpose,
)

__all__ = [
    "ONE",
    "TWO",
    "ZERO",
    "At",
    "Constant",
    "Function",
    "MatrixProduct",
    "Node",
    "OuterProduct",
    "Over",
    "Parameter",
    "Path",
    "Power",
    "Product",
    "Quotient",
    "Read",
    "Signal",
    "Sum",
    "Transpose",
    "children",
    "moved",
    "negative",
    "node_at",
    "nodes",
    "reads_of",
    "replaced_at",
    "signals_of",
    "simplified",
    "simplified_here",
    "transform",
    "walk",
    "with_children",
]

Path: TypeAlias = tuple[int, ...]
# What a tree reads: of inputs and variables at a step, or a value without steps.
Read: TypeAlias = Signal | At | Parameter


def negative(node: Node) -> Node:
    """The value with the other sign."""
    return Sum(((-1, node),))


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
    Quotient: lambda node: (node.above, node.below),
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


def simplified(node: Node) -> Node:
    """The tree in one form for what says the same in other brackets.

    Nested sums and products are joined, signs taken out of products, zeros and ones dropped.
    """
    return transform(node, simplified_here)


def simplified_here(node: Node) -> Node:
    """A node in that form, where all that stands in it has it already."""
    rule = _RULES.get(type(node))
    return rule(node) if rule else node


def _sum(node: Sum) -> Node:
    terms: list[tuple[int, Node]] = []
    for sign, term in node.terms:
        if isinstance(term, Sum):
            terms += [(sign * inner, one) for inner, one in term.terms]
        elif term != ZERO:
            terms.append((sign, term))
    if not terms:
        return ZERO
    return terms[0][1] if len(terms) == 1 and terms[0][0] == 1 else Sum(tuple(terms))


def _product(node: Product) -> Node:
    factors: list[Node] = []
    sign = 1
    for factor in node.factors:
        if isinstance(factor, Sum) and len(factor.terms) == 1:
            ((own, factor),) = factor.terms
            sign *= own
        if factor == ZERO:
            return ZERO
        if isinstance(factor, Product):
            factors += factor.factors
        elif factor != ONE:
            factors.append(factor)
    found = ONE if not factors else factors[0] if len(factors) == 1 else Product(tuple(factors))
    return found if sign == 1 else negative(found)


def _matrix_product(node: MatrixProduct) -> Node:
    if ZERO in (node.left, node.right):
        return ZERO
    # -U @ x is read by Python as (-U) @ x.
    sign, sides = 1, []
    for side in (node.left, node.right):
        if isinstance(side, Sum) and len(side.terms) == 1:
            ((own, side),) = side.terms
            sign *= own
        sides.append(side)
    return MatrixProduct(*sides) if sign == 1 else negative(MatrixProduct(*sides))


def _outer_product(node: OuterProduct) -> Node:
    return ZERO if ZERO in (node.left, node.right) else node


def _quotient(node: Quotient) -> Node:
    match node.above:
        case Sum(terms=((sign, above),)) if sign < 0:
            return negative(Quotient(above, node.below))
    return node


def _transpose(node: Transpose) -> Node:
    if isinstance(node.arg, Transpose):
        return node.arg.arg
    return _of_zero(node)


def _of_zero(node: Transpose | Over) -> Node:
    return ZERO if node.arg == ZERO else node


_RULES: dict[type, Callable[[Any], Node]] = {
    Sum: _sum,
    Product: _product,
    MatrixProduct: _matrix_product,
    OuterProduct: _outer_product,
    Quotient: _quotient,
    Transpose: _transpose,
    Over: _of_zero,
}
