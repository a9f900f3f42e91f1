"""Factors of a product: left out, or multiplying more or less than they should."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Network
from grader.networks.equations.tree import (
    ONE,
    Constant,
    Function,
    MatrixProduct,
    Node,
    Product,
    Sum,
    simplified,
)
from grader.networks.mutants.edit import Change, Edit
from grader.networks.mutants.mutant import Mutant
from grader.networks.mutants.reading import has_numbers, places
from grader.networks.mutants.wording import NAMES, called, factor, slug, term


def left_out(network: Network) -> Iterator[Mutant]:
    """i(t) where i(t) * g(t) is meant."""
    for place in places(network, lambda node: isinstance(node, Product)):
        factors = place.node.factors
        for i, one in enumerate(factors):
            if len(factors) > 1 and not isinstance(one, Constant):
                rest = term(simplified(Product(factors[:i] + factors[i + 1 :])))
                yield Mutant(
                    f"{place.equation}-without-factor-{slug(term(one))}",
                    f"In {called(network, place.equation)}, the factor {factor(one)} is left out: {rest} "
                    f"where {term(place.node)} is meant.",
                    (Edit(place.equation, (*place.path, i), "presence", lambda node: ONE),),
                    kind="drop-factor",
                )


def on_the_whole_sum(network: Network) -> Iterator[Mutant]:
    """F * (c + i * g) where f * c + i * g is meant."""
    for place in places(network, lambda node: isinstance(node, Sum)):
        if len(place.node.terms) < 2 or has_numbers(place.node):
            continue
        for i, (_, product) in enumerate(place.node.terms):
            for j, one in enumerate(product.factors if isinstance(product, Product) else ()):
                if not isinstance(one, Constant | MatrixProduct):
                    yield Mutant(
                        f"{place.equation}-{slug(term(one))}-on-whole-sum-{i}",
                        f"In {called(network, place.equation)}, {factor(one)} multiplies the whole sum; "
                        f"it belongs to {term(product)} alone.",
                        (Edit(place.equation, place.path, "scope", _widened(i, j)),),
                        kind="scope",
                    )


def inside_the_function(network: Network) -> Iterator[Mutant]:
    """tanh(o * c) where o * tanh(c) is meant."""
    for place in places(network, lambda node: isinstance(node, Product)):
        for i, one in enumerate(place.node.factors if len(place.node.factors) == 2 else ()):
            if isinstance(one, Function) and one.name in NAMES:
                other = place.node.factors[1 - i]
                wrong = term(simplified(_moved_inside(i)(place.node)))
                yield Mutant(
                    f"{place.equation}-{slug(term(other))}-inside-{one.name}",
                    f"In {called(network, place.equation)}, {factor(other)} stands inside {one.name}: "
                    f"{wrong} where {term(place.node)} is meant.",
                    (Edit(place.equation, place.path, "scope", _moved_inside(i)),),
                    kind="scope",
                )


def _widened(i: int, j: int) -> Change:
    def widened(node: Node) -> Node:
        sign, product = node.terms[i] if isinstance(node, Sum) else (1, node)
        if not isinstance(node, Sum) or not isinstance(product, Product):
            raise NetworkError("the factor is not there any more")
        rest = Product(product.factors[:j] + product.factors[j + 1 :])
        return Product((product.factors[j], Sum((*node.terms[:i], (sign, rest), *node.terms[i + 1 :]))))

    return widened


def _moved_inside(i: int) -> Change:
    def moved(node: Node) -> Node:
        function = node.factors[i] if isinstance(node, Product) else node
        if not isinstance(node, Product) or not isinstance(function, Function):
            raise NetworkError("the function is not there any more")
        return replace(function, args=(Product((node.factors[1 - i], *function.args)),))

    return moved


OPERATORS = (left_out, on_the_whole_sum, inside_the_function)
