"""The first step: what is fed back there."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from grader.networks.equations.network import Network
from grader.networks.equations.tree import ONE, ZERO, Constant, Node, Parameter, walk
from grader.networks.mutants.mutant import Mutant
from grader.networks.mutants.reading import remembered, without_signals
from grader.networks.mutants.wording import listed, term

HALF = Constant(Fraction(1, 2))


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


def activated_bias(network: Network) -> Iterator[Mutant]:
    """Tanh(b): a step 0 without input and feedback."""
    for name in remembered(network):
        bias = without_signals(network.by_name[name].right_side)
        if any(isinstance(node, Parameter) for _, node in walk(bias)):
            yield Mutant(
                f"starts-from-bias-{name}",
                f"{name}(0) is taken as {term(bias)} (a step 0?); it starts from {_right(network, name)}.",
                start=((name, None),),
                kind="start",
            )


def _right(network: Network, name: str) -> str:
    value: Node = network.start.get(name, ZERO)
    return "zero" if value == ZERO else term(value)


OPERATORS = (ones_or_halves, zero, activated_bias)
