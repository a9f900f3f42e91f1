"""Digits: values rounded or cut off before they are used again.

What is asked for is never itself rounded by hand: its own digits are judged as such.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from grader.networks.equations.network import Equation, Network
from grader.networks.equations.tree import Function
from grader.networks.mutants.edit import Change, Edit
from grader.networks.mutants.mutant import ANY_WORK, Mutant, Work
from grader.networks.mutants.reading import activation_of, reads
from grader.networks.mutants.rebuilding import fed_back


class KeptDigits(NamedTuple):
    """What is kept of a value.

    Args:
        how: The function that drops the rest.
        work: Where that is a mistake.
        variable: What is said of a variable that is used again.
        feedback: What is said of a variable that is fed back.
    """

    how: str
    work: frozenset[Work]
    variable: str
    feedback: str


def _kept(places: int) -> tuple[KeptDigits, ...]:
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
        for kept in _kept(places):
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
        for kept in _kept(places):
            yield Mutant(
                f"{read.name}-feedback-{kept.how}",
                kept.feedback.format(read.name),
                tuple(
                    Edit(place.equation, place.path, "kept", _dropped_before_it_is_fed_back(kept.how, places))
                    for place in found
                ),
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
