"""Weights and biases that are forgotten, counted twice, taken for others, or counted where there are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from grader.model.text import joined
from grader.networks.counting.blocks import ONE, WEIGHTS, Block, places
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
from grader.networks.equations.sizes import Size

MOST_PACKED = 16


def weights(network: Network, blocks: Blocks) -> Iterator[CountMistake]:
    """The mistakes about matrices and vectors of weights.

    Args:
        network: Whose.
        blocks: All its blocks.
    """
    back = [block for block in blocks if block.role == "recurrent" and block.is_matrix]
    message = "The weights of what comes back are missing."
    yield from mistake("recurrent-weights-missing", message, back, left_out)
    square = [block for block in back if block.out in (block.into, *_packed(block.into))]
    message = "Each value that comes back goes to all units, not to its own alone."
    yield from mistake("one-recurrent-weight-each", message, square, resized(into=ONE))
    into = [block for block in blocks if block.role == "input"]
    message = "The weights of what goes in are missing."
    yield from mistake("input-weights-missing", message, into, left_out)
    yield from _other_feedback(network, back)
    yield from _entry_by_entry(network, blocks)
    oblong = [block for block in blocks if block.is_matrix and ONE not in (block.out, block.into)]
    message = "A matrix holds as many numbers as the product of its sizes, not their sum."
    yield from mistake("sizes-added", message, oblong, lambda block: (replace(block, is_added=True),))
    yield from _shared(network, blocks)
    yield from _values(network)


def _packed(size: Size) -> Iterator[Size]:
    """As many entries as so many vectors of a size have together: gates in one matrix."""
    yield from (size.times(number) for number in range(2, 1 + MOST_PACKED))


def _other_feedback(network: Network, back: list[Block]) -> Iterator[CountMistake]:
    for name in network.output:
        if network.shapes[name] and all(name not in block.reads for block in back):
            read = joined(tuple(dict.fromkeys(one for block in back for one in sorted(block.reads))))
            message = f"What comes back is {read}, not {name}."
            yield from mistake("other-feedback", message, back, resized(into=network.shapes[name][0]))


def _entry_by_entry(network: Network, blocks: Blocks) -> Iterator[CountMistake]:
    entrywise = [
        block
        for block in blocks
        if block.role in WEIGHTS and not block.is_matrix and len(network.parameters[block.parameter]) == 1
    ]
    names = joined(tuple(dict.fromkeys(block.parameter for block in entrywise)))
    message = f"{names}: weights that stand entry by entry are trained, too."
    yield from mistake("entrywise-weights-missing", message, entrywise, left_out)
    message = f"{names}: entry by entry there is one weight for each, not a matrix."
    yield from mistake(
        "matrix-for-entrywise", message, entrywise, lambda block: (replace(block, into=block.out),)
    )


def _shared(network: Network, blocks: Blocks) -> Iterator[CountMistake]:
    first = {block.parameter: block.equation for block in blocks}
    shared = {
        place.parameter
        for equation in network.equations
        for place in places(equation, network)
        if first[place.parameter] != equation.name
    }
    message = f"{joined(sorted(shared))}: weights that stand in two equations are trained once."
    again = [block for block in blocks if block.parameter in shared]
    yield from mistake("shared-weights-twice", message, again, twice)


def _values(network: Network) -> Iterator[CountMistake]:
    vectors = [network.shapes[name][0] for name in (*network.output, *network.inputs) if network.shapes[name]]
    values = tuple(Block("", "", size, ONE, "other", index=number) for number, size in enumerate(vectors))
    if values:
        message = "What changes from step to step, such as the state, is computed and not trained."
        yield added("values-counted", message, values)


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
