"""A tree in one form for what says the same in other brackets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.networks.equations.tree import (
    ONE,
    ZERO,
    MatrixProduct,
    Node,
    OuterProduct,
    Over,
    Product,
    Quotient,
    Sum,
    Transpose,
    negative,
    transform,
)


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
    match node.numerator:
        case Sum(terms=((sign, numerator),)) if sign < 0:
            return negative(Quotient(numerator, node.denominator))
    return node


def _transpose(node: Transpose) -> Node:
    return node.arg.arg if isinstance(node.arg, Transpose) else _of_zero(node)


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
