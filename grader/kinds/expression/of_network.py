"""What is asked of a network of single numbers, as the formulas that its equations give."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

import msgspec

from grader.errors import Unreadable
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.formula.tree import Formula, symbols_in
from grader.model.mistake import Mistake
from grader.model.text import joined
from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.running.arithmetic import NotExact
from grader.networks.unrolled.mistakes import mistaken
from grader.networks.unrolled.unroll import LOSS, MAX_STEPS, AskedValue, Unrolling, read_asked, symbols_of

STEP = re.compile(r"\((\d+)\)")


class AskedOfNetwork(msgspec.Struct, frozen=True):
    """What a question names of a network, hashable.

    Args:
        network: The table.
        asked: What is asked, such as "h(2)", "dh(2)/dw", "dL/dw".
        loss: L, in values such as h(2) and symbols; empty where there is none.
        named: Variables whose values h1, h2, ... may stand in answers.
        symbols: Further symbols, such as targets.
    """

    network: NetworkTable
    asked: tuple[str, ...]
    loss: str
    named: tuple[str, ...]
    symbols: tuple[str, ...]


class OfNetwork(msgspec.Struct, frozen=True):
    """The formulas that follow.

    Args:
        symbols: Weights, start values, and inputs at each step.
        asked: What each field asks.
        right: The right formula of each field.
        meanings: What the named values stand for.
        unrolling: The network in symbols.
    """

    symbols: tuple[str, ...]
    asked: Mapping[str, AskedValue]
    right: Mapping[str, Formula]
    meanings: Mapping[str, Formula]
    unrolling: Unrolling


@functools.lru_cache(maxsize=64)
def of_network(question: AskedOfNetwork) -> OfNetwork:
    """The formulas of a question.

    Raises:
        ValueError: If something cannot be asked; says what.
    """
    network = network_of(question.network)
    asked = {one.field: one for one in map(read_asked, question.asked)}
    n_steps = max(
        (int(step) for text in (*question.asked, question.loss) for step in STEP.findall(text)), default=0
    )
    if not 1 <= n_steps <= MAX_STEPS:
        raise ValueError(f'asked: name a step from 1 to {MAX_STEPS}, as in "h(2)"; found {n_steps or "none"}')
    if len(asked) < len(question.asked):
        raise ValueError("asked names something twice")
    symbols = symbols_of(network, n_steps)
    unrolling = Unrolling(network, n_steps)
    if question.loss:
        known = Names((*symbols, *question.symbols, *unrolling.values))
        unrolling = Unrolling(network, n_steps, _loss(question.loss, known))
    for one in asked.values():
        _check(one, unrolling, (*symbols, *question.symbols))
    values = {name: place for name, place in unrolling.values.items() if place[0] in question.named}
    for name in question.named:
        if name not in network.by_name:
            raise ValueError(f"named: {name!r} is no variable of the network")
    try:
        right = {
            field: unrolling.slope(one) if one.by else unrolling.value(one) for field, one in asked.items()
        }
        meanings = {name: unrolling.value(AskedValue(*place)) for name, place in values.items()}
    except NotExact as error:
        raise ValueError(f"asked: no formula says that: {error}") from None
    return OfNetwork(symbols, asked, right, meanings, unrolling)


def _loss(text: str, names: Names) -> Formula:
    try:
        return parse_formula(text, names)
    except Unreadable as error:
        raise ValueError(f"loss: {error}") from None


def _check(asked: AskedValue, unrolling: Unrolling, symbols: tuple[str, ...]) -> None:
    if asked.of == LOSS and unrolling.loss is not None:
        known = bool(symbols_in(unrolling.loss) & unrolling.values.keys())
    else:
        known = (asked.of, asked.step) in unrolling.values.values()
    if not known:
        wanted = joined(tuple(dict.fromkeys(name for name, _ in unrolling.values.values())), " or ")
        raise ValueError(
            f"asked: {asked.of}{asked.step or ''} is no value of the network; wanted {wanted} at a step"
        )
    if asked.by and asked.by not in symbols:
        raise ValueError(f"asked: {asked.by!r} is none of the symbols {joined(symbols)}")


@functools.lru_cache(maxsize=64)
def mistakes_of(question: AskedOfNetwork, field: str) -> tuple[Mistake[Formula], ...]:
    """The wrong formulas of all known mistakes in a field.

    Args:
        question: The question.
        field: One that asks something of the network.
    """
    found = of_network(question)
    symbols = (*found.symbols, *question.symbols)
    return tuple(mistaken(found.unrolling, found.asked[field], symbols))
