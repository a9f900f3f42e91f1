"""Matrices: transposed or not, left out, and not multiplied as a matrix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from msgspec.structs import replace

from grader.networks.equations.network import Network
from grader.networks.equations.tree import (
    Function,
    MatrixProduct,
    Node,
    Parameter,
    Product,
    Signal,
    Transpose,
    signals_of,
    turned,
)
from grader.networks.mutants.edit import Edit, renamed
from grader.networks.mutants.mutant import Mutant
from grader.networks.mutants.reading import NodePlace, places, shape_of
from grader.networks.mutants.wording import called, factor, slug, term

Side: TypeAlias = Literal["left", "right"]


def matrix_of(product: Node) -> Parameter | None:
    """W in W v, W^T v, and of rows in v W, v W^T."""
    if not isinstance(product, MatrixProduct):
        return None
    weights = _plain(weights_of(product))
    return weights if isinstance(weights, Parameter) else None


def products(network: Network) -> Iterator[tuple[NodePlace, Parameter]]:
    """Every product of a matrix of parameters with something."""
    for place in places(network):
        matrix = matrix_of(place.node)
        if matrix is not None and len(shape_of(network, matrix)) == 2:
            yield place, matrix


def transposed(network: Network) -> Iterator[Mutant]:
    """W h(t-1) where W^T h(t-1) is meant; only a square matrix can be used so."""
    for place, matrix in products(network):
        if is_square(network, matrix):
            yield transposed_at(network, place, matrix)


def transposed_at(network: Network, place: NodePlace, matrix: Parameter, *, is_rare: bool = False) -> Mutant:
    """The matrix the other way round in one product.

    Args:
        network: The right network.
        place: The product.
        matrix: The matrix in it.
        is_rare: Whether it is looked for together with no other mistake.
    """
    is_transposed = isinstance(weights_of(place.node), Transpose)
    how = "used without its transpose" if is_transposed else "transposed"
    return Mutant(
        f"{place.equation}-{slug(matrix.name)}-{'not-' if is_transposed else ''}transposed",
        f"{matrix.name} is {how} in {called(network, place.equation)}: {term(_turned(place.node))} "
        f"where {term(place.node)} is meant.",
        (Edit(place.equation, place.path, "matrix", _turned),),
        kind="transpose",
        is_rare=is_rare,
    )


def diagonal_only(network: Network) -> Iterator[Mutant]:
    """Every entry sees its own previous value only."""
    for place, matrix in products(network):
        if is_square(network, matrix):
            yield Mutant(
                f"{place.equation}-{slug(matrix.name)}-diagonal",
                f"Only the diagonal of {matrix.name} is used in {called(network, place.equation)}: every "
                f"entry is to see all entries of {factor(read_of(place.node))}.",
                (Edit(place.equation, place.path, "matrix", _on_the_diagonal),),
                kind="diagonal",
                is_rare=True,
            )


def first_row_entry_by_entry(network: Network) -> Iterator[Mutant]:
    """The first row of W times h(t-1), entry by entry, where W^T y(t-1) is meant."""
    for place, matrix in products(network):
        read = read_of(place.node)
        # v W is W^T v.
        turns = isinstance(weights_of(place.node), Transpose) == (_side(place.node) == "left")
        if not (turns and isinstance(read, Signal) and read.lag > 0):
            continue
        for name, one in network.by_name.items():
            fits = network.shapes[name] == shape_of(network, matrix)[1:] and not one.is_static
            if fits and name != read.name:
                wrong = replace(read, name=name)
                yield Mutant(
                    f"{place.equation}-{slug(matrix.name)}-entrywise-{name}",
                    f"In {called(network, place.equation)}, {matrix.name} is multiplied with {term(wrong)} "
                    f"entry by entry; {term(place.node)} is meant.",
                    (
                        Edit(place.equation, place.path, "matrix", _first_row),
                        Edit(
                            place.equation,
                            (*place.path, int(_side(place.node) == "left")),
                            "name",
                            renamed(name),
                        ),
                    ),
                    kind="entrywise",
                )


def left_out(network: Network) -> Iterator[Mutant]:
    """`h(t-1)` where W h(t-1) is meant."""
    for place, matrix in products(network):
        if is_square(network, matrix):
            yield Mutant(
                f"{place.equation}-without-{slug(matrix.name)}",
                f"{matrix.name} is left out of {called(network, place.equation)}: "
                f"{term(read_of(place.node))} where {term(place.node)} is meant.",
                (Edit(place.equation, place.path, "matrix", read_of),),
                kind="drop-matrix",
                is_rare=True,
            )


def is_square(network: Network, matrix: Parameter) -> bool:
    """Whether a matrix has as many rows as columns in every size."""
    rows, columns = shape_of(network, matrix)
    return bool(rows == columns)


def _side(product: MatrixProduct) -> Side:
    """On which side the matrix stands: left of a column, right of a row."""
    # Another mistake may have changed the matrix already: it is what no step changes.
    return "right" if signals_of(product.left) else "left"


def weights_of(product: MatrixProduct) -> Node:
    """The matrix as it is used, transposed or not.

    Args:
        product: Of a matrix of parameters and something.
    """
    weights: Node = getattr(product, _side(product))
    return weights


def read_of(product: MatrixProduct) -> Node:
    """What the matrix is multiplied with.

    Args:
        product: Of a matrix of parameters and something.
    """
    return product.right if _side(product) == "left" else product.left


def with_read(product: MatrixProduct, read: Node) -> MatrixProduct:
    """The same matrix with something else.

    Args:
        product: Of a matrix of parameters and something.
        read: What it is multiplied with.
    """
    return replace(product, right=read) if _side(product) == "left" else replace(product, left=read)


def _with_weights(product: MatrixProduct, weights: Node) -> MatrixProduct:
    return replace(product, **{_side(product): weights})


def _plain(weights: Node) -> Node:
    return weights.arg if isinstance(weights, Transpose) else weights


def _turned(product: MatrixProduct) -> Node:
    return _with_weights(product, turned(weights_of(product)))


def _on_the_diagonal(product: MatrixProduct) -> Node:
    return _with_weights(product, Function("diagonal", (_plain(weights_of(product)),)))


def _first_row(product: MatrixProduct) -> Node:
    return Product((Function("first-row", (_plain(weights_of(product)),)), read_of(product)))


OPERATORS = (transposed, diagonal_only, first_row_entry_by_entry, left_out)
