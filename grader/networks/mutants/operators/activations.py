"""Activations: another one, none, one too many, a wrong sign in it, a term outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from grader.networks.equations.network import Network
from grader.networks.equations.tree import ZERO, Function, Node, Signal, Sum
from grader.networks.mutants.edit import (
    HARD_SIGMOID,
    HARD_TANH,
    NO_ACTIVATION,
    Change,
    Edit,
    EditsCollideError,
    renamed,
)
from grader.networks.mutants.mutant import ANY_WORK, Mutant, Work
from grader.networks.mutants.reading import NodePlace, activation_of, has_numbers, places, remembered
from grader.networks.mutants.rebuilding import MIRRORED
from grader.networks.mutants.wording import NAMES, called, capital, factor, listed, slug, term

HALF_TANH = "halftanh"
# What is taken for an activation, by what it is.
OTHERS = {
    "tanh": ("sigmoid", NO_ACTIVATION, "relu", HALF_TANH, HARD_TANH),
    "sigmoid": ("tanh", NO_ACTIVATION, "relu", "step", HARD_SIGMOID),
    "relu": ("tanh", "sigmoid", NO_ACTIVATION),
    "softmax": ("sigmoid", NO_ACTIVATION, "exp", "tanh"),
    "step": ("sign", "sigmoid"),
    "sign": ("step",),
    "softplus": ("relu", NO_ACTIVATION),
}
HARD = (HARD_TANH, HARD_SIGMOID)
RARE = (*HARD, HALF_TANH, "relu", "step")
IN_CODE: frozenset[Work] = frozenset({"as-code"})
WITH_A_SIGN = ("sigmoid", "exp", "softmax")


def functions(network: Network) -> Iterator[NodePlace]:
    """Every activation, of a whole equation or inside one."""
    return places(network, lambda node: isinstance(node, Function) and node.name in OTHERS)


def another(network: Network) -> Iterator[Mutant]:
    """The sigmoid for tanh, or nothing at all."""
    for place in functions(network):
        for name in OTHERS[place.node.name]:
            what = "linear" if name == NO_ACTIVATION else slug(name)
            yield Mutant(
                f"{place.equation}-{what}" + ("" if not place.path else f"-for-{slug(term(place.node))}"),
                _message(network, place, name),
                (Edit(place.equation, place.path, "function", renamed(name)),),
                kind="activation",
                work=IN_CODE if name in HARD else ANY_WORK,
                is_rare=name in RARE,
            )


def twice(network: Network) -> Iterator[Mutant]:
    """Tanh of tanh."""
    for one in network.equations:
        name = activation_of(one)
        if name and name not in ("relu", "step", "sign"):
            yield Mutant(
                f"{one.name}-{name}-twice",
                f"{capital(called(network, one.name))} goes through {NAMES[name]} twice.",
                (Edit(one.name, (), "activation", _through(name)),),
                kind="activation",
                is_rare=True,
            )


def exchanged(network: Network) -> Iterator[Mutant]:
    """Tanh for the sigmoid and the sigmoid for tanh, wherever they stand."""
    other = {"tanh": "sigmoid", "sigmoid": "tanh"}
    found = [place for place in functions(network) if place.node.name in other]
    # Of two, each has a name.
    if len(found) > 2 and len({place.node.name for place in found}) == 2:
        yield Mutant(
            "tanh-sigmoid-exchanged",
            "tanh and the sigmoid are exchanged throughout.",
            tuple(
                Edit(place.equation, place.path, "function", renamed(other[place.node.name]))
                for place in found
            ),
            kind="activation",
            is_rare=True,
        )


def softmax_for_sigmoid(network: Network) -> Iterator[Mutant]:
    """Softmax over all outputs where each by itself goes through the sigmoid; by hand it shows in no sum."""
    for name in network.output:
        one = network.by_name[name]
        if isinstance(one.right_side, Function) and one.right_side.name == "sigmoid" and network.shapes[name]:
            yield Mutant(
                f"{name}-softmax",
                f"{capital(called(network, name))} goes through softmax over all entries; each by itself "
                "goes through the sigmoid.",
                (Edit(name, (), "function", renamed("softmax")),),
                kind="activation",
                work=IN_CODE,
            )


def mirrored(network: Network) -> Iterator[Mutant]:
    """The sigmoid of -u."""
    for place in functions(network):
        name, variable = place.node.name, called(network, place.equation)
        if name in WITH_A_SIGN:
            message = f"In {variable}, the argument of {name} has the wrong sign."
            if name == "sigmoid":
                message = (
                    f"The sigmoid in {variable} has a wrong sign in its exponent: it is 1 / (1 + exp(-u))."
                )
            yield Mutant(
                f"{place.equation}-mirrored-{name}" + ("" if not place.path else "-inner"),
                message,
                (Edit(place.equation, place.path, "function", _mirrored),),
                kind="mirrored",
            )


def term_outside(network: Network) -> Iterator[Mutant]:
    """tanh(U^T x(t) + b) + W^T h(t-1)."""
    for place in functions(network):
        total = place.node.args[0]
        if not isinstance(total, Sum) or len(total.terms) < 2 or has_numbers(total):
            continue
        for i, (_, node) in enumerate(total.terms):
            yield Mutant(
                f"{place.equation}-{slug(term(node))}-outside",
                f"In {called(network, place.equation)}, {term(node)} is added after "
                f"{NAMES[place.node.name]}; it belongs inside.",
                (Edit(place.equation, place.path, "outside", _outside(i), detail=i),),
                kind="outside",
                is_rare=True,
            )


def one_term_inside(network: Network) -> Iterator[Mutant]:
    """tanh(U^T x(t)) + W^T h(t-1) + b: a bracket that is closed too early."""
    for place in functions(network):
        total = place.node.args[0]
        if not isinstance(total, Sum) or len(total.terms) < 3 or has_numbers(total):
            continue
        for i, (_, node) in enumerate(total.terms):
            others = [k for k in range(len(total.terms)) if k != i]
            outside = listed(term(total.terms[k][1]) for k in others)
            yield Mutant(
                f"{place.equation}-{slug(term(node))}-alone-inside",
                f"In {called(network, place.equation)}, {term(node)} alone goes through "
                f"{NAMES[place.node.name]}; {outside} belong inside too.",
                tuple(Edit(place.equation, place.path, "outside", _outside(k), detail=k) for k in others),
                kind="outside",
                is_rare=True,
            )


def one_too_many(network: Network) -> Iterator[Mutant]:
    """A sigmoid or tanh put around a variable that has no activation."""
    for one in network.equations:
        if one.is_static or activation_of(one) or not network.shapes[one.name]:
            continue
        for name in ("sigmoid", "tanh"):
            yield Mutant(
                f"{one.name}-{name}",
                f"{capital(called(network, one.name))} goes through {NAMES[name]}; it has no activation.",
                (Edit(one.name, (), "activation", _through(name)),),
                kind="activation",
                is_rare=True,
            )


def on_what_is_carried(network: Network) -> Iterator[Mutant]:
    """`c = tanh(f * c(t-1) + i * g)`, h = o * c: tanh taken before c is kept, not after."""
    known = remembered(network)
    for place in functions(network):
        read = place.node.args[0]
        if not (isinstance(read, Signal) and read.lag == 0 and place.path and read.name in known):
            continue
        if not activation_of(network.by_name[read.name]):
            name = place.node.name
            yield Mutant(
                f"{read.name}-through-{name}-before-{place.equation}",
                f"{capital(called(network, read.name))} itself goes through {NAMES[name]} and is carried on "
                f"so; {term(place.node)} belongs in {called(network, place.equation)} alone.",
                (
                    Edit(read.name, (), "activation", _through(name)),
                    Edit(place.equation, place.path, "function", renamed(NO_ACTIVATION)),
                ),
                kind="activation",
                is_rare=True,
            )


def _message(network: Network, place: NodePlace, name: str) -> str:
    """The message about another function."""
    variable, right = called(network, place.equation), place.node
    if name == HALF_TANH:
        return (
            f"In {variable}, 2 sigmoid(u) - 1 is taken for tanh u; that is tanh(u/2), and tanh u is "
            "2 sigmoid(2u) - 1."
        )
    if name == NO_ACTIVATION and not place.path:
        return f"{capital(variable)} has no activation; it goes through {NAMES[right.name]}."
    if name == NO_ACTIVATION:
        return (
            f"In {variable}, {right.name} is left out: {factor(right.args[0])} where {term(right)} is meant."
        )
    if not place.path:
        return f"{capital(variable)} goes through {NAMES[name]}; its activation is {NAMES[right.name]}."
    return f"In {variable}, {NAMES[name]} is taken where {term(right)} is meant."


def _through(name: str) -> Change:
    return lambda node: Function(name, (node,))


def _mirrored(function: Function) -> Node:
    return replace(function, args=(Function(MIRRORED, function.args),))


def _outside(i: int) -> Change:
    """Take the i-th term out; what others have taken out stands beside the function already."""

    def outside(node: Node) -> Node:
        function, taken = (node.terms[0][1], node.terms[1:]) if isinstance(node, Sum) else (node, ())
        if not isinstance(function, Function):
            raise EditsCollideError("the function is not there any more")
        argument: Any = function.args[0]
        is_mirrored = isinstance(argument, Function) and argument.name == MIRRORED
        terms = list((argument.args[0] if is_mirrored else argument).terms)
        term, terms[i] = terms[i], (1, ZERO)
        rest: Node = Sum(tuple(terms))
        inside = replace(argument, args=(rest,)) if is_mirrored else rest
        return Sum(((1, replace(function, args=(inside,))), *taken, term))

    return outside


OPERATORS = (
    another,
    twice,
    exchanged,
    softmax_for_sigmoid,
    mirrored,
    term_outside,
    one_term_inside,
    one_too_many,
    on_what_is_carried,
)
