"""What a factor or a matrix reaches: more, less or another term than it should."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from grader.networks.equations.network import Network
from grader.networks.equations.simplifying import simplified
from grader.networks.equations.tree import (
    ZERO,
    Function,
    MatrixProduct,
    Node,
    Parameter,
    Product,
    Signal,
    Sum,
    walk,
)
from grader.networks.mutants.edit import Change, Edit, EditsCollideError
from grader.networks.mutants.mutant import ANY_WORK, Mutant
from grader.networks.mutants.operators.matrices import is_square, products, read_of, weights_of, with_read
from grader.networks.mutants.reading import NodePlace, has_numbers, is_carried, parent, places, shape_of
from grader.networks.mutants.wording import NAMES, called, factor, listed, slug, term, whole


def on_the_whole_sum(network: Network) -> Iterator[Mutant]:
    """`f * (c + i * g)` where f * c + i * g is meant; also for a factor before a product with a matrix."""
    for place, i, j in weighed_terms(network):
        node = place.node.terms[i][1]
        one = _factors(node)[j]
        for kept, tail, but in _spared(place.node, i):
            yield Mutant(
                f"{place.equation}-{slug(term(one))}-on-whole-sum-{i}{tail}",
                f"In {called(network, place.equation)}, {factor(one)} multiplies the whole sum{but}; "
                f"it belongs to {term(node)} alone.",
                (Edit(place.equation, place.path, "scope", _widened(i, j, kept)),),
                kind="scope",
            )


def on_another_term(network: Network) -> Iterator[Mutant]:
    """`c + f * i * g` where f * c + i * g is meant."""
    for place, i, j in weighed_terms(network):
        node = place.node.terms[i][1]
        one = _factors(node)[j]
        for k, (_, other) in enumerate(place.node.terms):
            if k != i and not isinstance(other, Parameter) and one not in _factors(other):
                yield Mutant(
                    f"{place.equation}-{slug(term(one))}-on-{slug(term(other))}",
                    f"In {called(network, place.equation)}, {factor(one)} multiplies {term(other)}; "
                    f"it belongs to {term(node)}.",
                    (Edit(place.equation, place.path, "scope", _moved_to(i, j, k)),),
                    kind="scope",
                    is_rare=True,
                )


def weighed_terms(network: Network) -> Iterator[tuple[NodePlace, int, int]]:
    """Every sum, with the term and the factor of it that weighs it and could weigh the others."""
    for place in places(network, lambda node: isinstance(node, Sum)):
        if len(place.node.terms) > 1 and not has_numbers(place.node):
            for i, (_, node) in enumerate(place.node.terms):
                for j, one in enumerate(_factors(node)):
                    if _is_gate(network, one) and _may_multiply(network, one, place.node):
                        yield place, i, j


def after_the_matrix(network: Network) -> Iterator[Mutant]:
    """`r * (U h)` where U (r * h) is meant: the reset gate of another convention."""
    for place in places(network, lambda node: isinstance(node, MatrixProduct)):
        for j, one in enumerate(_factors(place.node)):
            if _may_multiply(network, one, place.node):
                left = factor(weights_of(place.node))
                yield Mutant(
                    f"{place.equation}-{slug(term(one))}-after-{slug(left)}",
                    f"In {called(network, place.equation)}, {factor(one)} multiplies after {left}: "
                    f"{term(_taken_out(place.node, j))} where {term(place.node)} is meant.",
                    (Edit(place.equation, place.path, "scope", _after(j)),),
                    kind="scope",
                )


def before_the_matrix(network: Network) -> Iterator[Mutant]:
    """U (r * h) where r * (U h) is meant."""
    for place in places(network, lambda node: isinstance(node, Product) and len(node.factors) == 2):
        for j, one in enumerate(place.node.factors):
            wrong = _put_in(place.node, j)
            if not isinstance(one, Signal) or wrong is None:
                continue
            left, right = _first_product(wrong)
            if _may_multiply(network, one, right):
                yield Mutant(
                    f"{place.equation}-{slug(term(one))}-before-{slug(factor(left))}",
                    f"In {called(network, place.equation)}, {factor(one)} multiplies before {factor(left)}: "
                    f"{whole(wrong)} where {term(place.node)} is meant.",
                    (Edit(place.equation, place.path, "scope", _before(j)),),
                    kind="scope",
                )


def inside_the_function(network: Network) -> Iterator[Mutant]:
    """tanh(o * c) where o * tanh(c) is meant."""
    for place in places(network, lambda node: isinstance(node, Product)):
        for i, one in enumerate(place.node.factors if len(place.node.factors) == 2 else ()):
            if isinstance(one, Function) and one.name in NAMES:
                other = place.node.factors[1 - i]
                wrong = whole(simplified(_moved_inside(i)(place.node)))
                yield Mutant(
                    f"{place.equation}-{slug(term(other))}-inside-{one.name}",
                    f"In {called(network, place.equation)}, {factor(other)} stands inside {one.name}: "
                    f"{wrong} where {term(place.node)} is meant.",
                    (Edit(place.equation, place.path, "scope", _moved_inside(i)),),
                    kind="scope",
                )


def _is_gate(network: Network, one: Node) -> bool:
    """Whether a factor weighs the rest: z(t), 1 - z(t), a, and not what is weighed, h(t-1)."""
    weight = one.terms[-1][1] if isinstance(one, Sum) and has_numbers(one) else one
    return isinstance(weight, Parameter) or (isinstance(weight, Signal) and weight.lag == 0)


def _factors(node: Node) -> tuple[Node, ...]:
    """The factors of a product, or of what a matrix is multiplied with."""
    if isinstance(node, MatrixProduct):
        read = read_of(node)
        return read.factors if isinstance(read, Product) else ()
    return node.factors if isinstance(node, Product) else ()


def _may_multiply(network: Network, one: Node, other: Node) -> bool:
    """Whether two values can be multiplied entry by entry."""
    shapes = {shape_of(network, one), shape_of(network, other)}
    return len(shapes) == 1 or () in shapes


def _taken_out(node: Node, j: int) -> Product:
    """The j-th of `_factors` in front of the rest."""
    if isinstance(node, MatrixProduct) and isinstance(read := read_of(node), Product):
        factors = read.factors
        rest: Node = with_read(node, simplified(Product(factors[:j] + factors[j + 1 :])))
    elif isinstance(node, Product):
        factors = node.factors
        rest = Product(factors[:j] + factors[j + 1 :])
    else:
        raise EditsCollideError("the factor is not there any more")
    return Product((factors[j], rest))


def _put_in(node: Node, j: int) -> Node | None:
    """U (r * h) + b for r * (U h + b), r the j-th factor; None where there is no product with a matrix."""
    if not isinstance(node, Product) or len(node.factors) != 2:
        return None
    one, other = node.factors[j], node.factors[1 - j]
    terms = other.terms if isinstance(other, Sum) else ((1, other),)
    for i, (sign, inner) in enumerate(terms):
        if isinstance(inner, MatrixProduct):
            changed = (sign, with_read(inner, Product((one, read_of(inner)))))
            return simplified(Sum((*terms[:i], changed, *terms[i + 1 :])))
    return None


def _first_product(node: Node) -> tuple[Node, Node]:
    """The first matrix in what `_put_in` gives, and what it is multiplied with."""
    found = next(inner for _, inner in walk(node) if isinstance(inner, MatrixProduct))
    return weights_of(found), read_of(found)


def _after(j: int) -> Change:
    return lambda node: _taken_out(node, j)


def _before(j: int) -> Change:
    def before(node: Node) -> Node:
        wrong = _put_in(node, j)
        if wrong is None:
            raise EditsCollideError("the product is not there any more")
        return wrong

    return before


def _spared(total: Sum, i: int) -> Iterator[tuple[frozenset[int], str, str]]:
    """Terms that a factor does not reach where it multiplies the whole sum: none, or the biases."""
    yield frozenset(), "", ""
    biases = frozenset(k for k, (_, node) in enumerate(total.terms) if isinstance(node, Parameter) and k != i)
    if biases and len(total.terms) - len(biases) > 1:
        but = listed(term(total.terms[k][1]) for k in biases)
        yield biases, "-but-biases", f" but {but}"


def _widened(i: int, j: int, spared: frozenset[int]) -> Change:
    def widened(node: Node) -> Node:
        if not isinstance(node, Sum):
            raise EditsCollideError("the sum is not there any more")
        sign, product = node.terms[i]
        one, rest = _taken_out(product, j).factors
        terms = (*node.terms[:i], (sign, rest), *node.terms[i + 1 :])
        inside = tuple(pair for k, pair in enumerate(terms) if k not in spared)
        return Sum(((1, Product((one, Sum(inside)))), *(terms[k] for k in sorted(spared))))

    return widened


def _moved_to(i: int, j: int, k: int) -> Change:
    """The j-th factor of the i-th term taken to the k-th."""

    def moved(node: Node) -> Node:
        if not isinstance(node, Sum):
            raise EditsCollideError("the sum is not there any more")
        one, rest = _taken_out(node.terms[i][1], j).factors
        terms = list(node.terms)
        terms[i] = (terms[i][0], rest)
        terms[k] = (terms[k][0], Product((one, terms[k][1])))
        return Sum(tuple(terms))

    return moved


def _moved_inside(i: int) -> Change:
    def moved(node: Node) -> Node:
        function = node.factors[i] if isinstance(node, Product) else node
        if not isinstance(node, Product) or not isinstance(function, Function):
            raise EditsCollideError("the function is not there any more")
        return replace(function, args=(Product((node.factors[1 - i], *function.args)),))

    return moved


def through_the_recurrent_matrix(network: Network) -> Iterator[Mutant]:
    """W (h(t-1) + U x(t)) where W h(t-1) + U x(t) is meant: input or bias is added to what is fed back."""
    for place, matrix in products(network):
        above = parent(network, place)
        if not (isinstance(above, Sum) and is_carried(network, place.node) and is_square(network, matrix)):
            continue
        for j, (sign, other) in enumerate(above.terms):
            is_bias = isinstance(other, Parameter) and _may_multiply(network, other, read_of(place.node))
            if (is_bias or isinstance(other, MatrixProduct)) and other != place.node and sign > 0:
                wrong = with_read(place.node, Sum(((1, read_of(place.node)), (1, other))))
                left = factor(weights_of(place.node))
                yield Mutant(
                    f"{place.equation}-{slug(term(other))}-through-{slug(matrix.name)}",
                    f"In {called(network, place.equation)}, {term(other)} goes through {left} too: "
                    f"{whole(wrong)} where {term(place.node)} + {term(other)} is meant.",
                    (Edit(place.equation, place.path[:-1], "scope", _through(place.path[-1], j)),),
                    kind="scope",
                    is_rare=True,
                    work=frozenset({"as-code"}) if is_bias else ANY_WORK,
                )


def _through(i: int, j: int) -> Change:
    """The j-th term added to what the matrix of the i-th is multiplied with."""

    def through(node: Node) -> Node:
        product = node.terms[i][1] if isinstance(node, Sum) else None
        if not isinstance(node, Sum) or not isinstance(product, MatrixProduct):
            raise EditsCollideError("the product is not there any more")
        inside = Sum(((1, read_of(product)), (1, node.terms[j][1])))
        terms = list(node.terms)
        terms[i] = (node.terms[i][0], with_read(product, inside))
        terms[j] = (1, ZERO)
        return Sum(tuple(terms))

    return through


OPERATORS = (
    on_the_whole_sum,
    on_another_term,
    after_the_matrix,
    before_the_matrix,
    inside_the_function,
    through_the_recurrent_matrix,
)
