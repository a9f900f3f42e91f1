"""What is handed in for what is asked: another variable, its sum alone, or steps in another order."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from msgspec.structs import replace

from grader.networks.equations.network import Network
from grader.networks.equations.tree import signals_of
from grader.networks.mutants.edit import BEFORE, Edit, given, renamed
from grader.networks.mutants.mutant import Mutant
from grader.networks.mutants.reading import activation_of, reads, remembered
from grader.networks.mutants.wording import NAMES, called, capital, variable


def another_variable(network: Network) -> Iterator[Mutant]:
    """c(t) where h(t) is asked."""
    for asked in _asked(network):
        for name in remembered(network):
            if name != asked and network.shapes[name] == network.shapes[asked]:
                yield Mutant(
                    f"gives-{name}" if len(_asked(network)) == 1 else f"gives-{name}-for-{asked}",
                    f"{capital(called(network, name))} is given where {called(network, asked)} is asked.",
                    (Edit(given(asked), (), "name", renamed(name)),),
                    kind="output",
                )


def what_it_is_made_of(network: Network) -> Iterator[Mutant]:
    """The candidate n(t) where h(t) is asked."""
    known = remembered(network)
    for asked in _asked(network):
        for name in dict.fromkeys(one.name for one in signals_of(network.by_name[asked].right_side)):
            is_new = name in network.by_name and name not in (*known, *network.output)
            if is_new and network.shapes[name] == network.shapes[asked] != ():
                yield Mutant(
                    f"gives-{name}" if len(_asked(network)) == 1 else f"gives-{name}-for-{asked}",
                    f"{capital(called(network, name))} is given where {called(network, asked)} is asked.",
                    (Edit(given(asked), (), "name", renamed(name)),),
                    kind="output",
                    is_rare=True,
                    work=frozenset({"as-code"}),
                )


def exchanged(network: Network) -> Iterator[Mutant]:
    """The cell where the hidden state is asked, and the other way round."""
    for one, other in itertools.combinations(_asked(network), 2):
        if network.shapes[one] == network.shapes[other]:
            yield Mutant(
                f"gives-{one}-{other}-exchanged",
                f"{capital(called(network, one))} and {called(network, other)} are given in each other's "
                "place.",
                (
                    Edit(given(one), (), "name", renamed(other)),
                    Edit(given(other), (), "name", renamed(one)),
                ),
                kind="output",
            )


def before_its_activation(network: Network) -> Iterator[Mutant]:
    """The sum is given where its activation is asked, while what is used further has been through it."""
    for name in _asked(network):
        activation = activation_of(network.by_name[name])
        is_read = any(signal.name == name for signal in reads(network, lambda signal: True))
        if activation and is_read:
            yield Mutant(
                f"gives-{name}-before-{activation}",
                f"What is given for {called(network, name)} has not been through {NAMES[activation]}.",
                (Edit(given(name), (), "signal", renamed(name + BEFORE)),),
                kind="output",
            )


def in_reverse(network: Network) -> Iterator[Mutant]:
    """The last step first."""
    if _asked(network):
        yield Mutant(
            "outputs-reversed",
            "The outputs stand in reverse: the first one is that of the last step.",
            tuple(
                Edit(given(name), (), "step", lambda node: replace(node, pick="reversed"))
                for name in _asked(network)
            ),
            kind="order",
        )


def last_throughout(network: Network) -> Iterator[Mutant]:
    """The last output at every step: one array in a list, changed in place."""
    asked = _asked(network)
    backwards = {name for group in network.groups if group.kind == "backward" for name in group.names}
    # What runs from the last step to the first ends with the first.
    forwards = [name for name in asked if name not in backwards]
    for some in [asked] * bool(asked) + [[name] for name in forwards if len(asked) > 1]:
        names = " and ".join(variable(network, name) for name in some)
        yield Mutant(
            "last-output-throughout" + ("" if some == asked else f"-{some[0]}"),
            f"Every row of {names} is that of the last step: an array in a list that is changed in place "
            "changes in the list too.",
            tuple(Edit(given(name), (), "step", lambda node: replace(node, pick="last")) for name in some),
            kind="order",
            is_rare=some != asked,
            work=frozenset({"as-code"}),
        )


def _asked(network: Network) -> list[str]:
    """Asked variables that have a value at every step."""
    return [name for name in network.output if not network.by_name[name].is_static]


OPERATORS = (
    another_variable,
    what_it_is_made_of,
    exchanged,
    before_its_activation,
    in_reverse,
    last_throughout,
)
