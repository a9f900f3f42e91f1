"""Mistakes that only a question's own numbers allow: sizes of two names that are the same number.

W fits where U is meant if n_in and n_h are both 2, and so does U without its transpose.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from grader.networks.equations.network import Network
from grader.networks.mutants.edit import Edit, renamed
from grader.networks.mutants.everywhere import everywhere
from grader.networks.mutants.mutant import Mutant
from grader.networks.mutants.operators.matrices import is_square, products, transposed_at
from grader.networks.mutants.operators.parameters import uses_of_parameters
from grader.networks.mutants.reading import NodePlace, together
from grader.networks.mutants.wording import listed, slug, term


def by_equal_sizes(network: Network, sizes: Mapping[str, int]) -> Iterator[Mutant]:
    """Matrices transposed, or exchanged with one another, that fit at these sizes and not at others.

    They are in no pair of mistakes. A matrix of one number is left alone: it is its own transpose, and one
    number for another would explain too much.

    Args:
        network: The right network.
        sizes: The number of each named size.
    """
    turned = [
        transposed_at(network, place, matrix, is_rare=True)
        for place, matrix in products(network)
        if not is_square(network, matrix) and _is_square_at(network, matrix.name, sizes)
    ]
    yield from turned
    yield from everywhere(network, turned)
    yield from _exchanged(network, sizes)


def _exchanged(network: Network, sizes: Mapping[str, int]) -> Iterator[Mutant]:
    """W and U of one equation, those of every equation, and those of two layers."""
    uses = uses_of_parameters(network)
    meant: dict[str, list[str]] = {}
    for place, matrix in products(network):
        meant.setdefault(matrix.name, []).append(term(place.node))
    in_one: list[tuple[str, str]] = []
    for one, other in itertools.combinations(meant, 2):
        are_alike = network.parameters[one] == network.parameters[other]
        shape = _at(network, one, sizes)
        if are_alike or shape != _at(network, other, sizes) or shape == (1, 1):
            continue
        equations = {place.equation for name in (one, other) for place in uses[name]}
        if len(equations) == 1:
            in_one.append((one, other))
        elif together(network, *equations):
            continue
        yield _exchange([(one, other)], meant, uses)
    if len(in_one) > 1:
        yield _exchange(in_one, meant, uses)


def _exchange(
    pairs: Sequence[tuple[str, str]],
    meant: Mapping[str, list[str]],
    uses: Mapping[str, Sequence[NodePlace]],
) -> Mutant:
    ones, others = listed(one for one, _ in pairs), listed(other for _, other in pairs)
    if len(pairs) == 1:
        message = f"{ones} and {others} are exchanged: {listed(meant[ones] + meant[others])} are meant."
    else:
        message = f"{ones} are exchanged with {others}."
    return Mutant(
        "-".join(slug(name) for pair in pairs for name in pair) + "-exchanged",
        message,
        tuple(
            Edit(place.equation, place.path, "name", renamed(instead))
            for one, other in pairs
            for name, instead in ((one, other), (other, one))
            for place in uses[name]
        ),
        kind="exchange-parameters",
        is_rare=True,
    )


def _is_square_at(network: Network, name: str, sizes: Mapping[str, int]) -> bool:
    """Whether a matrix has as many rows as columns, and more than one."""
    rows, columns = _at(network, name, sizes)
    return rows == columns > 1


def _at(network: Network, name: str, sizes: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(size.at(sizes) for size in network.parameters[name])
