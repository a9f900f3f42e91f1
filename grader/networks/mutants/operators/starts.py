"""The first step: what is fed back there, done there alone, or left out there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from grader.networks.equations.network import Equation, Network
from grader.networks.equations.tree import (
    HALF,
    ONE,
    ZERO,
    Function,
    Node,
    Parameter,
    Product,
    Signal,
    Sum,
    walk,
)
from grader.networks.mutants.edit import Change, Edit, edits_at, instead
from grader.networks.mutants.mutant import Addition, Mutant
from grader.networks.mutants.reading import has_numbers, parent, places, reads, remembered, without_signals
from grader.networks.mutants.wording import called, listed, slug, term

# One at the first step and zero at all later ones: it starts from one, and is nothing afterwards.
FIRST = Signal("first_step", 1)
_FIRST_STEP = Addition(equations=(Equation(FIRST.name, Product((ZERO, FIRST))),), shapes={FIRST.name: ()})


def ones_or_halves(network: Network) -> Iterator[Mutant]:
    """Everything that is carried starts from one, or one half, or one variable of it does."""
    known = remembered(network)
    for value, word, why in ((ONE, "one", ""), (HALF, "one half", " (the sigmoid of zero?)")):
        for some in [known] + [(name,) for name in known if len(known) > 1]:
            changed = [name for name in some if network.start.get(name, ZERO) != value]
            if changed:
                is_one = len(changed) == 1
                yield Mutant(
                    f"starts-from-{word.replace(' ', '-')}" + ("" if some == known else f"-{some[0]}"),
                    f"{listed(f'{name}(0)' for name in changed)} {'is' if is_one else 'are'} {word}{why}; "
                    f"{'it starts' if is_one else 'they start'} from {_right(network, changed[0])}.",
                    start=tuple((name, value) for name in changed),
                    kind="start",
                    is_rare=some != known,
                )


def zero(network: Network) -> Iterator[Mutant]:
    """Zero where a start value is given."""
    for name in remembered(network):
        if network.start.get(name, ZERO) != ZERO:
            yield Mutant(
                f"starts-from-zero-{name}",
                f"{name}(0) is zero; it starts from {_right(network, name)}.",
                start=((name, ZERO),),
                kind="start",
            )


def squashed(network: Network) -> Iterator[Mutant]:
    """Tanh of a start value that is given."""
    for name, value in _given_starts(network).items():
        yield Mutant(
            f"starts-from-tanh-{name}",
            f"{name}(0) is tanh of {term(value)}; it starts from {term(value)} itself.",
            start=((name, Function("tanh", (value,))),),
            kind="start",
            is_rare=True,
        )


def throughout(network: Network) -> Iterator[Mutant]:
    """The start value at every step, where the last state is meant."""
    for name, value in _given_starts(network).items():
        before = Signal(name, 1)
        found = reads(network, before.__eq__).get(before, [])
        yield Mutant(
            f"{name}-from-start-throughout",
            f"{term(value)} is used at every step; {name}(t-1) belongs there, and is {term(value)} at the "
            "first one.",
            edits_at(found, "complement", instead(value)),
            kind="start",
        )


def of_another(network: Network) -> Iterator[Mutant]:
    """Two start values exchanged, or one of them for both."""
    known = _given_starts(network)
    for name, other in itertools.permutations(known, 2):
        value, its_value = known[name], known[other]
        if network.shapes[other] != network.shapes[name] or value == its_value:
            continue
        yield Mutant(
            f"starts-from-{slug(term(its_value))}-{name}",
            f"{name} starts from {term(its_value)}; it starts from {term(value)}.",
            start=((name, its_value),),
            kind="start",
            is_rare=True,
        )
        if name < other:
            yield Mutant(
                f"starts-exchanged-{name}-{other}",
                f"{term(value)} and {term(its_value)} are exchanged: {name} starts from {term(value)}, "
                f"{other} from {term(its_value)}.",
                start=((name, its_value), (other, value)),
                kind="start",
                # A function takes arguments, whose order is looked at by itself.
                work=frozenset({"by-hand"}),
            )


def all_zero(network: Network) -> Iterator[Mutant]:
    """Zero where several start values are given."""
    known = _given_starts(network)
    if len(known) > 1:
        yield Mutant(
            "starts-from-zero",
            f"{listed(f'{name}(0)' for name in known)} are zero; they start from "
            f"{listed(term(value) for value in known.values())}.",
            start=tuple((name, ZERO) for name in known),
            kind="start",
        )


def activated_bias(network: Network) -> Iterator[Mutant]:
    """What the equation gives without input and feedback, such as tanh(b): a step 0."""
    for name in remembered(network):
        bias = without_signals(network.by_name[name].right_side)
        if any(isinstance(node, Parameter) for _, node in walk(bias)):
            yield Mutant(
                f"starts-from-bias-{name}",
                f"{name}(0) is taken as {term(bias)} (a step 0?); it starts from {_right(network, name)}.",
                start=((name, None),),
                kind="start",
            )


def bias_there_alone(network: Network) -> Iterator[Mutant]:
    """A bias is added at the first step and not again."""
    for place in places(network, lambda node: isinstance(node, Parameter)):
        above = parent(network, place)
        is_looped = any(place.equation in group.names and group.kind == "forward" for group in network.groups)
        if is_looped and isinstance(above, Sum) and not has_numbers(above) and len(above.terms) > 1:
            yield Mutant(
                f"{place.equation}-{slug(place.node.name)}-at-first-step-alone",
                f"{place.node.name} is added to {called(network, place.equation)} at the first step alone; "
                "it belongs to every step.",
                (Edit(place.equation, place.path, "presence", lambda node: Product((FIRST, node))),),
                start=((FIRST.name, ONE),),
                addition=_FIRST_STEP,
                kind="start",
                is_rare=True,
            )


def skipped(network: Network) -> Iterator[Mutant]:
    """The loop begins with the second step: at the first one everything is what it starts from."""
    known = [name for name in remembered(network) if not network.by_name[name].is_static]
    forward = {name for group in network.groups if group.kind == "forward" for name in group.names}
    if not known or not forward.issuperset(known):
        return
    others = [name for name in network.output if name not in known and not network.by_name[name].is_static]
    kept = tuple(Edit(name, (), "piled-up", _at_first_step(Signal(name, 1))) for name in known)
    zero = tuple(Edit(name, (), "piled-up", _at_first_step(ZERO)) for name in others)
    for edits, tail in [(kept, "")] + [((*kept, *zero), "-output-zero")] * bool(zero):
        yield Mutant(
            f"first-step-skipped{tail}",
            "The first step is left out: the loop begins with the second one"
            + (f", and {listed(f'{name}(1)' for name in others)} stay zero." if tail else "."),
            edits,
            start=((FIRST.name, ONE),),
            addition=_FIRST_STEP,
            kind="start",
            is_rare=True,
            work=frozenset({"as-code"}),
        )


def _given_starts(network: Network) -> dict[str, Parameter]:
    return {name: value for name, value in network.start.items() if isinstance(value, Parameter)}


def _at_first_step(value: Node) -> Change:
    """A value at the first step, and the right one at all others."""
    later = Sum(((1, ONE), (-1, FIRST)))
    return lambda node: Sum(((1, Product((FIRST, value))), (1, Product((later, node)))))


def _right(network: Network, name: str) -> str:
    value: Node = network.start.get(name, ZERO)
    return "zero" if value == ZERO else term(value)


OPERATORS = (
    ones_or_halves,
    zero,
    squashed,
    throughout,
    of_another,
    all_zero,
    activated_bias,
    bias_there_alone,
    skipped,
)
