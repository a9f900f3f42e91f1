"""A variable of a program that is overwritten before its old value has been used."""

from __future__ import annotations

from collections.abc import Iterator

from grader.networks.equations.network import Network
from grader.networks.equations.tree import Function, Product, Signal, Sum
from grader.networks.mutants.edit import edits_at, instead
from grader.networks.mutants.mutant import Mutant
from grader.networks.mutants.reading import ACTIVATIONS, reads
from grader.networks.mutants.wording import called, factor, term, whole


def by_the_first_terms(network: Network) -> Iterator[Mutant]:
    """As in h = (1 - z) * n and then h = h + z * h, where z * h(t-1) is meant."""
    for one in network.equations:
        total = one.right_side
        if not isinstance(total, Sum) or not network.shapes[one.name]:
            continue
        before = Signal(one.name, 1)
        found = [
            place for place in reads(network, before.__eq__).get(before, ()) if place.equation == one.name
        ]
        late = sorted({place.path[0] for place in found})
        if len(late) == 1 and len(total.terms) > 1:
            rest = Sum(tuple(pair for i, pair in enumerate(total.terms) if i != late[0]))
            value = rest.terms[0][1] if len(rest.terms) == 1 and rest.terms[0][0] > 0 else rest
            yield Mutant(
                f"{one.name}-overwritten-by-first-terms",
                f"{one.name} is overwritten too early: {whole(value)} is used in {called(network, one.name)} "
                f"where {term(before)} is meant.",
                edits_at(found, "complement", instead(value)),
                kind="overwritten",
                is_rare=True,
                work=frozenset({"as-code"}),
            )


def by_a_factor(network: Network) -> Iterator[Mutant]:
    """As in h = tanh(c), then o of that h, and then h = o * h."""
    for one in network.equations:
        factors = one.right_side.factors if isinstance(one.right_side, Product) else ()
        for value in factors:
            if not (isinstance(value, Function) and value.name in ACTIVATIONS):
                continue
            before = Signal(one.name, 1)
            for place in reads(network, before.__eq__).get(before, ()):
                if place.equation != one.name:
                    yield Mutant(
                        f"{one.name}-overwritten-in-{place.equation}",
                        f"{one.name} is overwritten too early: {factor(value)} is used in "
                        f"{called(network, place.equation)} where {term(before)} is meant.",
                        edits_at([place], "complement", instead(value)),
                        kind="overwritten",
                        is_rare=True,
                        work=frozenset({"as-code"}),
                    )


OPERATORS = (by_the_first_terms, by_a_factor)
