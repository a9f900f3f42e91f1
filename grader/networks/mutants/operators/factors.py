"""Factors of a product: left out, added, or a dot product; and a sum that is multiplied."""

from __future__ import annotations

from collections.abc import Iterator

from grader.networks.equations.network import Network
from grader.networks.equations.simplifying import simplified
from grader.networks.equations.tree import ONE, Constant, MatrixProduct, Node, Product, Sum
from grader.networks.mutants.edit import Change, Edit, EditsCollideError
from grader.networks.mutants.mutant import Mutant
from grader.networks.mutants.reading import has_numbers, parent, places, shape_of
from grader.networks.mutants.wording import called, factor, slug, term, whole


def left_out(network: Network) -> Iterator[Mutant]:
    """i(t) where i(t) * g(t) is meant."""
    for place in places(network, lambda node: isinstance(node, Product)):
        factors = place.node.factors
        for i, one in enumerate(factors):
            if len(factors) > 1 and not isinstance(one, Constant):
                rest = whole(simplified(Product(factors[:i] + factors[i + 1 :])))
                yield Mutant(
                    f"{place.equation}-without-factor-{slug(term(one))}",
                    f"In {called(network, place.equation)}, the factor {factor(one)} is left out: {rest} "
                    f"where {term(place.node)} is meant.",
                    (Edit(place.equation, (*place.path, i), "presence", lambda node: ONE),),
                    kind="drop-factor",
                )


def added(network: Network) -> Iterator[Mutant]:
    """`i + g` where i * g is meant."""
    for place in places(network, lambda node: isinstance(node, Product)):
        if not any(isinstance(one, Constant) for one in place.node.factors):
            yield Mutant(
                f"{place.equation}-{slug(term(place.node))}-added",
                f"In {called(network, place.equation)}, {whole(_added(place.node))} stands where "
                f"{term(place.node)} is meant.",
                (Edit(place.equation, place.path, "operation", _added),),
                kind="operation",
                is_rare=True,
            )


def multiplied(network: Network) -> Iterator[Mutant]:
    """`f * c * i * g` where f * c + i * g is meant."""
    for place in places(network, lambda node: isinstance(node, Sum)):
        terms = place.node.terms
        are_products = all(isinstance(node, Product) and sign > 0 for sign, node in terms)
        if len(terms) == 2 and are_products and not has_numbers(place.node):
            yield Mutant(
                f"{place.equation}-multiplied",
                f"In {called(network, place.equation)}, {term(terms[0][1])} is multiplied with "
                f"{term(terms[1][1])}; it is to be added.",
                (Edit(place.equation, place.path, "operation", _multiplied),),
                kind="operation",
                is_rare=True,
            )


def without_brackets(network: Network) -> Iterator[Mutant]:
    """1 - z * n where (1 - z) * n is meant: what stands next to the sum multiplies one term of it alone."""
    for place in places(network, lambda node: isinstance(node, Product)):
        for i, one in enumerate(place.node.factors):
            if isinstance(one, Sum) and len(place.node.factors) - 1 > 0 and len(one.terms) > 1:
                wrong = whole(_unbracketed(i)(place.node))
                yield Mutant(
                    f"{place.equation}-{slug(term(place.node))}-without-brackets",
                    f"In {called(network, place.equation)}, {wrong} stands where "
                    f"{term(place.node)} is meant: the brackets are left out.",
                    (Edit(place.equation, place.path, "operation", _unbracketed(i)),),
                    kind="scope",
                    is_rare=True,
                )


def dot_product(network: Network) -> Iterator[Mutant]:
    """The dot product of z and h, one number for all entries, where z * h is meant; added to other terms."""
    for place in places(network, lambda node: isinstance(node, Product)):
        above, factors = parent(network, place), place.node.factors
        if not isinstance(above, Sum) or len(factors) != 2 or len(above.terms) < 2:
            continue
        if all(len(shape_of(network, one)) == 1 for one in (*factors, *(node for _, node in above.terms))):
            yield Mutant(
                f"{place.equation}-{slug(term(place.node))}-dot",
                f"In {called(network, place.equation)}, the dot product of {factor(factors[0])} and "
                f"{factor(factors[1])} stands where {term(place.node)}, entry by entry, is meant.",
                (Edit(place.equation, place.path, "operation", _dotted),),
                kind="operation",
                is_rare=True,
                work=frozenset({"as-code"}),
            )


def _unbracketed(i: int) -> Change:
    """The i-th factor, a sum, without brackets: its first and last terms alone are multiplied."""

    def unbracketed(node: Node) -> Node:
        total = node.factors[i] if isinstance(node, Product) and i < len(node.factors) else None
        if not isinstance(node, Product) or not isinstance(total, Sum):
            raise EditsCollideError("the sum is not there any more")
        (sign, first), *terms = total.terms
        terms = [(sign, Product((*node.factors[:i], first))), *terms]
        sign, last = terms[-1]
        return Sum((*terms[:-1], (sign, Product((last, *node.factors[i + 1 :])))))

    return unbracketed


def _dotted(node: Node) -> Node:
    if not isinstance(node, Product) or len(node.factors) != 2:
        raise EditsCollideError("the product is not there any more")
    return MatrixProduct(*node.factors)


def _added(node: Node) -> Node:
    if not isinstance(node, Product):
        raise EditsCollideError("the product is not there any more")
    return Sum(tuple((1, one) for one in node.factors))


def _multiplied(node: Node) -> Node:
    if not isinstance(node, Sum):
        raise EditsCollideError("the sum is not there any more")
    return Product(tuple(one for _, one in node.terms))


OPERATORS = (left_out, added, multiplied, without_brackets, dot_product)
