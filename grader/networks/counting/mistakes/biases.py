"""Biases forgotten, counted twice, or counted where there are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.model.text import joined
from grader.networks.counting.blocks import ONE, Block, places
from grader.networks.counting.mistakes.mistake import (
    Blocks,
    CountMistake,
    added,
    left_out,
    mistake,
    resized,
    twice,
)
from grader.networks.equations.network import Network


def biases(network: Network, blocks: Blocks) -> Iterator[CountMistake]:
    """The mistakes about biases.

    Args:
        network: Whose.
        blocks: All its blocks.
    """
    every = [block for block in blocks if block.role == "bias"]
    recurrent = {block.equation for block in blocks if block.role == "recurrent"}
    inner = [block for block in every if block.equation in recurrent]
    outer = [block for block in every if block.equation not in recurrent]
    yield from mistake("biases-missing", "The biases are trained, too.", every, left_out)
    message = "A bias is a vector: every unit has a number of its own."
    yield from mistake("one-bias-per-layer", message, every, resized(out=ONE))
    if inner and outer:
        yield from mistake("output-bias-missing", _are_left_out(outer), outer, left_out)
        yield from mistake("hidden-biases-missing", _are_left_out(inner), inner, left_out)
    yield from _number_of_biases(inner)
    yield from _where_there_are_none(network)


def _number_of_biases(inner: Sequence[Block]) -> Iterator[CountMistake]:
    of_equation: dict[str, list[Block]] = {}
    for block in inner:
        of_equation.setdefault(block.equation, []).append(block)
    alone = [some[0] for some in of_equation.values() if len(some) == 1]
    message = "The hidden biases are counted twice; some libraries keep two, this network has one."
    yield from mistake("two-hidden-biases", message, alone, twice)
    several = [some for some in of_equation.values() if len(some) > 1]
    names = joined(tuple(some[0].equation for some in several))
    further = [block for some in several for block in some[1:]]
    message = f"There is more than one bias in the equation of {names}."
    yield from mistake("one-bias-of-two", message, further, left_out)


def _where_there_are_none(network: Network) -> Iterator[CountMistake]:
    further: list[Block] = []
    for equation in network.equations:
        found = list(places(equation, network))
        if any(place.is_matrix for place in found) and not any(place.is_bias for place in found):
            size = (*network.shapes[equation.name], ONE)[0]
            further.append(Block("", equation.name, size, ONE, "bias", index=len(further)))
    if further:
        message = f"There is no bias in the equation of {joined(tuple(one.equation for one in further))}."
        yield added("biases-added", message, tuple(further))


def _are_left_out(blocks: Sequence[Block]) -> str:
    return f"{_names(blocks)} {'is' if len(blocks) == 1 else 'are'} left out."


def _names(blocks: Sequence[Block]) -> str:
    return joined(tuple(dict.fromkeys(block.parameter for block in blocks)))
