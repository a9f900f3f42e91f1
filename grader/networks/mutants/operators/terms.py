"""Terms of a sum: left out, with the wrong sign, or counted twice."""

from __future__ import annotations

from collections.abc import Iterator

from grader.networks.equations.network import Network
from grader.networks.equations.tree import TWO, ZERO, Parameter, Product, Sum, negative
from grader.networks.mutants.edit import Edit
from grader.networks.mutants.mutant import ANY_WORK, Mutant
from grader.networks.mutants.reading import NodePlace, has_numbers, is_carried, places
from grader.networks.mutants.wording import called, slug, term


def terms(network: Network) -> Iterator[tuple[NodePlace, int]]:
    """Every term of a sum with its sign; 1 - z is one thing and no sum of terms."""
    for place in places(network, lambda node: isinstance(node, Sum)):
        if len(place.node.terms) > 1 and not has_numbers(place.node):
            for i, (sign, node) in enumerate(place.node.terms):
                yield NodePlace(place.equation, (*place.path, i), node), sign


def left_out(network: Network) -> Iterator[Mutant]:
    """W^T h(t-1) is left out."""
    for place, _ in terms(network):
        rest = ": nothing of the step before is carried on there." if _carries_all(network, place) else "."
        yield Mutant(
            f"{place.equation}-without-{slug(term(place.node))}",
            f"{term(place.node)} is left out of {called(network, place.equation)}{rest}",
            (Edit(place.equation, place.path, "presence", lambda node: ZERO),),
            kind="drop-term",
        )


def wrong_sign(network: Network) -> Iterator[Mutant]:
    """-b for +b."""
    for place, sign in terms(network):
        what = "subtracted; it is to be added" if sign > 0 else "added; it is to be subtracted"
        yield Mutant(
            f"{place.equation}-{slug(term(place.node))}-sign",
            f"In {called(network, place.equation)}, {term(place.node)} is {what}.",
            (Edit(place.equation, place.path, "sign", negative),),
            kind="sign",
        )


def twice(network: Network) -> Iterator[Mutant]:
    """A term is counted twice, as a bias of a library that has one for the input and one for the state."""
    for place, _ in terms(network):
        yield Mutant(
            f"{place.equation}-{slug(term(place.node))}-twice",
            f"{term(place.node)} is counted twice in {called(network, place.equation)}.",
            (Edit(place.equation, place.path, "sign", lambda node: Product((TWO, node))),),
            kind="twice",
            # By hand a bias is added again, a product is not.
            work=ANY_WORK if isinstance(place.node, Parameter) else frozenset({"as-code"}),
            is_rare=True,
        )


def _carries_all(network: Network, place: NodePlace) -> bool:
    """Whether a term is the only one of its sum in which something of another step stands."""
    (above,) = (
        one.node for one in places(network) if one.equation == place.equation and one.path == place.path[:-1]
    )
    carried = [node for _, node in above.terms if is_carried(network, node)]
    return carried == [place.node]


OPERATORS = (left_out, wrong_sign, twice)
