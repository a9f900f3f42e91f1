"""What is carried from step to step: before its activation, changed, another variable, or piled up."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from grader.networks.equations.network import Equation, Network
from grader.networks.equations.tree import HALF, Function, Node, Product, Signal, Sum, moved, signals_of
from grader.networks.mutants.edit import BEFORE, Change, Edit, edits_at, instead, renamed
from grader.networks.mutants.mutant import ANY_WORK, Mutant
from grader.networks.mutants.operators.steps import fed_back_reads, read_in
from grader.networks.mutants.reading import (
    NodePlace,
    activation_of,
    places,
    reads,
    remembered,
    spots,
    together,
)
from grader.networks.mutants.rebuilding import fed_back
from grader.networks.mutants.wording import NAMES, at, called, capital, slug, term


def before_its_activation(network: Network) -> Iterator[Mutant]:
    """The sum is fed back where its tanh is meant."""
    for read, found in fed_back_reads(network):
        activation = activation_of(network.by_name[read.name])
        if activation:
            for some, tail in spots(network, found):
                yield Mutant(
                    f"{read.name}-fed-back-before-{activation}{tail}",
                    f"What is fed back{read_in(network, found, some)} of {read.name} has not been through "
                    f"{NAMES[activation]}.",
                    edits_at(some, "signal", lambda node: replace(node, name=node.name + BEFORE)),
                    kind="preactivation",
                )


def read_before_its_activation(network: Network) -> Iterator[Mutant]:
    """The sum is read where its tanh is meant, while what is fed back has been through it."""
    for read, found in reads(network, lambda signal: signal.lag == 0).items():
        one = network.by_name.get(read.name)
        if one is None or not activation_of(one) or len(_reads_of(network, read.name)) == 1:
            continue
        for place in found:
            yield Mutant(
                f"{place.equation}-{read.name}-before-{activation_of(one)}",
                f"What is read of {read.name} in {called(network, place.equation)} has not been through "
                f"{NAMES[activation_of(one)]}.",
                edits_at([place], "signal", lambda node: replace(node, name=node.name + BEFORE)),
                kind="preactivation",
            )


def overwritten(network: Network) -> Iterator[Mutant]:
    """`r(t) * h(t-1)` is carried on where h(t-1) is meant: one name for both."""
    for product in places(network, lambda node: isinstance(node, Product)):
        for read in product.node.factors:
            if not (isinstance(read, Signal) and read.lag and read.name in network.by_name):
                continue
            inside = product.equation, product.path
            for place in reads(network, read.__eq__).get(read, ()):
                if (place.equation, place.path[: len(product.path)]) != inside:
                    yield Mutant(
                        f"{slug(term(product.node))}-for-{slug(term(read))}-in-{place.equation}",
                        f"{term(product.node)} is used in {called(network, place.equation)} where "
                        f"{term(read)} is meant.",
                        edits_at([place], "complement", instead(product.node)),
                        kind="overwritten",
                        is_rare=True,
                    )


def without_a_factor(network: Network) -> Iterator[Mutant]:
    """Tanh(c(t-1)) is carried on where h(t-1) = o(t-1) * tanh(c(t-1)) is meant."""
    for read, found in fed_back_reads(network):
        right = network.by_name[read.name].right_side
        factors = right.factors if isinstance(right, Product) else ()
        for i, one in enumerate(factors if len(factors) == 2 else ()):
            rest = moved(factors[1 - i], -read.lag)
            if all(place.equation != read.name for place in found):
                yield Mutant(
                    f"{read.name}-fed-back-without-{slug(term(one))}",
                    f"{term(rest)} is fed back where {term(read)} is meant: {term(one)} is left out there.",
                    edits_at(found, "complement", instead(rest)),
                    kind="overwritten",
                    is_rare=True,
                )


def squashed(network: Network) -> Iterator[Mutant]:
    """Tanh(c(t-1)) is carried on where c(t-1) is meant."""
    for read, found in fed_back_reads(network):
        if not activation_of(network.by_name[read.name]):
            yield Mutant(
                f"{read.name}-squashed",
                f"{capital(called(network, read.name))} goes through tanh before it is fed back; it is fed "
                "back as it is.",
                edits_at(found, "signal", lambda node: fed_back(node, _through_tanh)),
                kind="threshold",
                is_rare=True,
            )


def without_its_sign(network: Network) -> Iterator[Mutant]:
    """|h(t-1)| is carried on where h(t-1) is meant: a minus sign that is lost."""
    for read, found in fed_back_reads(network):
        if activation_of(network.by_name[read.name]) in ("", "tanh"):
            yield Mutant(
                f"{read.name}-fed-back-without-sign",
                f"What is fed back{read_in(network, found, found)} of {read.name} has lost its minus signs: "
                f"|{term(read)}| where {term(read)} is meant.",
                edits_at(found, "signal", lambda node: fed_back(node, _without_sign)),
                kind="threshold",
                is_rare=True,
            )


def thresholded(network: Network) -> Iterator[Mutant]:
    """0 or 1 is fed back where the sigmoid is meant."""
    for read, found in fed_back_reads(network):
        if activation_of(network.by_name[read.name]) in ("sigmoid", "softmax"):
            for some, tail in spots(network, found):
                yield Mutant(
                    f"{read.name}-thresholded{tail}",
                    f"{capital(called(network, read.name))} is made 0 or 1 before it is fed back"
                    f"{read_in(network, found, some)}; it is fed back as it is.",
                    edits_at(some, "signal", lambda node: fed_back(node, _at_least_one_half)),
                    kind="threshold",
                )


def another_variable(network: Network) -> Iterator[Mutant]:
    """c(t-1) is fed back where h(t-1) is meant."""
    known = (*remembered(network), *network.output)
    for read, found in fed_back_reads(network):
        for name, one in network.by_name.items():
            fits = network.shapes[name] == network.shapes[read.name] and not one.is_static and name in known
            if name != read.name and fits and together(network, name, read.name):
                for some, tail in spots(network, found):
                    yield Mutant(
                        f"{name}-for-{read.name}{tail}",
                        f"{at(name, read.lag)} is fed back{read_in(network, found, some)}; "
                        f"{term(read)} is meant.",
                        edits_at(some, "name", renamed(name)),
                        kind="other-variable",
                        is_rare=bool(tail),
                    )


def not_carried_otherwise(network: Network) -> Iterator[Mutant]:
    """n(t-1) is fed back where h(t-1) is meant: the state is never set to what was worked out last."""
    known = (*remembered(network), *network.output)
    others = [one.name for one in network.equations if not one.is_static and one.name not in known]
    for read, found in fed_back_reads(network):
        for name in others if network.shapes[read.name] else ():
            if network.shapes[name] == network.shapes[read.name] and together(network, name, read.name):
                yield Mutant(
                    f"{name}-for-{read.name}",
                    f"{at(name, read.lag)} is fed back{read_in(network, found, found)}; "
                    f"{term(read)} is meant.",
                    edits_at(found, "name", renamed(name)),
                    kind="other-variable",
                    is_rare=True,
                    work=frozenset({"as-code"}),
                )


def what_comes_in(network: Network) -> Iterator[Mutant]:
    """`n(t-1)` where h(t-1) is meant in h(t): the old candidate is kept, not the old state."""
    for one in network.equations:
        if not isinstance(one.right_side, Sum):
            continue
        before = Signal(one.name, 1)
        found = [
            place for place in reads(network, before.__eq__).get(before, ()) if place.equation == one.name
        ]
        for name in dict.fromkeys(signal.name for signal in signals_of(one.right_side) if signal.lag == 0):
            is_new = name in network.by_name and name not in (*remembered(network), *network.output)
            is_candidate = is_new and activation_of(network.by_name[name]) not in ("", "sigmoid")
            if found and is_candidate and network.shapes[name] == network.shapes[one.name]:
                yield Mutant(
                    f"{name}-for-{one.name}-kept",
                    f"{at(name, 1)} is carried on in {called(network, one.name)} where {term(before)} is "
                    "meant.",
                    edits_at(found, "name", renamed(name)),
                    kind="other-variable",
                    is_rare=True,
                )


def piled_up(network: Network) -> Iterator[Mutant]:
    """h(t-1) itself is added to h(t): += in a loop."""
    for one in network.equations:
        before = Signal(one.name, 1)
        is_added = _is_added(one.right_side, before)
        if _can_pile_up(network, one) and one.right_side != before:
            yield Mutant(
                f"{one.name}-accumulated",
                f"{capital(called(network, one.name))} piles up: {term(before)} itself is added to it.",
                (Edit(one.name, (), "piled-up", _with_added(before)),),
                kind="accumulated",
                is_rare=is_added or one.name not in remembered(network),
                work=frozenset({"as-code"}) if is_added else ANY_WORK,
            )


def _through_tanh(value: Node) -> Node:
    return Function("tanh", (value,))


def _without_sign(value: Node) -> Node:
    return Function("abs", (value,))


def _at_least_one_half(value: Node) -> Node:
    return Function("step", (Sum(((1, value), (-1, HALF))),))


def _with_added(before: Signal) -> Change:
    return lambda node: Sum(((1, node), (1, before)))


def _can_pile_up(network: Network, one: Equation) -> bool:
    """What is carried itself, is asked for, or goes through an activation into what is."""
    if one.is_static:
        return False
    known = remembered(network)
    if one.name in known or one.name in network.output:
        return True
    into = [name for name in known if any(place.equation == name for place in _reads_of(network, one.name))]
    return bool(into and activation_of(one) and network.shapes[one.name])


def _reads_of(network: Network, name: str) -> list[NodePlace]:
    return [place for found in reads(network, lambda signal: signal.name == name).values() for place in found]


def _is_added(right_side: Node, before: Signal) -> bool:
    """Whether h(t-1) is a term of h(t) anyway, alone or with factors."""
    terms = [node for _, node in right_side.terms] if isinstance(right_side, Sum) else []
    return any(node == before or (isinstance(node, Product) and before in node.factors) for node in terms)


OPERATORS = (
    before_its_activation,
    read_before_its_activation,
    overwritten,
    without_a_factor,
    squashed,
    without_its_sign,
    thresholded,
    another_variable,
    not_carried_otherwise,
    what_comes_in,
    piled_up,
)
