"""All known mistakes in one network."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from grader.networks.equations.declaration import MistakeTable
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Network
from grader.networks.mutants.declared import Other, another_network, own_mistakes
from grader.networks.mutants.edit import given
from grader.networks.mutants.everywhere import everywhere
from grader.networks.mutants.mutant import Mutant, Work, apply
from grader.networks.mutants.operators import families
from grader.networks.mutants.own_numbers import by_equal_sizes, digits
from grader.networks.mutants.reading import needed

# Ids do not depend on how many decimal places are asked for.
PLACES = 2


class Variant(NamedTuple):
    """A mistake, and the network with it."""

    mutant: Mutant
    network: Network


def mutants(network: Network, work: Work, places: int, others: Sequence[Other] = ()) -> tuple[Mutant, ...]:
    """The mistakes of `variants`."""
    return tuple(one.mutant for one in variants(network, work, places, others))


def variants(
    network: Network,
    work: Work,
    places: int,
    others: Sequence[Other] = (),
    *,
    sizes: Mapping[str, int] | None = None,
    only_digits: bool = False,
) -> tuple[Variant, ...]:
    """Every known mistake that can be made in a network, always in the same order.

    Those that the network's author has named or written come first.

    Args:
        network: The right network; its output is what is asked for.
        work: Whether numbers are worked out by hand, or a function is written.
        places: Decimal places that are asked for, or that a function may round to.
        others: Other networks that this one may be mistaken for.
        sizes: The number of each named size, where there is one only.
        only_digits: Only those about rounding, which are few: the only ones that depend on the places.
    """
    known = _by_id(digits(network, places) if only_digits else _listed(network, places, others, sizes or {}))
    named = [
        _named(known.pop(table.mutant), table, places) for table in network.mistakes if table.mutant in known
    ]
    asked = {*needed(network), *map(given, network.output)}
    found = (
        one
        for one in (*named, *(() if only_digits else own_mistakes(network)), *known.values())
        if work in one.work and _changes(one, asked)
    )
    return tuple(_computable(network, found))


def general_ids(network: Network) -> tuple[str, ...]:
    """The ids of all mistakes made from the equations alone: those that an author may name otherwise."""
    return tuple(_by_id(_listed(network, PLACES, (), {})))


def _listed(
    network: Network, places: int, others: Sequence[Other], sizes: Mapping[str, int]
) -> Iterator[Mutant]:
    singles = [
        mutant for operators in families().values() for operator in operators for mutant in operator(network)
    ]
    yield from singles
    yield from digits(network, places)
    yield from everywhere(network, singles)
    for other in others:
        yield from another_network(network, other)
    if sizes:
        yield from by_equal_sizes(network, sizes)


def _by_id(listed: Iterable[Mutant]) -> dict[str, Mutant]:
    """The mistakes by their ids; one that is made at several places of an equation is numbered."""
    found: dict[str, Mutant] = {}
    count: dict[str, int] = {}
    for mutant in listed:
        count[mutant.id] = count.get(mutant.id, 0) + 1
        name = mutant.id if count[mutant.id] == 1 else f"{mutant.id}-{count[mutant.id]}"
        found[name] = mutant if name == mutant.id else replace(mutant, id=name)
    return found


def _named(mutant: Mutant, table: MistakeTable, places: int) -> Mutant:
    """A general mistake with the author's id and words; as it has a name, it is not rare."""
    message = table.message.replace("{places}", str(places))
    return replace(mutant, id=table.id, message=message, is_rare=False)


def _changes(mutant: Mutant, asked: Collection[str]) -> bool:
    """Whether a mistake changes a variable on which an asked one depends."""
    return any(edit.equation in asked for edit in mutant.effect) or any(
        name in asked for name, _ in mutant.start
    )


def _computable(network: Network, found: Iterable[Mutant]) -> Iterator[Variant]:
    """The mistakes with which the network can still be computed."""
    for mutant in found:
        try:
            yield Variant(mutant, apply(network, mutant))
        except NetworkError:
            continue
