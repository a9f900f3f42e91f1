"""Mistakes that only a question's own numbers allow: values rounded on the way, and sizes that are equal.

What is asked for is never itself rounded by hand: its own digits are judged as such. W fits where U is meant
if n_in and n_h are both 2, and so does U without its transpose.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from grader.networks.equations.network import Equation, Network
from grader.networks.equations.tree import Function
from grader.networks.mutants.edit import Change, Edit, edits_at, renamed
from grader.networks.mutants.everywhere import everywhere
from grader.networks.mutants.mutant import ANY_WORK, Mutant, Work
from grader.networks.mutants.operators.matrices import is_square, products, transposed_at
from grader.networks.mutants.operators.parameters import uses_of_parameters
from grader.networks.mutants.reading import NodePlace, activation_of, reads, together
from grader.networks.mutants.rebuilding import fed_back
from grader.networks.mutants.wording import listed, slug, term


class KeptDigits(NamedTuple):
    """A way to drop digits of a value.

    Args:
        how: The function that drops them.
        work: Where that is a mistake.
        variable: The message about a variable that is used again.
        feedback: The message about a variable that is fed back.
    """

    how: str
    work: frozenset[Work]
    variable: str
    feedback: str


def _kept_digits(places: int) -> tuple[KeptDigits, ...]:
    better = "cut off where it has to be rounded, or better kept in full,"
    return (
        KeptDigits(
            "coarse",
            frozenset({"by-hand"}),
            "{} is rounded to fewer decimals than were asked before it is used again.",
            "{} is rounded to fewer decimals than were asked before it is fed back.",
        ),
        KeptDigits(
            "cut",
            ANY_WORK,
            f"{{}} is {better} before it is used again.",
            f"{{}} is {better} before it is fed back.",
        ),
        KeptDigits(
            "rounded",
            frozenset({"as-code"}),
            f"{{}} is rounded to {places} decimals inside the function; nothing is to be rounded there.",
            f"{{}} is rounded to {places} decimals before it is fed back; nothing is to be rounded there.",
        ),
    )


def digits(network: Network, places: int) -> Iterator[Mutant]:
    """Every variable and everything fed back, rounded too coarsely, cut off, or rounded in a function.

    Args:
        network: The right network; its output is what is asked for.
        places: Decimal places that are asked for.
    """
    yield from _variables(network, places)
    yield from _what_is_fed_back(network, places)


def _variables(network: Network, places: int) -> Iterator[Mutant]:
    """A variable is rounded before it is used again; one that is asked for, in a function only."""
    for one in network.equations:
        for kept in _kept_digits(places):
            if _has_digits(one) and (kept.how == "rounded" or one.name not in network.output):
                yield Mutant(
                    f"{one.name}-{kept.how}",
                    kept.variable.format(one.name),
                    (Edit(one.name, (), "digits", _dropped(kept.how, places)),),
                    kind="digits",
                    is_rare=True,
                    work=kept.work,
                )


def _what_is_fed_back(network: Network, places: int) -> Iterator[Mutant]:
    """A variable is rounded before it is fed back, while its own value keeps all digits."""
    with_digits = {one.name for one in network.equations if _has_digits(one)}
    for read, found in reads(network, lambda signal: bool(signal.lag) and signal.name in with_digits).items():
        for kept in _kept_digits(places):
            yield Mutant(
                f"{read.name}-feedback-{kept.how}",
                kept.feedback.format(read.name),
                edits_at(found, "kept", _dropped_before_it_is_fed_back(kept.how, places)),
                kind="digits",
                is_rare=True,
                work=kept.work,
            )


def _has_digits(one: Equation) -> bool:
    """Whether a variable has decimals to drop: not what a step gives."""
    return not one.is_static and activation_of(one) not in ("step", "sign")


def _dropped(how: str, places: int) -> Change:
    return lambda node: Function(how, (node,), places)


def _dropped_before_it_is_fed_back(how: str, places: int) -> Change:
    return lambda node: fed_back(node, _dropped(how, places))


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
