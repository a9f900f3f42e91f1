"""Weights of what comes back or goes in forgotten, or taken for others."""

from __future__ import annotations

from collections.abc import Iterator

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
