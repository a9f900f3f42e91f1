"""Known mistakes in counting weights, derived from a network's equations, and sizes that tell them apart."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

from grader.model.mistake import Mistake
from grader.networks.counting.blocks import blocks_of, count_at
from grader.networks.counting.mistakes.gates import gates, layers
from grader.networks.counting.mistakes.mistake import Blocks, CountMistake
from grader.networks.counting.mistakes.weights import biases, weights
from grader.networks.equations.network import Network

FAMILIES = (biases, weights, gates, layers)
# Small enough to multiply by hand.
CANDIDATES = (3, 4, 5, 6, 7, 8, 10, 12)
MOST_TRIED = 400


def count_mistakes(network: Network) -> tuple[CountMistake, ...]:
    """Every known mistake that the network's form lets people make."""
    blocks = blocks_of(network)
    found = (one for family in FAMILIES for one in family(network, blocks))
    return tuple(one for one in found if sizes_in(one.effect(blocks)) != sizes_in(blocks))


def two_together(mistakes: Sequence[CountMistake]) -> Iterator[CountMistake]:
    """Every two of them that are not one mistake in two forms; the first of two is made first."""
    for one, other in itertools.combinations(mistakes, 2):
        if one.id != other.id:
            message = f"Two mistakes together. {one.message} {other.message}"
            yield Mistake(f"{one.id}-and-{other.id}", message, _both(one, other))


def _both(one: CountMistake, other: CountMistake) -> Callable[[Blocks], Blocks]:
    return lambda blocks: other.effect(one.effect(blocks))


def sizes_in(blocks: Blocks) -> list[tuple[str, str, bool]]:
    """The sizes of the counted blocks, whatever the blocks are called."""
    return sorted((str(block.out), str(block.into), block.is_added) for block in blocks)


def telling_sizes(network: Network) -> dict[str, int]:
    """Sizes for which as many mistakes as can be count different numbers, and none the right one."""
    names, blocks = sorted(network.size_names), blocks_of(network)
    wrong = [mistake.effect(blocks) for mistake in count_mistakes(network)]
    best: dict[str, int] = {}
    most = -1
    for lengths in itertools.islice(itertools.permutations(CANDIDATES, len(names)), MOST_TRIED):
        sizes = dict(zip(names, lengths, strict=True))
        different = len({count_at(one, sizes) for one in wrong} - {count_at(blocks, sizes)})
        if different > most:
            best, most = sizes, different
    return best
